/**
 * When and what to settle (docs/spec/money.md): every ten minutes, at once when a batch is worth a hundred times its gas or when the
 * credit lent to a client runs out, on drain, and after a restart. Vouchers are cumulative, so settling twice is harmless.
 */
import type { Clock, Log } from 'openseam/components'
import type { Wei } from 'openseam/protocol/amounts'
import { codeOf, type SeamError } from 'openseam/protocol/errors'
import type { Bytes32 } from 'openseam/protocol/eth'
import { SETTLE_EVERY_MS, SETTLE_GAS_FACTOR, SETTLE_ITEMS_MAX } from 'openseam/protocol/limits'
import type { ChannelRow, VoucherBook } from './voucher-book.ts'

const RETRY_MS = 5_000
const RECHECK_MS = 30_000
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
  /** What a channel was ever paid, and what the ledger could pay it now. */
  stateOf(client: Bytes32, modelId: Bytes32): Promise<{ settled: Wei; payable: Wei }>
  /** Throws VOUCHER_SIGNATURE, with `group` and `item` in its detail, where the ledger refuses the batch for one voucher's key. */
  settle(groups: { modelId: Bytes32; items: SettleItem[] }[]): Promise<{ total: Wei; hash: string; batches: number }>
  /** How many batches of ours the ledger holds: it falls only when a reorganisation takes one back. */
  batches(): Promise<number>
  /** Waits for what was sent before, so that no second batch is made while it is in doubt whether the first will land. */
  quiet(): Promise<void>
  claim(): Promise<Wei>
  gasPriceWei(): Promise<Wei>
  /** Whether a voucher may soon be worth less: an exit, a release of what was set aside for this channel, a key whose time is running out. */
  leaving(client: Bytes32, modelId: Bytes32): Promise<boolean>
}

export interface SettlerOptions {
  everyMs: number
  /** Settle a batch as soon as it is worth this many wei, whatever its gas; 0: by the gas rule alone. */
  minWei: Wei
  /** Settle once a client owes this much: half of what is lent unsecured. */
  exposureWei: Wei
}

export const settlerDefaults: SettlerOptions = { everyMs: SETTLE_EVERY_MS, minWei: 0n, exposureWei: 2n ** 96n }

interface Due extends SettleItem {
  key: string
  modelId: Bytes32
  payable: Wei
}

export class Settler {
  readonly #book: VoucherBook
  readonly #chain: SettlerChain
  readonly #clock: Clock
  readonly #log: Log
  readonly #options: SettlerOptions
  readonly #onSettled: (total: Wei) => void
  readonly #settled = new Map<string, Wei>()
  /** Totals that the chain paid in part or not at all: asking again before more is signed, or the next round, costs gas for nothing. */
  readonly #short = new Map<string, Wei>()
  /** Totals signed by a key that is the client's no more: only a newer voucher can pay them. */
  readonly #void = new Map<string, Wei>()
  readonly #stop = new AbortController()
  #wake = new AbortController()
  #running: Promise<Wei> | undefined
  #next: Promise<Wei> | undefined
  #lastMs: number
  #retryAtMs = 0
  /** Batches that the ledger held when it was read last: fewer means that a reorganisation took some back, an earlier run's perhaps. */
  #batches = 0
  readonly #alerted = new Set<string>()
  #recheckAtMs = 0
  /** A settlement was undone, or a client that owes is leaving: what is owed is asked for at once. */
  #urgent = false
  /** An earlier run may have settled and not lived to claim. */
  #unclaimed = true

