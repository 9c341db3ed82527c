import { GRAMMAR_MASK_MS } from 'openseam/protocol/limits'
import { BLOCK_TOKENS, engineDefaults } from './defaults.ts'
import { JobState } from './job-state.ts'
import { tokenLogprob } from './logprobs.ts'
import type { JobSpec, ToWorker, WorkerStats } from './messages.ts'
import { Meter } from './meter.ts'
import type { Outbox } from './outbox.ts'
import { type PlanLimits, plan } from './plan.ts'
import type { Runner } from './runner.ts'
import { Sampler } from './sampler.ts'
import { SlotTable } from './slots.ts'

export interface LoopComponents {
  runner: Runner
  outbox: Outbox
  nowMs: () => number
}

/** The engine's state and its step: take messages, plan, run, draw, emit. Knows nothing of threads. */
export class Loop {
  readonly #runner: Runner
  readonly #outbox: Outbox
  readonly #nowMs: () => number
  readonly #limits: PlanLimits
  readonly #paceMs: number
  readonly #slots: SlotTable
  readonly #sampler: Sampler
  /** In the order in which they came. */
  readonly #jobs = new Map<number, JobState>()
  readonly #bySlot: (JobState | undefined)[]
  readonly #decodeMeter = new Meter()
  readonly #prefillMeter = new Meter()
  #batch = 0

  constructor({ runner, outbox, nowMs }: LoopComponents, { slots, pace }: { slots: number; pace: number }) {
    this.#runner = runner
    this.#outbox = outbox
    this.#nowMs = nowMs
    this.#limits = { chunk: runner.chunkMax, chunkBusy: Math.min(runner.chunkMax, engineDefaults.prefillChunkBusy) }
    this.#paceMs = pace > 0 ? 1000 / pace : 0
    this.#slots = new SlotTable(slots)
    this.#sampler = new Sampler(runner.shape.vocabSize)
    this.#bySlot = new Array<JobState | undefined>(slots).fill(undefined)
  }

  get stats(): WorkerStats {
    return {
      parked: this.#slots.parked,
      tokensPerSecond: this.#decodeMeter.perSecond,
      prefillTokensPerSecond: this.#prefillMeter.perSecond,
      batch: this.#batch
    }
  }

  take(message: Exclude<ToWorker, { kind: 'close' }>): void {
    if (message.kind === 'start') return this.#start(message.job, message.spec)
    if (message.kind === 'drop') return this.#slots.drop(message.key)
    const job = this.#jobs.get(message.job)
    if (!job) return // it ended while the message was under way
    if (message.kind === 'cancel') this.#end(job, job.ending ?? { reason: 'cancelled' })
    else if (message.kind === 'hold') job.held = message.on
    else job.emitFrom(message.from)
  }

  /** Ends every job; `error` when it is the engine's fault. */
  endAll(error?: string): void {
    for (const job of [...this.#jobs.values()]) this.#end(job, error ? { reason: 'failed', error } : { reason: 'cancelled' })
    this.#outbox.flush(this.#nowMs(), true)
  }

  /**
   * One step. Returns the milliseconds until there is something to do: 0 now, Infinity when only a message can bring it.
   * @throws what the runtime throws; the jobs are then to be ended with `endAll`
   */
  step(): number {
    const now = this.#nowMs()
    const ready: JobState[] = []
    let wait = Infinity
    for (const job of this.#jobs.values()) {
      if (job.ending || job.held) continue
      const maskMs = this.#maskMs(job, now)
      if (maskMs > 0) wait = Math.min(wait, maskMs)
      else if (job.ending) continue
      else if (job.dueMs > now) wait = Math.min(wait, job.dueMs - now)
      else ready.push(job)
    }
    if (ready.length > 0) this.#run(ready, now)
    const draining = this.#emitBlocks()
    this.#outbox.flush(this.#nowMs(), ready.length === 0)
    return ready.length > 0 || draining ? 0 : wait
  }

  /** How long a job still waits for its grammar: 0 when the mask is there. One that does not come ends the job. */
  #maskMs(job: JobState, now: number): number {
    const { mask } = job
    if (mask === undefined || mask.ready) return 0
    const leftMs = mask.askedMs + GRAMMAR_MASK_MS - now
    if (leftMs > 0 && !mask.failed) return leftMs
    job.ending = { reason: 'failed', error: 'the grammar of this answer does not say what may follow' }
    return 0
  }

  #start(number: number, spec: JobSpec): void {
    const { slot, kept: parked } = this.#slots.take(spec.key, spec.ids)
    // the last known position always runs: its logits draw the next id
    const runnable = spec.ids.length - 1
    const blocks = spec.blocks ?? []
    const restored = Math.min(blocks.length * BLOCK_TOKENS, runnable)
    const tier = restored > parked ? 'blocks' : parked > 0 ? 'parked' : 'none'
    if (tier === 'blocks')
      blocks.forEach((bytes, index) => {
        this.#runner.arena.writeBlock(slot, index, bytes)
      })
    const kept = tier === 'blocks' ? restored : Math.min(parked, runnable)
    spec.blocks = undefined // tens of megabytes that have served
    this.#runner.setLength(slot, kept)
    const job = new JobState(number, spec, slot, kept)
    this.#jobs.set(number, job)
    this.#bySlot[slot] = job
    this.#outbox.push(number, { kind: 'resume', kept, recomputed: Math.max(0, spec.from - kept), tier })
    this.#outbox.flush(this.#nowMs(), true) // the first run may take long
  }

