/**
 * What this client itself saw of a peer. Speeds and times are exponentially weighted; failures fade with a half-life. Pure: rows
 * in, rows out. Never mixed with the transport's score of manners, nor with faults on chain.
 */

const WEIGHT = 0.3 // of the newest sample
export const FAILURE_HALF_LIFE_MS = 300_000

export interface Observed {
  /** Completion tokens a second as they arrived; null: not seen yet. */
  decodePerSecond: number | null
  firstTokenMs: number | null
  roundTripMs: number | null
  /** Failures at `failuresAtMs`; they halve every FAILURE_HALF_LIFE_MS. */
  failures: number
  failuresAtMs: number
  seenAtMs: number
}

const blank = (nowMs: number): Observed => ({
  decodePerSecond: null,
  firstTokenMs: null,
  roundTripMs: null,
  failures: 0,
  failuresAtMs: nowMs,
  seenAtMs: nowMs
})

const blend = (old: number | null, sample: number): number => (old === null ? sample : old + WEIGHT * (sample - old))

/** `tokens` arrived within `ms` of steady output. Samples without duration say nothing. */
export const observeTokens = (row: Observed | undefined, tokens: number, ms: number, nowMs: number): Observed => {
  const old = row ?? blank(nowMs)
  if (!(ms > 0) || !(tokens > 0)) return old
  return { ...old, decodePerSecond: blend(old.decodePerSecond, (1000 * tokens) / ms), seenAtMs: nowMs }
}

export const observeFirstToken = (row: Observed | undefined, ms: number, nowMs: number): Observed => {
  const old = row ?? blank(nowMs)
  return { ...old, firstTokenMs: blend(old.firstTokenMs, Math.max(0, ms)), seenAtMs: nowMs }
}

export const observeRoundTrip = (row: Observed | undefined, ms: number, nowMs: number): Observed => {
  const old = row ?? blank(nowMs)
  return { ...old, roundTripMs: blend(old.roundTripMs, Math.max(0, ms)), seenAtMs: nowMs }
}

export const observeFailure = (row: Observed | undefined, nowMs: number): Observed => {
  const old = row ?? blank(nowMs)
  return { ...old, failures: failuresOf(old, nowMs) + 1, failuresAtMs: nowMs, seenAtMs: nowMs }
}

/** Failures that still count now. */
export const failuresOf = (row: Observed, nowMs: number): number =>
  row.failures * 2 ** (-Math.max(0, nowMs - row.failuresAtMs) / FAILURE_HALF_LIFE_MS)
