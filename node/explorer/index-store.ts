/** The index on disk: an ordered map that pages can be cut from, forwards and backwards. */
import { mkdirSync } from 'node:fs'
import { Level } from 'level'
import type { StoreWrite } from 'openseam/components'
import { SeamError } from 'openseam/protocol/errors'

export interface RangeQuery {
  prefix: string
  /** Starts behind this key, in the direction of the walk. */
  after?: string
  reverse?: boolean
  limit: number
}

export interface IndexStore {
  get(key: string): Promise<Uint8Array | undefined>
  /** Atomic; on the disk when it resolves. */
  batch(writes: StoreWrite[]): Promise<void>
  range(query: RangeQuery): Promise<[key: string, value: Uint8Array][]>
  close(): Promise<void>
}

export const openIndexStore = async (dir: string): Promise<IndexStore> => {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const db = new Level<string, Uint8Array>(dir, { valueEncoding: 'view' })
  try {
    await db.open()
  } catch (cause) {
    throw new SeamError('STORE_CORRUPT', `cannot open the index in ${dir}: another process holds it, or it is damaged`, { cause })
  }
  return {
    get: (key) => db.get(key),
    batch: (writes) =>
      db.batch(
        writes.map((write) =>
          'put' in write ? { type: 'put' as const, key: write.put, value: write.value } : { type: 'del' as const, key: write.del }
        ),
        { sync: true }
      ),
    range: ({ prefix, after, reverse = false, limit }) => {
      const low = !reverse && after !== undefined ? { gt: after } : { gte: prefix }
      const high = reverse && after !== undefined ? { lt: after } : { lt: `${prefix}\uffff` }
      return db.iterator({ ...low, ...high, reverse, limit }).all()
    },
    close: () => db.close()
  }
}
