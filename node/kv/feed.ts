/**
 * One successor's stream of sealed blocks. It keeps what was queued and not yet acknowledged, up to a bound in bytes; what does not fit is
 * asked from the engine again later. So a slow or dead successor costs its own window and never a step of decode.
 */
import { setImmediate } from 'node:timers/promises'
import type { Channel, Clock, Log, PeerKey } from 'openseam/components'
import { equalBytes } from 'openseam/protocol/bytes'
import { codeOf, refusalError, SeamError } from 'openseam/protocol/errors'
import { encodeKvRecord } from 'openseam/protocol/kv-header'
import { CELL_BYTES, REQUEST_MS } from 'openseam/protocol/limits'
import type { GrantAck, KvFrame, KvReply, SuccessorRef } from 'openseam/protocol/pb'
import { peerKeyOf } from 'openseam/protocol/peer-id'
import type { LegChain } from './chain.ts'
import type { SealedBlock } from './seal.ts'
import { Signal } from './signal.ts'

export type OpenKv = (successor: SuccessorRef) => Promise<Channel<KvFrame, KvReply>>

export interface FeedOptions {
  /** Queued and unacknowledged ciphertext a successor may have: about 40 blocks of 1.5 MB, or a whole context of a small model. */
  windowBytesMax: number
  /** Attempts without progress before the successor is given up; the waits double from retryMs, 6 s in all. */
  attemptsMax: number
  retryMs: number
  /** Ask the engine again when blocks asked for did not come within this. */
  backfillMs: number
}

export const feedDefaults: FeedOptions = { windowBytesMax: 64 * 1024 ** 2, attemptsMax: 6, retryMs: 200, backfillMs: 2_000 }

/** Each makes the engine read every block again, so a successor that keeps forgetting is given up. */
const RESTARTS_MAX = 2

export interface FeedComponents {
  openKv: OpenKv
  clock: Clock
  log: Log
}

export interface FeedInit {
  ref: SuccessorRef
  replica: Uint8Array
  leg: number
  chain: LegChain
  /** Asks the engine for blocks [from, to) again; they come through `offer`. */
  backfill(from: number, to: number): void
  onProgress(): void
}

export interface FeedStats {
  bytesSent: number
  cellsSent: number
  reconnects: number
}

export class Feed {
  readonly peer: PeerKey
  readonly stats: FeedStats = { bytesSent: 0, cellsSent: 0, reconnects: 0 }
  readonly #c: FeedComponents
  readonly #init: FeedInit
  readonly #options: FeedOptions
  readonly #queue: SealedBlock[] = [] // blocks [acked, want)
  readonly #stop = new AbortController()
  readonly #wake = new Signal()
  readonly #running: Promise<void>
  #queuedBytes = 0
  #acked = 0
  #want = 0
  #askedTo = 0
  #askedAtMs = 0
  #attempts = 0
  #restarts = 0
  #gaveUp = false
  #channel: Channel<KvFrame, KvReply> | undefined

  constructor(components: FeedComponents, init: FeedInit, options: FeedOptions) {
    this.#c = components
    this.#init = init
    this.#options = options
    this.peer = peerKeyOf(init.ref.peer)
    this.#running = this.#run()
  }

  /** Contiguous blocks this successor has stored. */
  get acked(): number {
    return this.#acked
  }

  /** It refused, kept failing, or was closed: nothing more will reach it. */
  get gaveUp(): boolean {
    return this.#gaveUp
  }

  takes(index: number, bytes: number): boolean {
    return (
      !this.#gaveUp &&
      index === this.#want &&
      (this.#queue.length === 0 || this.#queuedBytes + bytes <= this.#options.windowBytesMax)
    )
  }

  /** Only after `takes`. */
  offer(block: SealedBlock): void {
    this.#queue.push(block)
    this.#queuedBytes += block.cells.length * CELL_BYTES
    this.#want += 1
    this.#wake.notify()
  }

  /** Something changed that may let the loop go on. */
  nudge(): void {
    this.#wake.notify()
  }

  /** Nothing more can be sent to this one: another reading of a block is no block of this chain. */
  fail(error: SeamError): void {
    this.#stop.abort(error)
    this.#channel?.abort(error)
    this.#wake.notify()
  }

  async close(): Promise<void> {
    this.#stop.abort()
    this.#wake.notify()
    await this.#channel?.close().catch(() => undefined)
    await this.#running
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#connect()
      } catch (error) {
        if (this.#stop.signal.aborted || !(await this.#mayRetry(error))) break
      }
    }
    this.#gaveUp = true
    this.#queue.length = 0
    this.#queuedBytes = 0
    this.#init.onProgress()
  }

  /** A refusal is final, a broken stream is not. The one refusal worth a second try is a chain that the successor no longer has. */
  async #mayRetry(error: unknown): Promise<boolean> {
    const code = codeOf(error)
    const lostChain = code === 'KV_CHAIN' && this.#acked > 0 && this.#restarts < RESTARTS_MAX
    if (lostChain) this.#restart()
    this.#attempts += 1
    this.#c.log.info({ peer: this.peer, code, attempt: this.#attempts }, 'the stream of sealed blocks to a successor broke')
    const final = error instanceof SeamError && !lostChain && !code.startsWith('NET_') && code !== 'INTERNAL'
    if (final || this.#attempts >= this.#options.attemptsMax) return false
    this.stats.reconnects += 1
    await this.#c.clock.sleep(this.#options.retryMs * 2 ** (this.#attempts - 1), this.#stop.signal).catch(() => undefined)
    return true
  }

