/** What the API answers, from the rows. */
import type { Deployment } from 'openseam/chain/deploy'
import type { Address, Bytes32 } from 'openseam/protocol/eth'
import { decodeJson } from 'openseam/protocol/json'
import type { ProofJson, ReceiptJson } from 'openseam/protocol/proof-file'
import { type EndName, EndReason, endName } from 'openseam/protocol/typed-structs'
import type { IndexStore } from './index-store.ts'
import type { Indexer } from './indexer.ts'
import { type ListPlan, type Page, type PageQuery, readPage } from './pages.ts'
import { batchAt, isPaidBy, type SessionRow } from './publish.ts'
import {
  type BatchRow,
  type CaseRow,
  type ClientRow,
  type EventRow,
  emptySummary,
  keys,
  type ModelProviderRow,
  type ModelRow,
  type ProviderRow,
  type SummaryRow
} from './rows.ts'
import { emptyServed, type PriceRow, positionsOf, type ServedModelRow, type ServedRow } from './served.ts'

export interface ReceiptView extends ReceiptJson {
  hash: Bytes32
  /** Whether the provider signed it; if not, the client's voucher alone stands for it. */
  signed: boolean
  /** False while the batch that paid it is not part of the chain: after a reorganisation, until it is settled again. */
  settled: boolean
  batch: number
  transaction: Bytes32
  /** Seconds: when that batch was posted. */
  paidAt: number
}

export interface LegView {
  leg: number
  client: Address
  provider: Address
  modelId: Bytes32
  /** Positions, half-open. */
  from: number
  to: number
  /** Of the positions between, what was charged as prompt: read, or read again after a hand-over. The rest was written. */
  promptUnits: number
  completionUnits: number
  amount: string
  receipts: number
  /** How it ended, as its last receipt says; null where none that closes it is proven. */
  end: EndName | null
  /** Milliseconds without a token before it. Always null: receipts carry no times. */
  gapMs: null
  /** Seconds: when the batches that paid it were posted. */
  paidFrom: number
  paidTo: number
}

export type ToldProvider = ProviderRow & { served: ServedRow }

const RECEIPTS_PER_SESSION_SHOWN = 4_096

export class Views {
  readonly #store: IndexStore
  readonly #deployment: Deployment
  readonly #indexer: Indexer

  constructor(store: IndexStore, deployment: Deployment, indexer: Indexer) {
    this.#store = store
    this.#deployment = deployment
    this.#indexer = indexer
  }