  constructor(
    book: VoucherBook,
    chain: SettlerChain,
    clock: Clock,
    log: Log,
    options: Partial<SettlerOptions>,
    onSettled: (total: Wei) => void
  ) {
    this.#book = book
    this.#chain = chain
    this.#clock = clock
    this.#log = log
    this.#options = { ...settlerDefaults, ...options }
    this.#onSettled = onSettled
    this.#lastMs = clock.tickMs()
    book.onVoucher((row) => {
      if (this.#owedBy(row) >= this.#options.exposureWei) this.#wake.abort()
      if (this.#isOverexposed(row)) this.#alert(row)
    })
  }

  /** Settles what an earlier run left, then keeps the rhythm until `stop`. */
  async run(): Promise<void> {
    let first = true
    while (!this.#stop.signal.aborted) {
      await this.#recheck().catch(() => undefined) // the chain is away; the next round asks again
      // what an earlier run left stays first in line until it is settled, however long the chain is away
      if (this.#clock.tickMs() >= this.#retryAtMs) first = (await this.#due(first)) && !(await this.#tried()) && first
      this.#wake = new AbortController()
      const waitMs = Math.min(1_000, this.#options.everyMs)
      await this.#clock.sleep(waitMs, AbortSignal.any([this.#wake.signal, this.#stop.signal])).catch(() => undefined)
    }
  }

  stop(): void {
    this.#stop.abort()
  }

  #tried(): Promise<boolean> {
    return this.settleNow().then(
      () => true,
      () => false
    )
  }

  /**
   * Settles everything that is owed and pays it out. One at a time: who asks while one runs gets the next, since the running one may
   * have read the book before the newest voucher was in it. Throws a chain error.
   */
  settleNow(): Promise<Wei> {
    if (this.#running === undefined) {
      this.#running = this.#settle().finally(() => {
        this.#running = undefined
      })
      return this.#running
    }
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined
        return this.settleNow()
      })
    return this.#next
  }

  /** Signed and not settled, over all channels, as far as this process knows. */
  get unsettled(): Wei {
    return this.#book.channels().reduce((sum, row) => sum + this.#owedBy(row), 0n)
  }

  /** Channels that owe, as far as this process knows, the one with the newest voucher first. */
  owing(): ChannelRow[] {
    const rows = this.#book.channels().filter((row) => this.#owedBy(row) > 0n)
    return rows.sort((a, b) => b.place - a.place)
  }

  #owedBy(row: ChannelRow): Wei {
    const { client, modelId } = row.state
    const owed = (row.newest?.voucher.cumulative ?? 0n) - (this.#settled.get(`${client}:${modelId}`) ?? 0n)
    // A store that lost its newest voucher knows less than was settled: that is no debt of ours, and must not hide another client's.
    return owed > 0n ? owed : 0n
  }

  /** Channels that have more signed and unsettled than is lent unsecured: settling lags behind, or what they owe cannot be paid. */
  get overexposed(): number {
    return this.#book.channels().filter((row) => this.#isOverexposed(row)).length
  }

  #isOverexposed(row: ChannelRow): boolean {
    return this.#owedBy(row) > 2n * this.#options.exposureWei
  }

  /** Once a channel until the next settlement. */
  #alert(row: ChannelRow): void {
    const { client, modelId } = row.state
    const key = `${client}:${modelId}`
    if (this.#alerted.has(key)) return
    this.#alerted.add(key)
    this.#log.warn({ client, modelId, wei: this.#owedBy(row).toString() }, 'a client owes more than is lent unsecured')
  }

  async #due(first: boolean): Promise<boolean> {
    if (this.unsettled === 0n) return false
    if (first || this.#urgent || this.#clock.tickMs() - this.#lastMs >= this.#options.everyMs) return true
    const rows = this.#book.channels().filter((row) => !this.#fellShort(row))
    const owed = rows.reduce((sum, row) => sum + this.#owedBy(row), 0n)
    if (this.#options.minWei > 0n && owed >= this.#options.minWei) return true
    if (rows.some((row) => this.#owedBy(row) >= this.#options.exposureWei)) return true
    try {
      const gas = GAS_PER_BATCH + GAS_PER_VOUCHER * BigInt(Math.min(rows.length, SETTLE_ITEMS_MAX))
      return owed > 0n && owed >= SETTLE_GAS_FACTOR * gas * (await this.#chain.gasPriceWei())
    } catch {
      return false // the chain is away; the next round asks again
    }
  }

  #fellShort({ state, newest }: ChannelRow): boolean {
    return newest !== undefined && this.#short.get(`${state.client}:${state.modelId}`) === newest.voucher.cumulative
  }

  async #settle(): Promise<Wei> {
    let total = 0n
    try {
      await this.#chain.quiet()
      const owed = await this.#read()
      const due = owed.filter(({ key, payable, cumulative }) => payable > 0n && this.#void.get(key) !== cumulative)
      for (let at = 0; at < due.length; at += SETTLE_ITEMS_MAX) total += await this.#send(due.slice(at, at + SETTLE_ITEMS_MAX))
      this.#urgent = false
      this.#unclaimed ||= total > 0n
      if (this.#unclaimed) await this.#chain.claim()
      this.#unclaimed = false
      if (due.length > 0) await this.#read()
      this.#short.clear()
      this.#alerted.clear()
      for (const { key, cumulative } of owed) if ((this.#settled.get(key) ?? 0n) < cumulative) this.#short.set(key, cumulative)
      if (total > 0n) this.#onSettled(total)
      this.#lastMs = this.#clock.tickMs()
      return total
    } catch (error) {
      this.#retryAtMs = this.#clock.tickMs() + RETRY_MS
      this.#log.warn({ code: codeOf(error) }, 'settling failed: trying again')
      throw error
    }
  }

  /** One batch. The ledger refuses a whole batch for one voucher whose key has gone, so that one is left out: it must not stop the others. */
  async #send(due: readonly Due[]): Promise<Wei> {
    let left = due
    while (left.length > 0) {
      const groups = [...Map.groupBy(left, ({ modelId }) => modelId)]
      try {
        const { total, hash, batches } = await this.#chain.settle(
          groups.map(([modelId, items]) => ({ modelId, items: items.map(toItem) }))
        )
        this.#batches = Math.max(this.#batches, batches)
        this.#log.info({ wei: total.toString(), vouchers: left.length, transaction: hash }, 'settled')
        return total
      } catch (error) {
        const bad = codeOf(error) === 'VOUCHER_SIGNATURE' ? (error as SeamError).detail : {}
        const refused = groups[Number(bad['group'])]?.[1][Number(bad['item'])]
        if (refused === undefined) throw error
        const { client, modelId, cumulative } = refused
        this.#void.set(refused.key, cumulative)
        this.#log.warn(
          { client, modelId, wei: cumulative.toString() },
          'a voucher is signed by a key that is the client’s no more'
        )
        left = left.filter((item) => item !== refused)
      }
    }
    return 0n
  }

  /**
   * Vouchers are cumulative, so what a reorganisation undid is simply settled again. Asks too who of those that owe is leaving: an exit takes a
   * day at least, so twice a minute is soon enough.
   */
  async #recheck(): Promise<void> {
    const nowMs = this.#clock.tickMs()
    if (nowMs < this.#recheckAtMs) return
    this.#recheckAtMs = nowMs + RECHECK_MS
    const batches = await this.#chain.batches()
    if (batches < this.#batches) {
      this.#log.warn({ batches: this.#batches - batches }, 'settlements were undone by a reorganisation: settling again')
      await this.#read()
      this.#urgent = true
      this.#unclaimed = true
      this.#short.clear()
    }
    this.#batches = batches
    for (const row of this.#book.channels()) {
      if (this.#urgent) return
      if (this.#owedBy(row) === 0n || this.#fellShort(row)) continue
      this.#urgent = await this.#chain.leaving(row.state.client, row.state.modelId)
    }
  }

  /** Reads what the chain has settled, and returns the newest voucher of each channel that owes more. */
  async #read(): Promise<Due[]> {
    const owed: Due[] = []
    for (const row of this.#book.channels()) {
      const { client, modelId } = row.state
      const key = `${client}:${modelId}`
      const { settled, payable } = await this.#chain.stateOf(client, modelId)
      this.#settled.set(key, settled)
      if (row.newest === undefined || this.#owedBy(row) <= 0n) continue
      const { cumulative, units, workRoot } = row.newest.voucher
      owed.push({ key, payable, client, modelId, cumulative, units, workRoot, signature: row.newest.signature })
    }
    return owed
  }
}

const toItem = ({ client, cumulative, units, workRoot, signature }: Due): SettleItem => ({
  client,
  cumulative,
  units,
  workRoot,
  signature
})
