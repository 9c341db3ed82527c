/** A provider's book and settler on a real chain, by a clock that the test moves. */
import { type Deployment, domainOf, LedgerClient, type Rpc, Sender, type Wallet } from 'openseam/chain/index'
import { memoryStore, silentLog, systemClock } from 'openseam/components'
import { signHash } from 'openseam/protocol/eth'
import { LegBook } from '../../../../node/settle/legs.ts'
import { ReceiptStore } from '../../../../node/settle/receipt-store.ts'
import { Settler, type SettlerOptions } from '../../../../node/settle/settler.ts'
import { ownFence } from '../../../../node/settle/sign-fence.ts'
import { VoucherBook } from '../../../../node/settle/voucher-book.ts'
import { TestClock } from '../../../sdk/session/support.ts'

interface On {
  rpc: Rpc
  deployment: Deployment
  provider: Wallet
}

/** At a gas price of 10^18 nothing is ever worth its gas. */
export const sellerOn = ({ rpc, deployment, provider }: On, options: Partial<SettlerOptions> = { minWei: 1n }, gasPrice = 1n) => {
  const store = memoryStore()
  const legs = new LegBook(store)
  const sign = (hash: Uint8Array): Uint8Array => signHash(hash, provider.secretKey)
  const receipts = new ReceiptStore({ store, fence: ownFence, nowMs: () => systemClock.nowMs(), sign })
  const signersOf = async (client: `0x${string}`) => [client]
  const book = new VoucherBook({ store, legs, receipts, domain: domainOf(deployment), account: provider.address, signersOf })
  const own = new LedgerClient(rpc, deployment, new Sender(rpc, provider.secretKey))
  const clock = new TestClock()
  const settler = new Settler(
    book,
    {
      settledOf: async (client, model) => (await own.channel(provider.address, model, client)).settled,
      settle: async (groups) => own.settle(groups).then(({ total, receipt }) => ({ total, hash: receipt.hash })),
      claim: async () => {
        const { amount } = await own.earned(provider.address)
        if (amount > 0n) await own.claim(provider.address)
        return amount
      },
      gasPriceWei: async () => gasPrice,
      leaving: async (client, model) => {
        const { exit, releaseAt } = await own.position(client, provider.address, model)
        return exit.readyAt !== 0 || releaseAt !== 0
      }
    },
    clock,
    silentLog,
    options,
    () => undefined
  )
  return { clock, legs, book, own, settler }
}
