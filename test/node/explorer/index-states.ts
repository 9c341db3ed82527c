/** Indexes for tests: on disk, compared row by row, and cut off in the middle of a write. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type IndexStore, openIndexStore } from '../../../node/explorer/index-store.ts'
import { Indexer } from '../../../node/explorer/indexer.ts'
import { keys } from '../../../node/explorer/rows.ts'
import { type StoreWrite, silentLog, systemClock } from '../../../sdk/components.ts'
import { SeamError } from '../../../sdk/protocol/errors.ts'
import { deployment, FakeChain, type Random } from './fake-chain.ts'

export interface Opened {
  store: IndexStore
  indexer: Indexer
}

export const folders = () => {
  const made: string[] = []
  return {
    make: (): string => {
      const dir = mkdtempSync(join(tmpdir(), 'openseam-index-'))
      made.push(dir)
      return dir
    },
    remove: (): void => {
      for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true })
    }
  }
}

/** In a folder, or in whatever store is given. */
export const openIndex = async (
  chain: FakeChain,
  where: string | IndexStore,
  finality = 64,
  wrap = (store: IndexStore) => store
): Promise<Opened> => {
  const disk = typeof where === 'string' ? await openIndexStore(where) : where
  const store = wrap(disk)
  const indexer = new Indexer({ rpc: chain.rpc, deployment, store, clock: systemClock, log: silentLog }, { finality })
  try {
    await indexer.open()
  } catch (error) {
    await disk.close() // a process that dies lets go of it too
    throw error
  }
  return { store, indexer }
}

export const followToHead = async (indexer: Indexer): Promise<void> => {
  while ((await indexer.step()) !== 'idle');
}

/** Every row but the undo records, whose cuts depend on when the index looked, and the name of the writer. */
export const rowsOf = async (store: IndexStore): Promise<Map<string, string>> => {
  const rows = await store.range({ prefix: '', limit: 1_000_000 })
  return new Map(
    rows
      .filter(([key]) => !key.startsWith('un:') && key !== keys.holder)
      .map(([key, value]) => [key, Buffer.from(value).toString()])
  )
}

export const freshRows = async (chain: FakeChain, dir: string): Promise<Map<string, string>> => {
  const { store, indexer } = await openIndex(chain, dir)
  await followToHead(indexer)
  const rows = await rowsOf(store)
  await store.close()
  return rows
}

/** Wide enough for a few megabytes of rows, in ranges of some kilobytes: the same each time. */
export const fullDiskChain = (): FakeChain => {
  const chain = new FakeChain(6)
  chain.mine(400)
  chain.spanMax = 8
  return chain
}

/**
 * Fails one write in `every` behind the first. Half of those are stored all the same, and seen from the next write on: as in a log that
 * is read again.
 */
export const doubtful = (random: Random, every: number) => {
  let count = 0
  let unseen: StoreWrite[] | null = null
  return (store: IndexStore): IndexStore => ({
    ...store,
    batch: async (writes) => {
      if (unseen !== null) await store.batch(unseen)
      unseen = null
      if (count++ === 0 || random() * every >= 1) return store.batch(writes)
      if (random() < 0.5) unseen = writes
      throw new SeamError('STORE_DOWN', 'stored, or not')
    }
  })
}

export class PowerCut extends Error {}

/** Dies at a chance of one in `every` writes, half of the time after the batch reached the disk. */
export const dying = (random: Random, every: number) => {
  return (store: IndexStore): IndexStore => ({
    ...store,
    batch: async (writes) => {
      const dies = random() * every < 1
      if (dies && random() < 0.5) throw new PowerCut()
      await store.batch(writes)
      if (dies) throw new PowerCut()
    }
  })
}
