/** Rows as they will be after a range of blocks: what is needed is read from the store at once, writes wait for one atomic batch, old values make its undo. */
import type { StoreWrite } from 'openseam/components'
import { SeamError } from 'openseam/protocol/errors'
import { decodeJson, encodeJson } from 'openseam/protocol/json'
import type { IndexStore } from './index-store.ts'

/** A key and the text it had before; null: there was no such row. */
export type UndoRow = [key: string, before: string | null]

interface Entry {
  before: Uint8Array | undefined
  value: unknown
  dirty: boolean
}

const decoder = new TextDecoder()
const encoder = new TextEncoder()

export class Overlay {
  readonly #store: IndexStore
  readonly #rows = new Map<string, Entry>()

  constructor(store: IndexStore) {
    this.#store = store
  }

  /** Brings rows here, all in one read: those that are here already stay as they are. */
  async load(keys: Iterable<string>): Promise<void> {
    const missing = [...new Set(keys)].filter((key) => !this.#rows.has(key))
    const found = await this.#store.getMany(missing)
    for (const [i, key] of missing.entries()) {
      const before = found[i]
      this.#rows.set(key, { before, value: before === undefined ? undefined : decodeJson(before), dirty: false })
    }
  }

  /** A row that was loaded, as it is now. */
  read<Row>(key: string): Row | undefined {
    return this.#entry(key).value as Row | undefined
  }

  /** Changes a row that was loaded. */
  write(key: string, value: unknown): void {
    const entry = this.#entry(key)
    entry.value = value
    entry.dirty = true
  }

  /** For rows that cannot have been there, such as an event's own: nothing is read. */
  add(key: string, value: unknown): void {
    this.#rows.set(key, { before: undefined, value, dirty: true })
  }

  writes(): StoreWrite[] {
    return this.#dirty().map(([key, { value }]) => ({ put: key, value: encodeJson(value) }))
  }

  undo(): UndoRow[] {
    return this.#dirty().map(([key, { before }]) => [key, before === undefined ? null : decoder.decode(before)])
  }

  #dirty(): [string, Entry][] {
    return [...this.#rows].filter(([, { dirty }]) => dirty)
  }

  #entry(key: string): Entry {
    const entry = this.#rows.get(key)
    if (entry === undefined) throw new SeamError('INTERNAL', `the row ${key} was not loaded`)
    return entry
  }
}

export const undoWrites = (rows: readonly UndoRow[]): StoreWrite[] =>
  rows.map(([key, before]) => (before === null ? { del: key } : { put: key, value: encoder.encode(before) }))
