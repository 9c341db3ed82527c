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
  /** Entries whose key starts with `prefix`, in key order; a store may leave out those below `from`. */
  list(prefix: string, from?: string): AsyncIterable<[key: string, value: Uint8Array]>
  close(): Promise<void>
}

/**
 * A write that depends on what is stored: `decide` is given the newest value while no other process can change it, and what it returns
 * is stored in the same step. It may run more than once, the last time counts; when it throws, nothing of its batch is stored.
 */
export interface StoreUpdate {
  update: string
  decide(current: Uint8Array | undefined): StoreWrite[]
}

export type SharedWrite = StoreWrite | StoreUpdate

/** A store that several processes write at once: the gateways of one wallet (docs/spec/store.md). */
export interface SharedStore extends Store {
  readonly shared: true
  /** Batches take effect in the order they were handed in, awaited or not, and are durable. Rejects with what `decide` threw, or STORE_DOWN. */
  batch(writes: SharedWrite[], options?: { durable?: boolean }): Promise<void>
}

export const isShared = (store: Store): store is SharedStore => 'shared' in store && store.shared === true

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
    async *list(prefix, from = prefix) {
      for (const key of [...rows.keys()].sort())
        if (key.startsWith(prefix) && key >= from) yield [key, rows.get(key) as Uint8Array]
    },
    close: () => Promise.resolve()
  }
}
