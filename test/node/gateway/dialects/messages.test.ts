/** Anthropic's Messages are a way of writing what chat completions write. */
import { expect } from 'chai'
import { ownerOfKey } from '../../../../node/gateway/index.ts'
import { openApiDocument } from '../../../../node/gateway/openapi.ts'
import { finish, hello, moved, noProvider, type Script, token } from '../fake-client.ts'
import { harness } from '../harness.ts'
import { checkerOf } from '../json-schema.ts'

const path = '/v1/messages'
const basic = { model: 'seam-chat', max_tokens: 20, messages: [{ role: 'user', content: 'Hi' }] }
const own = checkerOf(openApiDocument('0.1.0') as any)
const fits = (name: string, value: unknown): void => expect(own(name, value), JSON.stringify(value)).to.deep.equal([]) as never

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

const call = (args: string): string => `<tool_call>{"name": "look_up", "arguments": ${args}}</tool_call>`
const calling = (args: string): Script => ({
  steps: [[token(0, `Well. ${call(args).slice(0, 30)}`)], [token(1, call(args).slice(30)), finish()]]
})
const tools = [{ name: 'look_up', description: 'Looks up.', input_schema: { type: 'object' } }]

/** The blocks that a stream's events build up. */
const built = (events: any[]): any[] => {
  const blocks: any[] = []
  for (const { type, index, content_block, delta } of events) {
    if (type === 'content_block_start') blocks[index] = { ...content_block }
    if (delta?.type === 'text_delta') blocks[index].text += delta.text
    if (delta?.type === 'input_json_delta') blocks[index].input = JSON.parse(delta.partial_json)
  }
  return blocks
}

