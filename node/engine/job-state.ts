import { BLOCK_TOKENS } from './defaults.ts'
import { TokenMask } from './grammar/token-mask.ts'
import type { JobSpec } from './messages.ts'
import type { PlanJob } from './plan.ts'
import { LogCounts, penalised } from './sampler.ts'
import type { EndReason } from './types.ts'

/** A job while it holds a slot. */
export class JobState implements PlanJob {
  readonly number: number
  readonly spec: JobSpec
  readonly slot: number
  /** Known ids: the log so far. */
  readonly ids: number[]
  readonly singleFrom: number
  readonly counts: LogCounts | undefined
  /** Which ids may be drawn next. */
  readonly mask: TokenMask | undefined
  /** Positions [0, computed) are in the cache. */
  computed: number
  /** Blocks that filled since they were last asked for. */
  #filled = 0
  held = false
  /** No run before this time: the pace. */
  dueMs = 0
  /** The next block to emit; undefined emits none. */
  nextBlock: number | undefined
  /** Why the job is over; it goes on only to hand out the blocks that are left. */
  ending: { reason: EndReason; error?: string } | undefined
  readonly #prefillFrom: number
  readonly #prefillTo: number

  constructor(number: number, spec: JobSpec, slot: number, kept: number) {
    this.number = number
    this.spec = spec
    this.slot = slot
    this.ids = spec.ids
    this.computed = kept
    this.singleFrom = spec.exactTail ? (spec.promptTo ?? spec.ids.length) : spec.ids.length
    this.counts = penalised(spec.sampling) ? new LogCounts(spec.completionFrom) : undefined
    this.mask = spec.mask && new TokenMask(spec.mask)
    this.nextBlock = spec.emitBlocksFrom
    this.#prefillFrom = kept
    this.#prefillTo = spec.ids.length
  }

  get known(): number {
    return this.ids.length
  }

  /** Progress of the positions that were known at the start. */
  get prefill(): { done: number; total: number } {
    return { done: Math.min(this.computed, this.#prefillTo) - this.#prefillFrom, total: this.#prefillTo - this.#prefillFrom }
  }

  /** True until the first id is drawn. */
  get waiting(): boolean {
    return this.ids.length === this.#prefillTo
  }

  /** Positions up to `to` have been run. */
  advance(to: number): void {
    this.#filled += Math.floor(to / BLOCK_TOKENS) - Math.floor(this.computed / BLOCK_TOKENS)
    this.computed = to
  }

  /** Starts or restarts emitting; what has filled by now is a backlog. */
  emitFrom(index: number): void {
    this.nextBlock = index
    this.#filled = 0
  }

  /** How many blocks filled since the last call. */
  takeFilled(): number {
    const filled = this.#filled
    this.#filled = 0
    return filled
  }

  /** Full blocks that are still to be emitted. */
  get blocksDue(): number {
    if (this.nextBlock === undefined) return 0
    return Math.max(0, Math.floor(this.computed / BLOCK_TOKENS) - this.nextBlock)
  }

  /** Takes a drawn id into the log and decides whether it was the last one. */
  append(id: number): void {
    this.ids.push(id)
    if (this.spec.stopIds.includes(id)) this.ending = { reason: 'stop' }
    else if (this.ids.length >= this.spec.maxTo) this.ending = { reason: 'length' }
  }
}
