/** Names of models that their ids commit to, in the index: each proved itself before it came here, and needs no block to stand. */
import type { StoreWrite } from 'openseam/components'
import type { Bytes32 } from 'openseam/protocol/eth'
import { decodeJson, encodeJson } from 'openseam/protocol/json'
import type { IndexStore } from './index-store.ts'
import { type Page, type PageQuery, readPage } from './pages.ts'
import { keys } from './rows.ts'

export interface NameView {
  modelId: Bytes32
  name: string
  /** Another model goes by it too: the name alone does not tell which. */
  shared: boolean
}

const ALIKE_MAX = 16 // models listed under one name: from the second on it is shared
const FOUND_MAX = 3 // names that begin with what was typed

export class Names {
  readonly #store: IndexStore
  #changes = 0

  constructor(store: IndexStore) {
    this.#store = store
  }

  /** How often what is shown has changed: no block tells of that. */
  get changes(): number {
    return this.#changes
  }

  /** Null: its manifest has no name that can be shown. One at a time: lists are read and written. Again changes nothing. */
  async keep(modelId: Bytes32, name: string | null): Promise<void> {
    const row: NameRow = { modelId, name }
    const writes: StoreWrite[] = [{ put: keys.modelName(modelId), value: encodeJson(row) }]
    if (name !== null) {
      const alike = decodeAlike(await this.#store.get(keys.modelsNamed(name)))
      const all = [...new Set([...alike, modelId])].slice(0, ALIKE_MAX)
      writes.push({ put: keys.modelsNamed(name), value: encodeJson(all) })
    }
    await this.#store.batch(writes)
    this.#changes++
  }

  async of(modelId: Bytes32): Promise<NameView | null> {
    const bytes = await this.#store.get(keys.modelName(modelId))
    const [view] = bytes === undefined ? [] : await this.#views([decodeJson<NameRow>(bytes)])
    return view ?? null
  }

  /** By model. */
  async list(query: PageQuery): Promise<Page<NameView>> {
    const prefix = keys.modelName('0x').slice(0, -'0x'.length)
    const item = (value: Uint8Array): NameRow => decodeJson(value)
    const { items, next } = await readPage(this.#store, query, { prefix, item })
    return { items: await this.#views(items), next }
  }

  /** Models whose name begins like this, in letters of either case. */
  async find(beginning: string): Promise<Bytes32[]> {
    const rows = await this.#store.range({ prefix: keys.modelsNamed(beginning), limit: FOUND_MAX })
    return rows.flatMap(([, value]) => decodeAlike(value))
  }

  async #views(rows: readonly NameRow[]): Promise<NameView[]> {
    const named = rows.filter((row): row is NameRow & { name: string } => row.name !== null)
    const alike = await this.#store.getMany(named.map(({ name }) => keys.modelsNamed(name)))
    return named.map(({ modelId, name }, i) => ({ modelId, name, shared: decodeAlike(alike[i]).length > 1 }))
  }
}

interface NameRow {
  modelId: Bytes32
  name: string | null
}

const decodeAlike = (bytes: Uint8Array | undefined): Bytes32[] => (bytes === undefined ? [] : decodeJson<Bytes32[]>(bytes))
