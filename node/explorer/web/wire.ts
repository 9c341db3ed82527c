/** What the API answers, as these pages read it (docs/spec/explorer.md). Amounts are decimal strings of wei. */
import type { Rhythm } from '../rhythm.ts'

export interface Page<Row> {
  items: Row[]
  next: string | null
}

export interface Summary {
  chainId: number
  contracts: { token: string; ledger: string; registry: string; models: string; court: string | null }
  block: number | null
  head: number
  settled: string
  royalties: string
  claimed: string
  slashed: string
  deposited: string
  batches: number
  payments: number
  providers: number
  clients: number
  models: number
  cases: number
  served: Served
}

/** What paid receipts tell of the work. Positions are decimal strings. */
export interface Served {
  receipts: number
  read: string
  written: string
  /** Legs, by why they ended. */
  ends: Record<string, number>
}

export interface Provider {
  account: string
  payout: string | null
  stake: string
  unbonding: { amount: string; readyAt: number } | null
  openCases: number
  slashed: string
  earned: string
  claimed: string
  batches: number
  keys: { key: string; revoked: boolean }[]
  served: Served
}

/** A model as one provider served it. */
export interface ServedModel extends Served {
  modelId: string
  paid: string
  /** Wei for a written position. */
  price: string | null
  pricedAt: number
}

/** What a client signed for and no batch has paid. */
export interface Pending {
  provider: string
  client: string
  modelId: string
  total: string
  settled: string
  pending: string
  units: number
  workRoot: string
  signature: string
  signer: string
  covered: boolean
  seenAt: number
  /** When its provider settled before; null where it never has. */
  rhythm: Rhythm | null
}

export interface PendingSums {
  channels: number
  pending: string
  covered: string
}

export interface PendingPage extends Page<Pending> {
  sums: PendingSums
  /** How many providers told of theirs. */
  answered: number
}

export interface PendingOfProvider extends PendingSums {
  provider: string
  seenAt: number
  rhythm: Rhythm | null
}

export interface Client {
  account: string
  deposited: string
  withdrawn: string
  spent: string
}

export interface Batch {
  provider: string
  number: number
  header: { root: string; total: string; count: number; postedAt: number }
  payments: { client: string; modelId: string; from: string; to: string }[]
  transaction: string
  block: number
}

/** A voucher that a batch paid, as the calldata of its transaction has it. */
export interface Voucher {
  client: string
  modelId: string
  /** What its client signed for in all. */
  cumulative: string
  units: number
  workRoot: string
  signature: string
  /** What the batch paid of it: the channel's total, before and after. */
  from: string
  to: string
}

/** What settled a batch. */
export interface Transaction {
  transaction: string
  block: number
  sender: string
  to: string | null
  gasUsed: number | null
  call: { method: string; wrapped: boolean; vouchers: Voucher[] } | null
  inputBytes: number
  input: string | null
}

export interface Model {
  modelId: string
  paid: string
  royalties: string
  payments: number
  providers: number
  terms: { manifestHash: string; payees: Payee[]; registeredAt: number } | null
}

/** As its own page is told of it. */
export interface ToldModel extends Model {
  /** Null where no manifest that its id commits to was shown, or none with a name. */
  named: ModelName | null
  served: Served
}

/** The name in the manifest that a model's id commits to. */
export interface ModelName {
  modelId: string
  name: string
  /** Another model goes by it too. */
  shared: boolean
}

/** What the chain says an account is. */
export interface Tags {
  items: Tag[]
  /** It shares in more models than are told. */
  more: boolean
}

export type Tag =
  | { tag: 'contract'; name: string }
  | { tag: 'provider' | 'client' }
  | { tag: 'key'; of: string; revoked: boolean }
  | { tag: 'payee'; of: string }

export interface Payee {
  account: string
  bps: number
  claimed: string
}

/** What written positions cost on a day: wei for one. */
export interface Price {
  day: number
  written: string
  paid: string
  low: string
  high: string
}

/** What was settled in an hour, a day or a week; one of the three says when that began. */
export interface Period {
  hour?: number
  day?: number
  week?: number
  settled: string
  royalties: string
  batches: number
  payments: number
  written: string
}

/** What the ledger held for an account after an event. */
export interface Balance {
  at: number
  balance: string
  block: number
  logIndex: number
  batch: { provider: string; number: number } | null
}

export interface ModelProvider {
  account: string
  paid: string
}

export interface SessionRow {
  id: string
  receipts: number
  amount: string
  paidAt: number
}

export interface Leg {
  leg: number
  client: string
  provider: string
  modelId: string
  from: number
  to: number
  promptUnits: number
  completionUnits: number
  amount: string
  receipts: number
  end: string | null
  paidFrom: number
  paidTo: number
}

export interface Receipt {
  hash: string
  sessionId: string
  leg: number
  seq: number
  client: string
  provider: string
  modelId: string
  from: number
  to: number
  promptUnits: number
  amount: string
  end: number
  signed: boolean
  settled: boolean
  batch: number
  transaction: string
  paidAt: number
}

export interface Session {
  id: string
  legs: Leg[]
  receipts: Receipt[]
  /** There are more receipts than are told. */
  more: boolean
}

export interface Case {
  id: string
  provider: string
  client: string | null
  receiptHash: string | null
  batch: number | null
  state: number
  fault: number | null
  taken: string
  openedAt: number
  respondBy: number
  verdictBy: number
}

export interface StatementLine {
  at: number
  kind: 'deposit' | 'withdrawal' | 'spent' | 'earned' | 'royalty' | 'claimed' | 'received' | 'slashed'
  amount: string
  other: string
  batch: number | ''
  block: number
  transaction: string
  logIndex: number
}

/** An event of the contracts; what else is in it depends on its name. */
export interface ChainEvent {
  name: string
  block: number
  logIndex: number
  transaction: string
  at: number
  [field: string]: unknown
}
