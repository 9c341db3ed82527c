import { expect } from 'chai'
import { systemClock } from 'openseam/components'
import { modelId } from '../../sdk/session/support.ts'
import { openChain } from './kills/market.ts'
import { sellerOn } from './kills/seller.ts'
import { rowOf, TestLeg } from './support.ts'

describe('a reorganisation of three blocks', () => {
  const undo: (() => void)[] = []
  after(() => undo.reverse().forEach((step) => void step()))

  it('takes settlement, claim and one block more back; the same vouchers are settled again, to the wei', async function () {
    this.timeout(180_000)
    const { rpc, deployment, provider, ledger, payers } = await openChain((step) => undo.push(step))
    const { clock, legs, book, own, settler } = await sellerOn({ rpc, deployment, provider })
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