  async summary(): Promise<object> {
    const { chainId, token, ledger, registry, models, court } = this.#deployment
    const row = (await this.#row<SummaryRow>(keys.summary)) ?? emptySummary
    const { cursor, head } = this.#indexer
    const contracts = { token, ledger, registry, models, court }
    return { chainId, contracts, block: cursor?.block ?? null, head, ...row, served: await this.#served('all') }
  }

  async providers(query: PageQuery): Promise<Page<ToldProvider>> {
    const { items, next } = await this.#rows<ProviderRow>(query, 'pr:')
    const served = await this.#store.getMany(items.map(({ account }) => keys.served(account)))
    return { items: items.map((row, i) => ({ ...row, served: servedOf(served[i]) })), next }
  }

  async provider(account: Address): Promise<ToldProvider | undefined> {
    const row = await this.#row<ProviderRow>(keys.provider(account))
    return row && { ...row, served: await this.#served(account) }
  }

  /** What it served, by model. */
  providerModels(account: Address, query: PageQuery): Promise<Page<ServedModelRow>> {
    return this.#rows(query, `rp:${account}:`)
  }

  client(account: Address): Promise<ClientRow | undefined> {
    return this.#row(keys.client(account))
  }

  models(query: PageQuery): Promise<Page<ModelRow>> {
    return this.#rows(query, 'mo:')
  }

  async model(id: Bytes32): Promise<(ModelRow & { served: ServedRow }) | undefined> {
    const row = await this.#row<ModelRow>(keys.model(id))
    return row && { ...row, served: await this.#served(id) }
  }

  /** What it cost, by day, newest first. */
  modelPrices(id: Bytes32, query: PageQuery): Promise<Page<PriceRow>> {
    return this.#rows(query, `rm:${id}:`, true)
  }

  /** Who was paid for it, by account. */
  modelProviders(id: Bytes32, query: PageQuery): Promise<Page<ModelProviderRow>> {
    return this.#rows(query, `mp:${id}:`)
  }

  disputes(query: PageQuery): Promise<Page<CaseRow>> {
    return this.#rows(query, 'ca:')
  }

  /** Newest first. */
  batches(query: PageQuery, provider?: Address): Promise<Page<BatchRow>> {
    if (provider !== undefined) return this.#rows(query, `ba:${provider}:`, true)
    return this.#rows(query, 'bo:', true, (_key, value) => decodeJson(value))
  }

  batch(provider: Address, number: number): Promise<BatchRow | undefined> {
    return batchAt(this.#store, provider, number)
  }

  /** The published receipts that a batch paid. */
  async batchReceipts(provider: Address, number: number, query: PageQuery): Promise<Page<ReceiptView>> {
    const prefix = keys.receiptOfBatch(provider, number, '0x').slice(0, -2)
    const target = (_key: string, value: Uint8Array): string => keys.receipt(decodeJson(value))
    const item = (value: Uint8Array): ProofJson | null => {
      const proof = decodeJson<ProofJson>(value)
      return proof.batch.number === number ? proof : null // a reorganisation may have put it in another
    }
    const { items, next } = await readPage(this.#store, query, { prefix, target, item })
    return { items: await this.#receiptViews(items), next }
  }

  async receipt(hash: Bytes32): Promise<ReceiptView | undefined> {
    const proof = await this.proof(hash)
    return proof === undefined ? undefined : (await this.#receiptViews([proof]))[0]
  }

  proof(hash: Bytes32): Promise<ProofJson | undefined> {
    return this.#row(keys.receipt(hash))
  }

  /** Those paid last first. */
  sessions(query: PageQuery): Promise<Page<SessionRow>> {
    return this.#rows(query, 'rw:', true, (_key, value) => keys.session(decodeJson(value)))
  }

  /** The legs of a session as its settled receipts tell them. */
  async session(id: Bytes32): Promise<{ id: Bytes32; legs: LegView[]; receipts: ReceiptView[]; more: boolean } | undefined> {
    const found = await this.#store.range({ prefix: `rs:${id}:`, limit: RECEIPTS_PER_SESSION_SHOWN + 1 })
    if (found.length === 0) return undefined
    const shown = found.slice(0, RECEIPTS_PER_SESSION_SHOWN)
    const proofs = await this.#store.getMany(shown.map(([, value]) => keys.receipt(decodeJson(value))))
    const receipts = await this.#receiptViews(proofs.filter((bytes) => bytes !== undefined).map(decodeJson<ProofJson>))
    return { id, legs: legsOf(receipts.filter(({ settled }) => settled)), receipts, more: found.length > shown.length }
  }

  /** Newest first. */
  events(query: PageQuery): Promise<Page<EventRow>> {
    return this.#rows(query, 'ev:', true)
  }

  /** By the key of its place in the chain. */
  event(key: string): Promise<EventRow | undefined> {
    return this.#row(key)
  }

  accountEvents(account: Address, query: PageQuery): Promise<Page<EventRow>> {
    const prefix = `ac:${account}:`
    return this.#rows(query, prefix, true, (key) => `ev:${key.slice(prefix.length)}`)
  }

  dispute(id: Bytes32): Promise<CaseRow | undefined> {
    return this.#row(keys.case(id))
  }

  /** With whether the batch of each still stands: receipts of a page share batches, which are read once. */
  async #receiptViews(proofs: readonly ProofJson[]): Promise<ReceiptView[]> {
    const keyOf = ({ receipt, batch }: ProofJson): string => keys.batch(receipt.provider, batch.number)
    const batches = new Map<string, BatchRow>()
    const wanted = [...new Set(proofs.map(keyOf))]
    for (const [i, bytes] of (await this.#store.getMany(wanted)).entries()) {
      if (bytes !== undefined) batches.set(wanted[i] as string, decodeJson(bytes))
    }
    return proofs.map((proof) => {
      const { receiptHash: hash, receipt, signature, batch, transaction } = proof
      const settled = isPaidBy(proof, batches.get(keyOf(proof)))
      const paidAt = batch.header.postedAt
      return { hash, ...receipt, signed: signature !== null, settled, batch: batch.number, transaction: transaction.hash, paidAt }
    })
  }

  #rows<Row>(query: PageQuery, prefix: string, reverse = false, target?: ListPlan<Row>['target']): Promise<Page<Row>> {
    const item = (value: Uint8Array): Row => decodeJson(value)
    return readPage<Row>(this.#store, query, { prefix, reverse, item, ...(target !== undefined && { target }) })
  }

  async #served(whose: 'all' | Address | Bytes32): Promise<ServedRow> {
    return servedOf(await this.#store.get(keys.served(whose)))
  }

  async #row<Row>(key: string): Promise<Row | undefined> {
    const bytes = await this.#store.get(key)
    return bytes === undefined ? undefined : decodeJson<Row>(bytes)
  }
}

const servedOf = (bytes: Uint8Array | undefined): ServedRow => (bytes === undefined ? emptyServed : decodeJson(bytes))

/** Anyone may name another's session in a receipt of their own: legs are told apart by who paid and who served. */
export const legsOf = (receipts: readonly ReceiptView[]): LegView[] => {
  const legs = new Map<string, LegView>()
  for (const { leg, client, provider, modelId, from, to, promptUnits, amount, end, paidAt } of receipts) {
    const key = `${leg}:${client}:${provider}`
    const known = legs.get(key)
    const { read, written } = positionsOf({ from, to, promptUnits })
    legs.set(key, {
      leg,
      client,
      provider,
      modelId,
      from: Math.min(known?.from ?? from, from),
      to: Math.max(known?.to ?? to, to),
      promptUnits: (known?.promptUnits ?? 0) + read,
      completionUnits: (known?.completionUnits ?? 0) + written,
      amount: (BigInt(known?.amount ?? '0') + BigInt(amount)).toString(),
      receipts: (known?.receipts ?? 0) + 1,
      end: end === EndReason.running ? null : endName(end),
      gapMs: null,
      paidFrom: Math.min(known?.paidFrom ?? paidAt, paidAt),
      paidTo: Math.max(known?.paidTo ?? paidAt, paidAt)
    })
  }
  return [...legs.values()]
}
