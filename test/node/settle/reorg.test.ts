import { expect } from 'chai'
import { domainOf, LedgerClient, Sender } from 'openseam/chain/index'
import { memoryStore, silentLog, systemClock } from 'openseam/components'
import { signHash } from 'openseam/protocol/eth'
import { LegBook } from '../../../node/settle/legs.ts'
import { ReceiptStore } from '../../../node/settle/receipt-store.ts'
import { Settler } from '../../../node/settle/settler.ts'
import { ownFence } from '../../../node/settle/sign-fence.ts'
import { VoucherBook } from '../../../node/settle/voucher-book.ts'
import { modelId, TestClock } from '../../sdk/session/support.ts'
import { openChain } from './kills/market.ts'
import { rowOf, TestLeg } from './support.ts'

describe('a reorganisation of three blocks', () => {
  const undo: (() => void)[] = []
  after(() => undo.reverse().forEach((step) => void step()))

  it('takes settlement, claim and one block more back; the same vouchers are settled again, to the wei', async function () {
    this.timeout(180_000)
    const { rpc, deployment, provider, ledger, payers } = await openChain((step) => undo.push(step))
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
        gasPriceWei: async () => 1n,
        leaving: async () => false
      },
      clock,
      silentLog,
      { minWei: 1n },
      () => undefined
    )
    for (const payer of payers) {
      await legs.open(rowOf(payer.open), new TestLeg(payer.open.maxTo))
      const { client, ack } = payer.next(0)
      await book.accept(ack, client)
    }
    const signed = payers.reduce((sum, { state }) => sum + state.cumulative, 0n)
    const snapshot = await rpc.send('evm_snapshot')
    const running = settler.run()
    undo.push(() => settler.stop())
    const goOnUntilPaid = async (): Promise<void> => {
      while (
        settler.unsettled > 0n ||
        (await own.earned(provider.address)).lifetime < signed ||
        (await own.earned(provider.address)).amount > 0n
      ) {
        await clock.advance(1_000)
        await systemClock.sleep(10)
      }
    }
    await goOnUntilPaid()
    await rpc.send('evm_mine')
    const head = await rpc.blockNumber()
    expect(await rpc.send('evm_revert', [snapshot])).to.equal(true)
    expect(head - (await rpc.blockNumber())).to.equal(3)
    expect((await own.earned(provider.address)).lifetime, 'the chain forgot it').to.equal(0n)
    await goOnUntilPaid()
    for (const { wallet, state } of payers) {
      expect((await ledger.channel(provider.address, modelId, wallet.address)).settled).to.equal(state.cumulative)
    }
    settler.stop()
    await clock.advance(1_000)
    await running
  })
})
