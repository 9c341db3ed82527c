/**
 * When and what to settle (docs/spec/money.md): every ten minutes, at once when a batch is worth a hundred times its gas or when the
 * credit lent to a client runs out, on drain, and after a restart. Vouchers are cumulative, so settling twice is harmless.
 */
import type { Clock, Log } from 'openseam/components'
import type { Wei } from 'openseam/protocol/amounts'
import { codeOf } from 'openseam/protocol/errors'
import type { Bytes32 } from 'openseam/protocol/eth'
import { SETTLE_EVERY_MS, SETTLE_GAS_FACTOR, SETTLE_ITEMS_MAX } from 'openseam/protocol/limits'
import type { ChannelRow, VoucherBook } from './voucher-book.ts'

const RETRY_MS = 5_000
const GAS_PER_VOUCHER = 25_000n
const GAS_PER_BATCH = 60_000n

export interface SettleItem {
  client: Bytes32
  cumulative: Wei
  units: number
  workRoot: Bytes32
  signature: Uint8Array
}

export interface SettlerChain {
  settledOf(client: Bytes32, modelId: Bytes32): Promise<Wei>
  settle(groups: { modelId: Bytes32; items: SettleItem[] }[]): Promise<{ total: Wei; hash: string }>
  claim(): Promise<Wei>
  gasPriceWei(): Promise<Wei>
}

export interface SettlerOptions {
  everyMs: number
  /** Settle a batch as soon as it is worth this many wei, whatever its gas; 0: by the gas rule alone. */
  minWei: Wei
  /** Settle once a client owes this much: half of what is lent unsecured. */
  exposureWei: Wei
}

export const settlerDefaults: SettlerOptions = { everyMs: SETTLE_EVERY_MS, minWei: 0n, exposureWei: 2n ** 96n }

interface Due {
  row: ChannelRow
  owed: Wei
}

export class Settler {
  readonly #book: VoucherBook
  readonly #chain: SettlerChain
  readonly #clock: Clock
  readonly #log: Log
  readonly #options: SettlerOptions
  readonly #onSettled: (total: Wei) => void
  readonly #settled = new Map<string, Wei>()
  readonly #stop = new AbortController()
  #wake = new AbortController()
  #running: Promise<Wei> | undefined
  #lastMs: number
  #retryAtMs = 0

  constructor(book: VoucherBook, chain: SettlerChain, clock: Clock, log: Log, options: Partial<SettlerOptions>, onSettled: (total: Wei) => void) {
    this.#book = book
    this.#chain = chain
    this.#clock = clock
    this.#log = log
    this.#options = { ...settlerDefaults, ...options }
    this.#onSettled = onSettled
    this.#lastMs = clock.tickMs()
    book.onVoucher((row) => {
      if (this.#owedBy(row) >= this.#options.exposureWei) this.#wake.abort()
    })
  }

  /** Settles what an earlier run left, then keeps the rhythm until `stop`. */
  async run(): Promise<void> {
    let first = true
    while (!this.#stop.signal.aborted) {
      if (this.#clock.tickMs() >= this.#retryAtMs && (await this.#due(first))) {
        first = false
        await this.settleNow().catch(() => undefined)
      } else first = false
      this.#wake = new AbortController()
      const waitMs = Math.min(1_000, this.#options.everyMs)
      await this.#clock.sleep(waitMs, AbortSignal.any([this.#wake.signal, this.#stop.signal])).catch(() => undefined)
    }
  }

  stop(): void {
    this.#stop.abort()
  }

  /** Settles everything that is owed and pays it out. One at a time: a second caller gets the running one. Throws a chain error. */
  settleNow(): Promise<Wei> {
    this.#running ??= this.#settle().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** Signed and not settled, over all channels, as far as this process knows. */
  get unsettled(): Wei {
    return this.#book.channels().reduce((sum, row) => sum + this.#owedBy(row), 0n)
  }

  #owedBy(row: ChannelRow): Wei {
    const { client, modelId } = row.state
    return (row.newest?.voucher.cumulative ?? 0n) - (this.#settled.get(`${client}:${modelId}`) ?? 0n)
  }

  async #due(first: boolean): Promise<boolean> {
    const owed = this.unsettled
    if (owed === 0n) return false
    if (first || this.#clock.tickMs() - this.#lastMs >= this.#options.everyMs) return true
    if (this.#options.minWei > 0n && owed >= this.#options.minWei) return true
    if (this.#book.channels().some((row) => this.#owedBy(row) >= this.#options.exposureWei)) return true
    try {
      const gas = GAS_PER_BATCH + GAS_PER_VOUCHER * BigInt(Math.min(this.#book.channels().length, SETTLE_ITEMS_MAX))
      return owed >= SETTLE_GAS_FACTOR * gas * (await this.#chain.gasPriceWei())
    } catch {
      return false // the chain is away; the next round asks again
    }
  }

  async #settle(): Promise<Wei> {
    this.#lastMs = this.#clock.tickMs()
    let total = 0n
    try {
      const due = await this.#read()
      for (let at = 0; at < due.length; at += SETTLE_ITEMS_MAX) {
        const groups = new Map<Bytes32, SettleItem[]>()
        for (const { row } of due.slice(at, at + SETTLE_ITEMS_MAX)) {
          if (row.newest === undefined) continue
          const { modelId, client, cumulative, units, workRoot } = row.newest.voucher
          groups.set(modelId, [...(groups.get(modelId) ?? []), { client, cumulative, units, workRoot, signature: row.newest.signature }])
        }
        const result = await this.#chain.settle([...groups].map(([modelId, items]) => ({ modelId, items })))
        total += result.total
        this.#log.info({ wei: result.total.toString(), vouchers: due.length, transaction: result.hash }, 'settled')
      }
      if (total > 0n) {
        await this.#chain.claim()
        await this.#read()
        this.#onSettled(total)
      }
      return total
    } catch (error) {
      this.#retryAtMs = this.#clock.tickMs() + RETRY_MS
      this.#log.warn({ code: codeOf(error) }, 'settling failed: trying again')
      throw error
    }
  }

  /** Reads what the chain has settled, and returns the channels that owe more. */
  async #read(): Promise<Due[]> {
    const due: Due[] = []
    for (const row of this.#book.channels()) {
      const { client, modelId } = row.state
      this.#settled.set(`${client}:${modelId}`, await this.#chain.settledOf(client, modelId))
      const owed = this.#owedBy(row)
      if (owed > 0n) due.push({ row, owed })
    }
    return due
  }
}
