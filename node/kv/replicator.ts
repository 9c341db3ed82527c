/** The serving peer's side of KV continuity, one per leg: seals each block once as it fills and feeds it to the leg's successors. */
import type { Clock, Log, PeerKey, Rng } from 'openseam/components'
import { codeOf, type SeamError } from 'openseam/protocol/errors'
import { CHAIN_START } from 'openseam/protocol/kv-header'
import type { SuccessorRef } from 'openseam/protocol/pb'
import { type ChainInit, LegChain } from './chain.ts'
import type { Sign } from './ed25519.ts'
import { Feed, type FeedOptions, type FeedStats, feedDefaults, type OpenKv } from './feed.ts'
import { Signal } from './signal.ts'

export interface ReplicatorComponents {
  openKv: OpenKv
  /** By this peer's Ed25519 key. */
  sign: Sign
  clock: Clock
  log: Log
  rng: Rng
}

export interface ReplicatorStats extends FeedStats {
  /** Sealing calls, of new blocks and of blocks read again. */
  seals: number
  sealMs: number
}

/** Asks the engine for blocks [from, to) again, through `push`. More than that, or none, is harmless. */
export type Backfill = (from: number, to: number) => void

export interface Replicator {
  /** Seals at once and queues; never waits for a successor. Takes the next block, or an earlier one that was asked for again. */
  push(index: number, ids: readonly number[], plaintext: Uint8Array): void
  /** Contiguous blocks sealed in this leg and the chain head after them. Only rises. */
  mark(): { blocks: number; head: Uint8Array }
  /** The leg's successors from now on. Those that stay keep their stream; new ones get everything from block 0. */
  setSuccessors(refs: readonly SuccessorRef[], backfill: Backfill): void
  rotate(generation: number, key: Uint8Array): void
  /** Contiguous blocks that each successor stored; those that refused or kept failing are not in it. */
  acked(): Map<PeerKey, number>
  /** True once every successor that can still be reached holds every block, and there is one; false when none is left, or at the timeout. */
  flushed(timeoutMs: number): Promise<boolean>
  close(): Promise<void>
  readonly stats: ReplicatorStats
}

export const createReplicator = (
  components: ReplicatorComponents,
  init: ChainInit,
  options: Partial<FeedOptions> = {}
): Replicator => new LegReplicator(components, init, { ...feedDefaults, ...options })

const keyOf = (ref: SuccessorRef): string => Buffer.concat([ref.peer, ref.grantId]).toString('hex')

class LegReplicator implements Replicator {
  readonly #c: ReplicatorComponents
  readonly #init: ChainInit
  readonly #options: FeedOptions
  readonly #chain: LegChain
  readonly #feeds = new Map<string, Feed>()
  readonly #gone: FeedStats = { bytesSent: 0, cellsSent: 0, reconnects: 0 } // of successors no longer in the set
  readonly #progress = new Signal()
  readonly #closing: Promise<void>[] = []
  #seals = 0
  #sealMs = 0
  #backfill: Backfill = () => undefined
  #gapAt = -1
  #closed = false

  constructor(components: ReplicatorComponents, init: ChainInit, options: FeedOptions) {
    this.#c = components
    this.#init = init
    this.#options = options
    this.#chain = new LegChain(init, components.sign, components.rng)
  }

  get stats(): ReplicatorStats {
    const sum = { ...this.#gone, seals: this.#seals, sealMs: this.#sealMs }
    for (const feed of this.#feeds.values()) addStats(sum, feed.stats)
    return sum
  }

  push(index: number, ids: readonly number[], plaintext: Uint8Array): void {
    if (this.#closed) return
    const next = this.#chain.blocks
    if (index > next) return this.#gap(next, index)
    const takers = [...this.#feeds.values()].filter((feed) => feed.takes(index, this.#chain.blockCiphertextBytes))
    if (index < next && takers.length === 0) return
    const startMs = this.#c.clock.tickMs()
    try {
      const block = this.#chain.seal(index, ids, plaintext)
      for (const feed of takers) feed.offer(block)
    } catch (error) {
      if (codeOf(error) !== 'KV_CORRUPT') throw error
      this.#c.log.error(
        { block: index, leg: this.#init.leg },
        'the engine read a block differently the second time: replication stops there'
      )
      for (const feed of takers) feed.fail(error as SeamError)
    }
    this.#seals += 1
    this.#sealMs += this.#c.clock.tickMs() - startMs
    for (const feed of this.#feeds.values()) feed.nudge() // one that is behind may now ask for more
  }

  /** The engine is ahead of the chain, as when it began to emit in mid-leg: ask once for what is missing. */
  #gap(next: number, index: number): void {
    if (this.#gapAt === next) return
    this.#gapAt = next
    queueMicrotask(() => this.#closed || this.#backfill(next, index + 1))
  }

  mark(): { blocks: number; head: Uint8Array } {
    const { blocks } = this.#chain
    return { blocks, head: this.#chain.headAt(blocks) ?? CHAIN_START }
  }

  setSuccessors(refs: readonly SuccessorRef[], backfill: Backfill): void {
    if (this.#closed) return
    this.#backfill = backfill
    const wanted = new Map(refs.map((ref) => [keyOf(ref), ref]))
    for (const [key, feed] of this.#feeds) {
      if (wanted.has(key)) continue
      this.#feeds.delete(key)
      this.#closing.push(feed.close().then(() => addStats(this.#gone, feed.stats)))
    }
    for (const [key, ref] of wanted) if (!this.#feeds.has(key)) this.#feeds.set(key, this.#feed(ref))
    this.#progress.notify()
  }

  #feed(ref: SuccessorRef): Feed {
    const { replica, leg } = this.#init
    const backfill: Backfill = (from, to) => this.#backfill(from, to)
    const onProgress = (): void => this.#progress.notify()
    return new Feed(this.#c, { ref, replica, leg, chain: this.#chain, backfill, onProgress }, this.#options)
  }

  rotate(generation: number, key: Uint8Array): void {
    this.#chain.rotate(generation, key)
  }

  #live(): Feed[] {
    return [...this.#feeds.values()].filter((feed) => !feed.gaveUp)
  }

  acked(): Map<PeerKey, number> {
    return new Map(this.#live().map((feed) => [feed.peer, feed.acked]))
  }

  async flushed(timeoutMs: number): Promise<boolean> {
    const deadlineMs = this.#c.clock.tickMs() + timeoutMs
    for (;;) {
      const seen = this.#progress.count
      const live = this.#live()
      if (live.length === 0) return false
      if (live.every((feed) => feed.acked === this.#chain.blocks)) return true
      const leftMs = deadlineMs - this.#c.clock.tickMs()
      if (leftMs <= 0 || this.#closed) return false
      await this.#progress.since(seen, this.#c.clock, leftMs)
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#progress.notify()
    await Promise.all([...this.#closing, ...[...this.#feeds.values()].map((feed) => feed.close())])
    this.#chain.close()
  }
}

const addStats = (sum: FeedStats, stats: FeedStats): void => {
  sum.bytesSent += stats.bytesSent
  sum.cellsSent += stats.cellsSent
  sum.reconnects += stats.reconnects
}
