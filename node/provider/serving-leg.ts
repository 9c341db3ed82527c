/**
 * One leg as its provider runs it: engine events out as frames, credit in from vouchers, full blocks to the successors.
 * It stops decoding when the client owes more than the credit window, and never waits for a successor.
 */
import type { Channel, Clock, Log } from 'openseam/components'
import { SeamError } from 'openseam/protocol/errors'
import { type Bytes32, bytesToHex } from 'openseam/protocol/eth'
import { BLOCK_TOKENS, REPLICATE_FIRST_MS, REPLICATE_FIRST_SHARE, UNPAID_WAIT_MS } from 'openseam/protocol/limits'
import type * as wire from 'openseam/protocol/pb'
import { PrintLog } from 'openseam/protocol/print-log'
import { EndReason, type LegOpen } from 'openseam/protocol/typed-data'
import { givenTo, legBase } from 'openseam/protocol/work'
import { EngineError } from '../engine/errors.ts'
import type { Engine, EngineEvent, EngineJob, Job } from '../engine/types.ts'
import type { Replicator } from '../kv/replicator.ts'
import type { LegRow, LiveLeg } from '../settle/legs.ts'

const PROGRESS_EVERY_MS = 200

export interface ServingLegInit {
  open: LegOpen
  ids: number[]
  salt: Uint8Array
  job: Job
  /** W: completion positions sent ahead of acknowledgement, as fast as the engine is now. */
  credit(): number
  replicator: Replicator
}

export interface ServingLegComponents {
  channel: Channel<wire.ProviderFrame, wire.ClientFrame>
  engine: Engine
  clock: Clock
  log: Log
}

export type LegOutcome = { reason: EndReason; sentTo: number }

export class ServingLeg implements LiveLeg {
  readonly open: LegOpen
  readonly salt: Uint8Array
  readonly #c: ServingLegComponents
  readonly #init: ServingLegInit
  readonly #ids: number[]
  readonly #prints: PrintLog
  #printBase: Bytes32 | undefined
  readonly #heads = new Set<Bytes32>()
  readonly #ended = Promise.withResolvers<LegOutcome>()
  #job: EngineJob | undefined
  #sentTo: number
  #ackedTo: number
  #markBlocks = -1
  #resume: wire.Resume | undefined
  #heldSinceMs: number | undefined
  #progressAtMs = 0
  #closing = false
  #paused = false
  /** Events held back until the prompt is replicated. */
  #waiting: EngineEvent[] | undefined
  #startedMs = 0
  #emitting: boolean
  #acked = Promise.withResolvers<void>()

  constructor(components: ServingLegComponents, init: ServingLegInit) {
    this.#c = components
    this.#init = init
    this.open = init.open
    this.salt = init.salt
    this.#ids = init.ids
    this.#prints = new PrintLog(givenTo(init.open.from, init.job.completionFrom))
    this.#sentTo = init.open.from
    this.#ackedTo = init.open.from
    this.#emitting = init.job.emitBlocksFrom !== undefined
  }

  /** Settles when nothing more will be sent. */
  get ended(): Promise<LegOutcome> {
    return this.#ended.promise
  }

  /** Settles when the client's closing receipt has arrived. */
  get acknowledgedAll(): Promise<void> {
    return this.#acked.promise
  }

  get replicator(): Replicator {
    return this.#init.replicator
  }

