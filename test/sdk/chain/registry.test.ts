import { expect } from 'chai'
import { RegistryClient, revertOf } from '../../../sdk/chain/index.ts'
import { addressOf } from '../../../sdk/protocol/eth.ts'
import { hashOf, type Market, named, OPEN, type Person, startMarket } from '../../contracts/market.ts'

const DAY = 86_400
const NO_BATCH = { root: hashOf('none'), total: 0n, count: 0, postedAt: 0 }

describe('registry client', function () {
  this.timeout(30_000)
  let market: Market
  let provider: Person

  before(async () => {
    market = await startMarket()
    provider = await market.person('registry provider')
  })
  after(() => market.close())

  it('registers with stake, and says who is active', async () => {
    const account = provider.wallet.address
    expect((await provider.registry.provider(account)).registered).to.equal(false)
    const stake = await provider.registry.minStake()
    expect(revertOf(await provider.registry.register(account, stake - 1n).catch((e) => e))).to.equal('StakeTooLow')
    await provider.registry.register(account, stake)
    await provider.registry.addStake(OPEN)
    await provider.registry.setPayout(named('payout').address)
    expect(await provider.registry.provider(account)).to.deep.equal({
      registered: true,
      active: true,
      payout: named('payout').address,
      stake: stake + OPEN,
      unbonding: 0n,
      readyAt: 0,
      openCases: 0,
      slashes: 0,
      jailed: false
    })
  })

  it('names keys with their consent and revokes them', async () => {
    const { address, secretKey } = named('peer key')
    expect(await provider.registry.isKey(provider.wallet.address, address)).to.equal(false)
    await provider.registry.addKey(secretKey)
    expect(await provider.registry.isKey(provider.wallet.address, address)).to.equal(true)
    expect(await provider.registry.keyOwner(addressOf(secretKey))).to.equal(provider.wallet.address)
    await provider.registry.revokeKey(address)
    expect(await provider.registry.isKey(provider.wallet.address, address)).to.equal(false)
    expect(await provider.registry.isKey(provider.wallet.address, provider.wallet.address)).to.equal(true)
  })

  it('unbonds after the delay', async () => {
    await provider.registry.startUnbond(OPEN)
    await provider.registry.cancelUnbond()
    await provider.registry.startUnbond(OPEN)
    expect(revertOf(await provider.registry.finishUnbond(NO_BATCH).catch((e) => e))).to.equal('UnbondNotReady')
    await market.passSeconds(14 * DAY)
    await provider.registry.finishUnbond(NO_BATCH)
    expect((await provider.registry.provider(provider.wallet.address)).stake).to.equal(1_000n * OPEN)
  })

  it('asks the chain once in ten minutes, unless told otherwise', async () => {
    let nowMs = 0
    let sent = 0
    const rpc = Object.create(market.rpc) as typeof market.rpc
    Object.defineProperty(rpc, 'clock', { value: { ...market.rpc.clock, tickMs: () => nowMs } })
    rpc.call = (...args) => {
      sent += 1
      return market.rpc.call(...args)
    }
    const reader = new RegistryClient(rpc, market.deployment)
    const read = (fresh = false) => reader.provider(provider.wallet.address, { fresh })
    await Promise.all([read(), read()])
    nowMs = 599_999
    await read()
    expect(sent).to.equal(1)
    await read(true)
    expect(sent).to.equal(2)
    nowMs += 600_000
    await read()
    expect(sent).to.equal(3)
    rpc.call = () => Promise.reject(new Error('down'))
    nowMs += 600_000
    expect((await read().catch((e) => e)).message).to.equal('down')
    rpc.call = (...args) => market.rpc.call(...args)
    expect((await read()).registered, 'a failure is not cached').to.equal(true)
  })

  it('writes nothing without a wallet', () => {
    expect(() => new RegistryClient(market.rpc, market.deployment).setPayout(provider.wallet.address)).to.throw('only reads')
  })
})
