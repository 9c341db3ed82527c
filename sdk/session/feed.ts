/** The events of one turn, kept from its first token so that a caller can reconnect, handed out in batches as they arrive. */
import type { TurnEvent } from './types.ts'

const WAITING_EVENTS_MAX = 8_192 // a reader this far behind holds the stream back

export class Feed {
  readonly #events: TurnEvent[] = []
  #wake = Promise.withResolvers<void>()
  #room = Promise.withResolvers<void>()
  #read = 0
  #error: unknown
  #ended = false
  #left = false
  readonly #tap: (events: TurnEvent[]) => void

  /** `tap` sees every event as it happens, whether anybody reads or not. */
  constructor(tap: (events: TurnEvent[]) => void = () => undefined) {
    this.#tap = tap
  }

  push(events: TurnEvent[]): void {
    for (const event of events) this.#events.push(event)
    this.#tap(events)
    this.#signal()
  }

  /** Nobody is waited for any more. */
  leave(): void {
    this.#left = true
    this.#room.resolve()
  }

  end(error?: unknown): void {
    this.#ended = true
    this.#error = error
    this.#signal()
    this.#room.resolve()
  }

  get ended(): boolean {
    return this.#ended
  }

  /** Resolves once the furthest reader is near enough to the newest event. */
  async room(): Promise<void> {
    while (!this.#ended && !this.#left && this.#events.length - this.#read > WAITING_EVENTS_MAX) {
      this.#room = Promise.withResolvers<void>()
      await this.#room.promise
    }
  }

  /** From completion token `fromIndex` on; every reader has its own position. */
  async *read(fromIndex = 0): AsyncGenerator<TurnEvent[]> {
    let at = 0
    for (;;) {
      if (at < this.#events.length) {
        const batch = this.#events.slice(at).filter((event) => event.kind !== 'token' || event.index >= fromIndex)
        at = this.#events.length
        this.#read = Math.max(this.#read, at)
        this.#room.resolve()
        if (batch.length > 0) yield batch
        continue
      }
      if (this.#ended) break
      await this.#wake.promise
    }
    if (this.#error !== undefined) throw this.#error
  }

  #signal(): void {
    const wake = this.#wake
    this.#wake = Promise.withResolvers<void>()
    wake.resolve()
  }
}
