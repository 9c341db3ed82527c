import { expect } from 'chai'
import { systemClock } from 'openseam/components'
import { ApiError } from '../../../node/gateway/errors.ts'
import { RateLimiter } from '../../../node/gateway/limits.ts'
import { basic, harness } from './harness.ts'

const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` } })

describe('gateway rate limits', () => {
  it('a minute’s worth at once, then evenly', () => {
    for (const perMinute of [1, 7, 60, 1000]) {
      const limiter = new RateLimiter()
      const take = (nowMs: number) => limiter.take('k', perMinute, nowMs)
      for (let i = 1; i <= perMinute; i++) expect(take(0).remaining).to.equal(perMinute - i)
      expect(() => take(0)).to.throw(ApiError)
      const stepMs = 60_000 / perMinute
      expect(() => take(stepMs - 2)).to.throw(ApiError)
      expect(take(stepMs + 1).remaining).to.equal(0)
      expect(take(10 * 60_000).remaining).to.equal(perMinute - 1)
    }
  })

  it('one key does not take from another', () => {
    const limiter = new RateLimiter()
    limiter.take('a', 1, 0)
    expect(limiter.take('b', 1, 0).remaining).to.equal(0)
  })

  it('says in headers what is left, and when to come back', async () => {
    let nowMs = 0
    const { ask, client } = harness(undefined, { perMinute: 2 }, { clock: { ...systemClock, nowMs: () => nowMs } })
    const first = await ask(basic)
    expect(first.headers.get('x-ratelimit-limit-requests')).to.equal('2')
    expect(first.headers.get('x-ratelimit-remaining-requests')).to.equal('1')
    expect(first.headers.get('x-ratelimit-reset-requests')).to.equal('30s')
    await ask(basic, bearer('made-up')) // where no key is asked for, another name buys nothing
    const refused = await ask(basic, bearer('another'))
    expect([refused.status, refused.json.error.code]).to.deep.equal([429, 'RATE_LIMITED'])
    expect(refused.headers.get('retry-after')).to.equal('30')
    expect(refused.headers.get('x-should-retry')).to.equal('true')
    expect(client.requests).to.have.length(2)
    nowMs = 30_001
    expect((await ask(basic)).status).to.equal(200)
  })

  it('no limit, no headers', async () => {
    expect((await harness().ask(basic)).headers.has('x-ratelimit-limit-requests')).to.equal(false)
  })
})
