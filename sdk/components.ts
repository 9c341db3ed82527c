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

export type StoreWrite = { put: string; value: Uint8Array } | { del: string }

/** A small ordered key-value store. A batch is atomic; `durable` batches have reached the disk when the promise resolves. */
export interface Store {
  get(key: string): Promise<Uint8Array | undefined>
  batch(writes: StoreWrite[], options?: { durable?: boolean }): Promise<void>
  /** Entries whose key starts with `prefix`, in key order. */
  list(prefix: string): AsyncIterable<[key: string, value: Uint8Array]>
  close(): Promise<void>
}

/** Keeps nothing past the process: for tests and for clients that accept to lose their sessions with it. */
export const memoryStore = (): Store => {
  const rows = new Map<string, Uint8Array>()
  return {
    get: (key) => Promise.resolve(rows.get(key)),
    batch: (writes) => {
      for (const write of writes) {
        if ('put' in write) rows.set(write.put, write.value)
        else rows.delete(write.del)
      }
      return Promise.resolve()
    },
    async *list(prefix) {
      for (const key of [...rows.keys()].sort()) if (key.startsWith(prefix)) yield [key, rows.get(key) as Uint8Array]
    },
    close: () => Promise.resolve()
  }
}
