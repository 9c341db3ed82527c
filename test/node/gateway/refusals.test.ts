/** Bad input gets a 4xx that names the field and says what to do; never a 500, never a hang. */
import { expect } from 'chai'
import { SeamError } from 'openseam/protocol/errors'
import { ownerOfKey } from '../../../node/gateway/index.ts'
import { noProvider, P1 } from './fake-client.ts'
import { fuzz } from './fuzz.ts'
import { basic, harness } from './harness.ts'

const refused: [body: unknown, param: string | null, says: RegExp][] = [
  ['{"model":', null, /not JSON/],
  ['', null, /not JSON/],
  ['[]', null, /expected object/],
  ['null', null, /expected object/],
  [{ messages: basic.messages }, 'model', /is required/],
  [{ model: 'm' }, 'messages', /is required/],
  [{ ...basic, messages: [] }, 'messages', /./],
  [{ ...basic, messages: [{ role: 'robot', content: 'x' }] }, 'messages[0].role', /system, developer, user, assistant or tool/],
  [{ ...basic, messages: [{ role: 'user', content: 7 }] }, 'messages[0].content', /expected string.*expected array/],
  [{ ...basic, messages: [{ role: 'user', content: [{ type: 'image_url' }] }] }, 'messages[0].content[0].type', /text parts/],
  [{ ...basic, temperature: 'hot' }, 'temperature', /expected number/],
  [{ ...basic, temperature: 3 }, 'temperature', /2/],
  [{ ...basic, seed: 1.5 }, 'seed', /integer/],
  [{ ...basic, n: 9 }, 'n', /8/],
  [{ ...basic, n: 2, openseam: { session: 'handle-1' } }, 'n', /one answer/],
  [{ ...basic, stop: ['a', 'b', 'c', 'd', 'e'] }, 'stop', /./],
  [{ ...basic, max_tokens: 0 }, 'max_tokens', /./],
  [{ ...basic, top_logprobs: 3 }, 'top_logprobs', /logprobs/],
  [{ ...basic, stream_options: { include_usage: true } }, 'stream_options', /stream/],
  [{ ...basic, logit_bias: { dog: 1 } }, 'logit_bias.dog', /token ids/],
  [{ ...basic, tools: [{ type: 'function' }] }, 'tools[0].function', /required/],
  [{ ...basic, response_format: { type: 'xml' } }, 'response_format.type', /json_schema/],
  [{ ...basic, response_format: { type: 'json_schema' } }, 'response_format.json_schema', /required/],
  [{ ...basic, openseam: { maxPrice: 5 } }, 'openseam.maxPrice', /expected string/],
  [{ ...basic, openseam: { maxPrice: '1.5' } }, 'openseam.maxPrice', /decimal string/],
  [{ ...basic, openseam: { successors: 99 } }, 'openseam.successors', /./]
]

