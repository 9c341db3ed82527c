// What a client and its accomplices can take from an honest provider, on a chain in a process of its own and with the rules that the daemon runs on.
import { expect } from 'chai'
import { domainOf, type Wallet } from 'openseam/chain/index'
import type { Wei } from 'openseam/protocol/amounts'
import { SETTLE_EVERY_MS, STRANGER_ESCROW_FACTOR } from 'openseam/protocol/limits'
import { signTyped } from 'openseam/protocol/typed-data'
import { codeOfRejection, hash, modelId } from '../../sdk/session/support.ts'
import { openChain, Payer } from './kills/market.ts'
import { sellerOn } from './kills/seller.ts'

const READ_AGAIN_MS = 5_000 // a provider reads an account so often

type Chain = Awaited<ReturnType<typeof openChain>>
type Seller = Awaited<ReturnType<typeof sellerOn>>

describe('attacks on a provider that lends', () => {
  const undo: (() => void)[] = []
  let chain: Chain
  let honest: Seller
  let second: Seller
  let secondWallet: Wallet
  let sybil: Wallet
  before(async function () {
    this.timeout(180_000)
    chain = await openChain((step) => undo.push(step))
    secondWallet = await chain.another(2)
    sybil = await chain.another(3)
    const { rpc, deployment, provider } = chain
    honest = await sellerOn({ rpc, deployment, provider }, { gasPrice: 10n ** 18n })
    second = await sellerOn({ rpc, deployment, provider: secondWallet }, { gasPrice: 10n ** 18n })
  })
  after(() => undo.reverse().forEach((step) => void step()))

  /** A client with exactly the escrow that credit asks for. */
  const attacker = async (name: string, deposit?: Wei, size?: number): Promise<{ payer: Payer; deposit: Wei }> => {
    const payer = new Payer(name, chain.provider.address, chain.deployment, size)
    const wei = deposit ?? STRANGER_ESCROW_FACTOR * honest.exposureOf(payer)
    await chain.ledger.deposit(payer.wallet.address, wei)
    return { payer, deposit: wei }
  }
  const settledAt = async (provider: Wallet, client: Wallet): Promise<Wei> =>
    (await chain.ledger.channel(provider.address, modelId, client.address)).settled
  const free = async (client: Wallet): Promise<Wei> => (await chain.ledger.account(client.address)).balance
  /** A voucher for no work at all, landed by the accomplice it is made out to. */
  const drain = async (client: Wallet, cumulative: Wei): Promise<Wei> => {
    const value = { client: client.address, provider: sybil.address, modelId, cumulative, units: 1, workRoot: hash('no work') }
    const item = { ...value, signature: signTyped(domainOf(chain.deployment), 'Voucher', value, client.secretKey) }
    return (await (await chain.as(sybil)).settle([{ modelId, items: [item] }])).total
  }
  const work = async (seller: Seller, payer: Payer, receipts: number): Promise<void> => {
    for (let count = 0; count < receipts; count++) {
      const { client, ack } = payer.next(payer.receipts.length)
      await seller.book.accept(ack, client)
    }
  }

  it('sybil drain: who pays its own provider first costs the honest one what it lent, and no leg more', async function () {
    this.timeout(60_000)
    const { payer, deposit } = await attacker('drainer', undefined, 500)
    await honest.lend(payer)
    await work(honest, payer, 1)
    honest.close(payer)
    // As long as it is lent to, and nobody settles.
    while ((await codeOfRejection(honest.wouldLend(payer))) === 'none') await work(honest, payer, 1)
    const owed = payer.state.cumulative
    expect(await drain(payer.wallet, deposit)).to.equal(deposit)
    expect(await honest.settler.settleNow()).to.equal(0n)
    expect(await settledAt(chain.provider, payer.wallet)).to.equal(0n)
    const batches = (await chain.ledger.earned(chain.provider.address)).batches
    await honest.settler.settleNow()
    expect((await chain.ledger.earned(chain.provider.address)).batches, 'nor gas for nothing').to.equal(batches)

    await honest.clock.advance(READ_AGAIN_MS)
    expect(await codeOfRejection(honest.wouldLend(payer)), 'the next leg').to.equal('CREDIT_EXHAUSTED')
    const receipt = payer.receipts.at(-1)?.amount ?? 0n
    expect(owed - receipt <= deposit, 'no more than was there when it was lent').to.equal(true)
    // Who ever wants to be served again pays first, from whatever purse.
    await chain.ledger.deposit(payer.wallet.address, 2n * owed)
    expect(await honest.settler.settleNow()).to.equal(owed)
    expect(await free(payer.wallet)).to.equal(owed)
  })

  it('sybil drain with a prefund: the accomplice gets what is free, the honest provider every wei it was promised', async function () {
    this.timeout(60_000)
    const { payer, deposit } = await attacker('drainer who prefunded')
    const exposure = honest.exposureOf(payer)
    const upTo = 3n * exposure
    const { address: client, secretKey } = payer.wallet
    const value = { client, provider: chain.provider.address, modelId, upTo, deadline: 2 ** 39 }
    await honest.own.prefund(value, signTyped(domainOf(chain.deployment), 'Prefund', value, secretKey))
    expect(await drain(payer.wallet, deposit)).to.equal(deposit - upTo)
    expect(await free(payer.wallet)).to.equal(0n)
    await honest.lend(payer) // on the prefund alone
    await work(honest, payer, 5)
    honest.close(payer)
    const { cumulative } = payer.state
    expect(cumulative <= upTo).to.equal(true)
    expect(await honest.settler.settleNow()).to.equal(cumulative)
    expect(await codeOfRejection(drain(payer.wallet, deposit)), 'the accomplice gets no more').to.equal('none')
    expect(await settledAt(sybil, payer.wallet)).to.equal(deposit - upTo)

    const leaving = await chain.as(payer.wallet)
    await leaving.startRelease(chain.provider.address, modelId)
    await honest.clock.advance(READ_AGAIN_MS)
    expect(await codeOfRejection(honest.wouldLend(payer)), 'a prefund that is being taken back').to.equal('CREDIT_EXHAUSTED')
  })

  it('double-spend: one escrow shown to two providers pays the first in full, the second the rest, and nobody twice', async function () {
    this.timeout(60_000)
    const { payer: one, deposit } = await attacker('spends twice', undefined, 1_000)
    const two = new Payer('spends twice', secondWallet.address, chain.deployment, 1_000)
    await honest.lend(one)
    await second.lend(two) // nothing on the chain tells of the first
    while (2n * one.state.cumulative < deposit) await work(honest, one, 1)
    while (one.state.cumulative + two.state.cumulative <= deposit) await work(second, two, 1)
    expect(await honest.settler.settleNow()).to.equal(one.state.cumulative)
    expect(await second.settler.settleNow()).to.equal(deposit - one.state.cumulative)
    const lost = one.state.cumulative + two.state.cumulative - deposit
    expect(lost > 0n && lost <= deposit).to.equal(true)
    expect(second.settler.unsettled).to.equal(lost)
    expect(await free(one.wallet)).to.equal(0n)
    second.close(two)
    await second.clock.advance(READ_AGAIN_MS)
    expect(await codeOfRejection(second.wouldLend(two))).to.equal('CREDIT_EXHAUSTED')
  })

  it('double-spend: one voucher, landed by two of the provider’s own processes and then again, pays once', async function () {
    this.timeout(60_000)
    const { payer } = await attacker('pays once', 10n ** 9n)
    const { rpc, deployment, provider } = chain
    await honest.lend(payer)
    const { client, ack } = payer.next(0)
    await honest.book.accept(ack, client)
    const replica = await sellerOn({ rpc, deployment, provider }, { gasPrice: 10n ** 18n, store: honest.store })
    const { amount: before, lifetime } = await chain.ledger.earned(provider.address)
    const outcomes = await Promise.allSettled([honest.settler.settleNow(), replica.settler.settleNow()])
    const landed = outcomes.filter((row) => row.status === 'fulfilled').reduce((sum, row) => sum + row.value, 0n)
    expect(landed).to.equal(payer.state.cumulative)
    for (const seller of [honest, replica]) expect(await seller.settler.settleNow()).to.equal(0n)
    expect(await settledAt(provider, payer.wallet)).to.equal(payer.state.cumulative)
    const after = await chain.ledger.earned(provider.address)
    expect([after.amount, after.lifetime]).to.deep.equal([before, lifetime + payer.state.cumulative])
    expect(await free(payer.wallet)).to.equal(10n ** 9n - payer.state.cumulative)
  })

  it('a key that is replaced: what it signed is settled while it counts, and later stops nobody else’s payment', async function () {
    this.timeout(120_000)
    const { payer: rotating } = await attacker('rotates')
    const { payer: steady } = await attacker('steady')
    for (const payer of [rotating, steady]) {
      await honest.lend(payer)
      await work(honest, payer, 1)
    }
    await honest.settler.settleNow()
    // It owes, and takes its key away. The daemon is there, and settles in time.
    await work(honest, rotating, 1)
    await (await chain.as(rotating.wallet)).setSigner(chain.provider.address)
    const running = honest.settler.run()
    const startMs = honest.clock.tickMs()
    await honest.until(async () => (await settledAt(chain.provider, rotating.wallet)) === rotating.state.cumulative)
    expect(honest.clock.tickMs() - startMs, 'sooner than the rhythm').to.be.below(SETTLE_EVERY_MS)
    honest.settler.stop()
    await honest.clock.advance(1_000)
    await running
    // It owes again, and the daemon is away until the key is worth nothing.
    await work(honest, rotating, 1)
    await work(honest, steady, 1)
    await chain.rpc.send('evm_increaseTime', [(await honest.own.exitDelay()) + 1])
    await chain.rpc.send('evm_mine')
    const paid = steady.state.cumulative - (await settledAt(chain.provider, steady.wallet))
    expect(await honest.settler.settleNow()).to.equal(paid)
    expect(honest.settler.unsettled > 0n, 'the other is lost, and known to be').to.equal(true)
  })
})
