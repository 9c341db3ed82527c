/** What session tests share: fixed parties and keys, a clock that a test turns, and a stream in memory. */
import type { Channel, Clock, PeerKey, Rng, Store, StoreWrite } from 'openseam/components'
import { memoryStore } from 'openseam/components'
import { SeamError } from 'openseam/protocol/errors'
import { addressOf, type Bytes32, bytesToHex, keccak256, ZERO_BYTES32 } from 'openseam/protocol/eth'
import type { LegOpen, TypedDomain, WorkReceipt } from 'openseam/protocol/typed-data'
import { draftReceipt } from 'openseam/protocol/work'
import type { SessionRecord } from 'openseam/session/record'
import { localSigner } from 'openseam/session/wallet'

export const key = (text: string): Uint8Array<ArrayBuffer> => keccak256(new TextEncoder().encode(`test key ${text}`))
export const hash = (text: string): Bytes32 => bytesToHex(key(text))

export const domain: TypedDomain = { chainId: 31_337, ledger: '0x9fe46736679d2d9a65f0992f2272de9f3c7fa6e0' }
export const clientSigner = localSigner(key('client'))
export const providerKey = key('provider')
export const provider = addressOf(providerKey)
export const providerPeer = hash('provider peer') as PeerKey
export const clientPeer = hash('client peer') as PeerKey
export const modelId = hash('model')
export const salt = key('salt')

export const legOpen = (changes: Partial<LegOpen> = {}): LegOpen => ({
  sessionId: hash('session'),
  leg: 0,
  client: clientSigner.account,
  clientPeer,
  provider,
  providerPeer,
  modelId,
  promptWei: 3n,
  completionWei: 7n,
  from: 0,
  maxTo: 1_000,
  requestHash: hash('request'),
  prevEnd: 0,
  prevHead: ZERO_BYTES32,
  deadline: 2_000_000_000,
  ...changes
})

/** Receipts of one leg over `sizes` positions each, ids counting up from 0. */
export const receiptsOf = (open: LegOpen, sizes: number[], completionFrom = 4): WorkReceipt[] => {
  let from = open.from
  return sizes.map((size, seq) => {
    const ids = Array.from({ length: size }, (_, i) => from + i)
    const receipt = draftReceipt(
      { open, salt, completionFrom },
      { seq, from, to: from + size, ids, kvHead: ZERO_BYTES32, end: 0 }
    )
    from += size
    return receipt
  })
}

/** Lets everything that can go on without time passing go on. */
export const settle = async (): Promise<void> => {
  for (let i = 0; i < 4; i++) await new Promise((resolve) => setImmediate(resolve))
}

/** Time passes only when the test says so. */
export class TestClock implements Clock {
  #ms = 1_800_000_000_000
  readonly #sleepers = new Set<{ atMs: number; wake: () => void }>()

  nowMs(): number {
    return this.#ms
  }

  tickMs(): number {
    return this.#ms
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const sleeper = { atMs: this.#ms + delayMs, wake: resolve }
      this.#sleepers.add(sleeper)
      signal?.addEventListener(
        'abort',
        () => {
          this.#sleepers.delete(sleeper)
          reject(signal.reason)
        },
        { once: true }
      )
    })
  }

  get sleeping(): number {
    return this.#sleepers.size
  }

  /** Wakes sleepers in the order of their times, each after whatever the one before set off. */
  async advance(ms: number): Promise<void> {
    const end = this.#ms + ms
    await settle()
    for (;;) {
      const next = [...this.#sleepers].filter(({ atMs }) => atMs <= end).sort((a, b) => a.atMs - b.atMs)[0]
      if (next === undefined) break
      this.#sleepers.delete(next)
      this.#ms = Math.max(this.#ms, next.atMs)
      next.wake()
      await settle()
    }
    this.#ms = end
  }
}

/** Counts up: different bytes every time, the same in every run. */
export const countingRng = (): Rng => {
  let calls = 0
  return { bytes: (count) => new Uint8Array(count).fill(++calls) }
}

/** A store whose next writes can be made to fail, and which remembers what was written how. */
export const flakyStore = (
  inner: Store = memoryStore()
): Store & { failing: boolean; batches: { writes: StoreWrite[]; durable: boolean }[] } => {
  return {
    ...inner,
    failing: false,
    batches: [],
    async batch(writes, options = {}) {
      if (this.failing) throw new Error('the disk is full')
      this.batches.push({ writes, durable: options.durable === true })
      await inner.batch(writes, options)
    }
  }
}

class Queue<T> {
  readonly #items: T[] = []
  #ended: { error?: Error } | undefined
  #change = Promise.withResolvers<void>()

  put(item: T): void {
    if (this.#ended !== undefined) throw new SeamError('NET_CLOSED', 'closed')
    this.#items.push(item)
    this.#notify()
  }

  end(error?: Error): void {
    this.#ended ??= error === undefined ? {} : { error }
    this.#notify()
  }

  async *take(): AsyncGenerator<T> {
    for (;;) {
      const item = this.#items.shift()
      if (item !== undefined) yield item
      else if (this.#ended?.error !== undefined) throw this.#ended.error
      else if (this.#ended !== undefined) return
      else await this.#change.promise
    }
  }

  #notify(): void {
    this.#change.resolve()
    this.#change = Promise.withResolvers<void>()
  }
}

/** Two ends of one stream; messages are copied, as a wire would. */
export const channelPair = <A, B>(): [Channel<A, B>, Channel<B, A>] => {
  const there = new Queue<A>()
  const back = new Queue<B>()
  const closed = Promise.withResolvers<void>()
  const end = <S, R>(peer: PeerKey, out: Queue<S>, into: Queue<R>): Channel<S, R> => ({
    peer,
    send: async (message) => out.put(structuredClone(message)),
    receive: () => into.take(),
    close: async () => {
      out.end()
      into.end()
      closed.resolve()
    },
    abort: (reason) => {
      out.end(reason)
      into.end(reason)
      closed.resolve()
    },
    closed: closed.promise
  })
  return [end(providerPeer, there, back), end(clientPeer, back, there)]
}

export const codeOfRejection = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: unknown) => (error instanceof SeamError ? error.code : String(error))
  )

export const codeThrown = (step: () => unknown): string => {
  try {
    step()
  } catch (error) {
    return error instanceof SeamError ? error.code : String(error)
  }
  return 'none'
}

/** Of a session that no leg has served yet. */
export const newRecord = (handle: string, turn: Partial<SessionRecord['turn']>): SessionRecord => ({
  handle,
  sessionId: hash('session'),
  model: 'seam-chat',
  modelId,
  root: hash('root'),
  nextLeg: 0,
  replicaLeg: 0,
  accepted: 0,
  epochs: [],
  messages: [],
  stopEnded: false,
  turn: {
    from: 0,
    promptTo: 0,
    maxTo: 100,
    sampling: '0x',
    stop: [],
    successors: 0,
    cache: true,
    finish: null,
    text: '',
    ...turn
  },
  legs: []
})
