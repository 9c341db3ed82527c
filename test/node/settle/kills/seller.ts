/** What decides over money in a provider's daemon, joined as there, on a real chain and by a clock that the test moves. */
import { type Deployment, domainOf, LedgerClient, type Rpc, Sender, type SenderOptions, type Wallet } from 'openseam/chain/index'
import { memoryStore, silentLog, systemClock } from 'openseam/components'
import type { Wei } from 'openseam/protocol/amounts'
import { signHash } from 'openseam/protocol/eth'
import { CREDIT_POSITIONS } from 'openseam/protocol/limits'
import { amountOf } from 'openseam/protocol/work'
import { Accounts } from '../../../../node/provider/accounts.ts'
import { admit } from '../../../../node/provider/admission.ts'
import { LegBook, legKey } from '../../../../node/settle/legs.ts'
import { ReceiptStore } from '../../../../node/settle/receipt-store.ts'
import { Settler, type SettlerOptions } from '../../../../node/settle/settler.ts'
import { settlerChain } from '../../../../node/settle/settler-chain.ts'
import { ownFence } from '../../../../node/settle/sign-fence.ts'
import { VoucherBook } from '../../../../node/settle/voucher-book.ts'
import { modelId, TestClock } from '../../../sdk/session/support.ts'
import { PROMPT, rowOf, TestLeg } from '../support.ts'
import type { Payer } from './market.ts'

interface On {
  rpc: Rpc
  deployment: Deployment
  provider: Wallet
}

export interface SellerOptions extends Partial<SettlerOptions> {
  /** At 10^18 nothing is ever worth its gas. */
  gasPrice?: bigint
  store?: ReturnType<typeof memoryStore>
  sending?: SenderOptions
}

export const sellerOn = async ({ rpc, deployment, provider }: On, options: SellerOptions = { minWei: 1n }) => {
  const { gasPrice = 1n, store = memoryStore(), sending = {}, ...settling } = options
  const domain = domainOf(deployment)
  const account = provider.address
  const clock = new TestClock()
  const own = new LedgerClient(rpc, deployment, new Sender(rpc, provider.secretKey, sending))
  const legs = new LegBook(store)
  const sign = (hash: Uint8Array): Uint8Array => signHash(hash, provider.secretKey)
  const receipts = new ReceiptStore({ store, fence: ownFence, nowMs: () => systemClock.nowMs(), sign })
  const signersOf = (client: `0x${string}`) => accounts.signersOf(client, modelId)
  const book: VoucherBook = new VoucherBook({ store, legs, receipts, domain, account, modelId, signersOf })
  await book.load()
  const read = (client: `0x${string}`, model: `0x${string}`) => own.position(client, account, model)
  const accounts: Accounts = new Accounts({ read, book, store, clock, log: silentLog })
  await accounts.load()
  const chain = { ...settlerChain({ ledger: own, account, book, domain, clock }), gasPriceWei: async () => gasPrice }
  const settler = new Settler(book, chain, clock, silentLog, settling, () => accounts.refresh())

  /** What a leg of this client puts at risk: its prompt and the window that is lent. */
  const exposureOf = ({ open }: Payer): Wei => amountOf({ open, completionFrom: PROMPT }, 0, PROMPT + CREDIT_POSITIONS)
  /** Throws the daemon's refusal of one more leg. */
  const wouldLend = async (payer: Payer): Promise<void> => {
    const { client, completionWei } = payer.open
    const asked = { promptPositions: PROMPT, exposure: exposureOf(payer), completionWei }
    admit(await accounts.view(client, modelId, true), asked)
  }
  /** Opens the client's leg as the daemon's session server does. */
  const lend = async (payer: Payer): Promise<void> => {
    await wouldLend(payer)
    const { client, sessionId, leg } = payer.open
    accounts.lend(client, legKey(sessionId, leg), exposureOf(payer))
    await legs.open(rowOf(payer.open), new TestLeg(payer.open.maxTo))
  }
  /** The leg ends with everything acknowledged. */
  const close = ({ open }: Payer): void => accounts.repaid(open.client, legKey(open.sessionId, open.leg))

  /** Turns the clock until it holds; the chain answers in its own time. */
  const until = async (holds: () => Promise<boolean>): Promise<void> => {
    while (!(await holds())) {
      await clock.advance(1_000)
      await systemClock.sleep(10)
    }
  }
  return { clock, legs, book, receipts, own, accounts, settler, store, exposureOf, wouldLend, lend, close, until }
}
