import { expect } from 'chai'
import { finish, token } from './fake-client.ts'
import { basic, eventsOf, harness } from './harness.ts'

const tools = [
  {
    type: 'function',
    function: { name: 'look_up', description: 'Looks a city up', parameters: { type: 'object', properties: {} } }
  },
  { type: 'function', function: { name: 'send' } }
]
const CALL = '<tool_call>\n{"name": "look_up", "arguments": {"city": "Ghent"}}\n</tool_call>'
/** An answer of this text, a character a token. */
const saying = (text: string, reason: 'stop' | 'length' = 'stop') => ({
  steps: [...[...text].map((character, i) => [token(i, character)]), [finish(reason)]]
})

describe('gateway tools', () => {
  const whole = async (text: string, more: object = {}) => {
    const { ask } = harness(saying(text))
    return (await ask({ ...basic, tools, ...more })).json.choices[0]
  }

  it('a call in the text is a tool call of the message', async () => {
    const { message, finish_reason } = await whole(CALL)
    expect(finish_reason).to.equal('tool_calls')
    expect(message.content).to.equal(null)
    expect(message.tool_calls).to.have.length(1)
    expect(message.tool_calls[0]).to.deep.include({
      type: 'function',
      function: { name: 'look_up', arguments: '{"city":"Ghent"}' }
    })
    expect(message.tool_calls[0].id).to.match(/^call_/)
  })

  it('text before and several calls; a closing tag that the model left out', async () => {
    const { message } = await whole(`Let me see.\n${CALL}\n<tool_call>{"name": "send", "arguments": {}}`)
    expect(message.content).to.equal('Let me see.')
    expect(message.tool_calls.map((call: any) => call.function.name)).to.deep.equal(['look_up', 'send'])
    expect(new Set(message.tool_calls.map((call: any) => call.id)).size).to.equal(2)
  })

  it('what is no call stays text', async () => {
    for (const text of [
      '<tool_call>\nnot JSON\n</tool_call>',
      '<tool_call>{"name": "other"}</tool_call> and so on',
      'a <tool',
      'Hello '
    ]) {
      const { message, finish_reason } = await whole(text)
      expect([message.content, message.tool_calls, finish_reason]).to.deep.equal([text, undefined, 'stop'])
    }
  })

  it('without tools, or with `tool_choice` none, nothing is read as a call', async () => {
    for (const more of [{ tools: undefined }, { tools: [] }, { tool_choice: 'none' }])
      expect((await whole(CALL, more)).message.content).to.equal(CALL)
  })

  it('streams what is text at once, and each call when it is whole', async () => {
    const { post } = harness(saying(`Wait. ${CALL}${CALL}`))
    const events = eventsOf(await (await post({ ...basic, tools, stream: true })).text())
    const deltas = events.slice(0, -1).map((event) => event.choices[0].delta)
    expect(deltas.map(({ content = '' }) => content).join('')).to.equal('Wait.')
    const calls = deltas.flatMap(({ tool_calls = [] }) => tool_calls)
    expect(calls.map(({ index, function: { name } }: any) => [index, name])).to.deep.equal([
      [0, 'look_up'],
      [1, 'look_up']
    ])
    expect(events.at(-2).choices[0].finish_reason).to.equal('tool_calls')
  })

  it('hands tools, choice and earlier calls on', async () => {
    const { ask, client } = harness()
    const messages = [
      ...basic.messages,
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'send', arguments: '{"a":1}' } }]
      },
      { role: 'tool', tool_call_id: 'c', content: 'done' }
    ]
    await ask({ ...basic, messages, tools, tool_choice: { type: 'function', function: { name: 'send' } } })
    await ask({ ...basic, tools, tool_choice: 'required' })
    const [first, second] = client.requests
    expect(first?.messages?.[1]).to.deep.equal({
      role: 'assistant',
      content: '',
      tool_calls: [{ id: 'c', type: 'function', function: { name: 'send', arguments: { a: 1 } } }]
    })
    expect(first?.messages?.[2]).to.deep.equal({ role: 'tool', content: 'done', tool_call_id: 'c' })
    expect(first?.tools?.map(({ name }) => name)).to.deep.equal(['look_up', 'send'])
    expect(first?.sampling?.call).to.deep.equal([{ name: 'send' }])
    expect(second?.sampling?.call).to.have.length(2)
  })

  it('refuses what cannot be called', async () => {
    const { ask } = harness()
    const refused = async (more: object) => {
      const { status, json } = await ask({ ...basic, ...more })
      return [status, json.error.param]
    }
    expect(await refused({ tool_choice: 'required' })).to.deep.equal([400, 'tool_choice'])
    expect(await refused({ tools, tool_choice: { type: 'function', function: { name: 'none' } } })).to.deep.equal([
      400,
      'tool_choice'
    ])
    expect(await refused({ tools: [{ type: 'web_search' }] })).to.deep.equal([400, 'tools[0].type'])
    expect(await refused({ messages: [{ role: 'user' }] })).to.deep.equal([400, 'messages[0].content'])
  })
})
