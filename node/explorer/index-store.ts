/** The index on disk: an ordered map that pages can be cut from, forwards and backwards. */
import type { StoreWrite } from 'openseam/components'
import { openLevelStore, type RangeStore } from '../lib/level-store.ts'

export interface IndexStore extends Pick<RangeStore, 'get' | 'getMany' | 'range' | 'close'> {
  /**
   * Atomic; on the disk when it resolves. The values are the store's from now on. Throws STORE_DOWN: then it may be stored or not, which
   * nobody can read before an empty batch was taken.
   */
  batch(writes: StoreWrite[]): Promise<void>
}

/**
 * Throws STORE_CORRUPT. Every batch is synced, not only the last of many: after a power cut LevelDB reads on behind a hole in its log, so
 * that of batches which nobody synced a later one may be found without the one before.
 */
export const openIndexStore = async (dir: string): Promise<IndexStore> => {
  const disk = await openLevelStore(dir)
  return {
    get: (key) => disk.get(key),
    getMany: (keys) => disk.getMany(keys),
    range: (query) => disk.range(query),
    batch: (writes) => disk.batch(writes, { durable: true, given: true }),
    close: () => disk.close()
  }
}
