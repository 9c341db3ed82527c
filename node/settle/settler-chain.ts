/** The ledger as a provider's settler sees it: what the daemon runs on, and its tests. */
import { type LedgerClient, revertOf } from 'openseam/chain/index'
import type { Clock } from 'openseam/components'
import { SeamError } from 'openseam/protocol/errors'
import type { Address } from 'openseam/protocol/eth'
import { recoverTyped, type TypedDomain } from 'openseam/protocol/typed-data'
import type { SettlerChain } from './settler.ts'
import type { VoucherBook } from './voucher-book.ts'

export interface SettlerChainComponents {
  ledger: LedgerClient
  /** Whose vouchers these are. */
  account: Address
  book: VoucherBook
  domain: TypedDomain
  clock: Clock
}

export const settlerChain = ({ ledger, account, book, domain, clock }: SettlerChainComponents): SettlerChain => ({
  stateOf: async (client, modelId) => {
    const { account: escrow, channel, left } = await ledger.position(client, account, modelId)
    return { settled: channel.settled, payable: left + escrow.balance }
  },

  settle: async (groups) => {
    try {
      const { total, receipt, batch } = await ledger.settle(groups)
      return { total, hash: receipt.hash, batches: batch === null ? 0 : batch.batch + 1 }
    } catch (error) {
      if (revertOf(error) !== 'BadVoucher') throw error
      const [group, item] = ((error as SeamError).detail['args'] as string[]).map(Number)
      throw new SeamError('VOUCHER_SIGNATURE', (error as SeamError).message, { cause: error, detail: { group, item } })
    }
  },

  batches: async () => (await ledger.earned(account)).batches,

  quiet: () => ledger.quiet(),

  claim: async () => {
    const { amount } = await ledger.earned(account)
    if (amount > 0n) await ledger.claim(account)
    return amount
  },

  gasPriceWei: async () => BigInt((await ledger.rpc.send('eth_gasPrice', [])) as string),

  leaving: async (client, modelId) => {
    const { exit, releaseAt, oldKey } = await ledger.position(client, account, modelId)
    if (exit.readyAt !== 0 || releaseAt !== 0) return true
    // A voucher of the key before is worth nothing once that key's time is over.
    const newest = book.channel(modelId, client)?.newest
    if (newest === undefined || oldKey.signer === null || oldKey.validUntil * 1000 <= clock.nowMs()) return false
    return recoverTyped(domain, 'Voucher', newest.voucher, newest.signature) === oldKey.signer
  }
})
