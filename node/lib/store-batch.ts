/** What batches do to a store, as a function: the same in every store that several write (docs/spec/store.md, "Updates"). */
import type { SharedWrite, StoreWrite } from 'openseam/components'

export interface Settled {
  puts: Map<string, Uint8Array>
  dels: Set<string>
  /** What a batch's update threw, by its place: nothing of that batch is among the writes. */
  failed: Map<number, unknown>
}

/** The keys whose newest values the updates of these batches are decided on. */
export const updatedKeys = (batches: readonly SharedWrite[][]): string[] => [
  ...new Set(batches.flatMap((writes) => writes.flatMap((write) => ('update' in write ? [write.update] : []))))
]

/** Applies the batches in order, each on what the ones before it left. `current` has the stored values of `updatedKeys`. */
export const settleBatches = (batches: readonly SharedWrite[][], current: ReadonlyMap<string, Uint8Array>): Settled => {
  const done = new Map<string, Uint8Array | null>() // null: deleted
  const failed = new Map<number, unknown>()
  for (const [i, writes] of batches.entries()) {
    const own = new Map<string, Uint8Array | null>()
    const newest = (key: string): Uint8Array | undefined => {
      for (const layer of [own, done]) if (layer.has(key)) return layer.get(key) ?? undefined
      return current.get(key)
    }
    const apply = (write: StoreWrite): unknown => ('put' in write ? own.set(write.put, write.value) : own.set(write.del, null))
    try {
      for (const write of writes) {
        if ('update' in write) for (const decided of write.decide(newest(write.update))) apply(decided)
        else apply(write)
      }
    } catch (error) {
      failed.set(i, error)
      continue
    }
    for (const [key, value] of own) done.set(key, value)
  }
  const puts = new Map<string, Uint8Array>()
  const dels = new Set<string>()
  for (const [key, value] of done) {
    if (value === null) dels.add(key)
    else puts.set(key, value)
  }
  return { puts, dels, failed }
}
