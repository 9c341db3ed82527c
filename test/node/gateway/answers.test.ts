import { expect } from 'chai'
import { SeamError } from 'openseam/protocol/errors'
import { finish, moved, P1, P2, token } from './fake-client.ts'
import { basic, eventsOf, harness } from './harness.ts'

const stream = { ...basic, stream: true }

describe('gateway answers', () => {
  it('gives the whole answer with usage, session header and the openseam object', async () => {
    const { ask } = harness()
    const { status, headers, json } = await ask(basic)
    expect(status).to.equal(200)
    expect(headers.get('x-openseam-session')).to.equal('handle-1')
    expect(headers.get('x-request-id')).to.match(/^req_/)
    expect(json.choices[0].message).to.deep.equal({ role: 'assistant', content: 'Hello there', refusal: null })
    expect(json.usage).to.deep.equal({ prompt_tokens: 30, completion_tokens: 4, total_tokens: 34 })
    expect(json.openseam.session).to.equal('handle-1')
    expect(json.openseam.tokenIds).to.deep.equal([100, 101, 102, 103])
    expect(json.openseam.amount).to.equal('246913578024691357802468')
    expect(json.openseam.legs[0].price).to.deep.equal({ prompt: '1000000000000', completion: '2000000000000' })
  })

  it('streams the same text, and says of every chunk with tokens who made it', async () => {
    const { post } = harness({
      steps: [[token(0, 'A')], [token(1, 'b'), moved, token(2, 'c', 1)], [token(3, '', 1)], [finish('stop', '!')]]
    })
    const response = await post(stream)
    expect(response.headers.get('content-type')).to.match(/^text\/event-stream/)
    expect(response.headers.get('x-openseam-session')).to.equal('handle-1')
    const events = eventsOf(await response.text())
    expect(events.pop()).to.equal('[DONE]')
    const last = events.pop()
    expect(last.choices[0]).to.deep.equal({ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' })
    expect(last.openseam.legs.map((leg: any) => [leg.from, leg.to])).to.deep.equal([
      [0, 2],
      [2, 4]
    ])
    expect(events.map((event) => [event.choices[0].delta.content, event.openseam])).to.deep.equal([
      ['', undefined],
      ['A', { index: 0, provider: P1, leg: 0 }],
      ['b', { index: 1, provider: P1, leg: 0 }],
      [
        'c',
        {
          index: 2,
          provider: P2,
          leg: 1,
          switch: { from: P1, to: P2, reason: 'died', resumed: 'warm', kept: 412, recomputed: 19, gapMs: 38 }
        }
      ],
      ['', { index: 3, provider: P2, leg: 1 }],
      ['!', undefined]
    ])
  })

  it('puts usage and the openseam object on a last chunk of their own when usage is asked for', async () => {
    const { post } = harness()
    const events = eventsOf(await (await post({ ...stream, stream_options: { include_usage: true } })).text())
    const [before, last, done] = events.slice(-3)
    expect(done).to.equal('[DONE]')
    expect(last.choices).to.deep.equal([])
    expect(last.usage.completion_tokens).to.equal(4)
    expect(last.openseam.session).to.equal('handle-1')
    expect(before.openseam).to.equal(undefined)
    expect(events.slice(0, -2).every((event) => event.usage === null)).to.equal(true)
  })

  it('answers an error before the first token with a status, after it with an event', async () => {
    const failure = new SeamError('NET_CLOSED', 'All providers are gone.')
    const early = harness({ steps: [[{ kind: 'waiting', done: 1, total: 2 }], failure] })
    const refused = await early.ask(stream)
    expect([refused.status, refused.json.error.code]).to.deep.equal([502, 'NET_CLOSED'])
    const late = harness({ steps: [[token(0, 'A')], failure] })
    const response = await late.post(stream)
    expect(response.status).to.equal(200)
    const events = eventsOf(await response.text())
    expect(events.at(-1)).to.deep.equal({
      error: { message: 'All providers are gone.', type: 'server_error', param: null, code: 'NET_CLOSED' }
    })
  })

  it('tells nothing of the inside of an unexpected failure', async () => {
    const { ask, logged } = harness({ refuse: new TypeError('secret path /root/key') })
    const { status, json } = await ask(basic)
    expect(status).to.equal(500)
    expect(JSON.stringify(json)).not.to.include('secret')
    expect(JSON.stringify(logged)).to.include('secret')
  })

  it('hands a response format on as a schema', async () => {
    const { ask, client } = harness()
    const schema = { type: 'object', properties: {} }
    const formats = [
      { type: 'text' },
      { type: 'json_object' },
      { type: 'json_schema', json_schema: { name: 'a', schema, strict: true } },
      { type: 'json_schema', json_schema: { name: 'a', schema } },
      { type: 'json_schema', json_schema: { name: 'a' } }
    ]
    for (const response_format of formats) await ask({ ...basic, response_format })
    expect(client.requests.map(({ sampling }) => sampling?.json)).to.deep.equal([
      undefined,
      { schema: { type: 'object' }, strict: false },
      { schema, strict: true },
      { schema, strict: false },
      { schema: { type: 'object' }, strict: false }
    ])
  })

  it('hands every option on', async () => {
    const { ask, client } = harness()
    const body = {
      ...basic,
      messages: [
        {
          role: 'developer',
          content: [
            { type: 'text', text: 'a' },
            { type: 'text', text: 'b' }
          ]
        },
        { role: 'user', content: '\ud800x', name: 'ignored' }
      ],
      ...{
        temperature: 0.5,
        top_p: 0.9,
        top_k: 40,
        min_p: 0.05,
        frequency_penalty: 1,
        presence_penalty: -1,
        repetition_penalty: 1.1
      },
      ...{ seed: -1, stop: 'END', max_tokens: 9, max_completion_tokens: 7, logprobs: true, top_logprobs: 3 },
      logit_bias: { '5': -100 },
      openseam: { provider: P2, maxPrice: '123456789012345678901', successors: 0, cache: false },
      user: 'someone',
      metadata: { any: 'thing' }
    }
    expect((await ask(body)).status).to.equal(200)
    expect(client.requests[0]).to.deep.equal({
      model: 'seam-chat',
      messages: [
        { role: 'developer', content: 'ab' },
        { role: 'user', content: '\ufffdx' }
      ],
      maxTokens: 7,
      sampling: {
        ...{
          temperature: 0.5,
          topP: 0.9,
          topK: 40,
          minP: 0.05,
          frequencyPenalty: 1,
          presencePenalty: -1,
          repetitionPenalty: 1.1
        },
        ...{ seed: 2n ** 64n - 1n, logprobs: 3, logitBias: [{ id: 5, bias: -100 }] }
      },
      stop: ['END'],
      provider: P2,
      maxPrice: 123456789012345678901n,
      successors: 0,
      cache: false
    })
  })

  it('completes a text prompt as a message and ids as they are', async () => {
    const { ask, client } = harness()
    const path = '/v1/completions'
    for (const prompt of ['Once', ['Once'], [1, 2], [[1, 2]]])
      expect((await ask({ model: 'm', prompt }, { path })).status).to.equal(200)
    const [text, texts, ids, idRows] = client.requests
    expect(text?.messages).to.deep.equal([{ role: 'user', content: 'Once' }])
    expect(texts?.messages).to.deep.equal(text?.messages)
    expect(ids?.ids).to.deep.equal([1, 2])
    expect(idRows?.ids).to.deep.equal([1, 2])
    expect((await ask({ model: 'm', prompt: ['a', 'b'] }, { path })).status).to.equal(400)
  })
})
