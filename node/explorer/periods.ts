/** What was settled, by hour, day and week: of all, of a provider, of a model. What its receipts tell was written stands beside it. */
import type { Wei } from 'openseam/protocol/amounts'
import type { Address, Bytes32 } from 'openseam/protocol/eth'
import { decodeJson } from 'openseam/protocol/json'
import type { WorkReceipt } from 'openseam/protocol/typed-structs'
import type { IndexStore } from './index-store.ts'
import type { Overlay } from './overlay.ts'
import { type Page, type PageQuery, readPage } from './pages.ts'
import { type EventRow, keys } from './rows.ts'

const seconds = { hour: 3_600, day: 86_400, week: 604_800 } as const

export type Unit = keyof typeof seconds

/** The epoch was a Thursday, and weeks begin on Mondays. */
const FIRST_MONDAY = 4 * seconds.day

/** When the hour, day or week began, UTC; both in seconds. */
export const startOf = (at: number, unit: Unit): number => {
  const length = seconds[unit]
  const first = unit === 'week' ? FIRST_MONDAY : 0
  return at - ((((at - first) % length) + length) % length)
}

export interface PaidSums {
  settled: Wei
  royalties: Wei
  batches: number
  payments: number
}

export interface PeriodRow extends PaidSums {
  /** Seconds. */
  start: number
}

export type Whose = 'all' | Address | Bytes32

type Told = [whose: Whose, unit: Unit]

const ofAll: Told[] = [
  ['all', 'hour'],
  ['all', 'day'],
  ['all', 'week']
]

/** The rows that `addBatch` reads. A batch's groups are of its block, so of its day. */
export const periodsChangedBy = (event: EventRow): string[] => {
  const keyOf = ([whose, unit]: Told): string => keys.period(whose, unit, startOf(event.at, unit))
  if (event.name === 'GroupSettled') return [keyOf([event.modelId, 'day'])]
  return event.name === 'BatchSettled' ? [...ofAll, [event.provider, 'day'] satisfies Told].map(keyOf) : []
}

/** Adds a batch that was posted at `at` to all that it is told in. */
export const addBatch = (
  rows: Overlay,
  at: number,
  provider: Address,
  sums: PaidSums,
  ofModels: ReadonlyMap<Bytes32, PaidSums>
): void => {
  for (const [whose, unit] of ofAll) add(rows, whose, unit, at, sums)
  add(rows, provider, 'day', at, sums)
  for (const [modelId, part] of ofModels) add(rows, modelId, 'day', at, part)
}

const add = (rows: Overlay, whose: Whose, unit: Unit, at: number, sums: PaidSums): void => {
  const start = startOf(at, unit)
  const key = keys.period(whose, unit, start)
  const known = rows.read<PeriodRow>(key)
  rows.write(key, {
    start,
    settled: (known?.settled ?? 0n) + sums.settled,
    royalties: (known?.royalties ?? 0n) + sums.royalties,
    batches: (known?.batches ?? 0) + sums.batches,
    payments: (known?.payments ?? 0) + sums.payments
  } satisfies PeriodRow)
}

/** Where what a receipt tells was written is added up, by when its batch was posted. */
export const writtenIn = ({ provider, modelId }: WorkReceipt, paidAt: number): string[] => {
  const told: Told[] = [...ofAll, [provider, 'day'], [modelId, 'day']]
  return told.map(([whose, unit]) => keys.writtenIn(whose, unit, startOf(paidAt, unit)))
}

/** Newest first. A period in which nothing was settled has no row. */
export const readPeriods = async (store: IndexStore, whose: Whose, unit: Unit, query: PageQuery): Promise<Page<object>> => {
  const item = (value: Uint8Array): PeriodRow => decodeJson(value)
  const prefix = `pe:${whose}:${unit}:`
  const { items, next } = await readPage<PeriodRow>(store, query, { prefix, reverse: true, item })
  const written = await store.getMany(items.map(({ start }) => keys.writtenIn(whose, unit, start)))
  const told = items.map(({ start, ...sums }, i) => {
    const bytes = written[i]
    return { [unit]: start, ...sums, written: bytes === undefined ? 0n : decodeJson<bigint>(bytes) }
  })
  return { items: told, next }
}
