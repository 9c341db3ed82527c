/** How often a key may ask: GCRA, one number a key. A burst of a minute's worth passes, after that requests drip in evenly. */
import { ApiError } from './errors.ts'

export interface Allowed {
  limit: number
  remaining: number
  /** Until all of `limit` may be asked at once again. */
  resetMs: number
}

const WINDOW_MS = 60_000
const KEYS_IN_MEMORY_MAX = 100_000

export class RateLimiter {
  /** When each key's bucket will have run empty, in the order of last use. */
  readonly #emptyAtMs = new Map<string, number>()

  /** Takes one request; throws a 429 that says when the next one passes. */
  take(key: string, perMinute: number, nowMs: number): Allowed {
    const stepMs = WINDOW_MS / perMinute
    const emptyAtMs = Math.max(this.#emptyAtMs.get(key) ?? 0, nowMs)
    const waitMs = emptyAtMs + stepMs - nowMs - WINDOW_MS
    // Half a millisecond of slack: sums of steps that are no whole numbers must not cost the last request of a minute.
    if (waitMs > 0.5) throw tooMany(perMinute, waitMs, emptyAtMs - nowMs)
    this.#emptyAtMs.delete(key)
    this.#emptyAtMs.set(key, emptyAtMs + stepMs)
    this.#prune(nowMs)
    const resetMs = emptyAtMs + stepMs - nowMs
    return { limit: perMinute, remaining: Math.max(0, Math.floor((WINDOW_MS - resetMs) / stepMs + 1e-6)), resetMs }
  }

  #prune(nowMs: number): void {
    for (const [key, emptyAtMs] of this.#emptyAtMs) {
      if (emptyAtMs > nowMs && this.#emptyAtMs.size <= KEYS_IN_MEMORY_MAX) return
      this.#emptyAtMs.delete(key)
    }
  }
}

/** As OpenAI's: counts, and a span like `1.5s`. */
export const limitHeaders = ({ limit, remaining, resetMs }: Allowed): Record<string, string> => ({
  'x-ratelimit-limit-requests': String(limit),
  'x-ratelimit-remaining-requests': String(remaining),
  'x-ratelimit-reset-requests': `${Math.ceil(resetMs) / 1000}s`
})

const tooMany = (perMinute: number, waitMs: number, resetMs: number): ApiError => {
  const seconds = Math.ceil(waitMs / 1000)
  return new ApiError({
    status: 429,
    code: 'RATE_LIMITED',
    message: `More than ${perMinute} requests a minute; the next one passes in ${seconds} s.`,
    retry: true,
    headers: { ...limitHeaders({ limit: perMinute, remaining: 0, resetMs }), 'retry-after': String(seconds) }
  })
}
