/** Figures of a sample, and chance that is the same in every run. */

/** Nearest rank: a value that was measured, never one between two. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}

export const round = (value: number, digits = 1): number => Math.round(value * 10 ** digits) / 10 ** digits

/** Uniform in [0, 1), from a counter through a mixing function: schedules and prompts repeat from run to run. */
export const chance = (seed: number): (() => number) => {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export const shuffled = <T>(items: readonly T[], draw: () => number): T[] => {
  const order = items.slice()
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(draw() * (i + 1))
    const held = order[i] as T
    order[i] = order[j] as T
    order[j] = held
  }
  return order
}

const RESAMPLES = 2_000

/** The middle 95 % of the medians of samples drawn again from this one. */
export const medianInterval95 = (values: readonly number[]): [number, number] => {
  const draw = chance(values.length)
  const medians = Array.from({ length: RESAMPLES }, () =>
    median(values.map(() => values[Math.floor(draw() * values.length)] as number))
  )
  return [quantile(medians, 0.025), quantile(medians, 0.975)]
}
