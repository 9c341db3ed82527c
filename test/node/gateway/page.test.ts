/** The playground at `/` stands beside the API and hides none of it. */
import { expect } from 'chai'
import { silentLog, systemClock } from 'openseam/components'
import { Registry } from 'prom-client'
import { createGateway } from '../../../node/gateway/index.ts'
import type { Site } from '../../../node/lib/site.ts'
import { fakeClient } from './fake-client.ts'
import { harness } from './harness.ts'

const site: Site = {
  serve(path, request) {
    if (path !== '/') return undefined
    return request?.get('if-none-match') === 'known' ? new Response(null, { status: 304 }) : new Response('the page')
  }
}
const { app } = createGateway({
  client: fakeClient(),
  log: silentLog,
  registry: new Registry(),
  clock: systemClock,
  version: '0.1.0',
  site
})

describe('the page of a gateway', () => {
  it('is at /, with what the caller has already taken into account', async () => {
    expect(await (await app.request('/')).text()).to.equal('the page')
    expect((await app.request('/', { headers: { 'if-none-match': 'known' } })).status).to.equal(304)
    expect(await (await app.request('/', { method: 'HEAD' })).text()).to.equal('')
  })

  it('leaves every other path to the API, refusals too', async () => {
    expect((await app.request('/v1/models')).status).to.equal(200)
    for (const path of ['/v2/models', '/assets/none.js', '/index.htm']) {
      const response = await app.request(path)
      expect([response.status, (await response.json()).error.code], path).to.deep.equal([404, 'NOT_FOUND'])
    }
    expect((await app.request('/', { method: 'POST' })).status).to.equal(404)
    expect((await app.request('/v1/models', { method: 'POST' })).status).to.equal(405)
  })

  it('is not there where it was not built', async () => {
    expect((await harness().get('/')).json.error.code).to.equal('NOT_FOUND')
  })
})
