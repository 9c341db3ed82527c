import { expect } from 'chai'
import { ownerOfKey } from '../../../node/gateway/index.ts'
import { basic, harness } from './harness.ts'

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

  it('any origin, where the operator says so', async () => {
    const { app } = harness(undefined, { origins: ['*'] })
    const response = await app.request('/v1/models', from('https://anyone.example'))
    expect([response.status, response.headers.get('access-control-allow-origin')]).to.deep.equal([200, '*'])
    expect(response.headers.has('access-control-allow-credentials')).to.equal(false)
  })

  it('a preflight needs no key, what follows does', async () => {
    const options = { origins: ['https://app.example'], keyHashes: new Set([ownerOfKey('k')]) }
    const { app } = harness(undefined, options)
    expect((await app.request('/v1/models', preflight('https://app.example'))).status).to.equal(204)
    const refused = await app.request('/v1/models', from('https://app.example'))
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).to.deep.equal([401, 'https://app.example'])
  })
})

describe('gateway pages of other sites', () => {
  const asks = (origin: string, host: string) => ({ headers: { origin, host, 'content-type': 'text/plain' } })

  it('cannot spend the wallet where no key is asked for', async () => {
    const { ask, client } = harness(undefined, { origins: ['https://app.example'] })
    const strangers = [
      ['https://evil.example', '127.0.0.1:8787'],
      ['http://evil.example:8787', 'evil.example:8787'], // a name that was made to lead here
      ['http://127.0.0.1:9999', '127.0.0.1:8787'],
      ['http://localhost.evil.example', 'localhost.evil.example'],
      ['null', '127.0.0.1:8787'],
      ['file://', '127.0.0.1:8787']
    ] as const
    for (const [origin, host] of strangers) {
      const { status, json } = await ask(basic, asks(origin, host))
      expect([status, json.error.code], origin).to.deep.equal([403, 'FORBIDDEN'])
    }
    expect(client.requests).to.have.length(0)
  })

  it('the own page and listed ones can, and so can programs', async () => {
    const { ask } = harness(undefined, { origins: ['https://app.example'] })
    const ours = [
      ['http://127.0.0.1:8787', '127.0.0.1:8787'],
      ['http://localhost:8787', 'localhost:8787'],
      ['http://[::1]:8787', '[::1]:8787'],
      ['https://192.168.1.5', '192.168.1.5'],
      ['https://app.example', '127.0.0.1:8787']
    ] as const
    for (const [origin, host] of ours) expect((await ask(basic, asks(origin, host))).status, origin).to.equal(200)
    expect((await ask(basic)).status).to.equal(200)
  })

  it('where keys are asked for, the key decides', async () => {
    const { ask } = harness(undefined, { keyHashes: new Set([ownerOfKey('k')]) })
    const headers = { origin: 'https://evil.example', host: 'api.example' }
    expect((await ask(basic, { headers })).status).to.equal(401)
    expect((await ask(basic, { headers: { ...headers, authorization: 'Bearer k' } })).status).to.equal(200)
  })
})
