/**
 * Which of the receipts that bear a session's id make the session up. Anyone may show anything, so what is proved comes first, then what a
 * provider signed, then the rest, and each of these only where it fits what stands already: nobody undoes a proof by showing something else.
 */
import { EndReason } from 'openseam/protocol/typed-data'
import type { Finding } from './finding.ts'

export interface Assembled {
  /** By leg and seq. */
  core: Finding[]
  /** Shown, and no part of it. */
  left: Finding[]
}

/** `found`: of one client, each receipt once. */
export const assemble = (found: readonly Finding[]): Assembled => {
  const core = found.filter(({ state }) => state === 'paid').toSorted(inOrder)
  const left: Finding[] = []
  for (const row of found.filter((one) => one.state !== 'paid').toSorted((a, b) => word(a) - word(b) || inOrder(a, b))) {
    const at = placeIn(core, row)
    if (row.state !== 'failed' && fits(row, core[at - 1], core[at])) core.splice(at, 0, row)
    else left.push(row)
  }
  return { core, left }
}

export const inOrder = (a: Finding, b: Finding): number => a.receipt.leg - b.receipt.leg || a.receipt.seq - b.receipt.seq

/** The lower the more it is worth: proved, signed, shown. */
const word = ({ proof, signed }: Finding): number => (proof !== null ? 0 : signed ? 1 : 2)

const placeIn = (core: readonly Finding[], row: Finding): number => {
  let [low, high] = [0, core.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (inOrder(core[middle] as Finding, row) < 0) low = middle + 1
    else high = middle
  }
  return low
}

const fits = (row: Finding, before: Finding | undefined, after: Finding | undefined): boolean => {
  const { receipt } = row
  if (after !== undefined && inOrder(row, after) === 0) return false
  const leg = [before, after].filter((one) => one?.receipt.leg === receipt.leg)
  if (leg.some((one) => one?.receipt.provider !== receipt.provider || one.receipt.modelId !== receipt.modelId)) return false
  const ended = before?.receipt.leg === receipt.leg && before.receipt.end !== EndReason.running
  const goesOn = after?.receipt.leg === receipt.leg && receipt.end !== EndReason.running
  const [from, to] = [before?.receipt.to ?? 0, after?.receipt.from]
  if (ended || goesOn || receipt.to < receipt.from || receipt.from < from || (to !== undefined && receipt.to > to)) return false
  // What closes no gap has to follow what stands: a stranger's word far from it says nothing about this session.
  const follows =
    receipt.from === from &&
    (before === undefined || before.receipt.leg !== receipt.leg || receipt.seq === before.receipt.seq + 1)
  if (word(row) < 2) return follows || (to !== undefined && receipt.to > receipt.from)
  const gap = to !== undefined && receipt.to > receipt.from
  return gap || (follows && before?.receipt.leg === receipt.leg)
}