describe('messages', () => {
  it('asks the core what chat completions would ask it', async () => {
    const { ask, client } = harness()
    await ask(
      {
        ...basic,
        system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
        messages: [
          { role: 'user', content: [{ type: 'text', text: 'Where to?' }] },
          {
            role: 'assistant',
            content: [
              { type: 'text', text: 'Let me see.' },
              { type: 'tool_use', id: 't1', name: 'look_up', input: { city: 'Ghent' } }
            ]
          },
          {
            role: 'user',
            content: [
              { type: 'tool_result', tool_use_id: 't1', content: 'rain' },
              { type: 'text', text: 'And?' }
            ]
          }
        ],
        stop_sequences: ['END'],
        top_k: 5,
        tools,
        tool_choice: { type: 'any' }
      },
      { path }
    )
    await ask(
      {
        model: 'seam-chat',
        max_tokens: 20,
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Where to?' },
          {
            role: 'assistant',
            content: 'Let me see.',
            tool_calls: [{ id: 't1', type: 'function', function: { name: 'look_up', arguments: '{"city":"Ghent"}' } }]
          },
          { role: 'tool', tool_call_id: 't1', content: 'rain' },
          { role: 'user', content: 'And?' }
        ],
        stop: ['END'],
        top_k: 5,
        tools: [{ type: 'function', function: { name: 'look_up', description: 'Looks up.', parameters: { type: 'object' } } }],
        tool_choice: 'required'
      },
      { path: '/v1/chat/completions' }
    )
    expect(client.requests).to.have.length(2)
    expect(client.requests[0]).to.deep.equal(client.requests[1])
  })

  const scripts: [name: string, script: Script, reason: string][] = [
    ['text', hello, 'end_turn'],
    ['a limit', { steps: [[token(0, 'a'), finish('length')]] }, 'max_tokens'],
    ['nothing', { steps: [[token(0, ''), finish()]] }, 'end_turn'],
    ['a call', calling('{"city": "Ghent"}'), 'tool_use'],
    ['a call with what is no object', calling('"Ghent"'), 'tool_use'],
    ['a takeover', { steps: [[token(0, 'A')], [moved, token(1, 'b', 1), finish()]] }, 'end_turn']
  ]
  for (const [name, script, reason] of scripts) {
    it(`says streamed what it says whole, in the documented form: ${name}`, async () => {
      const { ask, post } = harness(script)
      const { json } = await ask({ ...basic, tools }, { path })
      fits('Message', json)
      expect(json.stop_reason).to.equal(reason)
      const events = eventsOf(await (await post({ ...basic, tools, stream: true }, { path })).text())
      for (const event of events) fits('MessageEvent', event)
      expect([events[0].type, events.at(-1).type]).to.deep.equal(['message_start', 'message_stop'])
      expect(events[0].message.usage).to.deep.equal({ input_tokens: 30, output_tokens: 0 })
      const bare = (blocks: any[]) => blocks.map(({ id: _, ...block }) => block)
      expect(bare(built(events))).to.deep.equal(bare(json.content))
      const { delta, usage } = events.at(-2)
      expect({ ...delta, usage }).to.deep.equal({ stop_reason: reason, stop_sequence: null, usage: json.usage })
    })
  }

  it('input is what the model called with, text of the call is not in the text', async () => {
    const { json } = await harness(calling('{"city": "Ghent"}')).ask({ ...basic, tools }, { path })
    expect(json.content.map(({ type }: any) => type)).to.deep.equal(['text', 'tool_use'])
    expect(json.content[1].input).to.deep.equal({ city: 'Ghent' })
    expect(json.content[0].text).to.not.match(/tool_call/)
  })

  const refused: [body: object, param: string, says: RegExp][] = [
    [{ model: 'seam-chat', messages: basic.messages }, 'max_tokens', /required/],
    [{ ...basic, messages: [] }, 'messages', /./],
    [{ ...basic, messages: [{ role: 'system', content: 'x' }] }, 'messages[0].role', /field of its own/],
    [
      { ...basic, messages: [{ role: 'user', content: [{ type: 'image', source: {} }] }] },
      'messages[0].content[0].type',
      /only text/
    ],
    [{ ...basic, thinking: { type: 'enabled', budget_tokens: 1024 } }, 'thinking.type', /thinks/],
    [{ ...basic, temperature: 1.5 }, 'temperature', /1/],
    [{ ...basic, tools: [{ type: 'bash_20250124', name: 'bash' }] }, 'tools[0].type', /your own/],
    [{ ...basic, stop_sequences: ['a', 'b', 'c', 'd', 'e'] }, 'stop_sequences', /./],
    [{ ...basic, tool_choice: { type: 'any' } }, 'tool_choice', /no tools/]
  ]
  for (const [body, param, says] of refused) {
    it(`400 in its own form: ${JSON.stringify(body).slice(0, 80)}`, async () => {
      const { status, json } = await harness().ask(body, { path })
      fits('MessageError', json)
      expect([status, json.type, json.error.type, json.error.param]).to.deep.equal([400, 'error', 'invalid_request_error', param])
      expect(json.error.message).to.match(says)
      expect(json.request_id).to.match(/^req_/)
    })
  }

  it('other failures too, and in a stream that breaks', async () => {
    const away = await harness({ refuse: noProvider() }).ask(basic, { path })
    expect([away.status, away.json.error.type, away.json.error.code]).to.deep.equal([503, 'overloaded_error', 'NO_PROVIDER'])
    expect(away.json.error.excluded).to.have.length(1)
    const { post } = harness({ steps: [[token(0, 'A')], noProvider()] })
    const events = eventsOf(await (await post({ ...basic, stream: true }, { path })).text())
    expect(events.at(-1)).to.deep.include({ type: 'error' })
    fits('MessageError', events.at(-1))
  })

  it('the key may come as x-api-key', async () => {
    const { ask } = harness(hello, { keyHashes: new Set([ownerOfKey('good')]) })
    expect((await ask(basic, { path, headers: { 'x-api-key': 'good' } })).status).to.equal(200)
    const bad = await ask(basic, { path, headers: { 'x-api-key': 'bad' } })
    expect([bad.status, bad.json.error.type]).to.deep.equal([401, 'authentication_error'])
    expect((await ask(basic, { path })).status).to.equal(401)
  })
})
