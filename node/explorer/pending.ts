/**
 * Work that is done and not settled yet (docs/spec/explorer.md): the newest voucher of each channel as its provider shows it, in memory alone.
 * What a voucher is worth is compared with the index on reading, so that a settlement, another key or a reorganisation needs nothing here.
 */
import { type Deployment, domainOf } from 'openseam/chain/deploy'
import type { Clock } from 'openseam/components'
import type { SignedVoucher } from 'openseam/protocol/convert'
import { type Address, bytesToHex } from 'openseam/protocol/eth'
import { EXPLORER_PENDING_CHECKS_MAX, EXPLORER_PENDING_MAX, EXPLORER_PENDING_PER_PROVIDER_MAX } from 'openseam/protocol/limits'
import { recoverTyped, type Voucher } from 'openseam/protocol/typed-data'
import type { IndexStore } from './index-store.ts'
import type { Indexer } from './indexer.ts'
import { indexRows, isKeyOf, type KeptVoucher, type PendingRow, pendingRows } from './pending-rows.ts'
import { keys, type SignerRow } from './rows.ts'

export interface PendingComponents {
  store: IndexStore
  indexer: Pick<Indexer, 'cursor'>
  deployment: Deployment
  clock: Clock
}

interface Answer {
  /** On the clock's ticks. */
  atMs: number
  vouchers: ReadonlyMap<string, KeptVoucher>
}

const CHECKS_AT_ONCE = 8 // then whoever else waits has a turn
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
    const { clock } = this.#c
    const own = shown.filter(({ voucher }) => voucher.provider === provider).slice(0, EXPLORER_PENDING_PER_PROVIDER_MAX)
    const signers = await indexRows(
      this.#c.store,
      own.map(({ voucher }) => keys.signer(voucher.client))
    )
    const before = this.#answers.get(provider)?.vouchers
    const vouchers = new Map<string, KeptVoucher>()
    let checks = 0
    for (const signed of own) {
      const key = channelOf(signed.voucher)
      const known = before?.get(key)
      const isNews = known === undefined || isNewer(signed, known)
      // What is too much to check now is checked with the next answers: a provider cannot keep the explorer busy.
      const isDue = isNews && checks++ < EXPLORER_PENDING_CHECKS_MAX
      if (isDue && checks % CHECKS_AT_ONCE === 0) await clock.sleep(0)
      const fresh = isDue
        ? this.#checked(signed, signers.get(keys.signer(signed.voucher.client)) as SignerRow | undefined)
        : undefined
      const kept = fresh ?? known // an older one was signed all the same
      if (kept !== undefined) vouchers.set(key, kept)
    }
    this.#answers.delete(provider)
    this.#answers.set(provider, { atMs: clock.tickMs(), vouchers })
    if (!isSame(before, vouchers)) this.#changes++
    this.#forget()
  }

  /** What is above the settled totals now, in the order of provider, client and model. */
  rows(): Promise<PendingRow[]> {
    this.#forget()
    const of = `${this.#c.indexer.cursor?.hash}-${this.#changes}`
    if (this.#compared?.of !== of) {
      const kept = [...this.#answers.values()].flatMap(({ vouchers }) => [...vouchers.values()])
      const rows = pendingRows(this.#c.store, kept, Math.floor(this.#c.clock.nowMs() / 1_000))
      this.#compared = { of, rows }
      rows.catch(() => {
        if (this.#compared?.rows === rows) this.#compared = undefined
      })
    }
    return this.#compared.rows
  }

  #checked({ voucher, signature }: SignedVoucher, row: SignerRow | undefined): KeptVoucher | undefined {
    const { deployment, clock } = this.#c
    const signer = recoverTyped(domainOf(deployment), 'Voucher', voucher, signature)
    const nowSeconds = Math.floor(clock.nowMs() / 1_000)
    if (signer === null || !isKeyOf(voucher.client, signer, row, nowSeconds)) return undefined
    return { voucher, signature: bytesToHex(signature), signer, seenAt: nowSeconds }
  }

  /** Who says nothing any more, and those longest silent where there are too many. */
  #forget(): void {
    const silentMs = this.#c.clock.tickMs() - SILENT_MS
    let count = this.#answers.values().reduce((sum, { vouchers }) => sum + vouchers.size, 0)
    for (const [provider, { atMs, vouchers }] of this.#answers) {
      if (count <= EXPLORER_PENDING_MAX && atMs >= silentMs) return
      this.#answers.delete(provider)
      count -= vouchers.size
      this.#changes++
    }
  }
}

const channelOf = ({ client, modelId }: Voucher): string => `${client}:${modelId}`

const isNewer = ({ voucher, signature }: SignedVoucher, known: KeptVoucher): boolean =>
  voucher.cumulative > known.voucher.cumulative ||
  (voucher.cumulative === known.voucher.cumulative && bytesToHex(signature) !== known.signature)

const isSame = (before: ReadonlyMap<string, KeptVoucher> | undefined, now: ReadonlyMap<string, KeptVoucher>): boolean =>
  before?.size === now.size && [...now].every(([key, kept]) => before.get(key) === kept)
