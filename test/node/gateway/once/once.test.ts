import { expect } from 'chai'
import OpenAI from 'openai'
import { type Clock, memoryStore, systemClock } from 'openseam/components'
import { SeamError } from 'openseam/protocol/errors'
import {
  type GatewayComponents,
  type GatewayServer,
  serveGateway,
  spendBook,
  storeRecords
} from '../../../../node/gateway/index.ts'
import { ownerOfKey } from '../../../../node/gateway/owners.ts'
import { until } from '../../../support/until.ts'
import { finish, hello, noProvider, type Script, token } from '../fake-client.ts'
import { basic, eventsOf, type Harness, harness } from '../harness.ts'

const keyed = (key: string, more: Record<string, string> = {}): RequestInit => ({ headers: { 'idempotency-key': key, ...more } })
const tried = (count: number): RequestInit => ({ headers: { 'x-stainless-retry-count': String(count) } })
const slow: Script = { steps: [[token(0, 'A')], 100, [token(1, 'b')], [finish()]] }
const stream = { ...basic, stream: true }
const textOf = (body: string): string =>
  eventsOf(body)
    .map((event) => event.choices?.[0]?.delta?.content ?? '')
    .join('')

/** Time that only passes where the test says so, for the waits of the given lengths. */
const stopped = (...delays: number[]): Clock & { pass(delayMs: number): void; waiting(delayMs: number): number } => {
  const held: { delayMs: number; resolve: () => void }[] = []
  return {
    ...systemClock,
    sleep: (delayMs, signal) => {
      if (!delays.includes(delayMs)) return systemClock.sleep(delayMs, signal)
      return new Promise((resolve, reject) => {
        const one = { delayMs, resolve }
        held.push(one)
        signal?.addEventListener('abort', () => {
          held.splice(held.indexOf(one), 1)
          reject(signal.reason)
        })
      })
    },
    waiting: (delayMs) => held.filter((one) => one.delayMs === delayMs).length,
    pass(delayMs) {
      for (const one of held.filter((other) => other.delayMs === delayMs)) one.resolve()
    }
  }
}