  #run(ready: readonly JobState[], startedMs: number): void {
    const { decode, prefill } = plan(ready, this.#limits)
    let from = startedMs
    if (decode.length > 0) {
      let drawn = 0
      this.#batch = 0
      for (const { slot, count } of decode) {
        drawn += this.#decode(slot, count)
        this.#batch += count
      }
      const now = this.#nowMs()
      if (drawn > 0) this.#decodeMeter.add(drawn, now - from)
      from = now
    }
    if (prefill) {
      const job = this.#bySlot[prefill.slot]!
      const row = this.#runner.prefill(prefill.slot, job.ids, prefill.from, prefill.to)
      job.advance(prefill.to)
      this.#outbox.push(job.number, { kind: 'prefill', ...job.prefill })
      if (job.computed === job.known) this.#draw(job, row)
      this.#prefillMeter.add(prefill.to - prefill.from, this.#nowMs() - from)
    }
  }

  /** Returns how many ids were drawn. */
  #decode(first: number, count: number): number {
    const runner = this.#runner
    for (let slot = first; slot < first + count; slot++) {
      const job = this.#bySlot[slot]!
      runner.feed(slot, job.ids[job.computed]!, job.computed)
    }
    runner.decode(first, count)
    let drawn = 0
    for (let slot = first; slot < first + count; slot++) {
      const job = this.#bySlot[slot]!
      job.advance(job.computed + 1)
      if (job.computed < job.known) continue // a tail that is run again as it was made
      this.#draw(job, runner.logits(slot))
      drawn++
    }
    return drawn
  }

  #draw(job: JobState, row: Float32Array): void {
    const { sampling, maxTo } = job.spec
    const position = job.known
    if (position >= maxTo) {
      // a job that only fills the cache
      job.ending = { reason: 'length' }
      return
    }
    job.counts?.update(job.ids)
    const id = this.#sampler.draw(row, sampling, position, job.counts, job.mask?.words)
    const logprob = sampling.logprobs > 0 ? tokenLogprob(row, id, sampling.logprobs) : undefined
    const first = job.waiting
    job.append(id)
    const now = this.#nowMs()
    job.mask?.push(id, now)
    this.#outbox.token(job.number, position, id, first, now, logprob, job.spec.fingerprint ? row : undefined)
    // counted from when it was due, not from when it ran: waking up late must not lower the pace
    if (this.#paceMs > 0) job.dueMs = first ? now + this.#paceMs : Math.max(job.dueMs + this.#paceMs, now)
  }

  /** Hands out full blocks: what a step filled, one more where there is a backlog. Returns true while a job that does not run has some left. */
  #emitBlocks(): boolean {
    let draining = false
    for (const job of this.#jobs.values()) {
      if (!job.ending && job.nextBlock === undefined) continue
      // whoever waits for blocks gets them at once: nothing of this job runs that they could delay
      const idle = job.ending !== undefined || job.held
      let budget = idle ? engineDefaults.drainBlocks : 1 + job.takeFilled()
      while (budget-- > 0 && job.blocksDue > 0) {
        const index = job.nextBlock!++
        this.#outbox.push(job.number, { kind: 'block', index, bytes: this.#runner.arena.readBlock(job.slot, index) })
      }
      if (idle && job.blocksDue > 0) draining = true
      else if (job.ending) this.#end(job, job.ending)
    }
    return draining
  }

  #end(job: JobState, { reason, error }: NonNullable<JobState['ending']>): void {
    this.#jobs.delete(job.number)
    this.#bySlot[job.slot] = undefined
    this.#slots.park(job.slot, reason === 'failed' ? [] : job.ids.slice(0, job.computed))
    this.#outbox.push(job.number, { kind: 'end', reason, to: job.known, ...(error && { error }) })
  }
}
