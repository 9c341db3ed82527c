/** The most probable ids in order, without sorting a whole vocabulary: a heap of candidates, popped as far as needed. */
export class Ranking {
  readonly #heap: Uint32Array
  #size = 0

  constructor(vocabSize: number) {
    this.#heap = new Uint32Array(vocabSize)
  }

  /**
   * Ids by falling weight (rising id on ties): at most `topK` (0: no bound), and of those the fewest whose weights reach
   * the share `topP` of the weight of the `topK`. Never empty. `sum` is the sum of `weights`.
   */
  top(weights: Float64Array, sum: number, topK: number, topP: number): number[] {
    const bounded = topK > 0 && topK < weights.length
    // All ids below the floor together weigh less than what top-p leaves out, so none of them can be in the set.
    const floor = bounded || topP >= 1 ? 0 : ((1 - topP) * sum) / weights.length / 2
    this.#fill(weights, floor)
    const ids: number[] = []
    if (bounded) {
      while (ids.length < topK && this.#size > 0) ids.push(this.#pop(weights))
      const kept = ids.reduce((total, id) => total + weights[id]!, 0)
      return topP < 1 ? ids.slice(0, fewest(ids, weights, topP * kept)) : ids
    }
    let total = 0
    while (this.#size > 0) {
      const id = this.#pop(weights)
      ids.push(id)
      total += weights[id]!
      if (topP < 1 && total >= topP * sum) break
    }
    return ids
  }

  #fill(weights: Float64Array, floor: number): void {
    this.#size = 0
    for (let id = 0; id < weights.length; id++) if (weights[id]! > 0 && weights[id]! >= floor) this.#heap[this.#size++] = id
    for (let i = (this.#size >> 1) - 1; i >= 0; i--) this.#sink(i, weights)
  }

  #pop(weights: Float64Array): number {
    const id = this.#heap[0]!
    this.#heap[0] = this.#heap[--this.#size]!
    this.#sink(0, weights)
    return id
  }

  #sink(from: number, weights: Float64Array): void {
    const heap = this.#heap
    const id = heap[from]!
    let at = from
    for (;;) {
      let child = 2 * at + 1
      if (child >= this.#size) break
      if (child + 1 < this.#size && before(heap[child + 1]!, heap[child]!, weights)) child++
      if (!before(heap[child]!, id, weights)) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = id
  }
}

const before = (a: number, b: number, weights: Float64Array): boolean =>
  weights[a]! > weights[b]! || (weights[a] === weights[b] && a < b)

/** How many of the ids, in order, it takes to reach `target`; at least one. */
function fewest(ids: readonly number[], weights: Float64Array, target: number): number {
  let total = 0
  for (const [i, id] of ids.entries()) {
    total += weights[id]!
    if (total >= target) return i + 1
  }
  return ids.length
}