  #restart(): void {
    this.#restarts += 1
    this.#queue.length = 0
    this.#queuedBytes = 0
    this.#acked = 0
    this.#want = 0
    this.#askedTo = 0
  }

  async #connect(): Promise<void> {
    const channel = await this.#c.openKv(this.#init.ref)
    this.#channel = channel
    try {
      this.#stop.signal.throwIfAborted()
      const greeted = Promise.withResolvers<void>()
      const following = this.#follow(channel, greeted.resolve)
      following.catch(greeted.reject)
      greeted.promise.catch(() => undefined)
      const hello = { grantId: this.#init.ref.grantId, replica: this.#init.replica, leg: this.#init.leg, fromBlock: this.#acked }
      await channel.send({ hello: hello as NonNullable<KvFrame['hello']> })
      await this.#within(greeted.promise, REQUEST_MS)
      await Promise.race([this.#sendAll(channel), following])
      await channel.close()
    } catch (error) {
      channel.abort(error instanceof Error ? error : new Error(String(error)))
      throw error
    } finally {
      this.#channel = undefined
      this.#wake.notify() // ends a send loop that waits on a stream that is gone
    }
  }

  async #within(promise: Promise<void>, limitMs: number): Promise<void> {
    const timer = new AbortController()
    const late = this.#c.clock.sleep(limitMs, timer.signal).then(
      () => Promise.reject(new SeamError('NET_TIMEOUT', 'the successor did not answer a hello')),
      () => undefined
    )
    try {
      await Promise.race([promise, late])
    } finally {
      timer.abort()
    }
  }

  /** Replies in order. Ends only with an error: a successor has no reason to close a stream that is in use. */
  async #follow(channel: Channel<KvFrame, KvReply>, greeted: () => void): Promise<never> {
    let first = true
    for await (const reply of channel.receive()) {
      if (reply.refused !== undefined) throw refusalError(reply.refused)
      if (reply.ack === undefined) throw new SeamError('WIRE_MALFORMED', 'a reply that is neither acknowledgement nor refusal')
      this.#accept(reply.ack, first)
      if (first) greeted()
      first = false
    }
    throw new SeamError('NET_CLOSED', 'the successor closed the stream')
  }

  /** The successor must be where our chain is: it names the head that we computed, which it can only know from us. */
  #accept(ack: GrantAck, first: boolean): void {
    const head = this.#init.chain.headAt(ack.blocks)
    const expected = first ? ack.blocks === this.#acked : ack.blocks > this.#acked && ack.blocks <= this.#want
    if (!expected || head === undefined || !equalBytes(ack.head, head)) {
      throw new SeamError('KV_CHAIN', `a successor acknowledged ${ack.blocks} blocks under another chain head`)
    }
    for (const block of this.#queue.splice(0, ack.blocks - this.#acked)) this.#queuedBytes -= block.cells.length * CELL_BYTES
    this.#acked = ack.blocks
    if (!first) this.#attempts = 0
    this.#wake.notify()
    this.#init.onProgress()
  }

  async #sendAll(channel: Channel<KvFrame, KvReply>): Promise<void> {
    let sent = this.#acked
    while (!this.#stop.signal.aborted && this.#channel === channel) {
      const seen = this.#wake.count
      const block = this.#queue[sent - this.#acked]
      if (block !== undefined) {
        await this.#send(channel, block)
        sent += 1
        continue
      }
      this.#askAgain()
      await (this.#want < this.#init.chain.blocks
        ? this.#wake.since(seen, this.#c.clock, this.#options.backfillMs)
        : this.#wake.since(seen))
    }
  }

  async #send(channel: Channel<KvFrame, KvReply>, block: SealedBlock): Promise<void> {
    const { tag, signature, cells } = block
    const header = { header: encodeKvRecord(block.header, block.tokenHash), tag, signature, cells: cells.length }
    await channel.send({ header: header as NonNullable<KvFrame['header']> })
    for (const body of cells) {
      await channel.send({ cell: { body: body as Uint8Array<ArrayBuffer> } })
      this.stats.bytesSent += body.length
      this.stats.cellsSent += 1
      await setImmediate() // tokens go first: other work of this process runs between two cells
    }
  }

  /** Behind, and room for half a window: ask the engine for what fits. */
  #askAgain(): void {
    const { chain, backfill } = this.#init
    if (this.#want >= chain.blocks || this.#queuedBytes > this.#options.windowBytesMax / 2) return
    const nowMs = this.#c.clock.tickMs()
    if (this.#want < this.#askedTo && nowMs - this.#askedAtMs < this.#options.backfillMs) return
    const room = Math.max(1, Math.floor((this.#options.windowBytesMax - this.#queuedBytes) / chain.blockCiphertextBytes))
    this.#askedTo = Math.min(chain.blocks, this.#want + room)
    this.#askedAtMs = nowMs
    backfill(this.#want, this.#askedTo)
  }
}
