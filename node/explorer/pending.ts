/**
 * Work that is done and not settled yet (docs/spec/explorer.md): the newest voucher of each channel as its provider shows it, in memory alone.
 * What a voucher is worth is compared with the index on reading, so that a settlement, another key or a reorganisation needs nothing here.
 */
import { type Deployment, domainOf } from 'openseam/chain/deploy'
import type { Clock } from 'openseam/components'
import type { Wei } from 'openseam/protocol/amounts'
import type { SignedVoucher } from 'openseam/protocol/convert'
import { type Address, type Bytes32, bytesToHex, type Hex } from 'openseam/protocol/eth'
import { decodeJson } from 'openseam/protocol/json'
import { EXPLORER_PENDING_CHECKS_MAX, EXPLORER_PENDING_MAX, EXPLORER_PENDING_PER_PROVIDER_MAX } from 'openseam/protocol/limits'
import { recoverTyped, type Voucher } from 'openseam/protocol/typed-data'
import type { IndexStore } from './index-store.ts'
import type { Indexer } from './indexer.ts'
import { type ClientRow, keys, type SignerRow } from './rows.ts'

export interface PendingRow {
  provider: Address
  client: Address
  modelId: Bytes32
  /** What the client signed for in all, and what of it the chain paid. */
  total: Wei
  settled: Wei
  pending: Wei
  units: number
  workRoot: Bytes32
  signature: Hex
  /** The key that signed: the client's, as the index knows. */
  signer: Address
  /** Whether the client's escrow is enough for everything of it that is pending here. */
  covered: boolean
  /** Seconds: when this voucher was first shown. */
  seenAt: number
}

export interface PendingComponents {
  store: IndexStore
  indexer: Pick<Indexer, 'cursor'>
  deployment: Deployment
  clock: Clock
}

interface Kept {
  voucher: Voucher
  signature: Hex
  signer: Address
  seenAt: number
}

interface Answer {
  /** On the clock's ticks. */
  atMs: number
  vouchers: ReadonlyMap<string, Kept>
}

const SILENT_MS = 3_600_000 // who has not answered for this long is not about to settle

export class Pending {
  readonly #c: PendingComponents
  /** Who answered last is last. */
  readonly #answers = new Map<Address, Answer>()
  #changes = 0
  #compared: { of: string; rows: Promise<PendingRow[]> } | undefined

  constructor(components: PendingComponents) {
    this.#c = components
  }

  /** How often what is kept has changed: no block tells of that. */
  get changes(): number {
    return this.#changes
  }

  /** How many providers' answers are kept: where there is none, nothing is known. */
  get answered(): number {
    return this.#answers.size
  }

  /** Takes a provider's answer in place of the one before. What no key of its client signed is left out, and is nobody's debt. */
  async take(provider: Address, shown: readonly SignedVoucher[]): Promise<void> {
    const own = shown.filter(({ voucher }) => voucher.provider === provider).slice(0, EXPLORER_PENDING_PER_PROVIDER_MAX)
    const signers = await this.#rows<SignerRow>(own.map(({ voucher }) => keys.signer(voucher.client)))
    const before = this.#answers.get(provider)?.vouchers
    const vouchers = new Map<string, Kept>()
    let checks = 0
    for (const signed of own) {
      const key = channelOf(signed.voucher)
      const known = before?.get(key)
      const isNews = known === undefined || isNewer(signed, known)
      // What is too much to check now is checked with the next answers: a provider cannot keep the explorer busy.
      const fresh = isNews && checks++ < EXPLORER_PENDING_CHECKS_MAX ? this.#checked(signed, signers) : undefined
      const kept = fresh ?? known // an older one was signed all the same
      if (kept !== undefined) vouchers.set(key, kept)
    }
    this.#answers.delete(provider)
    this.#answers.set(provider, { atMs: this.#c.clock.tickMs(), vouchers })
    if (!isSame(before, vouchers)) this.#changes++
    this.#bound()
  }

  /** What is above the settled totals now, in the order of provider, client and model. */
  rows(): Promise<PendingRow[]> {
    const of = `${this.#c.indexer.cursor?.hash}-${this.#changes}`
    if (this.#compared?.of !== of) {
      const rows = this.#compare()
      this.#compared = { of, rows }
      rows.catch(() => {
        this.#compared = undefined
      })
    }
    return this.#compared.rows
  }

