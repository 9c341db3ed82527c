/** The Store interface over LevelDB on disk. */
import { chmodSync, mkdirSync } from 'node:fs'
import { Level } from 'level'
import type { Store } from 'openseam/components'
import { SeamError } from 'openseam/protocol/errors'

export const openLevelStore = async (dir: string): Promise<Store> => {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  chmodSync(dir, 0o700)
  const db = new Level<string, Uint8Array>(dir, { valueEncoding: 'view' })
  try {
    await db.open()
  } catch (cause) {
    throw new SeamError('STORE_CORRUPT', `cannot open the store in ${dir}: another process holds it, or it is damaged`, { cause })
  }
  return {
    get: (key) => db.get(key),
    batch: (writes, options = {}) =>
      db.batch(
        writes.map((write) =>
          'put' in write ? { type: 'put' as const, key: write.put, value: write.value } : { type: 'del' as const, key: write.del }
        ),
        { sync: options.durable === true }
      ),
    async *list(prefix) {
      yield* db.iterator({ gte: prefix, lt: `${prefix}\uffff` })
    },
    close: () => db.close()
  }
}
