/** Rows as they will be after a range of blocks: reads fall through to the store, writes wait for one atomic batch, old values make its undo. */
import type { StoreWrite } from 'openseam/components'
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

  async read<Row>(key: string): Promise<Row | undefined> {
    return (await this.#entry(key)).value as Row | undefined
  }

  async write(key: string, value: unknown): Promise<void> {
    const entry = await this.#entry(key)
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

  async #entry(key: string): Promise<Entry> {
    const known = this.#rows.get(key)
    if (known !== undefined) return known
    const before = await this.#store.get(key)
    const entry: Entry = { before, value: before === undefined ? undefined : decodeJson(before), dirty: false }
    this.#rows.set(key, entry)
    return entry
  }
}

export const undoWrites = (rows: readonly UndoRow[]): StoreWrite[] =>
  rows.map(([key, before]) => (before === null ? { del: key } : { put: key, value: encoder.encode(before) }))
