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
 * Whether the id's share of the running sum, in the order of ids, can come to hold u. A sum of kept weights against the rest changes its odds by
 * at most exp(apart / temperature); ids at the edge of what top-k, top-p and min-p keep may be in or out, so their mass may lie on either side.
 */
function isNear(row: Float32Array, sampling: Sampling, position: number, id: number, apart: number): boolean {
  const odds = apart / sampling.temperature
  const { kept, edge } = keptIds(row, sampling, odds)
  if (!kept.has(id) && !edge.has(id)) return false
  kept.add(id)
  const max = largest(row)
  const weight = (of: number): number => Math.exp((row[of]! - max) / sampling.temperature)
  let below = 0
  let total = 0
  let loose = 0
  for (const other of kept) {
    total += weight(other)
    if (other < id) below += weight(other)
  }
  for (const other of edge) loose += weight(other)
  const u = uniform(sampling.seed, position)
  const slack = loose / total
  return u >= shifted(below / total, -odds) - slack && u <= shifted((below + weight(id)) / total, odds) + slack
}

/** A share whose odds are multiplied by exp(by). */
const shifted = (share: number, by: number): number => {
  if (share <= 0 || share >= 1) return share
  return 1 / (1 + (1 / share - 1) * Math.exp(-by))
}

/** What the sampler keeps, and which ids a difference of `odds` in logit over temperature could bring in or take out. */
function keptIds(row: Float32Array, sampling: Sampling, odds: number): { kept: Set<number>; edge: Set<number> } {
  const { temperature, topK, topP, minP } = sampling
  const max = largest(row)
  const scaled = (id: number): number => (row[id]! - max) / temperature
  const weight = (id: number): number => Math.exp(scaled(id))
  const order = [...row.keys()].filter((id) => row[id]! > -Infinity).sort((a, b) => row[b]! - row[a]! || a - b)
  const edge = new Set<number>()
  const around = (bound: number): void => {
    for (const id of order) if (Math.abs(scaled(id) - bound) <= odds) edge.add(id)
  }
  let kept = order
  if (topK > 0 && topK < order.length) {
    kept = order.slice(0, topK)
    around(scaled(kept.at(-1)!))
  }
  if (topP < 1) {
    const sum = kept.reduce((total, id) => total + weight(id), 0)
    let before = 0
    let count = 0
    for (; count < kept.length && (count === 0 || before < topP * sum); count++) before += weight(kept[count]!)
    const inside = kept.slice(0, count)
    around(scaled(inside.at(-1)!))
    // the share before an id decides whether it is in: ids whose share is this close to the bound are loose
    let share = 0
    for (const id of kept) {
      if (shifted(share, odds) >= topP && shifted(share, -odds) <= topP) edge.add(id)
      share += weight(id) / sum
    }
    kept = inside
  }
  if (minP > 0) {
    kept = kept.filter((id) => weight(id) >= minP)
    around(Math.log(minP))
  }
  return { kept: new Set(kept), edge }
}
