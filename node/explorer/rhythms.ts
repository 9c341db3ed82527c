/** How often providers have settled, as the index says: read anew when one has settled again, or when the chain was reorganised. */
import type { Address } from 'openseam/protocol/eth'
import { decodeJson } from 'openseam/protocol/json'
import type { IndexStore } from './index-store.ts'
import type { Indexer } from './indexer.ts'
import { indexRows } from './pending-rows.ts'
import { RHYTHM_BATCHES_MAX, type Rhythm, rhythmOf } from './rhythm.ts'
import { type BatchRow, keys, type ProviderRow } from './rows.ts'

interface Kept {
  batches: number
  rhythm: Promise<Rhythm | null>
}

export class Rhythms {
  readonly #store: IndexStore
  readonly #kept = new Map<Address, Kept>()

  constructor(store: IndexStore, indexer: Pick<Indexer, 'cursor' | 'onChange'>) {
    this.#store = store
    const blockNow = (): number => indexer.cursor?.block ?? 0
    let block = blockNow()
    indexer.onChange(() => {
      // Another batch of the same number may stand where one was taken back.
      if (blockNow() <= block) this.#kept.clear()
      block = blockNow()
    })
  }

  /** Rows with the rhythm of the provider of each beside it; null of one that has never settled. */
  async beside<Row extends { provider: Address }>(rows: readonly Row[]): Promise<(Row & { rhythm: Rhythm | null })[]> {
    const accounts = [...new Set(rows.map(({ provider }) => provider))]
    const providers = await indexRows(this.#store, accounts.map(keys.provider))
    const rhythms = new Map<Address, Rhythm | null>()
    // One at a time: a batch has up to 256 payments, so 33 of each provider are too much to hold at once.
    for (const account of accounts) {
      const { batches = 0 } = (providers.get(keys.provider(account)) as ProviderRow | undefined) ?? {}
      rhythms.set(account, await this.#of(account, batches))
    }
    return rows.map((row) => ({ ...row, rhythm: rhythms.get(row.provider) ?? null }))
  }

  #of(account: Address, batches: number): Promise<Rhythm | null> {
    const kept = this.#kept.get(account)
    if (kept?.batches === batches) return kept.rhythm
    const rhythm = this.#read(account)
    this.#kept.set(account, { batches, rhythm })
    rhythm.catch(() => {
      if (this.#kept.get(account)?.rhythm === rhythm) this.#kept.delete(account)
    })
    return rhythm
  }

  async #read(account: Address): Promise<Rhythm | null> {
    const prefix = `ba:${account}:`
    const found = await this.#store.range({ prefix, reverse: true, limit: RHYTHM_BATCHES_MAX })
    return rhythmOf(found.map(([, value]) => decodeJson<BatchRow>(value).header.postedAt).reverse())
  }
}
