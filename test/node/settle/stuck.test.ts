import { expect } from 'chai'
import { codeOfRejection, modelId } from '../../sdk/session/support.ts'
import { openChain } from './kills/market.ts'
import { sellerOn } from './kills/seller.ts'

describe('a settlement that stands still', () => {
  const undo: (() => void)[] = []
  after(() => undo.reverse().forEach((step) => void step()))

  it('is outbid by the next one, by the run that sent it and by the one after a restart: one batch lands, and all of it is paid', async function () {
    this.timeout(180_000)
    const { rpc, deployment, provider, payers } = await openChain((step) => undo.push(step))
    const payer = payers[0] as (typeof payers)[number]
    const sending = { confirmMs: 500, raiseMs: 300, alone: true }
    const first = await sellerOn({ rpc, deployment, provider }, { sending })
    const earn = async (seller: typeof first): Promise<void> => {
      const { client, ack } = payer.next(payer.acked)
      await seller.book.accept(ack, client)
      payer.acked = payer.receipts.length
    }
    await first.lend(payer)
    await rpc.send('evm_setAutomine', [false])
    const inDoubt = async (): Promise<string[]> => {
      const block = (await rpc.send('eth_getBlockByNumber', ['pending', true])) as {
        transactions: { from: string; hash: string }[]
      }
      return block.transactions.filter(({ from }) => from === provider.address).map(({ hash }) => hash)
    }

    const offered = new Set<string>()
    for (let round = 0; round < 2; round++) {
      await earn(first)
      expect(await codeOfRejection(first.settler.settleNow())).to.equal('CHAIN_TIMEOUT')
      const hashes = await inDoubt()
      expect(hashes).to.have.length(1)
      offered.add(hashes[0] as string)
    }
    const restarted = await sellerOn({ rpc, deployment, provider }, { sending, store: first.store })
    await earn(restarted)
    expect(await codeOfRejection(restarted.settler.settleNow())).to.equal('CHAIN_TIMEOUT')
    expect(await inDoubt()).to.have.length(1)
    expect(offered.has((await inDoubt())[0] as string), 'the newest stands').to.equal(false)

    await rpc.send('evm_mine')
    await rpc.send('evm_setAutomine', [true])
    expect(await restarted.settler.settleNow(), 'it landed meanwhile').to.equal(0n)
    const { batches, amount, lifetime } = await restarted.own.earned(provider.address)
    expect([batches, amount, lifetime]).to.deep.equal([1, 0n, payer.state.cumulative])
    expect((await restarted.own.channel(provider.address, modelId, payer.wallet.address)).settled).to.equal(lifetime)
  })
})
