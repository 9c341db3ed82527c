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

describe('gateway CORS', () => {
  const from = (origin: string) => ({ headers: { origin } })
  const preflight = (origin: string) => ({
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type' }
  })

  it('is off unless origins are listed', async () => {
    const { app } = harness()
    const response = await app.request('/v1/models', from('https://app.example'))
    expect(response.headers.has('access-control-allow-origin')).to.equal(false)
    expect((await app.request('/v1/models', preflight('https://app.example'))).status).to.equal(405)
  })

  it('answers a listed origin, errors too, and no other', async () => {
    const { app } = harness(undefined, { origins: ['https://app.example'] })
    const path = '/v1/chat/completions'
    const asked = await app.request(path, preflight('https://app.example'))
    expect(asked.status).to.equal(204)
    expect(asked.headers.get('access-control-allow-origin')).to.equal('https://app.example')
    expect(asked.headers.get('access-control-allow-headers')).to.equal('authorization,content-type')
    const bad = await app.request(path, { method: 'POST', body: '{', ...from('https://app.example') })
    expect([bad.status, bad.headers.get('access-control-allow-origin')]).to.deep.equal([400, 'https://app.example'])
    expect(bad.headers.get('access-control-expose-headers')).to.contain('x-request-id')
    const other = await app.request('/v1/models', from('https://evil.example'))
    expect(other.headers.has('access-control-allow-origin')).to.equal(false)
    expect((await app.request('/metrics', from('https://app.example'))).headers.has('access-control-allow-origin')).to.equal(
      false
    )
  })
})
