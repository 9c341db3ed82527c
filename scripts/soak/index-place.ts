/** Where the index that is killed lives: told to a child as plain values. */
import { type IndexStore, openIndexStore, openPostgresIndexStore } from '../../node/explorer/index-store.ts'
import { silentLog, systemClock } from '../../sdk/components.ts'

export interface IndexPlace {
  dir: string
  /** Then it is there, and not in `dir`. */
  database: { url: string; password: string } | null
}

export const openPlace = ({ dir, database }: IndexPlace): Promise<IndexStore> =>
  database === null
    ? openIndexStore(dir)
    : openPostgresIndexStore({ ...database, space: 'soak', clock: systemClock, log: silentLog })
