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

const quiet: unique symbol = Symbol('quiet')
const encoder = new TextEncoder()

export const sseBody = (frames: AsyncIterator<string, void>, options: SseOptions): ReadableStream<Uint8Array<ArrayBuffer>> => {
  const { clock, keepAliveMs, stallMs, onGone, drop } = options
  let pending: Promise<IteratorResult<string, void>> | undefined
  let stall: AbortController | undefined

  const watchStall = (controller: ReadableStreamDefaultController): void => {
    const watch = new AbortController()
    stall = watch
    clock.sleep(stallMs, watch.signal).then(
      () => {
        onGone()
        controller.close()
        drop()
      },
      () => undefined
    )
  }

  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        stall?.abort()
        pending ??= frames.next()
        const result = await orQuiet(pending, clock, keepAliveMs)
        if (result === quiet) controller.enqueue(encoder.encode(': waiting\n\n'))
        else if (result.done === true) return controller.close()
        else {
          pending = undefined
          controller.enqueue(encoder.encode(result.value))
        }
        watchStall(controller)
      },
      cancel() {
        stall?.abort()
        onGone()
      }
    },
    // Nothing is read ahead: what the reader has not asked for stays with the client, where it counts as unread.
    { highWaterMark: 0 }
  )
}

const orQuiet = async <Value>(value: Promise<Value>, clock: Clock, delayMs: number): Promise<Value | typeof quiet> => {
  const timer = new AbortController()
  const late = (): typeof quiet => quiet
  const slept = clock.sleep(delayMs, timer.signal).then(late, late)
  try {
    return await Promise.race<Value | typeof quiet>([value, slept])
  } finally {
    timer.abort()
  }
}
