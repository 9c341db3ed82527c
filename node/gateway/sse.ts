/** Frames as a response body that a slow reader slows down, that says it is alive while there is nothing to say, and that ends. */
import type { Clock } from 'openseam/components'

export interface SseOptions {
  clock: Clock
  keepAliveMs: number
  stallMs: number
  /** The reader went away, or took nothing for `stallMs`. */
  onGone(): void
  /** Closes the connection of a reader that takes nothing: ending the body would wait for it for ever. */
  drop(): void
}

export const sseHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  // Without these, proxies hold frames back until they have a buffer full.
  'x-accel-buffering': 'no',
  'transfer-encoding': 'chunked'
} as const

const QUIET = { done: false, value: ': waiting\n\n' } as const
const encoder = new TextEncoder()

/**
 * One timer for the whole stream: a stream that runs well has thousands of waits, and arming and clearing a timer for each costs more than
 * the frame. It sleeps no longer than the shorter limit, so that it is awake before any wait that begins meanwhile can be over.
 */
class Watch {
  readonly #options: SseOptions
  readonly #stop = new AbortController()
  #atMs: number
  #quiet: (() => void) | undefined

  constructor(options: SseOptions, onStall: () => void) {
    this.#options = options
    this.#atMs = options.clock.tickMs()
    this.#run(onStall).catch(() => undefined)
  }

  /** The reader took the last frame and waits for the next; `quiet` is called when none came for `keepAliveMs`. */
  reading(quiet: () => void): void {
    this.#quiet = quiet
    this.#atMs = this.#options.clock.tickMs()
  }

  /** A frame is there for the reader to take. */
  offered(): void {
    this.#quiet = undefined
    this.#atMs = this.#options.clock.tickMs()
  }

  stop(): void {
    this.#stop.abort()
  }

  async #run(onStall: () => void): Promise<void> {
    const { clock, keepAliveMs, stallMs } = this.#options
    for (;;) {
      const leftMs = this.#atMs + (this.#quiet === undefined ? stallMs : keepAliveMs) - clock.tickMs()
      if (leftMs > 0) await clock.sleep(Math.min(leftMs, keepAliveMs, stallMs), this.#stop.signal)
      else if (this.#quiet === undefined) return onStall()
      else this.#quiet()
    }
  }
}

export const sseBody = (frames: AsyncIterator<string, void>, options: SseOptions): ReadableStream<Uint8Array<ArrayBuffer>> => {
  const { onGone, drop } = options
  let pending: Promise<IteratorResult<string, void>> | undefined
  let watch: Watch

  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start(controller) {
        watch = new Watch(options, () => {
          onGone()
          controller.close()
          drop()
        })
      },
      async pull(controller) {
        const quiet = Promise.withResolvers<typeof QUIET>()
        watch.reading(() => {
          watch.offered()
          quiet.resolve(QUIET)
        })
        pending ??= frames.next()
        const result = await Promise.race([pending, quiet.promise])
        if (result.done === true) {
          watch.stop()
          return controller.close()
        }
        if (result !== QUIET) pending = undefined
        controller.enqueue(encoder.encode(result.value))
        watch.offered()
      },
      cancel() {
        watch.stop()
        onGone()
      }
    },
    // Nothing is read ahead: what the reader has not asked for stays with the client, where it counts as unread.
    { highWaterMark: 0 }
  )
}