  /** `freshKey` names the KV when the leg before it still runs here under the usual name. */
  start(freshKey: () => string): void {
    const on = (event: EngineEvent): void => this.#onEngine(event)
    this.#startedMs = this.#c.clock.tickMs()
    try {
      this.#job = this.#c.engine.start(this.#init.job, on)
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== 'KEY_BUSY') throw error
      this.#job = this.#c.engine.start({ ...this.#init.job, key: freshKey() }, on)
    }
  }

  sentTo(): number {
    return this.#sentTo
  }

  ids(from: number, to: number): number[] {
    return this.#ids.slice(from, to)
  }

  announced(head: Bytes32): boolean {
    return this.#heads.has(head)
  }

  fingerprint(from: number, to: number): Bytes32 {
    const { open, salt, job } = this.#init
    this.#printBase ??= legBase({ open, salt, completionFrom: job.completionFrom }, this.#ids)
    return this.#prints.fingerprint(this.#printBase, from, to)
  }

  acknowledged(row: LegRow): void {
    this.#ackedTo = row.ackedTo
    if (row.end !== EndReason.running) {
      this.#acked.resolve()
      this.stop(row.end as EndReason)
    }
    this.#credit()
  }

  /** The engine emits blocks from the first successor on, and again for one that comes later. */
  setSuccessors(refs: wire.SuccessorRef[]): void {
    if (refs.length > 0 && !this.#emitting) {
      this.#emitting = true
      this.#job?.emitBlocksFrom(0)
    }
    this.#init.replicator.setSuccessors(refs, (from) => this.#job?.emitBlocksFrom(from))
  }

  /** Stops decoding but keeps the slot: the first half of a planned hand-over. */
  pause(): void {
    this.#paused = true
    this.#job?.hold(true)
  }

  drain(withinMs: number): void {
    if (!this.#closing) this.#send({ drain: { withinMs } })
  }

  /** Ends the leg from our side: the client left, a newer leg was opened, or it does not pay. */
  stop(reason: EndReason): void {
    if (this.#closing) return
    this.#closing = true
    this.#job?.cancel()
    this.#ended.resolve({ reason, sentTo: this.#sentTo })
  }

  /** Ends the leg and says so. */
  end(reason: EndReason, detail = ''): void {
    if (this.#closing) return
    this.#send({ end: { reason, to: this.#sentTo, mark: this.#mark(), detail } })
    this.stop(reason)
  }

  #onEngine(event: EngineEvent): void {
    // Known at once, shown later: a block that follows holds these ids already.
    if (event.kind === 'tokens') for (const id of event.ids) this.#ids.push(id)
    if (this.#waiting !== undefined && event.kind !== 'block') return void this.#waiting.push(event)
    if (event.kind === 'tokens' && this.#sentTo === this.open.from && this.#emitting) return void this.#replicateFirst(event)
    this.#guarded(event)
  }

  /** Whatever goes wrong in one leg ends that leg, never the daemon. */
  #guarded(event: EngineEvent): void {
    try {
      this.#handle(event)
    } catch (error) {
      this.#c.log.error({ leg: this.open.leg, error: String(error) }, 'a leg failed')
      this.end(EndReason.died, 'INTERNAL')
    }
  }

  /**
   * The first token is shown once the prompt's blocks are stored at the successors, or when that takes too long: a provider that dies
   * after its first words leaves a warm copy, not a prompt to be computed again. Decoding stands still meanwhile, so it never runs ahead.
   */
  async #replicateFirst(first: EngineEvent): Promise<void> {
    this.#waiting = [first]
    this.#job?.hold(true)
    const prefillMs = this.#c.clock.tickMs() - this.#startedMs
    await Promise.resolve() // the blocks of the last run stand behind its token in the same message
    await this.#init.replicator.flushed(Math.max(REPLICATE_FIRST_MS, prefillMs * REPLICATE_FIRST_SHARE))
    const waiting = this.#waiting
    this.#waiting = undefined
    if (!this.#paused) this.#job?.hold(false)
    for (const event of waiting) this.#guarded(event)
  }

  #handle(event: EngineEvent): void {
    if (this.#closing) return
    switch (event.kind) {
      case 'resume':
        this.#resume = {
          tier: event.tier === 'none' ? (event.recomputed > 0 ? 'prefill' : 'none') : 'warm',
          kept: event.kept,
          recomputed: event.recomputed
        }
        return
      case 'prefill':
        return this.#progress(event.done, event.total)
      case 'block':
        return this.#block(event.index, event.bytes)
      case 'tokens':
        return this.#tokens(event)
      case 'end':
        if (event.reason === 'failed') {
          this.#c.log.error({ leg: this.open.leg, error: event.error }, 'engine failed in a leg')
          return this.end(EndReason.died, 'ENGINE_FAILED')
        }
        if (event.reason !== 'cancelled') this.end(EndReason.finished, event.reason)
    }
  }

  #tokens(event: Extract<EngineEvent, { kind: 'tokens' }>): void {
    this.#sentTo = event.from + event.ids.length
    const logprobs = event.logprobs?.map((row) => ({ logprob: row.logprob, top: row.top })) ?? []
    const { from, ids, prints } = event
    if (prints !== undefined) this.#prints.put(from, prints)
    this.#send({ tokens: { from, ids, logprobs, mark: this.#mark(), resume: this.#resume, prints } })
    this.#resume = undefined
    this.#credit()
  }

  #block(index: number, bytes: Uint8Array): void {
    const first = index * BLOCK_TOKENS
    this.#init.replicator.push(index, this.#ids.slice(first, first + BLOCK_TOKENS), bytes)
    this.#heads.add(bytesToHex(this.#init.replicator.mark().head))
  }

  /** The chain's state, when it moved since the last frame. */
  #mark(): wire.KvMark | undefined {
    const { blocks, head } = this.#init.replicator.mark()
    if (blocks === this.#markBlocks || blocks === 0) return undefined
    this.#markBlocks = blocks
    return { blocks, head: Uint8Array.from(head) }
  }

  #progress(done: number, total: number): void {
    const nowMs = this.#c.clock.tickMs()
    if (nowMs - this.#progressAtMs < PROGRESS_EVERY_MS) return
    this.#progressAtMs = nowMs
    this.#send({ progress: { done, total } })
  }

  /** Completion positions out and not acknowledged; the prompt itself was lent when the leg was admitted. */
  #credit(): void {
    if (this.#closing) return
    const owed = this.#sentTo - Math.max(this.#ackedTo, this.#init.job.completionFrom)
    const over = owed >= this.#init.credit()
    if (over === (this.#heldSinceMs !== undefined)) return
    this.#job?.hold(over || this.#paused)
    this.#heldSinceMs = over ? this.#c.clock.tickMs() : undefined
    if (over) void this.#endIfUnpaid(this.#heldSinceMs as number)
  }

  async #endIfUnpaid(sinceMs: number): Promise<void> {
    await this.#c.clock.sleep(UNPAID_WAIT_MS)
    if (this.#heldSinceMs === sinceMs) this.end(EndReason.unpaid, 'UNPAID_LEG')
  }

  #send(frame: wire.ProviderFrame): void {
    this.#c.channel.send(frame).catch(() => this.stop(EndReason.cancelled)) // the client's stream is gone
  }
}

/** Serves the client's frames until its stream ends. */
export const followClient = async (
  leg: ServingLeg,
  frames: AsyncIterator<wire.ClientFrame>,
  on: { successors(refs: wire.SuccessorRef[]): void; epochKey(sealed: wire.Sealed): Promise<void> }
): Promise<void> => {
  for (;;) {
    const { value, done } = await frames.next()
    if (done === true) return leg.stop(EndReason.cancelled)
    const frame: wire.ClientFrame = value
    if (frame.cancel !== undefined) leg.stop(EndReason.cancelled)
    else if (frame.successors !== undefined) on.successors(frame.successors.successors)
    else if (frame.epochKey?.secret !== undefined) await on.epochKey(frame.epochKey.secret)
    else throw new SeamError('WIRE_ORDER', 'a leg is opened once, by the first frame')
  }
}
