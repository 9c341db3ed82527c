/** Where the index is kept: an ordered map that pages can be cut from, forwards and backwards, of which one explorer is the writer. */
import { randomUUID } from 'node:crypto'
import type { StoreUpdate, StoreWrite } from 'openseam/components'
import { SeamError } from 'openseam/protocol/errors'
import { decodeJson, encodeJson } from 'openseam/protocol/json'
import { openLevelStore } from '../lib/level-store.ts'
import { openPostgresStore, type PostgresInit } from '../lib/postgres-store.ts'
import type { RangeStore } from '../lib/range-store.ts'
import { keys } from './rows.ts'

export interface IndexStore extends Pick<RangeStore, 'get' | 'getMany' | 'range' | 'close'> {
  /**
   * Atomic; on the disk when it resolves. The values are the store's from now on. Throws STORE_DOWN: then it may be stored or not, which
   * nobody can read before an empty batch was taken. Throws HOME_LOCKED where another explorer took the index over.
   */
  batch(writes: StoreWrite[]): Promise<void>
}

const readsOf = (store: RangeStore): Omit<IndexStore, 'batch'> => ({
  get: (key) => store.get(key),
  getMany: (keys) => store.getMany(keys),
  range: (query) => store.range(query),
  close: () => store.close()
})

/**
 * In LevelDB. Throws STORE_CORRUPT. Every batch is synced, not only the last of many: after a power cut LevelDB reads on behind a hole in its
 * log, so that of batches which nobody synced a later one may be found without the one before.
 */
export const openIndexStore = async (dir: string): Promise<IndexStore> => {
  const disk = await openLevelStore(dir)
  return { ...readsOf(disk), batch: (writes) => disk.batch(writes, { durable: true, given: true }) }
}

/**
 * In PostgreSQL. Throws CONFIG, STORE_DOWN. Whoever opens it last is the writer: every batch asks, under a lock, whether that is still the case, so
 * an explorer that is replaced while it runs cannot fold a range into what its successor wrote.
 */
export const openPostgresIndexStore = async (init: PostgresInit): Promise<IndexStore> => {
  const database = await openPostgresStore(init)
  const name = randomUUID()
  await database.batch([{ update: keys.holder, decide: () => [{ put: keys.holder, value: encodeJson(name) }] }])
  const fence: StoreUpdate = {
    update: keys.holder,
    decide: (current) => {
      if (current !== undefined && decodeJson(current) === name) return []
      throw new SeamError('HOME_LOCKED', 'another explorer has taken this index over')
    }
  }
  return { ...readsOf(database), batch: (writes) => database.batch([...writes, fence]) }
}
