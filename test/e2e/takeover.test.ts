/** kill -9 in mid-answer, seen from the outside: through the gateway, over real processes, down to the last wei. */
import { expect } from 'chai'
import { expectExactBooks } from './lib/books.ts'
import type { Answer } from './lib/http.ts'
import { expectSame, expectTiled, served } from './lib/legs.ts'
import { assistant, endless, type Market, startMarket, user } from './lib/market.ts'
import { until } from './lib/until.ts'

const QUESTION = 'My name is Ada. Tell me a long story about a blue lamp.'
const RECALL = 'What is my name?'
const KILL_AT = 100

describe('a provider is killed in mid-answer', () => {
  let market: Market
  before(async () => {
    market = await startMarket({ explorer: true })
  })
  after(() => market?.stop())

  const conversation = async (
    sampling: object,
    disturb: boolean
  ): Promise<[first: Answer, second: Answer, killed: string | undefined]> => {
    let killed: string | undefined
    const request = { ...sampling, ...endless, max_tokens: 280 }
    const first = await market.ask({ ...request, messages: [user(QUESTION)] }, async ({ index, provider }, session) => {
      if (!disturb || killed !== undefined || index < KILL_AT) return
      await market.replicated(session, 4)
      killed = provider
      await market.net.kill(provider)
    })
    const messages = [user(QUESTION), assistant(first.text), user(RECALL)]
    const second = await market.ask({ ...request, max_tokens: 40, messages, openseam: { session: first.session } })
    return [first, second, killed]
  }

  const cases: [name: string, sampling: object][] = [
    ['greedy', { temperature: 0 }],
    ['sampled at temperature 0.8', { temperature: 0.8, seed: 42 }]
  ]
  for (const [name, sampling] of cases) {
    it(`${name}: the text is that of a session nobody disturbed, and the session goes on`, async () => {
      const [calm, calmSecond] = await conversation(sampling, false)
      const [first, second, killed] = await conversation(sampling, true)

      expectTiled(first)
      const [dead, heir, ...more] = served(first)
      expect(more).to.deep.equal([])
      expect(dead?.provider).to.equal(killed)
      expect(dead?.end).to.equal('died')
      expect(heir?.resumed).to.equal('warm')
      expect(heir?.kept).to.be.above(0)
      expect(heir?.recomputed).to.be.at.most(95)
      expect(heir?.end).to.equal('finished')
      expectSame(first, calm)
      expectTiled(second)
      expectSame(second, calmSecond)
      await market.revive()
    })
  }

  it('every leg is paid to the wei, those of the killed providers too', async () => {
    const legs = market.told.flatMap((one) => one.legs)
    expect(legs.some((leg) => leg.end === 'died' && leg.amount !== '0')).to.equal(true)
    await expectExactBooks(market.chain, legs)
  })

  it('the explorer has every receipt from its provider, proven, and shows the same legs', async () => {
    const { explorerUrl } = market.net
    for (const id of new Set(market.told.map(({ chainSession }) => chainSession))) {
      const told = market.told.filter(({ chainSession }) => chainSession === id)
      const amount = told.reduce((sum, one) => sum + BigInt(one.amount), 0n)
      const session = await until(`the receipts of ${id}`, async () => {
        const response = await fetch(`${explorerUrl}/api/sessions/${id}`)
        const shown = response.ok ? ((await response.json()) as ShownSession) : undefined
        return shown?.legs.reduce((sum, leg) => sum + BigInt(leg.amount), 0n) === amount && shown
      })
      const legs = told.flatMap((one) => one.legs).filter(({ from, to }) => to > from)
      const wrote = (rows: { provider: string; count: number }[]) => rows.filter(({ count }) => count > 0)
      expect(wrote(session.legs.map(({ provider, completionUnits: count }) => ({ provider, count })))).to.deep.equal(
        wrote(legs.map(({ account: provider, from, to }) => ({ provider, count: to - from })))
      )
      expect(session.legs.map(({ from }) => from).slice(1)).to.deep.equal(session.legs.map(({ to }) => to).slice(0, -1))
    }
  })
})

interface ShownSession {
  legs: { provider: string; from: number; to: number; completionUnits: number; amount: string; end: string | null }[]
}
