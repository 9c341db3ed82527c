/** The Store interface over IndexedDB: a page that is closed, or crashes, finds its sessions and unpaid vouchers again. */
import type { Store, StoreWrite } from '../components.ts'
import { SeamError } from '../protocol/errors.ts'

const TABLE = 'rows'
const LIST_ROWS = 256 // one transaction each: a list may be long, and its reader slow

/**
 * Opens (or makes) a database of this origin. Two tabs that pay from one account would contradict each other, so the second to open the
 * same name is refused with HOME_LOCKED for as long as the first lives.
 */
export const indexedDbStore = async (name = 'openseam'): Promise<Store> => {
  const release = await lock(name)
  const db = await opened(name).catch((error: unknown) => {
    release()
    throw error
  })
  return {
    async get(key) {
      return (await done(rows(db, 'readonly').get(key))) as Uint8Array | undefined
    },
    batch: (writes, options = {}) => committed(db, writes, options.durable === true),
    async *list(prefix) {
      let after: string | undefined
      for (;;) {
        const range =
          after === undefined ? IDBKeyRange.bound(prefix, `${prefix}\uffff`) : IDBKeyRange.bound(after, `${prefix}\uffff`, true)
        const table = rows(db, 'readonly')
        const [keys, values] = await Promise.all([done(table.getAllKeys(range, LIST_ROWS)), done(table.getAll(range, LIST_ROWS))])
        for (const [i, key] of keys.entries()) yield [key as string, values[i] as Uint8Array]
        if (keys.length < LIST_ROWS) return
        after = keys.at(-1) as string
      }
    },
    close() {
      db.close()
      release()
      return Promise.resolve()
    }
  }
}

const rows = (db: IDBDatabase, mode: IDBTransactionMode): IDBObjectStore => db.transaction(TABLE, mode).objectStore(TABLE)

/** All of it or nothing. Settles when the transaction has, not when its last request has. */
const committed = (db: IDBDatabase, writes: StoreWrite[], durable: boolean): Promise<void> => {
  if (writes.length === 0) return Promise.resolve()
  const transaction = db.transaction(TABLE, 'readwrite', { durability: durable ? 'strict' : 'default' })
  const table = transaction.objectStore(TABLE)
  for (const write of writes) {
    if ('put' in write) table.put(write.value, write.put)
    else table.delete(write.del)
  }
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(corrupt('the browser did not store it: its quota may be used up', transaction.error))
  })
}

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(corrupt('the browser’s database does not answer', request.error))
  })

const opened = (name: string): Promise<IDBDatabase> => {
  const request = indexedDB.open(name, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(TABLE)
  return done(request)
}

/** The Web Lock is the browser's own: it goes with the tab, however that ends. Resolves to how to let go. */
const lock = (name: string): Promise<() => void> =>
  new Promise((resolve, reject) => {
    if (globalThis.navigator?.locks === undefined) return resolve(() => undefined) // a very old browser: the page must see to it
    navigator.locks
      .request(`openseam:${name}`, { ifAvailable: true }, (held) => {
        if (held === null) {
          reject(new SeamError('HOME_LOCKED', 'another tab pays from this store: close it, or use another name'))
          return undefined
        }
        return new Promise<void>((release) => resolve(() => release()))
      })
      .catch(reject)
  })

const corrupt = (message: string, cause: unknown): SeamError => new SeamError('STORE_CORRUPT', message, { cause })
