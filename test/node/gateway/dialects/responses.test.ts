/** The Responses API is a way of writing what chat completions write: the same request to the core, the same answer out of it. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import OpenAI from 'openai'
import { SeamError } from 'openseam/protocol/errors'
import type { TurnEvent } from 'openseam/session/types'
import { renamed } from '../../../../node/gateway/dialects/names.ts'
import { openApiDocument } from '../../../../node/gateway/openapi.ts'
import { finish, hello, moved, noProvider, type Script, token } from '../fake-client.ts'
import { harness } from '../harness.ts'
import { type Checker, checkerOf } from '../json-schema.ts'

const path = '/v1/responses'
const basic = { model: 'seam-chat', input: 'Hi' }
const own = checkerOf(openApiDocument('0.1.0') as any)
const published = join(import.meta.dirname, '../../../../../shared/data/openai-openapi/openapi.json')
const openai: Checker | undefined = existsSync(published) ? checkerOf(JSON.parse(readFileSync(published, 'utf8'))) : undefined

const fits = (name: string, theirs: string, value: unknown): void => {
  expect(own(name, value), JSON.stringify(value)).to.deep.equal([])
  if (openai !== undefined) expect(openai(theirs, value), JSON.stringify(value)).to.deep.equal([])
}

const eventsOf = (text: string): any[] =>
  text
    .split('\n\n')
    .filter((block) => block.startsWith('event: '))
    .map((block) => {
      const [name = '', data = ''] = block.split('\n')
      const event = JSON.parse(data.slice('data: '.length))
      expect(name).to.equal(`event: ${event.type}`)
      return event
    })

const scored = (event: TurnEvent): TurnEvent =>
  event.kind === 'token'
    ? { ...event, logprob: { token: event.text, logprob: -0.1, top: [{ token: event.text, logprob: -0.1 }] } }
    : event

const calling: Script = {
  steps: [
    [token(0, 'Well. <tool_call>{"name": "look_up", "argum')],
    [token(1, 'ents": {"city": "Ghent"}}</tool_call>'), finish()]
  ]
}
const tools = [{ type: 'function', name: 'look_up', description: 'Looks up.', parameters: { type: 'object' }, strict: true }]

describe('responses api', () => {
  it('asks the core what chat completions would ask it', async () => {
    const { ask, client } = harness()
    await ask(
      {
        ...basic,
        instructions: 'Be brief.',
        input: [
          {
            role: 'user',
            content: [
              { type: 'input_text', text: 'Where ' },
              { type: 'input_text', text: 'to?' }
            ]
          },
          { type: 'reasoning', id: 'rs_1', summary: [] },
          {
            type: 'message',
            role: 'assistant',
            id: 'm',
            status: 'completed',
            content: [{ type: 'output_text', text: 'Let me see.', annotations: [] }]
          },
          { type: 'function_call', id: 'fc_1', call_id: 'c1', name: 'look_up', arguments: '{"city":"Ghent"}' },
          { type: 'function_call_output', call_id: 'c1', output: 'rain' }
        ],
        max_output_tokens: 20,
        temperature: 0.5,
        tools,
        tool_choice: { type: 'function', name: 'look_up' },
        seed: 7
      },
      { path }
    )
    await ask(
      {
        model: 'seam-chat',
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Where to?' },
          {
            role: 'assistant',
            content: 'Let me see.',
            tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look_up', arguments: '{"city":"Ghent"}' } }]
          },
          { role: 'tool', tool_call_id: 'c1', content: 'rain' }
        ],
        max_tokens: 20,
        temperature: 0.5,
        tools: [{ type: 'function', function: { name: 'look_up', description: 'Looks up.', parameters: { type: 'object' } } }],
        tool_choice: { type: 'function', function: { name: 'look_up' } },
        seed: 7
      },
      { path: '/v1/chat/completions' }
    )
    expect(client.requests[0]).to.deep.equal(client.requests[1])
  })

  it('a schema for the answer goes the same way', async () => {
    const { ask, client } = harness()
    const schema = { type: 'object', properties: { a: { type: 'string' } } }
    await ask({ ...basic, text: { format: { type: 'json_schema', name: 'x', schema, strict: true } } }, { path })
    expect(client.requests[0]?.sampling?.json).to.deep.equal({ schema, strict: true })
  })

  for (const variant of [
    {},
    { top_logprobs: 1 },
    { include: ['message.output_text.logprobs'] },
    { openseam: { tokenIds: false } }
  ]) {
    it(`fits both documents, whole and streamed: ${JSON.stringify(variant)}`, async () => {
      const steps = hello.steps?.map((step) => (Array.isArray(step) ? step.map(scored) : step)) ?? []
      const { ask, post } = harness({ ...hello, steps })
      const { json } = await ask({ ...basic, ...variant, metadata: { trip: '1' } }, { path })
      fits('Response', 'Response', json)
      expect(json.output).to.have.length(1)
      expect(json.output[0].content[0].text).to.equal('Hello there')
      expect(json.output[0].content[0].logprobs).to.have.length('top_logprobs' in variant || 'include' in variant ? 4 : 0)
      expect(json.openseam.legs).to.have.length(1)
      const events = eventsOf(
        await (await post({ ...basic, ...variant, metadata: { trip: '1' }, stream: true }, { path })).text()
      )
      for (const event of events) fits('ResponseEvent', 'ResponseStreamEvent', event)
      expect(events.map(({ sequence_number }) => sequence_number)).to.deep.equal(events.map((_, i) => i))
      const { id, created_at, openseam, output, ...last } = events.at(-1).response
      const { id: _id, created_at: _at, openseam: wholeSeam, output: wholeOutput, ...rest } = json
      expect(last).to.deep.equal(rest)
      expect({ ...output[0], id: '' }).to.deep.equal({ ...wholeOutput[0], id: '' })
      expect({ ...openseam, session: '' }).to.deep.equal({ ...wholeSeam, session: '' })
    })
  }

  it('calls of tools are items of their own, in both', async () => {
    const { ask, post } = harness(calling)
    const { json } = await ask({ ...basic, tools }, { path })
    fits('Response', 'Response', json)
    expect(json.output.map(({ type }: any) => type)).to.deep.equal(['message', 'function_call'])
    expect(json.output[1]).to.include({ name: 'look_up', arguments: '{"city":"Ghent"}', status: 'completed' })
    const events = eventsOf(await (await post({ ...basic, tools, stream: true }, { path })).text())
    for (const event of events) fits('ResponseEvent', 'ResponseStreamEvent', event)
    const bare = (items: any[]) => items.map((item) => ({ ...item, id: '', call_id: '' }))
    expect(bare(events.at(-1).response.output)).to.deep.equal(bare(json.output))
    const done = events.filter(({ type }) => type === 'response.output_item.done').map(({ item }) => item)
    expect(done).to.deep.equal(events.at(-1).response.output)
  })

  it('an answer that its limit cut is incomplete; one of nothing at all is still a message', async () => {
    const { ask, post } = harness({ steps: [[token(0, 'a'), finish('length')]] })
    expect((await ask(basic, { path })).json).to.deep.include({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' }
    })
    const events = eventsOf(await (await post({ ...basic, stream: true }, { path })).text())
    expect(events.at(-1).type).to.equal('response.incomplete')
    const silent = harness({ steps: [[token(0, ''), finish()]] })
    const { json } = await silent.ask(basic, { path })
    const streamed = eventsOf(await (await silent.post({ ...basic, stream: true }, { path })).text())
    for (const output of [json.output, streamed.at(-1).response.output]) expect(output[0].content[0].text).to.equal('')
    for (const event of streamed) fits('ResponseEvent', 'ResponseStreamEvent', event)
  })

  it('tells where tokens came from, and when another provider took over', async () => {
    const { post } = harness({ steps: [[token(0, 'A')], [moved, token(1, 'b', 1), finish()]] })
    const events = eventsOf(await (await post({ ...basic, stream: true }, { path })).text())
    const places = events.filter(({ type }) => type === 'response.output_text.delta').map(({ openseam }) => openseam)
    expect(places.map(({ leg }) => leg)).to.deep.equal([0, 1])
    expect(places[1].switch).to.include({ reason: 'died', resumed: 'warm' })
  })

  const refused: [body: object, param: string, says: RegExp][] = [
    [{ ...basic, previous_response_id: 'resp_1' }, 'previous_response_id', /whole conversation/],
    [{ ...basic, conversation: 'conv_1' }, 'conversation', /whole conversation/],
    [{ ...basic, background: true }, 'background', /waits for/],
    [{ ...basic, truncation: 'auto' }, 'truncation', /shorten/],
    [{ ...basic, prompt: { id: 'p' } }, 'prompt', /not served/],
    [{ ...basic, tools: [{ type: 'web_search' }] }, 'tools[0].type', /only functions/],
    [
      { ...basic, input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'x' }] }] },
      'input[0].content[0].type',
      /text parts/
    ],
    [{ ...basic, input: [] }, 'input', /./],
    [{ model: 'seam-chat' }, 'input', /required/],
    [{ ...basic, max_output_tokens: 0 }, 'max_output_tokens', /./],
    [{ ...basic, tool_choice: 'required' }, 'tool_choice', /no tools/],
    [{ ...basic, text: { format: { type: 'xml' } } }, 'text.format.type', /json_schema/]
  ]
  for (const [body, param, says] of refused) {
    it(`400: ${JSON.stringify(body).slice(0, 90)}`, async () => {
      const { status, json } = await harness().ask(body, { path })
      expect([status, json.error.code, json.error.param]).to.deep.equal([400, 'BAD_REQUEST', param])
      expect(json.error.message).to.match(says)
    })
  }

  it('names the fields of this API where the core refuses', async () => {
    const detail = { param: 'messages', promptTokens: 9 }
    const { ask } = harness({ refuse: new SeamError('CONTEXT_TOO_LONG', 'too long', { detail }) })
    expect((await ask(basic, { path })).json.error).to.include({ code: 'CONTEXT_TOO_LONG', param: 'input' })
    expect(renamed('messages[3].content', { messages: 'input' })).to.equal('input[3].content')
    expect([renamed(null, {}), renamed('model', { messages: 'input' })]).to.deep.equal([null, 'model'])
  })

  it('the openai package makes, streams, parses and refuses as it does elsewhere', async () => {
    const { app, client: market } = harness(hello)
    const client = new OpenAI({
      baseURL: 'http://gateway/v1',
      apiKey: 'any',
      fetch: async (url, init) => app.request(String(url), init as RequestInit)
    })
    const made = await client.responses.create(basic)
    expect(made.output_text).to.equal('Hello there')
    expect(made.usage).to.include({ input_tokens: 30, output_tokens: 4 })
    let text = ''
    for await (const event of await client.responses.create({ ...basic, stream: true }))
      if (event.type === 'response.output_text.delta') text += event.delta
    expect(text).to.equal('Hello there')
    const final = await client.responses.stream(basic).finalResponse()
    expect(final.output_text).to.equal('Hello there')
    market.play(calling)
    const called = await client.responses.stream({ ...basic, tools: tools as never }).finalResponse()
    expect(called.output.map(({ type }) => type)).to.deep.equal(['message', 'function_call'])
    market.play({ refuse: noProvider() })
    const error = await client.responses.create(basic, { maxRetries: 0 }).catch((thrown) => thrown)
    expect([error.status, error.code]).to.deep.equal([503, 'NO_PROVIDER'])
    market.play({ steps: [[token(0, 'A')], noProvider()] })
    const broken = async () => {
      for await (const _ of await client.responses.create({ ...basic, stream: true }));
    }
    expect(await broken().catch((thrown) => thrown.message)).to.match(/No provider/)
  })
})
