/**
 * What the ledger held for an account after each change: a client's escrow, and what a provider can claim. Kept as events are folded, so that a
 * page of it costs the same however long the account's history is; the last of an hour and of a day stand apart. Slashes are taken from
 * the stake in the registry, and change neither.
 */
import type { Wei } from 'openseam/protocol/amounts'
import type { Address } from 'openseam/protocol/eth'
import { decodeJson } from 'openseam/protocol/json'
import type { IndexStore } from './index-store.ts'
import type { Overlay } from './overlay.ts'
import { type Page, type PageQuery, readPage } from './pages.ts'
import { startOf } from './periods.ts'
import { type ClientRow, type EventRow, keys, type ProviderRow } from './rows.ts'

/** `escrow`: deposited and neither withdrawn nor spent. `claimable`: earned and not yet claimed. */
export type Side = 'escrow' | 'claimable'

export const steps = ['change', 'hour', 'day'] as const
/** One row for each change, or for the last of an hour or a day, UTC. */
export type Step = (typeof steps)[number]

export interface BalanceRow {
  /** Seconds. */
  at: number
  balance: Wei
  /** The event after which it stood. */
  block: number
  logIndex: number
  /** The batch that it was part of, where it was. */
  batch: { provider: Address; number: number } | null
}

type Moved = [side: Side, account: Address]

/** Whose balance an event changes, each once. What a batch earns is known at its end, behind its groups. */
const movedBy = (event: EventRow): Moved[] => {
  switch (event.name) {
    case 'Deposited':
    case 'Withdrawn':
      return [['escrow', event.client]]
    case 'GroupSettled':
      return [...new Set(event.paid.map(({ client }) => client))].map((client): Moved => ['escrow', client])
    case 'BatchSettled':
    case 'Claimed':
      return [['claimable', event.provider]]
    default:
      return []
  }
}

const lastIn = ([side, account]: Moved, at: number): string[] =>
  (['hour', 'day'] as const).map((step) => keys.balanceIn(side, account, step, startOf(at, step)))

/** The rows that `keepBalances` reads; those of the sums themselves are read for the event. */
export const balancesChangedBy = (event: EventRow): string[] => movedBy(event).flatMap((moved) => lastIn(moved, event.at))

/** After the event was folded. */
export const keepBalances = (rows: Overlay, event: EventRow): void => {
  const { at, block, logIndex } = event
  const batch = 'batch' in event && 'provider' in event ? { provider: event.provider, number: event.batch as number } : null
  for (const moved of movedBy(event)) {
    const row: BalanceRow = { at, balance: balanceOf(rows, moved), block, logIndex, batch }
    rows.add(keys.balanceAt(...moved, block, logIndex), row)
    for (const key of lastIn(moved, at)) rows.write(key, row)
  }
}

const balanceOf = (rows: Overlay, [side, account]: Moved): Wei => {
  if (side === 'escrow') {
    const { deposited, withdrawn, spent } = rows.read<ClientRow>(keys.client(account)) as ClientRow
    return deposited - withdrawn - spent
  }
  const { earned, claimed } = rows.read<ProviderRow>(keys.provider(account)) as ProviderRow
  return earned - claimed
}

/** Newest first. */
export const readBalances = (
  store: IndexStore,
  side: Side,
  account: Address,
  step: Step,
  query: PageQuery
): Promise<Page<BalanceRow>> => {
  const item = (value: Uint8Array): BalanceRow => decodeJson(value)
  return readPage(store, query, { prefix: `bl:${side}:${account}:${step}:`, reverse: true, item })
}
