/** How often providers have settled, as the index says: read anew when one has settled again, or when a reorganisation took its newest batch back. */
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
  /** Of the newest batch; beyond all while it is read. */
  block: number
}

export class Rhythms {
  readonly #store: IndexStore
  readonly #kept = new Map<Address, Kept>()

  constructor(store: IndexStore, indexer: Pick<Indexer, 'cursor' | 'onChange'>) {
    this.#store = store
    indexer.onChange(() => {
      // Another batch of the same number may come to stand where one was taken back.
      const now = indexer.cursor?.block ?? 0
      for (const [account, { block }] of this.#kept) if (block > now) this.#kept.delete(account)
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
    const reading = this.#newest(account)
    const rhythm = reading.then((newest) => rhythmOf(newest.map(({ header }) => header.postedAt).reverse()))
    const fresh: Kept = { batches, rhythm, block: Number.POSITIVE_INFINITY }
    this.#kept.set(account, fresh)
    reading.then(
      ([newest]) => {
        fresh.block = newest?.block ?? 0
      },
      () => this.#kept.get(account) === fresh && this.#kept.delete(account)
    )
    return rhythm
  }

  async #newest(account: Address): Promise<BatchRow[]> {
    const found = await this.#store.range({ prefix: `ba:${account}:`, reverse: true, limit: RHYTHM_BATCHES_MAX })
    return found.map(([, value]) => decodeJson<BatchRow>(value))
  }
}