describe('gateway refusals', () => {
  for (const [body, param, says] of refused) {
    it(`400: ${(typeof body === 'string' ? body : JSON.stringify(body)).slice(0, 90)}`, async () => {
      const { status, headers, json } = await harness().ask(body)
      expect([status, json.error.param, json.error.code, json.error.type]).to.deep.equal([
        400,
        param,
        'BAD_REQUEST',
        'invalid_request_error'
      ])
      expect(json.error.message).to.match(says)
      expect(headers.get('x-should-retry')).to.equal('false')
    })
  }

  it('413 past the body limit, declared or not', async () => {
    const { post } = harness(undefined, { bodyBytesMax: 100 })
    const long = JSON.stringify({ ...basic, user: 'x'.repeat(200) })
    expect((await post(long)).status).to.equal(413)
    expect((await post(long, { headers: { 'content-length': String(long.length) } })).status).to.equal(413)
  })

  it('400 on a body that is not UTF-8', async () => {
    const { app } = harness()
    const response = await app.request('/v1/chat/completions', { method: 'POST', body: new Uint8Array([0x22, 0xff, 0x22]) })
    expect(response.status).to.equal(400)
  })

  it('404 and 405 in the same form', async () => {
    const { get, app } = harness()
    expect((await get('/v2/models')).json.error.code).to.equal('NOT_FOUND')
    expect((await get('/v1/models/other')).json.error.code).to.equal('MODEL_UNKNOWN')
    const wrong = await app.request('/v1/chat/completions')
    expect([wrong.status, wrong.headers.get('allow')]).to.deep.equal([405, 'POST'])
  })

  it('503 says who was passed over and why', async () => {
    const { status, json, headers } = await harness({ refuse: noProvider() }).ask(basic)
    expect(status).to.equal(503)
    expect(json.error.excluded).to.deep.equal([{ provider: P1, code: 'NO_SLOT', detail: 'all 4 slots are taken' }])
    expect(headers.get('x-should-retry')).to.equal('true')
    expect(headers.get('retry-after')).to.equal('1')
  })

  it('embeddings: refused for a model that makes none, unknown for one that nobody offers', async () => {
    const { ask } = harness()
    const refused = async (body: object) => {
      const { status, json, headers } = await ask(body, { path: '/v1/embeddings' })
      return [status, json.error.code, json.error.param, headers.get('retry-after')]
    }
    expect(await refused({ model: 'seam-chat', input: ['Hi'] })).to.deep.equal([400, 'MODEL_CANNOT', 'model', null])
    expect(await refused({ model: 'none', input: 'Hi' })).to.deep.equal([404, 'MODEL_UNKNOWN', 'model', null])
    expect(await refused({ model: 'seam-chat' })).to.deep.equal([400, 'BAD_REQUEST', 'input', null])
  })

  it('a code of the project keeps its status and its field', async () => {
    const { status, json } = await harness({ refuse: new SeamError('SESSION_DIVERGED', 'The messages differ at 2.') }).ask(basic)
    expect([status, json.error.code, json.error.param]).to.deep.equal([409, 'SESSION_DIVERGED', 'messages'])
  })
})

describe('gateway keys', () => {
  const bearer = (key: string): RequestInit => ({ headers: { authorization: `Bearer ${key}` } })

  it('a session answers to the key that opened it and is unknown to others', async () => {
    const { ask, get } = harness()
    await ask(basic, bearer('mine'))
    expect((await get('/v1/sessions/handle-1', bearer('mine'))).status).to.equal(200)
    for (const init of [bearer('other'), undefined]) {
      for (const path of ['/v1/sessions/handle-1', '/v1/sessions/handle-1/stream', '/v1/sessions/handle-1/opening'])
        expect((await get(path, init)).status).to.equal(404)
    }
    const next = { ...basic, openseam: { session: 'handle-1' } }
    expect((await ask(next, bearer('other'))).json.error.code).to.equal('SESSION_UNKNOWN')
    expect((await ask(next, bearer('mine'))).headers.get('x-openseam-session')).to.equal('handle-1')
  })

  it('where keys are required, others get 401', async () => {
    const { ask, get } = harness(undefined, { keyHashes: new Set([ownerOfKey('good')]) })
    expect((await ask(basic, bearer('good'))).status).to.equal(200)
    expect((await ask(basic, bearer('bad'))).json.error.code).to.equal('UNAUTHORIZED')
    expect((await get('/v1/models')).status).to.equal(401)
    expect((await get('/healthz')).status).to.equal(200)
  })
})

describe('gateway fuzz', () => {
  it('500 bodies give 2xx or a 4xx with a message', async () => {
    const { app } = harness()
    const { statuses } = await fuzz(async (path, init) => app.request(path, init), 500)
    for (const path of ['chat/completions', 'completions', 'responses', 'messages'])
      expect(statuses[`${path} 200`], `bodies that were fine at ${path}`).to.be.greaterThan(3)
    expect(Object.keys(statuses).filter((row) => row.endsWith('503'))).to.deep.equal([]) // the scripted client refuses nothing
  }).timeout(60_000)
})
