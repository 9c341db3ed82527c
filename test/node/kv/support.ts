/** A channel pair in memory, and the parts that every test of KV continuity needs. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ed25519 } from '@noble/curves/ed25519.js'
import { type Channel, type PeerKey, silentLog, systemClock, systemRng } from 'openseam/components'
import { SeamError } from 'openseam/protocol/errors'
import type { GrantClientFrame, GrantRequest, GrantServerFrame, KvFrame, KvReply, SuccessorRef } from 'openseam/protocol/pb'
import { peerKeyOf } from 'openseam/protocol/peer-id'
import type { ChainInit } from '../../../node/kv/chain.ts'
import { type Sign, signerOf } from '../../../node/kv/ed25519.ts'
import { createStandby, type Standby, type StandbyComponents, type StandbyOptions } from '../../../node/kv/standby.ts'

export const bytes = (count: number): Uint8Array<ArrayBuffer> => new Uint8Array(randomBytes(count))
export const filled = (count: number, value: number): Uint8Array<ArrayBuffer> => new Uint8Array(count).fill(value)

export interface TestPeer {
  seed: Uint8Array<ArrayBuffer>
  raw: Uint8Array<ArrayBuffer>
  key: PeerKey
  sign: Sign
}

export const newPeer = (seed: Uint8Array<ArrayBuffer> = bytes(32)): TestPeer => {
  const raw = ed25519.getPublicKey(seed) as Uint8Array<ArrayBuffer>
  return { seed, raw, key: peerKeyOf(raw), sign: signerOf(seed) }
}

export interface PairOptions {
  /** Messages that may wait unread before `send` waits. */
  room?: number
}

class Pipe<T> {
  readonly #items: T[] = []
  readonly #room: number
  #ended: { error?: Error } | undefined
  #change = Promise.withResolvers<void>()

  constructor(room: number) {
    this.#room = room
  }