describe('gateway: the same Idempotency-Key', () => {
  it('at once: one answer, the same for both, whole or streamed', async () => {
    for (const body of [basic, stream]) {
      const { post, client } = harness(slow)
      const [one, two] = await Promise.all([post(body, keyed('k')), post(body, keyed('k'))])
      expect([one.headers.get('idempotent-replayed'), two.headers.get('idempotent-replayed')]).to.deep.equal([null, 'true'])
      expect(two.headers.get('x-openseam-session')).to.equal('handle-1')
      const [first, second] = await Promise.all([one.text(), two.text()])
      const what = body === stream ? [textOf(first), textOf(second)] : [first, second].map((text) => JSON.parse(text).id)
      expect(what[1]).to.equal(what[0])
      expect(second).to.have.length(first.length)
      expect(client.requests).to.have.length(1)
    }
  })

  it('afterwards: the answer again, with its id, also from a new process over the same store', async () => {
    const store = memoryStore()
    const one = harness(hello, {}, { records: storeRecords(store) })
    const first = await one.ask({ ...basic, n: 2 }, keyed('k'))
    const second = await one.ask({ ...basic, n: 2 }, keyed('k'))
    expect(second.json).to.deep.equal(first.json)
    const two = harness(hello, {}, { records: storeRecords(store), client: one.client })
    const third = await two.ask({ ...basic, n: 2 }, keyed('k'))
    expect(third.json).to.deep.equal(first.json)
    expect(third.headers.get('idempotent-replayed')).to.equal('true')
    expect(one.client.requests).to.have.length(2) // two choices, once
  })

  it('with another body is refused, while it runs and afterwards', async () => {
    const { ask, post, client } = harness(slow)
    const running = post(basic, keyed('k'))
    const other = { ...basic, seed: 1 }
    for (const _ of ['running', 'over']) {
      const { status, json, headers } = await ask(other, keyed('k'))
      expect([status, json.error.code, headers.get('x-should-retry')]).to.deep.equal([422, 'KEY_REUSED', 'false'])
      await running
    }
    expect(client.requests).to.have.length(1)
  })

  it('belongs to the API key and to the path', async () => {
    const { ask, client } = harness()
    await ask(basic, keyed('k', { authorization: 'Bearer one' }))
    await ask(basic, keyed('k', { authorization: 'Bearer two' }))
    expect(client.requests).to.have.length(2)
    await ask({ model: 'seam-chat', prompt: 'Hi' }, { ...keyed('k', { authorization: 'Bearer one' }), path: '/v1/completions' })
    expect(client.requests).to.have.length(3)
  })

  it('after what never began or was cancelled: a new answer', async () => {
    const clock = stopped(60_000)
    const { ask, post, client } = harness({ refuse: noProvider() }, {}, { clock })
    expect((await ask(basic, keyed('k'))).status).to.equal(503)
    client.play({ steps: [[token(0, 'A')], 60_000, [finish()]] }, hello)
    await (await post(stream, keyed('s'))).body?.cancel()
    await until(() => clock.waiting(60_000) > 0)
    expect(client.cancelled).to.deep.equal([])
    clock.pass(60_000)
    await until(() => client.cancelled.length === 1)
    expect(textOf(await (await post(stream, keyed('s'))).text())).to.equal('Hello there')
    expect((await ask(basic, keyed('k'))).status).to.equal(200)
  })

  it('of a caller that went away and came back: the answer ran on, and is heard whole', async () => {
    const clock = stopped(60_000)
    const { post, client } = harness(slow, {}, { clock })
    await (await post(stream, keyed('k'))).body?.cancel()
    await until(() => clock.waiting(60_000) > 0)
    const again = await post(stream, keyed('k'))
    expect(clock.waiting(60_000)).to.equal(0)
    expect(textOf(await again.text())).to.equal('Ab')
    expect(client.requests).to.have.length(1)
  })

  it('after an answer broke off: its session is carried on, and only what is new is booked', async () => {
    const clock = systemClock
    const spend = spendBook(clock)
    const summary: NonNullable<Script['summary']> = { amount: 5n, finish: 'failed', tokenIds: [100] }
    const { ask, client, settled } = harness(
      { steps: [[token(0, 'A')], new SeamError('NET_CLOSED', 'lost')], summary },
      {},
      { spend }
    )
    expect((await ask(basic, keyed('k'))).status).to.equal(502)
    await settled()
    const all = () => spend.days(ownerOfKey(undefined))[0]?.[1]
    expect(all()).to.deep.equal({ answers: 1, promptTokens: 30, completionTokens: 1, amount: 5n })
    const script = { steps: [[token(0, 'A'), token(1, 'b')], [finish()]], summary }
    client.release = async (session) => {
      client.released.push(session)
      Object.assign(summary, { amount: 7n, finish: 'stop', tokenIds: [100, 101] })
      client.replace(session, script) // from its log, it goes on
    }
    const { status, json } = await ask(basic, keyed('k'))
    expect([status, json.choices[0].message.content, client.requests.length]).to.deep.equal([200, 'Ab', 1])
    expect(client.released).to.deep.equal(['handle-1'])
    await settled()
    expect(all()).to.deep.equal({ answers: 1, promptTokens: 30, completionTokens: 2, amount: 7n })
  })

  it('when its session has gone on: a conflict, not another answer', async () => {
    const { ask, client } = harness()
    await ask(basic, keyed('k'))
    client.replace('handle-1', { ...hello, summary: { promptTokens: 60 } })
    expect((await ask(basic, keyed('k'))).json.error.code).to.equal('SESSION_DIVERGED')
  })

  it('must be printable and short', async () => {
    const { ask } = harness()
    for (const key of ['', 'a b', 'x'.repeat(256)]) expect((await ask(basic, keyed(key))).status).to.equal(400)
  })
})

