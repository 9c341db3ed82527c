/** What the index holds: one JSON row a key, each derived from the chain's events alone, but for receipts, which prove themselves. */
import type { ChainEvent } from 'openseam/chain/events'
import type { Wei } from 'openseam/protocol/amounts'
import type { BatchHeader } from 'openseam/protocol/batch-tree'
import type { Address, Bytes32, Hex } from 'openseam/protocol/eth'

/** The last block whose events are in the index. */
export interface Cursor {
  block: number
  hash: Hex
}

/** An event and the seconds at which its block says it happened. */
export type EventRow = ChainEvent & { at: number }

export interface SummaryRow {
  events: number
  deposited: Wei
  withdrawn: Wei
  /** Paid by clients; `royalties` of it went to models' payees. */
  settled: Wei
  royalties: Wei
  claimed: Wei
  slashed: Wei
  batches: number
  payments: number
  providers: number
  clients: number
  models: number
  cases: number
}

export interface ProviderRow {
  account: Address
  payout: Address | null
  stake: Wei
  unbonding: { amount: Wei; readyAt: number } | null
  openCases: number
  slashed: Wei
  /** Settled for it, less the royalties. */
  earned: Wei
  claimed: Wei
  batches: number
  /** Keys that ever spoke for it: a revoked one still signed what it signed. */
  keys: { key: Address; revoked: boolean }[]
}

export interface ClientRow {
  account: Address
  deposited: Wei
  withdrawn: Wei
  spent: Wei
}

/** Of a client that ever named a key; any other signs for itself. */
export interface SignerRow {
  signer: Address
  oldSigner: Address
  /** Seconds: until then the ledger takes the old one's vouchers too. */
  oldValidUntil: number
}

export interface PaymentRow {
  client: Address
  modelId: Bytes32
  /** The channel's settled total went from `from` to `to`. */
  from: Wei
  to: Wei
}

export interface BatchRow {
  provider: Address
  number: number
  header: BatchHeader
  payments: PaymentRow[]
  transaction: Hex
  block: number
}

export interface ModelRow {
  modelId: Bytes32
  paid: Wei
  /** Of that, what its payees got. */
  royalties: Wei
  payments: number
  providers: number
  /** Null while nobody has revealed what its id commits to. */
  terms: ModelTermsRow | null
}

export interface ModelTermsRow {
  manifestHash: Bytes32
  payees: PayeeRow[]
  /** Seconds. */
  registeredAt: number
}

export interface PayeeRow {
  account: Address
  /** Hundredths of a percent of what clients pay. */
  bps: number
  claimed: Wei
}

/** A row of its own: a model may be served by thousands, and each batch touches one of them. */
export interface ModelProviderRow {
  account: Address
  paid: Wei
}

export interface CaseRow {
  id: Bytes32
  provider: Address
  client: Address | null
  receiptHash: Bytes32 | null
  batch: number | null
  state: number
  fault: number | null
  taken: Wei
  openedAt: number
  respondBy: number
  verdictBy: number
}

/** Digits of an amount below 2^96, so that keys are in the order of amounts. */
const AMOUNT_DIGITS = 29

const place = (value: number): string => String(value).padStart(14, '0')
const logOf = (logIndex: number): string => String(logIndex).padStart(7, '0')

export const emptySummary: SummaryRow = {
  events: 0,
  deposited: 0n,
  withdrawn: 0n,
  settled: 0n,
  royalties: 0n,
  claimed: 0n,
  slashed: 0n,
  batches: 0,
  payments: 0,
  providers: 0,
  clients: 0,
  models: 0,
  cases: 0
}

