/** How an event changes the rows: the whole meaning of the index, with no clock, chain or disk in it. */
import type { ChainEventOf } from 'openseam/chain/events'
import type { Wei } from 'openseam/protocol/amounts'
import type { Address, Bytes32 } from 'openseam/protocol/eth'
import { balancesChangedBy, keepBalances } from './balances.ts'
import { accountsOf, rowsChangedBy } from './event-rows.ts'
import type { Overlay } from './overlay.ts'
import { addBatch, type PaidSums, periodsChangedBy } from './periods.ts'
import {
  type BatchRow,
  type CaseRow,
  type ClientRow,
  type EventRow,
  emptySummary,
  keys,
  type ModelProviderRow,
  type ModelRow,
  type PaymentRow,
  type ProviderRow,
  type SignerRow,
  type SummaryRow
} from './rows.ts'

type Named<N extends EventRow['name']> = ChainEventOf<N> & { at: number }

/** Folds a range of blocks, in the order of the chain. A batch's groups and its end stand in one transaction, so in one range. */
export const foldEvents = async (rows: Overlay, events: readonly EventRow[]): Promise<void> => {
  const changedBy = [rowsChangedBy, periodsChangedBy, balancesChangedBy]
  await rows.load([keys.summary, ...events.flatMap((event) => changedBy.flatMap((keysOf) => keysOf(event)))])
  const fold = new Fold(rows, rows.read<SummaryRow>(keys.summary) ?? emptySummary)
  for (const event of events) {
    fold.apply(event)
    keepBalances(rows, event)
  }
  rows.write(keys.summary, fold.summary)
}

class Fold {
  readonly summary: SummaryRow
  readonly #rows: Overlay
  #payments: PaymentRow[] = []
  #ofModels = new Map<Bytes32, PaidSums>() // of the batch whose groups are being read

  constructor(rows: Overlay, summary: SummaryRow) {
    this.#rows = rows
    this.summary = { ...summary }
  }

  apply(event: EventRow): void {
    this.summary.events++
    this.#rows.add(keys.event(event.block, event.logIndex), event)
    for (const account of accountsOf(event)) this.#rows.add(keys.ofAccount(account, event.block, event.logIndex), 1)
    switch (event.name) {
      case 'Deposited':
        this.summary.deposited += event.amount
        return this.#client(event.client, (row) => ({ ...row, deposited: row.deposited + event.amount }))
      case 'Withdrawn':
        this.summary.withdrawn += event.amount
        return this.#client(event.client, (row) => ({ ...row, withdrawn: row.withdrawn + event.amount }))
      case 'SignerSet': {
        const { client, signer, oldSigner, oldValidUntil } = event
        return this.#rows.write(keys.signer(client), { signer, oldSigner, oldValidUntil } satisfies SignerRow)
      }
      case 'Claimed':
        this.summary.claimed += event.amount
        return this.#provider(event.provider, (row) => ({ ...row, claimed: row.claimed + event.amount }))
      case 'GroupSettled':
        return this.#group(event)
      case 'ModelRegistered':
        for (const payee of event.payees) this.#rows.add(keys.payee(payee, event.modelId), 1)
        return this.#model(event.modelId, (row) => ({ ...row, terms: termsOf(event) }))
      case 'RoyaltyClaimed':
        return this.#model(event.modelId, (row) => withClaim(row, event.payee, event.amount))
      case 'BatchSettled':
        return this.#batch(event)
      case 'Registered':
      case 'PayoutSet':
        return this.#provider(event.provider, (row) => ({ ...row, payout: event.payout }))
      case 'StakeChanged':
        return this.#provider(event.provider, (row) => ({ ...row, stake: event.stake }))
      case 'UnbondChanged': {
        const { amount, readyAt } = event
        return this.#provider(event.provider, (row) => ({ ...row, unbonding: amount === 0n ? null : { amount, readyAt } }))
      }
      case 'CasesChanged':
        return this.#provider(event.provider, (row) => ({ ...row, openCases: event.openCases }))
      case 'Slashed':
        this.summary.slashed += event.amount
        return this.#provider(event.provider, (row) => ({ ...row, slashed: row.slashed + event.amount }))
      case 'KeyAdded':
        this.#rows.write(keys.key(event.key), event.provider)
        return this.#provider(event.provider, (row) => withKey(row, event.key, false))
      case 'KeyRevoked':
        return this.#provider(event.provider, (row) => withKey(row, event.key, true))
      case 'CaseOpened':
      case 'CaseClosed':
      case 'CaseAnswered':
      case 'Punished':
        return this.#case(event)
      default: // told in the list of events, and no part of any sum
    }
  }

