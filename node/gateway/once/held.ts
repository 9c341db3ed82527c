/** An answer and those who wait for it: it lives as long as one of them is there, and a while longer where one is expected back. */
import type { Clock } from 'openseam/components'
import type { Source } from 'openseam/openai/source'

/** What there is to give, once its sessions are open. */
export interface Opened {
  /** One a choice, for the first reader; whoever comes later joins by handle. */
  sources: Source[]
  sessions: string[]
  promptTokens: number[]
  id: string
  created: number
  /** Given before, and now again. */
  again: boolean
}

/** `cancelled`: nobody was left, so it was stopped. `refused`: it never began. */
export type HeldEnd = 'over' | 'cancelled' | 'refused'

export interface HeldInit {
  clock: Clock
  /** Digest of the request that it answers. */
  body: string
  begin(stop: AbortSignal): Promise<Opened>
  onEnd(end: HeldEnd): void
}

export class Held {
  readonly body: string
  readonly opened: Promise<Opened>
  readonly #clock: Clock
  readonly #onEnd: HeldInit['onEnd']
  readonly #stop = new AbortController()
  #present = 0
  #grace: AbortController | undefined
  #sources: Source[] = []
  #seenWhole = false
  #ended = false

  constructor({ clock, body, begin, onEnd }: HeldInit) {
    this.#clock = clock
    this.body = body
    this.#onEnd = onEnd
    this.opened = begin(this.#stop.signal)
    this.opened.then(
      ({ sources }) => {
        this.#sources = sources
        if (this.#stop.signal.aborted) this.#leave()
        void Promise.all(sources.map(({ ended }) => ended)).then(() => this.#end('over'))
      },
      () => this.#end('refused')
    )
  }

  get ended(): boolean {
    return this.#ended
  }

  come(): void {
    this.#present += 1
    this.#grace?.abort()
    this.#grace = undefined
  }

  /** One reader less; with none left it is stopped after `graceMs`. */
  go(graceMs: number): void {
    this.#present -= 1
    if (this.#present > 0 || this.#ended) return
    if (graceMs === 0 || this.#seenWhole) return this.stop()
    const grace = new AbortController()
    this.#grace = grace
    this.#clock.sleep(graceMs, grace.signal).then(
      () => this.stop(),
      () => undefined
    )
  }

  /** A reader that joined has read all of it. The first one may still be reading, so it is not hurried. */
  seenWhole(): void {
    this.#seenWhole = true
  }

  stop(): void {
    if (this.#ended) return
    this.#end(this.#seenWhole ? 'over' : 'cancelled')
    this.#stop.abort()
    this.#leave()
  }

  #leave(): void {
    for (const source of this.#sources) source.leave()
  }

  #end(end: HeldEnd): void {
    if (this.#ended) return
    this.#ended = true
    this.#grace?.abort()
    this.#onEnd(end)
  }
}
