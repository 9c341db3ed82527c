import { memoryStore, type SharedStore } from 'openseam/components'
import { settleBatches, updatedKeys } from '../../../node/lib/store-batch.ts'

/** What several clients of one process share, as gateways share a database. */
export const sharedMemoryStore = (): SharedStore => {
  const inner = memoryStore()
  let tail = Promise.resolve()
  return {
    ...inner,
    shared: true,
    batch(writes) {
      const done = tail.then(async () => {
        const current = new Map<string, Uint8Array>()
        for (const key of updatedKeys([writes])) {
          const value = await inner.get(key)
          if (value !== undefined) current.set(key, value)
        }
        const { puts, dels, failed } = settleBatches([writes], current)
        if (failed.has(0)) throw failed.get(0)
        await inner.batch([...[...puts].map(([put, value]) => ({ put, value })), ...[...dels].map((del) => ({ del }))])
      })
      tail = done.catch(() => undefined)
      return done
    }
  }
}
