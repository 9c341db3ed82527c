/** What the API answers of work that is not settled yet. */
import type { Wei } from 'openseam/protocol/amounts'
import type { Address } from 'openseam/protocol/eth'
import { type Page, type PageQuery, pageOfRows } from './pages.ts'
import type { Pending } from './pending.ts'
import { type PendingRow, pendingKey } from './pending-rows.ts'
import type { Rhythm } from './rhythm.ts'
import type { Rhythms } from './rhythms.ts'

export interface PendingSums {
  channels: number
  pending: Wei
  /** Of that, what the clients' escrow covers. */
  covered: Wei
}

export interface PendingOfProvider extends PendingSums {
  provider: Address
  /** Seconds: when the newest of its vouchers was first shown. */
  seenAt: number
}

/** From when its provider settled before, a reader works out when it is expected to settle this; null where it never has. */
export type WithRhythm<Row> = Row & { rhythm: Rhythm | null }

/** Whose; both: what is between the two. */
export interface PendingFilter {
  provider?: Address | undefined
  client?: Address | undefined
}

/** Channels with what they owe, and the sums of all of them, not of the page alone. */
export const pendingPage = async (
  pending: Pending,
  rhythms: Rhythms,
  query: PageQuery,
  { provider, client }: PendingFilter
): Promise<Page<WithRhythm<PendingRow>> & { sums: PendingSums; answered: number }> => {
  const isWanted = (row: PendingRow): boolean =>
    (provider === undefined || row.provider === provider) && (client === undefined || row.client === client)
  const rows = (await pending.rows()).filter(isWanted)
  const { items, next } = pageOfRows(rows, query, pendingKey)
  return { items: await rhythms.beside(items), next, sums: sumsOf(rows), answered: pending.answered }
}

export const pendingProviders = async (
  pending: Pending,
  rhythms: Rhythms,
  query: PageQuery
): Promise<Page<WithRhythm<PendingOfProvider>>> => {
  const groups = Map.groupBy(await pending.rows(), ({ provider }) => provider)
  const rows = [...groups].map(([provider, ofProvider]) => {
    return { provider, ...sumsOf(ofProvider), seenAt: Math.max(...ofProvider.map(({ seenAt }) => seenAt)) }
  })
  const { items, next } = pageOfRows(rows, query, ({ provider }) => provider)
  return { items: await rhythms.beside(items), next }
}

const sumsOf = (rows: readonly PendingRow[]): PendingSums => {
  const sum = (some: readonly PendingRow[]): Wei => some.reduce((total, { pending }) => total + pending, 0n)
  return { channels: rows.length, pending: sum(rows), covered: sum(rows.filter(({ covered }) => covered)) }
}
