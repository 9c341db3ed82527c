/** SIGTERM: a provider hands its sessions over, takes nothing new, collects what it is owed, and goes. */
import { once } from 'node:events'
import { expect } from 'chai'
import { expectExactBooks } from './lib/books.ts'
import { expectSame, expectTiled, served } from './lib/legs.ts'
import { endless, type Market, startMarket, user } from './lib/market.ts'

const request = { ...endless, temperature: 0, max_tokens: 240, messages: [user('Tell me a long story about a red kite.')] }

describe('a provider is asked to stop in mid-answer', () => {
  let market: Market
  before(async () => {
    market = await startMarket()
  })
  after(() => market?.stop())

  it('the answer goes on elsewhere, and the provider settles and exits with 0', async () => {
    const calm = await market.ask(request)
    let stopped: { name: string; account: `0x${string}`; exit: Promise<unknown[]> } | undefined
    const first = await market.ask(request, async ({ index, provider }, session) => {
      if (stopped !== undefined || index < 60) return
      await market.replicated(session, 2)
      const { name, account, child } = market.net.provider(provider)
      if (child === undefined) throw new Error(`${name} is down`)
      stopped = { name, account, exit: once(child.process, 'exit') }
      child.process.kill('SIGTERM')
    })
    expectTiled(first)
    const [left, heir, ...more] = served(first)
    expect(more).to.deep.equal([])
    expect(left?.end).to.equal('drained')
    expect(heir?.resumed).to.equal('warm')
    expect(heir?.kept).to.be.above(0)
    expect(left?.provider).to.not.equal(heir?.provider)
    expectSame(first, calm)

    // With 1 it would say that it was not done within its 30 s.
    expect(await stopped?.exit).to.deep.equal([0, null])
    const legs = market.told.flatMap((one) => one.legs)
    expect(legs.some((leg) => leg.account === stopped?.account && leg.amount !== '0')).to.equal(true)
    await expectExactBooks(market.chain, legs)
  })
})