  #group({ provider, modelId, royalty, paid }: Named<'GroupSettled'>): void {
    let sum = 0n
    for (const { client, amount } of paid) {
      const key = keys.channel(client, provider, modelId)
      const from = this.#rows.read<bigint>(key) ?? 0n
      this.#rows.write(key, from + amount)
      this.#payments.push({ client, modelId, from, to: from + amount })
      this.#client(client, (row) => ({ ...row, spent: row.spent + amount }))
      sum += amount
    }
    this.#ofModels.set(modelId, withGroup(this.#ofModels.get(modelId), sum, royalty, paid.length))
    this.summary.royalties += royalty
    const shareKey = keys.modelProvider(modelId, provider)
    const share = this.#rows.read<ModelProviderRow>(shareKey)
    this.#rows.write(shareKey, { account: provider, paid: (share?.paid ?? 0n) + sum })
    this.#model(modelId, (row) => ({
      ...row,
      paid: row.paid + sum,
      royalties: row.royalties + royalty,
      payments: row.payments + paid.length,
      providers: row.providers + (share === undefined ? 1 : 0)
    }))
  }

  #batch(event: Named<'BatchSettled'>): void {
    const { provider, batch: number, root, total, count, transaction, block, logIndex, at } = event
    const header = { root, total, count, postedAt: at }
    const row: BatchRow = { provider, number, header, payments: this.#payments, transaction, block }
    this.summary.batches++
    this.summary.payments += this.#payments.length
    this.summary.settled += total
    const royalties = [...this.#ofModels.values()].reduce((all, part) => all + part.royalties, 0n)
    const earned = total - royalties
    const sums = { settled: total, royalties, batches: 1, payments: this.#payments.length }
    addBatch(this.#rows, at, provider, sums, this.#ofModels)
    this.#payments = []
    this.#ofModels = new Map()
    const pointer = keys.batch(provider, number)
    this.#rows.add(pointer, row)
    this.#rows.add(keys.batchAt(block, logIndex), pointer)
    this.#rows.add(keys.transaction(transaction, logIndex), pointer)
    this.#rows.add(keys.wanted(provider, block, logIndex, transaction), number)
    this.#provider(provider, (before) => ({ ...before, batches: before.batches + 1, earned: before.earned + earned }))
  }

  #case(event: Named<'CaseOpened' | 'CaseAnswered' | 'CaseClosed' | 'Punished'>): void {
    const key = keys.case(event.id)
    const known = this.#rows.read<CaseRow>(key)
    if (known === undefined) this.summary.cases++
    const row: CaseRow = known ?? {
      id: event.id,
      provider: 'provider' in event ? event.provider : '0x',
      client: null,
      receiptHash: null,
      batch: null,
      state: 0,
      fault: null,
      taken: 0n,
      openedAt: event.at,
      respondBy: 0,
      verdictBy: 0
    }
    this.#rows.write(key, { ...row, ...caseChange(event, row) })
  }

  #model(modelId: Bytes32, change: (row: ModelRow) => ModelRow): void {
    const known = this.#rows.read<ModelRow>(keys.model(modelId))
    if (known === undefined) this.summary.models++
    this.#rows.write(keys.model(modelId), change(known ?? emptyModel(modelId)))
  }

  #provider(account: Address, change: (row: ProviderRow) => ProviderRow): void {
    const known = this.#rows.read<ProviderRow>(keys.provider(account))
    if (known === undefined) this.summary.providers++
    this.#rows.write(keys.provider(account), change(known ?? emptyProvider(account)))
  }

  #client(account: Address, change: (row: ClientRow) => ClientRow): void {
    const known = this.#rows.read<ClientRow>(keys.client(account))
    if (known === undefined) this.summary.clients++
    this.#rows.write(keys.client(account), change(known ?? { account, deposited: 0n, withdrawn: 0n, spent: 0n }))
  }
}

/** A batch counts once for a model, however many groups of it there are. */
const withGroup = (known: PaidSums | undefined, settled: Wei, royalties: Wei, payments: number): PaidSums => ({
  settled: (known?.settled ?? 0n) + settled,
  royalties: (known?.royalties ?? 0n) + royalties,
  batches: 1,
  payments: (known?.payments ?? 0) + payments
})

const emptyProvider = (account: Address): ProviderRow => ({
  account,
  payout: null,
  stake: 0n,
  unbonding: null,
  openCases: 0,
  slashed: 0n,
  earned: 0n,
  claimed: 0n,
  batches: 0,
  keys: []
})

const emptyModel = (modelId: Bytes32): ModelRow => ({
  modelId,
  paid: 0n,
  royalties: 0n,
  payments: 0,
  providers: 0,
  terms: null
})

const termsOf = ({ manifestHash, payees, bps, at }: Named<'ModelRegistered'>): ModelRow['terms'] => ({
  manifestHash,
  payees: payees.map((account, i) => ({ account, bps: bps[i] ?? 0, claimed: 0n })),
  registeredAt: at
})

const withClaim = (row: ModelRow, payee: number, amount: Wei): ModelRow => {
  const payees = row.terms?.payees.map((known, i) => (i === payee ? { ...known, claimed: known.claimed + amount } : known))
  return row.terms === null || payees === undefined ? row : { ...row, terms: { ...row.terms, payees } }
}

const withKey = (row: ProviderRow, key: Address, revoked: boolean): ProviderRow => ({
  ...row,
  keys: [...row.keys.filter((known) => known.key !== key), { key, revoked }]
})

const ANSWERED = 2 // ICourt.State

const caseChange = (event: Named<'CaseOpened' | 'CaseAnswered' | 'CaseClosed' | 'Punished'>, row: CaseRow): Partial<CaseRow> => {
  switch (event.name) {
    case 'CaseOpened': {
      const { client, receiptHash, batch, respondBy, verdictBy } = event
      return { client, receiptHash, batch, respondBy, verdictBy, state: 1 }
    }
    case 'CaseAnswered':
      return { state: ANSWERED }
    case 'CaseClosed':
      return { state: event.state }
    case 'Punished':
      return { fault: event.fault, taken: row.taken + event.taken }
  }
}
