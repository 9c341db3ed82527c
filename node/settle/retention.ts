/** Forgets receipts that are old and long paid (docs/spec/receipt.md), a channel at a time, so that a provider's disk has a bound. */
import type { Clock, Log } from 'openseam/components'
import type { Wei } from 'openseam/protocol/amounts'
import { codeOf } from 'openseam/protocol/errors'
import type { Address, Bytes32 } from 'openseam/protocol/eth'
import type { ReceiptStore } from './receipt-store.ts'
import type { VoucherBook } from './voucher-book.ts'

const EVERY_MS = 3600_000

export interface RetentionComponents {
  book: VoucherBook
  receipts: ReceiptStore
  /** What the chain has settled of a channel. */
  settledOf(client: Address, modelId: Bytes32): Promise<Wei>
  clock: Clock
  log: Log
}

/** Runs until the signal; a chain that is away only delays it. */
export const keepRetention = async (c: RetentionComponents, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    await c.clock.sleep(EVERY_MS, signal).catch(() => undefined)
    if (signal.aborted) return
    try {
      const dropped = await pruneAll(c)
      if (dropped > 0) c.log.info({ receipts: dropped }, 'old receipts were dropped')
    } catch (error) {
      c.log.warn({ code: codeOf(error) }, 'old receipts could not be dropped')
    }
  }
}

const pruneAll = async ({ book, receipts, settledOf }: RetentionComponents): Promise<number> => {
  let dropped = 0
  for (const { state } of book.channels()) {
    dropped += await receipts.prune(state, await settledOf(state.client, state.modelId), state.count)
  }
  return dropped
}
