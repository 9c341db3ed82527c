/**
 * When a provider is expected to settle next, from when it settled before (docs/spec/explorer.md). The chain tells that, and nobody has to be
 * believed. Free of Node: pages run it with their own clock, so that what the API answers stays the same while time goes by.
 */
export interface Rhythm {
  /** Seconds: when it settled last. */
  lastAt: number
  /** Seconds from each of its settlements to the next, oldest first, never 0. */
  intervals: number[]
}

/** Seconds: the middle, and between which two it falls 8 times in 10. All of it is still to come. */
export interface Expected {
  at: number
  from: number
  to: number
  /** From how many intervals. */
  of: number
}

/** Batches that a rhythm is made of: what a provider did long ago says little of what it does now. */
export const RHYTHM_BATCHES_MAX = 33
const INTERVALS_LEAST = 4 // of fewer, anything could be said
const TRIED_MAX = 16

/** From when its batches were posted, oldest first. Those of one block are one settlement: a large one is split. */
export const rhythmOf = (posted: readonly number[]): Rhythm | null => {
  const times = [...new Set(posted)]
  const lastAt = times.at(-1)
  if (lastAt === undefined) return null
  return { lastAt, intervals: times.slice(1).map((at, i) => at - (times[i] as number)) }
}

/**
 * From the intervals that were longer than the one that is running is already. `late`: none was, so no time can be told.
 * Undefined: it settled too seldom.
 */
export const expectedOf = ({ lastAt, intervals }: Rhythm, now: number): Expected | 'late' | undefined => {
  if (intervals.length < INTERVALS_LEAST) return undefined
  const elapsed = Math.max(0, now - lastAt) // the chain's clock may be ahead of the reader's
  const longer = intervals.filter((interval) => interval > elapsed)
  if (longer.length === 0) return 'late'
  const { at, from, to, of } = spread(longer)
  return { at: lastAt + at, from: lastAt + from, to: lastAt + to, of }
}

/** Of the settlements before, how many fell between the two times that were to be told as soon as the one before was posted. */
export const trackRecordOf = ({ intervals }: Rhythm): { held: number; told: number } => {
  const first = Math.max(INTERVALS_LEAST, intervals.length - TRIED_MAX)
  const tried = intervals.slice(first)
  const held = tried.filter((interval, i) => {
    const { from, to } = spread(intervals.slice(0, first + i))
    return from <= interval && interval <= to
  })
  return { held: held.length, told: tried.length }
}

const spread = (values: readonly number[]): Expected => {
  const inOrder = values.toSorted((a, b) => a - b)
  // By the nearest rank, so that each is an interval that there was.
  const rank = (percent: number): number => inOrder[Math.ceil((percent * inOrder.length) / 100) - 1] as number
  return { at: rank(50), from: rank(10), to: rank(90), of: inOrder.length }
}
