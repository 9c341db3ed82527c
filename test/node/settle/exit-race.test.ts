import { expect } from 'chai'
import { currencyBalance, LedgerClient, Sender } from 'openseam/chain/index'
import { systemClock } from 'openseam/components'
import { SETTLE_EVERY_MS } from 'openseam/protocol/limits'
import { modelId } from '../../sdk/session/support.ts'
import { DEPOSIT, openChain } from './kills/market.ts'
import { sellerOn } from './kills/seller.ts'
import { rowOf, TestLeg } from './support.ts'

describe('a voucher that races an exit', () => {
  const undo: (() => void)[] = []
  after(() => undo.reverse().forEach((step) => void step()))

  it('is settled before the client can leave, who takes out only the rest', async function () {
    this.timeout(180_000)
    const { rpc, deployment, provider, payers } = await openChain((step) => undo.push(step))
    const payer = payers[0] as (typeof payers)[number]
    const { clock, legs, book, own, settler } = await sellerOn({ rpc, deployment, provider }, { gasPrice: 10n ** 18n })
    await legs.open(rowOf(payer.open), new TestLeg(payer.open.maxTo))
    const running = settler.run()
    undo.push(() => settler.stop())
    await clock.advance(1_000)
    const { client, ack } = payer.next(0)
    await rpc.send('hardhat_setBalance', [client, '0xde0b6b3a7640000'])
    const leaving = new LedgerClient(rpc, deployment, new Sender(rpc, payer.wallet.secretKey))
    await book.accept(ack, client)
    await leaving.startExit(DEPOSIT)
    const settledOf = async (): Promise<bigint> => (await own.channel(provider.address, modelId, client)).settled
    const startMs = clock.tickMs()
    while ((await settledOf()) === 0n) {
      await clock.advance(1_000)
      await systemClock.sleep(10)
    }
    expect(clock.tickMs() - startMs, 'sooner than the rhythm').to.be.below(SETTLE_EVERY_MS)
    await rpc.send('evm_increaseTime', [(await own.exitDelay()) + 1])
    await rpc.send('evm_mine')
    await leaving.finishExit()
    expect(await settledOf()).to.equal(payer.state.cumulative)
    expect((await own.account(client)).balance).to.equal(0n)
    expect(await currencyBalance(rpc, deployment, client)).to.equal(DEPOSIT - payer.state.cumulative)
    settler.stop()
    await clock.advance(1_000)
    await running
  })
})
