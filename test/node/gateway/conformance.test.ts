/** Every response fits this project's own OpenAPI document, and OpenAI's published one where it is at hand. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { TurnEvent } from 'openseam/session/types'
import { openApiDocument } from '../../../node/gateway/openapi.ts'
import { finish, moved, noProvider, type Script, token } from './fake-client.ts'
import { basic, eventsOf, harness } from './harness.ts'
import { type Checker, checkerOf } from './json-schema.ts'

const own = checkerOf(openApiDocument('0.1.0') as any)
const published = join(import.meta.dirname, '../../../../shared/data/openai-openapi/openapi.json')
const openai: Checker | undefined = existsSync(published) ? checkerOf(JSON.parse(readFileSync(published, 'utf8'))) : undefined

const scored = (event: TurnEvent): TurnEvent => {
  if (event.kind !== 'token') return event
  const top = [
    { token: event.text, logprob: -0.1 },
    { token: 'é', logprob: Number.NEGATIVE_INFINITY }
  ]
  return { ...event, logprob: { token: event.text, logprob: -0.1, top } }
}

const script: Script = {
  steps: [
    [scored(token(0, 'A'))],
    [scored(token(1, 'b')), moved, scored(token(2, 'c', 1))],
    [scored(token(3, '', 1)), finish('stop', 'é')]
  ]
}

const fits = (schema: string, theirs: string | undefined, value: unknown): void => {
  expect(own(schema, value), `${schema}: ${JSON.stringify(value)}`).to.deep.equal([])
  if (theirs !== undefined && openai !== undefined)
    expect(openai(theirs, value), `OpenAI's ${theirs}: ${JSON.stringify(value)}`).to.deep.equal([])
}

const variants = [{}, { logprobs: true }, { logprobs: true, top_logprobs: 2 }, { openseam: { tokenIds: false } }, { n: 2 }]

describe('gateway conformance', () => {
  before(function () {
    if (openai === undefined) console.log("      (OpenAI's document is not at hand: checked against our own alone)")
    this.timeout(30_000)
  })

  for (const variant of variants) {
    it(`chat ${JSON.stringify(variant)}`, async () => {
      const { ask, post } = harness(script)
      fits('ChatCompletion', 'CreateChatCompletionResponse', (await ask({ ...basic, ...variant })).json)
      for (const stream_options of [undefined, { include_usage: true }]) {
        const events = eventsOf(await (await post({ ...basic, ...variant, stream: true, stream_options })).text())
        expect(events.pop()).to.equal('[DONE]')
        for (const event of events) fits('ChatChunk', 'CreateChatCompletionStreamResponse', event)
      }
    })
  }

  it('chat with calls of tools', async () => {
    const text = 'Well. <tool_call>{"name": "look_up", "arguments": {"city": "Ghent"}}</tool_call>'
    const { ask, post } = harness({ steps: [[scored(token(0, text))], [finish()]] })
    const tools = [{ type: 'function', function: { name: 'look_up', parameters: { type: 'object' } } }]
    const { json } = await ask({ ...basic, tools })
    expect(json.choices[0].message.tool_calls).to.have.length(1)
    fits('ChatCompletion', 'CreateChatCompletionResponse', json)
    const events = eventsOf(await (await post({ ...basic, tools, stream: true })).text())
    expect(events.pop()).to.equal('[DONE]')
    expect(events.some((event) => event.choices[0]?.delta.tool_calls !== undefined)).to.equal(true)
    for (const event of events) fits('ChatChunk', 'CreateChatCompletionStreamResponse', event)
  })

  it('completions', async () => {
    for (const logprobs of [undefined, 0, 2]) {
      const { ask, post } = harness(script)
      const body = { model: 'seam-chat', prompt: 'Once', logprobs }
      const path = '/v1/completions'
      fits('Completion', 'CreateCompletionResponse', (await ask(body, { path })).json)
      const events = eventsOf(await (await post({ ...body, stream: true }, { path })).text())
      expect(events.pop()).to.equal('[DONE]')
      for (const event of events) fits('CompletionChunk', undefined, event)
    }
  })

  it('models, sessions, health', async () => {
    const { ask, get } = harness(script)
    await ask(basic)
    fits('Models', 'ListModelsResponse', (await get('/v1/models')).json)
    fits('Model', 'Model', (await get('/v1/models/seam-chat')).json)
    fits('Session', undefined, (await get('/v1/sessions/handle-1')).json)
    fits('Opening', undefined, (await get('/v1/sessions/handle-1/opening')).json)
    fits('Usage', undefined, (await get('/v1/usage')).json)
    fits('Health', undefined, (await get('/healthz')).json)
  })

  it('errors', async () => {
    const { ask, get, post } = harness({ refuse: noProvider() })
    for (const reply of [
      await ask(basic),
      await ask('{'),
      await ask({}),
      await get('/nowhere'),
      await get('/v1/sessions/none'),
      await ask({ model: 'seam-chat', input: 'Hi' }, { path: '/v1/embeddings' })
    ]) {
      fits('Error', 'ErrorResponse', reply.json)
    }
    const broken = harness({ steps: [[token(0, 'A')], noProvider()] })
    const events = eventsOf(await (await broken.post({ ...basic, stream: true })).text())
    fits('Error', 'ErrorResponse', events.at(-1))
    expect((await post({ ...basic, stream: true })).status).to.equal(503)
  })

  it('names every route of the gateway', async () => {
    const { get } = harness()
    const { json } = await get('/openapi.json')
    expect(Object.keys(json.paths)).to.include.members([
      '/v1/chat/completions',
      '/v1/models/{id}',
      '/v1/sessions/{handle}/stream',
      '/metrics'
    ])
  })
})