describe('gateway: a library’s own retry', () => {
  let server: GatewayServer | undefined
  afterEach(() => server?.close(0))
  const serve = async (script: Script, parts: Partial<GatewayComponents>): Promise<Harness & { openai: OpenAI }> => {
    const made = harness(script, {}, parts)
    server = await serveGateway(made.app, { host: '127.0.0.1', port: 0 })
    return { ...made, openai: new OpenAI({ apiKey: 'k', baseURL: `${server.url}/v1`, maxRetries: 10 }) }
  }
  const ask = { ...basic, messages: [{ role: 'user' as const, content: 'Hi' }] }

  it('after a timeout joins the answer that runs: the openai client, whole and streamed', async () => {
    for (const streamed of [false, true]) {
      const clock = stopped(3_000) // however slow this machine, it is waited for
      const { openai, client } = await serve({ steps: [1_500, [token(0, 'A'), token(1, 'b'), finish()]] }, { clock })
      let text = ''
      if (streamed) {
        const chunks = await openai.chat.completions.create({ ...ask, stream: true }, { timeout: 600 })
        for await (const chunk of chunks) text += chunk.choices[0]?.delta.content ?? ''
      } else text = (await openai.chat.completions.create(ask, { timeout: 600 })).choices[0]?.message.content ?? ''
      expect(text).to.equal('Ab')
      expect(client.requests).to.have.length(1)
      expect(client.cancelled).to.deep.equal([])
      await server?.close(0)
    }
  })

  it('finds an answer that ended while nobody heard it', async () => {
    const { post, client } = harness({ steps: [50, [token(0, 'A'), finish()]] })
    const leaving = new AbortController()
    const gone = post(basic, { ...tried(0), signal: leaving.signal }).then((response) => response.text())
    await until(() => client.requests.length === 1)
    leaving.abort()
    await gone.catch(() => undefined)
    const again = await post(basic, tried(1))
    expect([again.status, again.headers.get('idempotent-replayed')]).to.deep.equal([200, 'true'])
    const third = await post(basic, tried(1)) // heard by now
    expect(third.headers.get('idempotent-replayed')).to.equal(null)
    expect(client.requests).to.have.length(2)
  })

  it('that does not come: the answer is cancelled soon', async () => {
    const clock = stopped(3_000)
    const { post, client } = harness({ steps: [60_000, [token(0, 'A'), finish()]] }, {}, { clock })
    const leaving = new AbortController()
    const gone = post(basic, { ...tried(0), signal: leaving.signal })
    await until(() => client.requests.length === 1)
    leaving.abort()
    await until(() => clock.waiting(3_000) === 1)
    expect(client.cancelled).to.deep.equal([])
    clock.pass(3_000)
    await until(() => client.cancelled.length === 1)
    expect((await gone).status).to.equal(499)
  })

  it('is not waited for once the head of a stream is sent, nor where the caller does not say that it retries', async () => {
    const clock = stopped(3_000)
    for (const init of [tried(0), {}]) {
      const { post, client } = harness({ steps: [[token(0, 'A')], 60_000, [finish()]] }, {}, { clock })
      await (await post(stream, init)).body?.cancel()
      await until(() => client.cancelled.length === 1)
    }
    expect(clock.waiting(3_000)).to.equal(0)
  })

  it('is told from a second wish: equal bodies without it are two answers', async () => {
    const { ask: asked, client } = harness(slow)
    const ids = await Promise.all([0, 1].map(async () => (await asked(basic, tried(0))).json.openseam.session))
    expect(new Set(ids).size).to.equal(2)
    expect(client.requests).to.have.length(2)
  })

  it('costs no quota, and counts as a request', async () => {
    const { ask: asked } = harness(hello, { perMinute: 2 })
    await asked(basic, keyed('k'))
    expect((await asked(basic, keyed('k'))).headers.get('x-ratelimit-remaining-requests')).to.equal('0')
    expect((await asked(basic, keyed('k'))).status).to.equal(429)
  })
})