  #notify(): void {
    this.#change.resolve()
    this.#change = Promise.withResolvers<void>()
  }

  async put(item: T): Promise<void> {
    if (this.#over()) throw new SeamError('NET_CLOSED', 'closed')
    this.#items.push(item)
    this.#notify()
    while (this.#items.length > this.#room && !this.#over()) await this.#change.promise
    this.#throwIfAborted()
  }

  #over(): boolean {
    return this.#ended !== undefined
  }

  #throwIfAborted(): void {
    if (this.#ended?.error !== undefined) throw this.#ended.error
  }

  end(error?: Error): void {
    this.#ended ??= error === undefined ? {} : { error }
    this.#notify()
  }

  async *take(): AsyncGenerator<T> {
    for (;;) {
      this.#throwIfAborted()
      const item = this.#items.shift()
      if (item !== undefined) {
        this.#notify()
        yield item
      } else if (this.#over()) return
      else await this.#change.promise
    }
  }
}

/** Two ends of one stream: `[of a, towards b]` and `[of b, towards a]`. */
export const channelPair = <A, B>(a: PeerKey, b: PeerKey, { room = 4 }: PairOptions = {}): [Channel<A, B>, Channel<B, A>] => {
  const there = new Pipe<A>(room)
  const back = new Pipe<B>(room)
  const closed = Promise.withResolvers<void>()
  const end = <S, R>(peer: PeerKey, out: Pipe<S>, into: Pipe<R>): Channel<S, R> => ({
    peer,
    send: (message) => out.put(structuredClone(message)),
    receive: () => into.take(),
    close: async () => {
      out.end()
      into.end()
      closed.resolve()
    },
    abort: () => {
      const error = new SeamError('NET_CLOSED', 'aborted')
      out.end(error)
      into.end(error)
      closed.resolve()
    },
    closed: closed.promise
  })
  return [end(b, there, back), end(a, back, there)]
}

export const PLAIN_BYTES = 65_536
export const MODEL = filled(32, 7)
export const NUMERICS = filled(32, 9)

export interface TestStandby {
  standby: Standby
  peer: TestPeer
  dir: string
  faults: string[]
}

export const newStandby = (components: Partial<StandbyComponents> = {}, options: Partial<StandbyOptions> = {}): TestStandby => {
  const peer = newPeer()
  const dir = components.dir ?? mkdtempSync(join(tmpdir(), 'openseam-standby-'))
  const faults: string[] = []
  const prices = { promptWei: 1n, completionWei: 2n, standbyWei: 0n, resumeWei: 0n }
  const standby = createStandby(
    {
      dir,
      clock: systemClock,
      log: silentLog,
      rng: systemRng,
      sign: peer.sign,
      terms: () => ({ provider: filled(20, 3), peer: peer.raw, numerics: NUMERICS, prices }),
      fault: (_, error) => faults.push(error.code),
      ...components
    },
    options
  )
  return { standby, peer, dir, faults }
}

export const CLIENT = filled(20, 5)

export const requestFor = (serving: TestPeer, change: Partial<GrantRequest> = {}): GrantRequest => ({
  replica: filled(16, 1),
  servingPeer: serving.raw,
  modelId: MODEL,
  client: CLIENT,
  bytesMax: 64 * PLAIN_BYTES,
  keepMs: 0,
  ...change
})

/** Opens a grant stream and waits for its answer. */
export const openGrantStream = async (
  { standby }: TestStandby,
  request: GrantRequest,
  client: TestPeer = newPeer()
): Promise<{
  channel: Channel<GrantClientFrame, GrantServerFrame>
  frames: AsyncIterator<GrantServerFrame>
  first: GrantServerFrame
  done: Promise<void>
}> => {
  const [ours, theirs] = channelPair<GrantClientFrame, GrantServerFrame>(client.key, client.key)
  const done = standby.serveGrant(theirs)
  await ours.send({ request })
  const frames = ours.receive()[Symbol.asyncIterator]()
  const first = await frames.next()
  return { channel: ours, frames, first: first.value as GrantServerFrame, done }
}

/** The serving peer's way to one standby. */
export const kvOpener =
  (serving: TestPeer, to: TestStandby, options: PairOptions = {}) =>
  async (): Promise<Channel<KvFrame, KvReply>> => {
    const [ours, theirs] = channelPair<KvFrame, KvReply>(serving.key, to.peer.key, options)
    void to.standby.serveKv(theirs)
    return ours
  }

export const refOf = (grantId: Uint8Array, peer: TestPeer): SuccessorRef => ({
  grantId: Uint8Array.from(grantId),
  peer: peer.raw,
  multiaddrs: []
})

export const EPOCH_KEY = filled(32, 11)
export const chainInit = (change: Partial<ChainInit> = {}): ChainInit => ({
  replica: filled(16, 1),
  leg: 1,
  modelId: MODEL,
  numerics: NUMERICS,
  dtype: 1,
  epochKey: Uint8Array.from(EPOCH_KEY),
  generation: 0,
  auditSalt: filled(32, 13),
  blockBytes: PLAIN_BYTES,
  ...change
})

export const idsOf = (index: number): number[] => Array.from({ length: 32 }, (_, i) => index * 32 + i)

/** KV of one block: the same bytes every time it is asked for. */
export const plainOf = (index: number, length = PLAIN_BYTES): Uint8Array<ArrayBuffer> => {
  const block = new Uint8Array(length)
  const view = new DataView(block.buffer)
  for (let i = 0; i + 4 <= length; i += 4) view.setUint32(i, Math.imul(index + 1, i + 0x9e3779b9))
  return block
}

export const takeRequest = (change: Record<string, unknown> = {}) => ({
  client: CLIENT,
  keys: [{ leg: 1, generation: 0, key: Uint8Array.from(EPOCH_KEY) }],
  positionsMax: 100_000,
  ...change
})
