/**
 * A limit on events per window and key, as one number a key (GCRA): the time at which the key's debt would be paid off if events
 * cost `windowMs / count` each. A burst of the whole quota is fine, after it the steady rate holds; there is no window edge to
 * wait for.
 */
import type { Clock } from '../components.ts'
import type { Quota } from './protocol.ts'

const KEYS_MAX = 10_000

export class RateLimit {
  readonly #clock: Clock
  readonly #costMs: number
  readonly #windowMs: number
  readonly #paidAtMs = new Map<string, number>()

  constructor(clock: Clock, quota: Quota) {
    this.#clock = clock
    this.#costMs = quota.windowMs / quota.count
    this.#windowMs = quota.windowMs
  }

  /** Counts one event of `key`; false (and not counted) when it exceeds the quota. */
  take(key: string): boolean {
    const nowMs = this.#clock.tickMs()
    const known = this.#paidAtMs.get(key)
    if (known === undefined && this.#paidAtMs.size >= KEYS_MAX) this.#prune(nowMs)
    const paidAtMs = Math.max(known ?? 0, nowMs) + this.#costMs
    if (paidAtMs - nowMs > this.#windowMs) return false
    this.#paidAtMs.set(key, paidAtMs)
    return true
  }

  #prune(nowMs: number): void {
    for (const [key, paidAtMs] of this.#paidAtMs) if (paidAtMs <= nowMs) this.#paidAtMs.delete(key)
    // all in debt: forget the oldest, so that memory stays bounded whatever the number of peers
    for (const key of this.#paidAtMs.keys()) {
      if (this.#paidAtMs.size < KEYS_MAX) break
      this.#paidAtMs.delete(key)
    }
  }
}
