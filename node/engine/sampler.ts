import { allows } from './grammar/token-mask.ts'
import { uniform } from './philox.ts'
import { Ranking } from './ranking.ts'
import type { Sampling } from './types.ts'

/** The ids that penalties look at, counted as the log grows: a function of the token log alone. */
export class LogCounts {
  /** Every id of the log, prompt included. */
  readonly seen = new Set<number>()
  /** Times an id stands in the completion. */
  readonly completion = new Map<number, number>()
  readonly #completionFrom: number
  #length = 0

  constructor(completionFrom: number) {
    this.#completionFrom = completionFrom
  }

  /** Counts what was appended to the log, up to position `to`, since the last call. */
  update(ids: readonly number[], to: number = ids.length): void {
    for (; this.#length < to; this.#length++) {
      const id = ids[this.#length]!
      this.seen.add(id)
      if (this.#length >= this.#completionFrom) this.completion.set(id, (this.completion.get(id) ?? 0) + 1)
    }
  }
}

export const penalised = (s: Sampling): boolean =>
  s.repetitionPenalty !== 1 || s.frequencyPenalty !== 0 || s.presencePenalty !== 0

/** The largest logit; the lowest id on ties. */
export function argmax(logits: Float32Array): number {
  let best = 0
  let max = -Infinity
  for (let id = 0; id < logits.length; id++) {
    const value = logits[id]!
    if (value > max) {
      max = value
      best = id
    }
  }
  return best
}

/** Fills `row` with the logits after penalties, bias and mask, and returns it. */
export function adjust(
  row: Float32Array,
  logits: Float32Array,
  sampling: Sampling,
  counts: LogCounts | undefined,
  mask: Int32Array | undefined
): Float32Array {
  row.set(logits)
  const { repetitionPenalty, frequencyPenalty, presencePenalty } = sampling
  if (repetitionPenalty !== 1) {
    for (const id of counts?.seen ?? []) row[id] = row[id]! > 0 ? row[id]! / repetitionPenalty : row[id]! * repetitionPenalty
  }
  if (frequencyPenalty !== 0 || presencePenalty !== 0) {
    for (const [id, count] of counts?.completion ?? []) row[id]! -= count * frequencyPenalty + presencePenalty
  }
  for (const { id, bias } of sampling.logitBias) row[id]! += bias
  if (mask !== undefined) for (let id = 0; id < row.length; id++) if (!allows(mask, id)) row[id] = -Infinity
  return row
}

/**
 * Draws ids. A draw is a pure function of (logits, sampling, seed, position, log); what an instance holds is scratch memory.
 * Order: repetition penalty, frequency and presence penalties, bias, mask, temperature, top-k, top-p, min-p.
 */
export class Sampler {
  readonly #adjusted: Float32Array
  /** exp((logit - max) / temperature): probabilities up to a factor. */
  readonly #weights: Float64Array
  readonly #ranking: Ranking

  constructor(vocabSize: number) {
    this.#adjusted = new Float32Array(vocabSize)
    this.#weights = new Float64Array(vocabSize)
    this.#ranking = new Ranking(vocabSize)
  }

  /** `logits` is one row and stays as it is; `counts` is needed when `penalised(sampling)`; `mask` has a bit for each id that may be drawn. */
  draw(logits: Float32Array, sampling: Sampling, position: number, counts?: LogCounts, mask?: Int32Array): number {
    const plain = !penalised(sampling) && sampling.logitBias.length === 0 && mask === undefined
    const row = plain ? logits : adjust(this.#adjusted, logits, sampling, counts, mask)
    if (sampling.temperature === 0) return argmax(row)
    const sum = this.#weigh(row, sampling.temperature)
    const u = uniform(sampling.seed, position)
    const { topK, topP, minP } = sampling
    const filtered = (topK > 0 && topK < row.length) || topP < 1 || minP > 0
    return filtered ? this.#pickFiltered(u, sum, sampling) : this.#pick(u * sum)
  }

  /** Fills the weights and returns their sum. The largest is exactly 1. */
  #weigh(row: Float32Array, temperature: number): number {
    const weights = this.#weights
    const max = row[argmax(row)]!
    let sum = 0
    for (let id = 0; id < row.length; id++) {
      const weight = Math.exp((row[id]! - max) / temperature)
      sum += weights[id] = Number.isNaN(weight) ? 0 : weight // NaN is not a probability
    }
    return sum
  }

  /**
   * The id at which the running sum, in the order of ids, passes `target`. Not in the order of probability: there two
   * nearly equal ids would swap places on the smallest difference between machines, here only the borders move.
   */
  #pick(target: number): number {
    const weights = this.#weights
    let sum = 0
    let last = 0
    for (let id = 0; id < weights.length; id++) {
      const weight = weights[id]!
      if (weight === 0) continue
      sum += weight
      if (sum > target) return id
      last = id
    }
    return last // rounding kept the sum below the target
  }

  #pickFiltered(u: number, sum: number, { topK, topP, minP }: Sampling): number {
    const kept = this.#ranking.top(this.#weights, sum, topK, topP).filter((id) => this.#weights[id]! >= minP)
    kept.sort((a, b) => a - b)
    const target = u * kept.reduce((total, id) => total + this.#weights[id]!, 0)
    let running = 0
    for (const id of kept) {
      running += this.#weights[id]!
      if (running > target) return id
    }
    return kept[kept.length - 1]!
  }
}
