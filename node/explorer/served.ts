/**
 * What receipts tell of the work behind the money, added up as they are stored, each once. The chain proves what was paid; how much was
 * written for it is what both sides signed, and who pays itself signs both. So none of this is part of any sum of money.
 */
import type { Wei } from 'openseam/protocol/amounts'
import type { Bytes32 } from 'openseam/protocol/eth'
import { type EndName, EndReason, endName, type WorkReceipt } from 'openseam/protocol/typed-structs'
import type { Overlay } from './overlay.ts'
import { startOf, writtenIn } from './periods.ts'
import { keys } from './rows.ts'

/** Positions are bigint: receipts of people who pay themselves may hold any number. */
export interface ServedRow {
  receipts: number
  /** Positions that were charged as prompt. */
  read: bigint
  written: bigint
  /** Legs, by why they ended. */
  ends: Partial<Record<EndName, number>>
}

/** Of one model, at one provider. */
export interface ServedModelRow extends ServedRow {
  modelId: Bytes32
  paid: Wei
  /** Wei for a written position, as the receipt says that was paid last; null where none tells it. */
  price: Wei | null
  /** Seconds. */
  pricedAt: number
}

/** What written positions of a model cost on a day, in the receipts that hold nothing else: those tell a price exactly. */
export interface PriceRow {
  /** Seconds: its midnight, UTC. */
  day: number
  written: bigint
  paid: Wei
  /** Wei for a position. */
  low: Wei
  high: Wei
}

export const emptyServed: ServedRow = { receipts: 0, read: 0n, written: 0n, ends: {} }

const keysOf = ({ provider, modelId }: WorkReceipt, paidAt: number) => ({
  sums: [keys.served('all'), keys.served(provider), keys.served(modelId)],
  model: keys.servedModel(provider, modelId),
  day: keys.priceOnDay(modelId, startOf(paidAt, 'day'))
})

/** The rows that `addServed` reads. `paidAt` in seconds. */
export const servedBy = (receipt: WorkReceipt, paidAt: number): string[] => {
  const { sums, model, day } = keysOf(receipt, paidAt)
  return [...sums, model, day, ...writtenIn(receipt, paidAt)]
}

/** Positions charged as prompt, and written. None where a receipt ends before it begins, which nobody honest signs. */
export const positionsOf = ({ from, to, promptUnits }: Pick<WorkReceipt, 'from' | 'to' | 'promptUnits'>) => {
  const length = Math.max(0, to - from)
  const read = Math.min(promptUnits, length)
  return { read, written: length - read }
}

/** Adds a receipt that was not there before. */
export const addServed = (rows: Overlay, receipt: WorkReceipt, paidAt: number): void => {
  const { modelId, amount } = receipt
  const at = keysOf(receipt, paidAt)
  for (const key of at.sums) rows.write(key, withReceipt(rows.read<ServedRow>(key) ?? emptyServed, receipt))
  const { written } = positionsOf(receipt)
  for (const key of writtenIn(receipt, paidAt)) rows.write(key, (rows.read<bigint>(key) ?? 0n) + BigInt(written))
  const price = receipt.promptUnits === 0 && written > 0 ? amount / BigInt(written) : null
  const known = rows.read<ServedModelRow>(at.model) ?? { ...emptyServed, modelId, paid: 0n, price: null, pricedAt: 0 }
  const isNews = price !== null && paidAt >= known.pricedAt
  rows.write(at.model, {
    ...known,
    ...withReceipt(known, receipt),
    paid: known.paid + amount,
    ...(isNews && { price, pricedAt: paidAt })
  } satisfies ServedModelRow)
  if (price !== null) rows.write(at.day, withPrice(rows.read<PriceRow>(at.day), receipt, price, startOf(paidAt, 'day')))
}

const withReceipt = ({ receipts, read, written, ends }: ServedRow, receipt: WorkReceipt): ServedRow => {
  const positions = positionsOf(receipt)
  const end = endName(receipt.end)
  return {
    receipts: receipts + 1,
    read: read + BigInt(positions.read),
    written: written + BigInt(positions.written),
    ends: receipt.end === EndReason.running ? ends : { ...ends, [end]: (ends[end] ?? 0) + 1 }
  }
}

const withPrice = (row: PriceRow | undefined, receipt: WorkReceipt, price: Wei, day: number): PriceRow => ({
  day,
  written: (row?.written ?? 0n) + BigInt(positionsOf(receipt).written),
  paid: (row?.paid ?? 0n) + receipt.amount,
  low: row === undefined || price < row.low ? price : row.low,
  high: row === undefined || price > row.high ? price : row.high
})
