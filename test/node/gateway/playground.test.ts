/** Power over providers: there in a devnet alone, and for its own page or a program on this machine alone. */
import { expect } from 'chai'
import { silentLog, systemClock } from 'openseam/components'
import { SeamError } from 'openseam/protocol/errors'
import { Registry } from 'prom-client'
import { createGateway } from '../../../node/gateway/index.ts'
import type { DevnetControl } from '../../../node/gateway/playground.ts'
import { fakeClient, P1 } from './fake-client.ts'
import { harness } from './harness.ts'

const EXPLORER = 'http://127.0.0.1:8788'
const OWN = { host: '127.0.0.1:8787' }
const p1 = { name: 'p1', peerId: P1, account: '0x00000000000000000000000000000000000000aa', state: 'ready' as const }

describe('the playground in a devnet', () => {
  const did: string[] = []
  const control: DevnetControl = {
    providers: async () => [p1],
    async act(name, action) {
      if (action === 'start') throw new SeamError('BAD_REQUEST', 'p1 is ready already')
      did.push(`${action} ${name}`)
    }
  }
  const registry = new Registry()
  const components = { client: fakeClient(), log: silentLog, registry, clock: systemClock, version: '0.1.0', control }
  const { app } = createGateway(components, { explorer: EXPLORER, keyHashes: new Set(['nobody']) })
  const post = (name: string, action: unknown, headers: Record<string, string>): Promise<Response> =>
    Promise.resolve(app.request(`/devnet/providers/${name}`, { method: 'POST', body: JSON.stringify({ do: action }), headers }))
  beforeEach(() => did.splice(0))

  it('says where proofs are and who provides, before any key is asked for', async () => {
    const response = await app.request('/playground.json')
    expect(await response.json()).to.deep.equal({ explorer: EXPLORER, devnet: { providers: [p1] } })
    expect((await app.request('/v1/models')).status).to.equal(401)
  })

  it('does what its page asks for', async () => {
    const page = { ...OWN, origin: 'http://127.0.0.1:8787', 'sec-fetch-site': 'same-origin' }
    expect((await post('p1', 'kill', page)).status).to.equal(202)
    expect((await post('p1', 'drain', OWN)).status).to.equal(202)
    expect(did).to.deep.equal(['kill p1', 'drain p1'])
  })

  it('does nothing for a page of another site, or under another name of this host', async () => {
    const strangers = [
      { ...OWN, origin: 'https://example.org', 'sec-fetch-site': 'cross-site' },
      { ...OWN, origin: 'http://127.0.0.1:9999', 'sec-fetch-site': 'same-site' },
      { ...OWN, 'sec-fetch-site': 'cross-site' },
      { ...OWN, origin: 'null' },
      { host: 'rebound.example:8787', origin: 'http://rebound.example:8787', 'sec-fetch-site': 'same-origin' },
      { host: '127.0.0.1.example:8787' }
    ]
    for (const headers of strangers) {
      const response = await post('p1', 'kill', headers)
      expect([response.status, (await response.json()).error.code], JSON.stringify(headers)).to.deep.equal([403, 'FORBIDDEN'])
    }
    expect(did).to.deep.equal([])
  })

  it('refuses what it cannot do with a reason', async () => {
    for (const [name, action, says] of [
      ['p9', 'kill', /called "p9"/],
      ['p1', 'explode', /do/],
      ['p1', 'start', /ready already/]
    ] as const) {
      const response = await post(name, action, OWN)
      expect(response.status, action).to.equal(400)
      expect((await response.json()).error.message).to.match(says)
    }
    expect((await app.request('/devnet/providers/p1')).status).to.equal(405)
  })

  it('is not there anywhere else', async () => {
    const { app: plain, get } = harness()
    expect((await get('/playground.json')).json).to.deep.equal({ explorer: null, devnet: null })
    const response = await plain.request('/devnet/providers/p1', { method: 'POST', body: '{"do":"kill"}', headers: OWN })
    expect(response.status).to.equal(404)
  })
})
