import { uniform } from './philox.ts'
import { adjust, type LogCounts, Sampler } from './sampler.ts'
import type { Sampling } from './types.ts'

/** `same`: what is drawn here. `near`: what may be drawn when no logit is off by more than the noise. `other`: neither. */
export type DrawVerdict = 'same' | 'near' | 'other'

/** Judges an id that somebody else drew from logits that differ from ours in their last bits. */
export class DrawCheck {
  readonly #sampler: Sampler
  readonly #adjusted: Float32Array
  readonly #noise: number

  /** @param noise how far each logit may be off, in logits */
  constructor(vocabSize: number, noise: number) {
    this.#sampler = new Sampler(vocabSize)
    this.#adjusted = new Float32Array(vocabSize)
    this.#noise = noise
  }

  judge(
    logits: Float32Array,
    sampling: Sampling,
    position: number,
    id: number,
    counts?: LogCounts,
    mask?: Int32Array
  ): DrawVerdict {
    if (this.#sampler.draw(logits, sampling, position, counts, mask) === id) return 'same'
    const row = adjust(this.#adjusted, logits, sampling, counts, mask)
    if (!(row[id]! > -Infinity)) return 'other'
    const penalty = sampling.repetitionPenalty
    const apart = 2 * this.#noise * Math.max(1, penalty, 1 / penalty) // what two logits may move against each other
    const near = sampling.temperature === 0 ? row[id]! >= largest(row) - apart : isNear(row, sampling, position, id, apart)
    return near ? 'near' : 'other'
  }
}

const largest = (row: Float32Array): number => row.reduce((max, value) => Math.max(max, value), -Infinity)

/**
 * Whether the id's share of the running sum, in the order of ids, can come to hold u. Each weight is off by a factor, two of them against each
 * other by at most exp(odds); what the cut-offs keep or drop only perhaps is counted on the side where it helps the id.
 */
function isNear(row: Float32Array, sampling: Sampling, position: number, id: number, apart: number): boolean {
  const odds = apart / sampling.temperature
  const ranked = new Ranked(row, sampling.temperature, odds)
  ranked.cut(sampling)
  const own = ranked.ids.indexOf(id)
  if (own === -1 || ranked.keeps[own] === NO) return false
  let below = 0
  let above = 0
  let looseBelow = 0
  let looseAbove = 0
  ranked.ids.forEach((other, i) => {
    const weight = ranked.weights[i]!
    if (i === own || ranked.keeps[i] === NO) return
    if (ranked.keeps[i] === YES) other < id ? (below += weight) : (above += weight)
    else other < id ? (looseBelow += weight) : (looseAbove += weight)
  })
  const weight = ranked.weights[own]!
  const from = shifted(below / (below + weight + above + looseAbove), -odds)
  const to = shifted((below + looseBelow + weight) / (below + looseBelow + weight + above), odds)
  const u = uniform(sampling.seed, position)
  return u >= from - ROUNDING && u <= to + ROUNDING
}

const ROUNDING = 1e-9 // of sums of shares, relative to 1

/** A share whose odds are multiplied by exp(by). */
const shifted = (share: number, by: number): number => {
  if (share <= 0 || share >= 1) return share
  return 1 / (1 + (1 / share - 1) * Math.exp(-by))
}

const [NO, PERHAPS, YES] = [0, 1, 2]

/** Ids from the likeliest down, and whether the cut-offs keep each one wherever its logit lies within the noise: yes, no, or perhaps. */
class Ranked {
  readonly ids: number[]
  readonly weights: Float64Array
  readonly keeps: Uint8Array
  readonly #scaled: Float64Array
  readonly #odds: number
  /** For place i, the ids of the places before `first[i]` are surely likelier; those from `end[i]` on surely less likely. */
  readonly #first: Int32Array
  readonly #end: Int32Array

  constructor(row: Float32Array, temperature: number, odds: number) {
    this.ids = [...row.keys()].filter((id) => row[id]! > -Infinity).sort((a, b) => row[b]! - row[a]! || a - b)
    const max = row[this.ids[0] ?? 0]!
    const scaled = Float64Array.from(this.ids, (id) => (row[id]! - max) / temperature)
    this.#scaled = scaled
    this.#odds = odds
    this.weights = scaled.map(Math.exp)
    this.keeps = new Uint8Array(scaled.length).fill(YES)
    this.#first = new Int32Array(scaled.length)
    this.#end = new Int32Array(scaled.length)
    for (let i = 0, first = 0, end = 0; i < scaled.length; i++) {
      while (scaled[first]! > scaled[i]! + odds) first++
      while (end < scaled.length && scaled[end]! >= scaled[i]! - odds) end++
      this.#first[i] = first
      this.#end[i] = end
    }
  }

  /** In the sampler's order: top-k, then top-p of what that kept, then min-p. */
  cut({ topK, topP, minP }: Sampling): void {
    if (topK > 0 && topK < this.ids.length) this.#each((i) => [this.#first[i]! < topK, this.#end[i]! - 1 < topK])
    if (topP < 1) this.#cutMass(topP)
    const least = Math.log(minP)
    if (minP > 0) this.#each((i) => [this.#scaled[i]! >= least - this.#odds, this.#scaled[i]! >= least + this.#odds])
  }

  /** An id is kept when the share of those before it is less than top-p. */
  #cutMass(topP: number): void {
    const sure = this.#runningMass(YES)
    const loose = this.#runningMass(PERHAPS)
    const last = this.ids.length
    this.#each((i) => {
      const [first, end] = [this.#first[i]!, this.#end[i]!]
      const own = this.weights[i]!
      const least = shifted(sure[first]! / (sure[last]! + loose[last]! - loose[first]!), -this.#odds)
      const before = sure[end]! + loose[end]! - own
      const most = shifted(before / (before + own + sure[last]! - sure[end]!), this.#odds)
      return [least < topP + ROUNDING, most < topP - ROUNDING]
    })
  }

  /** [i] is the weight of the ids before place i that are kept so. */
  #runningMass(kept: number): Float64Array {
    const sums = new Float64Array(this.ids.length + 1)
    this.weights.forEach((weight, i) => {
      sums[i + 1] = sums[i]! + (this.keeps[i] === kept ? weight : 0)
    })
    return sums
  }

  #each(judge: (i: number) => [perhaps: boolean, surely: boolean]): void {
    const keeps = this.keeps.map((kept, i) => {
      const [perhaps, surely] = judge(i)
      return Math.min(kept, surely ? YES : perhaps ? PERHAPS : NO)
    })
    this.keeps.set(keeps)
  }
}
