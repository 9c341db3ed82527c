/**
 * The Store interface over LevelDB on disk. One write at a time, with everything that waited for it. After a write that failed, on a full
 * disk say, LevelDB goes on appending to a log in which a gap is, says that it stored, and cannot read what follows the gap at the next start.
 * So after a failure nothing is written before the store was closed and read again, which begins a new log.
 */
import { chmodSync, mkdirSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { Level } from 'level'
import type { StoreWrite } from 'openseam/components'
import { SeamError } from 'openseam/protocol/errors'
import type { RangeQuery, RangeStore } from './range-store.ts'

// Opening writes the newest rows, 4 MiB and one group, to a table. On a disk that is full it would fail, and nothing could be read any more.
const OPEN_BYTES_MIN = 16 * 1024 * 1024

interface Waiting {
  rows: ReturnType<typeof toRow>[]
  durable: boolean
  done: PromiseWithResolvers<void>
}

/** Throws STORE_CORRUPT; its batches throw STORE_DOWN while the disk does not take them. */
export const openLevelStore = async (dir: string): Promise<RangeStore> => {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  chmodSync(dir, 0o700)
  const db = new Level<string, Uint8Array>(dir, { valueEncoding: 'view' })
  try {
    await db.open()
  } catch (cause) {
    throw new SeamError('STORE_CORRUPT', `cannot open the store in ${dir}: another process holds it, or it is damaged`, { cause })
  }
  return new LevelStore(db, dir)
}

class LevelStore implements RangeStore {
  readonly #db: Level<string, Uint8Array>
  readonly #dir: string
  #waiting: Waiting[] = []
  #writing: Promise<void> | undefined
  #failed = false
  #opening: Promise<void> | undefined
  #closed = false

  constructor(db: Level<string, Uint8Array>, dir: string) {
    this.#db = db
    this.#dir = dir
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    await this.#opening
    return this.#db.get(key)
  }

  async getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    await this.#opening
    return this.#db.getMany([...keys])
  }

  async *list(prefix: string, from = prefix): AsyncGenerator<[key: string, value: Uint8Array]> {
    await this.#opening
    yield* this.#db.iterator({ gte: from, lt: `${prefix}\uffff` })
  }

  async range({ prefix, after, reverse = false, limit }: RangeQuery): Promise<[key: string, value: Uint8Array][]> {
    await this.#opening
    const low = !reverse && after !== undefined ? { gt: after } : { gte: prefix }
    const high = reverse && after !== undefined ? { lt: after } : { lt: `${prefix}\uffff` }
    return this.#db.iterator({ ...low, ...high, reverse, limit }).all()
  }

  batch(writes: StoreWrite[], { durable = false, given = false } = {}): Promise<void> {
    if (this.#closed) return Promise.reject(new SeamError('STORE_DOWN', 'the store is closed'))
    const done = Promise.withResolvers<void>()
    this.#waiting.push({ rows: writes.map((write) => toRow(write, given)), durable, done })
    this.#writing ??= this.#write()
    return done.promise
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#writing
    await this.#db.close()
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting
      this.#waiting = []
      try {
        if (this.#failed) await this.#openAgain()
        await this.#db.batch(
          group.flatMap(({ rows }) => rows),
          { sync: group.some(({ durable }) => durable) }
        )
        for (const { done } of group) done.resolve()
      } catch (cause) {
        this.#failed = true
        for (const { done } of group) done.reject(new SeamError('STORE_DOWN', 'the disk did not take it: try again', { cause }))
      }
    }
    this.#writing = undefined // at once: who was told writes on
  }

  async #openAgain(): Promise<void> {
    const { bavail, bsize } = await statfs(this.#dir)
    if (bavail * bsize < OPEN_BYTES_MIN) throw new Error(`${bavail * bsize} bytes are free on the disk of ${this.#dir}`)
    const opening = this.#db.close().then(() => this.#db.open())
    this.#opening = opening.catch(() => undefined)
    await opening
    this.#opening = undefined
    this.#failed = false
  }
}

/** A copy, unless it is given: it may have to wait, and its buffers are the caller's. */
const toRow = (write: StoreWrite, given: boolean) =>
  'put' in write
    ? { type: 'put' as const, key: write.put, value: given ? write.value : write.value.slice() }
    : { type: 'del' as const, key: write.del }
