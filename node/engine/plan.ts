import { BLOCK_TOKENS } from './defaults.ts'

/** What the planner sees of a job. Positions known minus positions computed is the only work there is. */
export interface PlanJob {
  slot: number
  /** Ids are known for positions [0, known). */
  known: number
  /** The cache holds positions [0, computed). */
  computed: number
  /** Positions from here on run one at a time. */
  singleFrom: number
}

export interface Plan {
  /** Runs of one position in each of `count` slots from `slot` on. */
  decode: { slot: number; count: number }[]
  /** One run of positions [from, to) of one slot. */
  prefill?: { slot: number; from: number; to: number }
}

export interface PlanLimits {
  chunk: number
  chunkBusy: number
}

const left = (job: PlanJob): number => job.known - job.computed

/** A position that stands alone runs in the decode batch: a run of one is the same run, whatever it is called. */
const isSingle = (job: PlanJob): boolean => job.computed >= job.singleFrom || left(job) === 1

/**
 * The next step: one position of every job that decodes, and one chunk of the job with the least left to prefill. So a
 * conversation that moved here with its blocks does not wait behind a long prompt.
 * @param jobs those that may run now, in the order in which they came; each has known > computed
 */
export function plan(jobs: readonly PlanJob[], limits: PlanLimits): Plan {
  const slots: number[] = []
  let waiting: PlanJob | undefined
  for (const job of jobs) {
    if (isSingle(job)) slots.push(job.slot)
    else if (!waiting || left(job) < left(waiting)) waiting = job
  }
  const next: Plan = { decode: neighbours(slots) }
  if (waiting) next.prefill = chunk(waiting, slots.length > 0 ? limits.chunkBusy : limits.chunk)
  return next
}

/**
 * Chunks end at multiples of 32; the last part may join the chunk before it, unless it is a single position. A position
 * that runs alone gets other low bits than one that runs with others, while the length of a run makes no difference
 * (docs/spec/engine.md), so these cuts give the same bits as runs of 32 and stay the same whatever the chunk size.
 */
function chunk(job: PlanJob, size: number): { slot: number; from: number; to: number } {
  const end = Math.min(job.known, job.singleFrom)
  const cut = Math.floor((job.computed + size) / BLOCK_TOKENS) * BLOCK_TOKENS
  let to = Math.min(end, Math.max(cut, job.computed + 1))
  if (to % BLOCK_TOKENS === 1 && to - job.computed > 1) to -= 1
  return { slot: job.slot, from: job.computed, to }
}

/** Slots next to each other are one tensor and make one run. */
function neighbours(slots: number[]): { slot: number; count: number }[] {
  const runs: { slot: number; count: number }[] = []
  if (slots.length > 1) slots.sort((a, b) => a - b)
  for (const slot of slots) {
    const last = runs[runs.length - 1]
    if (last && last.slot + last.count === slot) last.count++
    else runs.push({ slot, count: 1 })
  }
  return runs
}
