/** Time and chance are components: what decides takes them as arguments, so tests can drive both. */
export interface Clock {
  /** Milliseconds since the epoch. */
  nowMs(): number
  /** Milliseconds from a monotonic origin, for measuring. */
  tickMs(): number
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>
}

export interface Rng {
  bytes(count: number): Uint8Array<ArrayBuffer>
}

export interface Log {
  debug(fields: Record<string, unknown>, message: string): void
  info(fields: Record<string, unknown>, message: string): void
  warn(fields: Record<string, unknown>, message: string): void
  error(fields: Record<string, unknown>, message: string): void
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  tickMs: () => performance.now(),
  sleep: (delayMs, signal) =>
    new Promise((resolve, reject) => {
      const onAbort = (): void => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }, delayMs)
      if (signal?.aborted) onAbort()
      else signal?.addEventListener('abort', onAbort, { once: true })
    })
}

export const systemRng: Rng = { bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) }

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} }

/** A peer's raw Ed25519 public key, `0x` and 64 hex digits: the form that typed data signs. Its text form is a libp2p peer id. */
export type PeerKey = `0x${string}`

/** One typed, ordered, bounded stream to a peer. What decides speaks to this and never sees a socket. */
export interface Channel<Send, Receive> {
  readonly peer: PeerKey
  /** Queues one message; resolves once the transport has room again. Rejects after the channel closed. */
  send(message: Send): Promise<void>
  /** Messages in order; ends on a close from the other side, throws SeamError on an abort, a timeout or a malformed frame. */
  receive(): AsyncIterable<Receive>
  /** Flushes what was sent and closes gracefully, within its deadline. */
  close(): Promise<void>
  /** Drops the stream at once. */
  abort(reason: Error): void
  /** Settles when the channel has ended, however it did; never rejects. */
  readonly closed: Promise<void>
}
