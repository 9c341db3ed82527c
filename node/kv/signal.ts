/** Wakes whoever waits for a change. Counting changes makes a wait that starts after the change return at once: no wake-up is lost. */
import type { Clock } from 'openseam/components'

export class Signal {
  #count = 0
  #next = Promise.withResolvers<void>()

  get count(): number {
    return this.#count
  }

  notify(): void {
    this.#count += 1
    this.#next.resolve()
    this.#next = Promise.withResolvers<void>()
  }

  /** Resolves once `count` has passed `seen`, or after limitMs when a clock is given. */
  async since(seen: number, clock?: Clock, limitMs = 0): Promise<void> {
    if (this.#count > seen) return
    if (clock === undefined) return this.#next.promise
    const timer = new AbortController()
    await Promise.race([this.#next.promise, clock.sleep(limitMs, timer.signal).catch(() => undefined)])
    timer.abort()
  }
}
