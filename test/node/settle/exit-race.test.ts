// Vouchers against exits, on a chain in a process of its own and with the rules that the daemon runs on. The clock of the provider is the test's.
import { expect } from 'chai'
import { currencyBalance } from 'openseam/chain/index'
import { systemClock } from 'openseam/components'
import type { Wei } from 'openseam/protocol/amounts'
import { bytesToHex, keccak256 } from 'openseam/protocol/eth'
import { SETTLE_EVERY_MS } from 'openseam/protocol/limits'
import { codeOfRejection, modelId } from '../../sdk/session/support.ts'
import { DEPOSIT, openChain, type Payer } from './kills/market.ts'
import { sellerOn } from './kills/seller.ts'

const READ_AGAIN_MS = 5_000 // a provider reads an account so often

type Chain = Awaited<ReturnType<typeof openChain>>
type Seller = Awaited<ReturnType<typeof sellerOn>>

describe('a voucher that races an exit', () => {
  const undo: (() => void)[] = []
  let chain: Chain
  let seller: Seller
  let payers: [Payer, Payer, Payer]
  before(async function () {
    this.timeout(180_000)
    chain = await openChain((step) => undo.push(step))
    payers = chain.payers as typeof payers
    seller = await sellerOn(chain, { gasPrice: 10n ** 18n })
  })
  after(() => undo.reverse().forEach((step) => void step()))

  const settledOf = async ({ wallet }: Payer): Promise<Wei> =>
    (await chain.ledger.channel(chain.provider.address, modelId, wallet.address)).settled
  const purseOf = ({ wallet }: Payer): Promise<Wei> => currencyBalance(chain.rpc, chain.deployment, wallet.address)
  const work = async (payer: Payer): Promise<void> => {
    const { client, ack } = payer.next(payer.receipts.length)
    await seller.book.accept(ack, client)
  }
  const waitExitDelay = async (): Promise<void> => {
    await chain.rpc.send('evm_increaseTime', [(await seller.own.exitDelay()) + 1])
    await chain.rpc.send('evm_mine')
  }
  /** The daemon's rhythm, until it holds; fails when that took as long as a round. */
  const soonerThanTheRhythm = async (holds: () => Promise<boolean>): Promise<void> => {
    const startMs = seller.clock.tickMs()
    await seller.until(holds)
    expect(seller.clock.tickMs() - startMs, 'sooner than the rhythm').to.be.below(SETTLE_EVERY_MS)
  }

  it('is settled before the client can leave, and so is what it signs while it leaves; it takes out only the rest', async function () {
    this.timeout(180_000)
    const [payer] = payers
    await seller.lend(payer)
    const running = seller.settler.run()
    undo.push(() => seller.settler.stop())
    await seller.clock.advance(1_000)
    await work(payer)
    const leaving = await chain.as(payer.wallet)
    await leaving.startExit(DEPOSIT)
    await soonerThanTheRhythm(async () => (await settledOf(payer)) === payer.state.cumulative)
    // The leg runs on, and pays; another is not opened.
    await work(payer)
    await soonerThanTheRhythm(async () => (await settledOf(payer)) === payer.state.cumulative)
    seller.close(payer)
    await seller.clock.advance(READ_AGAIN_MS)
    expect(await codeOfRejection(seller.wouldLend(payer))).to.equal('WALLET_UNFUNDED')
    expect(await codeOfRejection(leaving.finishExit()), 'not before its time').to.equal('CHAIN_REVERTED')
    await waitExitDelay()
    await leaving.finishExit()
    expect(await settledOf(payer)).to.equal(payer.state.cumulative)
    expect((await seller.own.account(payer.wallet.address)).balance).to.equal(0n)
    expect(await purseOf(payer)).to.equal(DEPOSIT - payer.state.cumulative)
    seller.settler.stop()
    await seller.clock.advance(1_000)
    await running
  })

  for (const first of ['exit', 'voucher'] as const) {
    it(`both in one block, the ${first} first, at a provider that slept through the delay: nobody else pays, and no wei comes twice`, async function () {
      this.timeout(180_000)
      const payer = payers[first === 'exit' ? 1 : 2]
      const other = payers[first === 'exit' ? 2 : 1]
      const { rpc } = chain
      const { address } = payer.wallet
      await seller.lend(payer)
      await work(payer)
      const before = await settledOf(payer)
      const othersBefore = (await seller.own.account(other.wallet.address)).balance
      const { batches } = await seller.own.earned(chain.provider.address)
      await (await chain.as(payer.wallet)).startExit(DEPOSIT)
      await waitExitDelay()

      await rpc.send('evm_setAutomine', [false])
      await rpc.send('hardhat_impersonateAccount', [address])
      const data = bytesToHex(keccak256(new TextEncoder().encode('finishExit()'))).slice(0, 10)
      const tip = first === 'exit' ? 10n ** 12n : 1n
      const fees = { maxPriorityFeePerGas: `0x${tip.toString(16)}`, maxFeePerGas: `0x${(10n ** 12n).toString(16)}` }
      const to = chain.deployment.ledger
      const exit = await rpc.send('eth_sendTransaction', [{ from: address, to, data, gas: '0x30d40', ...fees }])
      const settling = seller.settler.settleNow()
      const pending = async (): Promise<string[]> =>
        ((await rpc.send('eth_getBlockByNumber', ['pending', false])) as { transactions: string[] }).transactions
      while ((await pending()).length < 2) await systemClock.sleep(20)
      expect((await pending()).indexOf(exit as string)).to.equal(first === 'exit' ? 0 : 1)
      await rpc.send('evm_mine')
      await rpc.send('evm_setAutomine', [true])
      const total = await settling

      const owed = payer.state.cumulative - before
      const paid = first === 'exit' ? 0n : owed
      expect(total).to.equal(paid)
      expect(await purseOf(payer)).to.equal(DEPOSIT - paid)
      expect(await settledOf(payer)).to.equal(before + paid)
      expect((await seller.own.account(other.wallet.address)).balance).to.equal(othersBefore)
      expect(seller.settler.unsettled).to.equal(owed - paid)
      expect(await seller.settler.settleNow(), 'nothing comes twice').to.equal(0n)
      expect((await seller.own.earned(chain.provider.address)).batches - batches).to.equal(first === 'exit' ? 0 : 1)
      seller.close(payer)
      if (first === 'voucher') return
      // It owes still: whoever fills its escrow again pays that first.
      await chain.ledger.deposit(address, 2n * owed)
      expect(await seller.settler.settleNow()).to.equal(owed)
      expect((await seller.own.account(address)).balance).to.equal(owed)
    })
  }
})
