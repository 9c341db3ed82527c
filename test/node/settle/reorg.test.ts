import { expect } from 'chai'
import { modelId } from '../../sdk/session/support.ts'
import { openChain } from './kills/market.ts'
import { sellerOn } from './kills/seller.ts'

describe('a reorganisation of three blocks', () => {
  for (const restart of [false, true]) {
    const undo: (() => void)[] = []
    after(() => undo.reverse().forEach((step) => void step()))

    const when = restart ? 'right after the provider has started again' : 'while it runs'
    it(`${when}: settlement, claim and one block more are taken back, and settled again to the wei`, async function () {
      this.timeout(180_000)
      const { rpc, deployment, provider, ledger, payers } = await openChain((step) => undo.push(step))
      let seller = await sellerOn({ rpc, deployment, provider })
      for (const payer of payers) {
        await seller.lend(payer)
        const { client, ack } = payer.next(0)
        await seller.book.accept(ack, client)
      }
      const signed = payers.reduce((sum, { state }) => sum + state.cumulative, 0n)
      const snapshot = await rpc.send('evm_snapshot')
      let running = seller.settler.run()
      undo.push(() => seller.settler.stop())
      const isPaid = async (): Promise<boolean> => {
        const { lifetime, amount } = await seller.own.earned(provider.address)
        return seller.settler.unsettled === 0n && lifetime === signed && amount === 0n
      }
      await seller.until(isPaid)
      await rpc.send('evm_mine')
      if (restart) {
        seller.settler.stop()
        await running
        seller = await sellerOn({ rpc, deployment, provider }, { minWei: 1n, store: seller.store })
        running = seller.settler.run()
        await seller.until(async () => seller.settler.unsettled === 0n) // it has read the chain
      }
      const head = await rpc.blockNumber()
      expect(await rpc.send('evm_revert', [snapshot])).to.equal(true)
      expect(head - (await rpc.blockNumber())).to.equal(3)
      expect((await seller.own.earned(provider.address)).lifetime, 'the chain forgot it').to.equal(0n)
      await seller.until(isPaid)
      for (const { wallet, state } of payers) {
        expect((await ledger.channel(provider.address, modelId, wallet.address)).settled).to.equal(state.cumulative)
      }
      seller.settler.stop()
      await seller.clock.advance(1_000)
      await running
    })
  }
})
