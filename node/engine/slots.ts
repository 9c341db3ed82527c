import assert from 'node:assert/strict'

interface Slot {
  state: 'free' | 'active' | 'parked'
  key: string
  /** Ids whose KV the slot holds; while active, what it held when it was taken. */
  ids: number[]
  /** Rises with every use: the parked slot with the smallest is given up first. */
  usedAt: number
}

/** Which conversation's KV each slot holds. A finished job's KV stays parked until its slot is needed. */
export class SlotTable {
  readonly #slots: Slot[]
  #uses = 0

  constructor(count: number) {
    this.#slots = Array.from({ length: count }, () => ({ state: 'free', key: '', ids: [], usedAt: 0 }))
  }

  get parked(): number {
    return this.#slots.filter((slot) => slot.state === 'parked').length
  }

  /** Takes a slot for a job; `kept` counts the positions of its ids that the slot's KV already covers. */
  take(key: string, ids: readonly number[]): { slot: number; kept: number } {
    const own = this.#slots.findIndex((slot) => slot.state === 'parked' && slot.key === key)
    const index = own >= 0 ? own : this.#place()
    const slot = this.#slots[index]!
    const kept = own >= 0 ? commonPrefix(slot.ids, ids) : 0
    this.#slots[index] = { state: 'active', key, ids: [], usedAt: ++this.#uses }
    return { slot: index, kept }
  }

  /** The job in the slot is over; `ids` are those whose KV is in it. */
  park(index: number, ids: number[]): void {
    const slot = this.#slots[index]!
    assert(slot.state === 'active')
    if (ids.length === 0) slot.state = 'free'
    else this.#slots[index] = { ...slot, state: 'parked', ids, usedAt: ++this.#uses }
  }

  drop(key: string): void {
    for (const slot of this.#slots) {
      if (slot.state !== 'parked' || slot.key !== key) continue
      slot.state = 'free'
      slot.ids = []
    }
  }

  /**
   * A free slot, else the longest unused parked one. Beside an active slot if one of them is: neighbours share a run.
   * The main thread admits no more jobs than there are slots.
   */
  #place(): number {
    const isActive = (index: number) => this.#slots[index]?.state === 'active'
    let best = -1
    let bestRank = Infinity
    for (const [index, slot] of this.#slots.entries()) {
      if (slot.state === 'active') continue
      const beside = isActive(index - 1) || isActive(index + 1)
      const rank = slot.state === 'free' ? (beside ? 0 : 1) : 1 + slot.usedAt
      if (rank < bestRank) {
        best = index
        bestRank = rank
      }
    }
    assert(best >= 0)
    return best
  }
}

function commonPrefix(a: readonly number[], b: readonly number[]): number {
  const length = Math.min(a.length, b.length)
  let same = 0
  while (same < length && a[same] === b[same]) same++
  return same
}