export const keys = {
  cursor: 'cursor',
  binding: 'binding',
  format: 'format',
  /** There while an index is being taken down; 'all': its receipts too. */
  wiping: 'wiping',
  /** In a database: which explorer writes the index. */
  holder: 'holder',
  summary: 'summary',
  event: (block: number, logIndex: number) => `ev:${place(block)}:${logOf(logIndex)}`,
  /** Behind every event of that block. */
  blockEnd: (block: number) => `ev:${place(block)}:~`,
  ofAccount: (account: Address, block: number, logIndex: number) => `ac:${account}:${place(block)}:${logOf(logIndex)}`,
  provider: (account: Address) => `pr:${account}`,
  key: (key: Address) => `ke:${key}`,
  client: (account: Address) => `cl:${account}`,
  signer: (client: Address) => `si:${client}`,
  channel: (client: Address, provider: Address, modelId: Bytes32) => `ch:${client}:${provider}:${modelId}`,
  batch: (provider: Address, number: number) => `ba:${provider}:${place(number)}`,
  batchAt: (block: number, logIndex: number) => `bo:${place(block)}:${logOf(logIndex)}`,
  /** What was settled in the hour, day or week that began at `start`, in seconds. */
  period: (whose: 'all' | Address | Bytes32, unit: string, start: number) => `pe:${whose}:${unit}:${place(start)}`,
  balanceAt: (side: string, account: Address, block: number, logIndex: number) =>
    `bl:${side}:${account}:change:${place(block)}:${logOf(logIndex)}`,
  /** The last of the hour or day that began at `start`, in seconds. */
  balanceIn: (side: string, account: Address, step: string, start: number) => `bl:${side}:${account}:${step}:${place(start)}`,
  transaction: (hash: Hex, logIndex: number) => `tx:${hash}:${logOf(logIndex)}`,
  model: (modelId: Bytes32) => `mo:${modelId}`,
  modelProvider: (modelId: Bytes32, provider: Address) => `mp:${modelId}:${provider}`,
  /** Who shares in what is paid for a model: one row a model. */
  payee: (account: Address, modelId: Bytes32) => `py:${account}:${modelId}`,
  case: (id: Bytes32) => `ca:${id}`,
  /** A batch whose receipts have not been collected; another inclusion of it is another row. */
  wanted: (provider: Address, block: number, logIndex: number, transaction: Hex) =>
    `wa:${provider}:${place(block)}:${logOf(logIndex)}:${transaction}`,
  /** Where the receipts behind a total of a channel begin in its work tree, as proven ones tell. */
  behindTotal: (channel: { client: Address; provider: Address; modelId: Bytes32 }, total: Wei) =>
    `wp:${channel.client}:${channel.provider}:${channel.modelId}:${String(total).padStart(AMOUNT_DIGITS, '0')}`,
  undo: (block: number) => `un:${place(block)}`,
  session: (id: Bytes32) => `rv:${id}`,
  /** In the order in which sessions were first paid. */
  sessionAt: (block: number, id: Bytes32) => `rw:${place(block)}:${id}`,
  receipt: (hash: Bytes32) => `rc:${hash}`,
  receiptOfSession: (session: Bytes32, leg: number, seq: number, hash: Bytes32) =>
    `rs:${session}:${place(leg)}:${place(seq)}:${hash}`,
  receiptOfBatch: (provider: Address, batch: number, hash: Bytes32) => `rb:${provider}:${place(batch)}:${hash}`,
  receiptsOfBatch: (provider: Address, batch: number) => `rn:${provider}:${place(batch)}`,
  /** What receipts tell of the work: of all, of a provider, of a model. */
  served: (whose: 'all' | Address | Bytes32) => `ru:${whose}`,
  servedModel: (provider: Address, modelId: Bytes32) => `rp:${provider}:${modelId}`,
  priceOnDay: (modelId: Bytes32, day: number) => `rm:${modelId}:${place(day)}`,
  /** The name in the manifest that a model id commits to; null where it has none that can be shown. */
  modelName: (modelId: Bytes32) => `rt:${modelId}`,
  /** The models that go by a name, however it is written. */
  modelsNamed: (name: string) => `rk:${name.toLowerCase()}`,
  writtenIn: (whose: 'all' | Address | Bytes32, unit: string, start: number) => `rq:${whose}:${unit}:${place(start)}`
} as const

/** Of the index itself. */
export const isOwn = (key: string): boolean => [keys.binding, keys.format, keys.holder, keys.wiping].includes(key as 'format')

/** What proves itself. Published receipts, and what is told from them: they name the batch that pays them, and are shown while that batch stands. Names of models: their ids commit to them. */
export const isOfReceipts = (key: string): boolean => /^r[a-z]:/.test(key)