  #checked({ voucher, signature }: SignedVoucher, signers: ReadonlyMap<string, SignerRow>): Kept | undefined {
    const { deployment, clock } = this.#c
    const signer = recoverTyped(domainOf(deployment), 'Voucher', voucher, signature)
    const nowSeconds = Math.floor(clock.nowMs() / 1_000)
    if (signer === null || !isKeyOf(voucher.client, signer, signers, nowSeconds)) return undefined
    return { voucher, signature: bytesToHex(signature), signer, seenAt: nowSeconds }
  }

  /** Those longest silent go first. */
  #bound(): void {
    let count = this.#answers.values().reduce((sum, { vouchers }) => sum + vouchers.size, 0)
    for (const [provider, { vouchers }] of this.#answers) {
      if (count <= EXPLORER_PENDING_MAX) return
      this.#answers.delete(provider)
      count -= vouchers.size
    }
  }

  async #compare(): Promise<PendingRow[]> {
    const silentMs = this.#c.clock.tickMs() - SILENT_MS
    const answers = [...this.#answers.values()].filter(({ atMs }) => atMs >= silentMs)
    const kept = answers.flatMap(({ vouchers }) => [...vouchers.values()])
    const names = kept.map(({ voucher: { client, provider, modelId } }) => keys.channel(client, provider, modelId))
    const clients = [...new Set(kept.map(({ voucher }) => voucher.client))]
    // In one read: between two, a batch could be half of what is told.
    const rows = await this.#rows([...names, ...clients.flatMap((client) => [keys.client(client), keys.signer(client)])])
    const nowSeconds = Math.floor(this.#c.clock.nowMs() / 1_000)
    const owed = kept
      .map((one, i) => ({ ...one, settled: (rows.get(names[i] as string) as Wei | undefined) ?? 0n }))
      .filter(({ voucher, settled, signer }) => {
        return voucher.cumulative > settled && isKeyOf(voucher.client, signer, rows as Map<string, SignerRow>, nowSeconds)
      })
    const left = new Map(clients.map((client) => [client, escrowOf(rows.get(keys.client(client)) as ClientRow | undefined)]))
    for (const { voucher, settled } of owed) {
      left.set(voucher.client, (left.get(voucher.client) ?? 0n) - (voucher.cumulative - settled))
    }
    return owed
      .map(({ voucher: { cumulative, ...voucher }, settled, ...rest }) => ({
        ...{ ...voucher, ...rest, total: cumulative, settled, pending: cumulative - settled },
        covered: (left.get(voucher.client) ?? 0n) >= 0n
      }))
      .sort((a, b) => (pendingKey(a) < pendingKey(b) ? -1 : 1))
  }

  async #rows<Row>(wanted: readonly string[]): Promise<Map<string, Row>> {
    const distinct = [...new Set(wanted)]
    const found = await this.#c.store.getMany(distinct)
    const rows = new Map<string, Row>()
    for (const [i, bytes] of found.entries()) if (bytes !== undefined) rows.set(distinct[i] as string, decodeJson<Row>(bytes))
    return rows
  }
}

/** Names a channel among all. */
export const pendingKey = ({ provider, client, modelId }: Pick<PendingRow, 'provider' | 'client' | 'modelId'>): string =>
  `${provider}:${client}:${modelId}`

const channelOf = ({ client, modelId }: Voucher): string => `${client}:${modelId}`

const isNewer = ({ voucher, signature }: SignedVoucher, known: Kept): boolean =>
  voucher.cumulative > known.voucher.cumulative ||
  (voucher.cumulative === known.voucher.cumulative && bytesToHex(signature) !== known.signature)

const isSame = (before: ReadonlyMap<string, Kept> | undefined, now: ReadonlyMap<string, Kept>): boolean =>
  before?.size === now.size && [...now].every(([key, kept]) => before.get(key) === kept)

/** Whether the ledger would take that key's vouchers: until another is set, a client signs for itself. */
const isKeyOf = (client: Address, key: Address, rows: ReadonlyMap<string, SignerRow>, nowSeconds: number): boolean => {
  const row = rows.get(keys.signer(client))
  if (row === undefined) return key === client
  return key === row.signer || (key === row.oldSigner && nowSeconds < row.oldValidUntil)
}

const escrowOf = (row: ClientRow | undefined): Wei => (row === undefined ? 0n : row.deposited - row.withdrawn - row.spent)
