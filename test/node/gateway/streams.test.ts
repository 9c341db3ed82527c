/** Over real sockets: readers that are slow, that leave, and providers that keep them waiting. */

import { once } from 'node:events'
import { request } from 'node:http'
import { expect } from 'chai'
import { systemClock } from 'openseam/components'
import { type GatewayOptions, type GatewayServer, serveGateway } from '../../../node/gateway/index.ts'
import { until } from '../../support/until.ts'
import { finish, type Script, token } from './fake-client.ts'
import { basic, eventsOf, type Harness, harness } from './harness.ts'

const stream = JSON.stringify({ ...basic, stream: true })

describe('gateway streams', () => {
  let server: GatewayServer | undefined
  const serve = async (script: Script, options?: GatewayOptions): Promise<Harness & { url: string }> => {
    const made = harness(script, options)
    server = await serveGateway(made.app, { host: '127.0.0.1', port: 0 })
    return { ...made, url: `${server.url}/v1/chat/completions` }
  }
  afterEach(() => server?.close(0))

  it('sends comments while it waits, and commits to the stream once the wait is long', async () => {
    const { url } = await serve({ steps: [400, [token(0, 'A')], 400, [token(1, 'b'), finish()]] }, { keepAliveMs: 50 })
    const text = await (await fetch(url, { method: 'POST', body: stream })).text()
    expect(text.match(/^: waiting$/gm)?.length).to.be.within(2, 16)
    expect(eventsOf(text).at(-1)).to.equal('[DONE]')
  })

  it('cancels the turn when a streaming caller leaves', async () => {
    const { url, client } = await serve({ steps: [[token(0, 'A')], 60_000, [finish()]] })
    const leave = new AbortController()
    const response = await fetch(url, { method: 'POST', body: stream, signal: leave.signal })
    await response.body?.getReader().read()
    expect(client.cancelled).to.deep.equal([])
    leave.abort()
    await until(() => client.cancelled.length === 1)
  })

  it('cancels the turn when a caller leaves before the first token, streaming or not', async () => {
    for (const body of [stream, JSON.stringify(basic)]) {
      const { url, client } = await serve({ steps: [60_000, [token(0, 'A'), finish()]] })
      const leave = new AbortController()
      const asked = fetch(url, { method: 'POST', body, signal: leave.signal }).catch(() => undefined)
      await until(() => client.pulled() > 0)
      leave.abort()
      await asked
      await until(() => client.cancelled.length === 1)
      await server?.close(0)
    }
  })

  it('takes from the client only what a slow reader takes, and gives it all in the end', async () => {
    const batches = 2000
    const text = 'x'.repeat(4096)
    const steps = Array.from({ length: batches }, (_, index) => [token(index, text)])
    const { url, client } = await serve({ steps: [...steps, [finish()]] })
    const call = request(url, { method: 'POST', headers: { 'content-length': stream.length } })
    call.end(stream)
    const [response] = await once(call, 'response')
    response.pause()
    // Full once nothing more is taken: how soon that is differs by machine, that it comes to a halt does not.
    let held = 0
    for (let now = client.pulled(); now > held || now === 0; now = client.pulled()) {
      held = now
      await systemClock.sleep(300)
    }
    expect(held, 'goes on without the reader').to.be.lessThan(batches)
    let size = 0
    for await (const chunk of response) size += chunk.length
    expect(size).to.be.greaterThan(batches * text.length)
    expect(client.cancelled).to.deep.equal([])
  })

  it('gives up a reader that takes nothing at all', async () => {
    const steps = Array.from({ length: 2000 }, (_, index) => [token(index, 'x'.repeat(4096))])
    const { url, client } = await serve({ steps }, { stallMs: 100 })
    const call = request(url, { method: 'POST', headers: { 'content-length': stream.length } })
    call.on('error', () => undefined)
    call.end(stream)
    const [response] = await once(call, 'response')
    response.on('error', () => undefined)
    response.pause()
    await until(() => client.cancelled.length === 1)
  })

  it('lets a caller join an answer and leave it again without ending it', async () => {
    const { url, client, app } = await serve({ steps: [[token(0, 'A'), token(1, 'b')], 300, [token(2, 'c'), finish()]] })
    const first = await fetch(url, { method: 'POST', body: stream })
    const leave = new AbortController()
    const path = '/v1/sessions/handle-1/stream?from=1'
    const joined = await fetch(new URL(path, url), { signal: leave.signal })
    await joined.body?.getReader().read()
    leave.abort()
    const again = eventsOf(await (await app.request(path)).text())
    expect(again.filter((event) => event.openseam?.index !== undefined).map((event) => event.openseam.index)).to.deep.equal([
      1, 2
    ])
    expect(eventsOf(await first.text()).at(-1)).to.equal('[DONE]')
    expect(client.cancelled).to.deep.equal([])
  })

  it('answers 100 callers at once, each its own text', async () => {
    const { url } = await serve({ steps: [[token(0, 'A')], 20, [token(1, 'b')], 20, [token(2, '')], [finish()]] })
    const texts = await Promise.all(
      Array.from({ length: 100 }, async () => (await fetch(url, { method: 'POST', body: stream })).text())
    )
    const contents = texts.map((text) =>
      eventsOf(text)
        .map((event) => event.choices?.[0]?.delta?.content ?? '')
        .join('')
    )
    expect(new Set(contents)).to.deep.equal(new Set(['Ab']))
  })
})
