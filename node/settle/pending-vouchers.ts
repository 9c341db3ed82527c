/** What a provider shows of work that is not settled yet (docs/spec/receipt.md): the newest voucher of each channel that owes, newest first. */
import type { Clock } from 'openseam/components'
import { voucherToWire } from 'openseam/protocol/convert'
import { VOUCHERS_PER_PAGE_MAX } from 'openseam/protocol/limits'
import type * as wire from 'openseam/protocol/pb'
import type { ChannelRow } from './voucher-book.ts'

const FRESH_MS = 1_000 // looking through all channels is done this often at most, however many ask

export class PendingVouchers {
  readonly #owing: () => readonly ChannelRow[]
  readonly #clock: Clock
  #rows: readonly ChannelRow[] = []
  #freshUntilMs = Number.NEGATIVE_INFINITY

  /** `owing` gives the highest place first. */
  constructor(owing: () => readonly ChannelRow[], clock: Clock) {
    this.#owing = owing
    this.#clock = clock
  }

  page({ before, max }: wire.PendingRequest): wire.PendingPage {
    const count = Math.min(Math.max(1, max), VOUCHERS_PER_PAGE_MAX)
    const rows = this.#fresh()
    const start = before === 0 ? 0 : rows.findIndex(({ place }) => place < before)
    if (start < 0) return { vouchers: [], more: false }
    const vouchers = rows
      .slice(start, start + count)
      .map(({ newest, place }) => ({ voucher: newest && voucherToWire(newest), place }))
    return { vouchers, more: start + count < rows.length }
  }

  #fresh(): readonly ChannelRow[] {
    const nowMs = this.#clock.tickMs()
    if (nowMs >= this.#freshUntilMs) {
      this.#rows = this.#owing()
      this.#freshUntilMs = nowMs + FRESH_MS
    }
    return this.#rows
  }
}
