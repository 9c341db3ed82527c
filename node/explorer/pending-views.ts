/** What the API answers of work that is not settled yet. */
import type { Wei } from 'openseam/protocol/amounts'
import type { Address } from 'openseam/protocol/eth'
import { type Page, type PageQuery, pageOfRows } from './pages.ts'
import type { Pending } from './pending.ts'
import { type PendingRow, pendingKey } from './pending-rows.ts'

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

/** Whose; both: what is between the two. */
export interface PendingFilter {
  provider?: Address | undefined
  client?: Address | undefined
}

/** Channels with what they owe, and the sums of all of them, not of the page alone. */
export const pendingPage = async (
  pending: Pending,
  query: PageQuery,
  { provider, client }: PendingFilter
): Promise<Page<PendingRow> & { sums: PendingSums; answered: number }> => {
  const isWanted = (row: PendingRow): boolean =>
    (provider === undefined || row.provider === provider) && (client === undefined || row.client === client)
  const rows = (await pending.rows()).filter(isWanted)
  return { ...pageOfRows(rows, query, pendingKey), sums: sumsOf(rows), answered: pending.answered }
}

export const pendingProviders = async (pending: Pending, query: PageQuery): Promise<Page<PendingOfProvider>> => {
  const groups = Map.groupBy(await pending.rows(), ({ provider }) => provider)
  const rows = [...groups].map(([provider, ofProvider]) => {
    return { provider, ...sumsOf(ofProvider), seenAt: Math.max(...ofProvider.map(({ seenAt }) => seenAt)) }
  })
  return pageOfRows(rows, query, ({ provider }) => provider)
}

const sumsOf = (rows: readonly PendingRow[]): PendingSums => {
  const sum = (some: readonly PendingRow[]): Wei => some.reduce((total, { pending }) => total + pending, 0n)
  return { channels: rows.length, pending: sum(rows), covered: sum(rows.filter(({ covered }) => covered)) }
}
