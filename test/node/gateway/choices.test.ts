import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { choiceChunks } from 'openseam/openai/choices'
import { chatShape } from 'openseam/openai/shapes'
import { turnSource } from 'openseam/openai/source'
import { fakeClient, noProvider, token } from './fake-client.ts'
import { basic, eventsOf, harness } from './harness.ts'

describe('gateway: several answers to one request', () => {
  it('are sessions of their own, with an account each and a sum', async () => {
    const { ask, client } = harness()
    const { status, headers, json } = await ask({ ...basic, n: 3, seed: 40 })
    expect(status).to.equal(200)
    expect(client.requests.map(({ sampling }) => sampling?.seed)).to.deep.equal([40n, 41n, 42n])
    expect(headers.get('x-openseam-session')).to.equal('handle-1, handle-2, handle-3')
    expect(json.choices.map((choice: any) => [choice.index, choice.message.content, choice.openseam.session])).to.deep.equal([
      [0, 'Hello there', 'handle-1'],
      [1, 'Hello there', 'handle-2'],
      [2, 'Hello there', 'handle-3']
    ])
    expect(json.usage).to.deep.equal({ prompt_tokens: 90, completion_tokens: 12, total_tokens: 102 })
    const amount = json.choices.reduce((sum: bigint, choice: any) => sum + BigInt(choice.openseam.amount), 0n)
    expect(json.openseam).to.deep.equal({ sessions: ['handle-1', 'handle-2', 'handle-3'], amount: amount.toString() })
  })

  it('stream under their index, each to its own end', async () => {
    const { post } = harness()
    const body = { ...basic, n: 2, stream: true, stream_options: { include_usage: true } }
    const events = eventsOf(await (await post(body)).text())
    expect(events.pop()).to.equal('[DONE]')
    const last = events.pop()
    expect([last.choices, last.usage.completion_tokens, last.openseam.sessions]).to.deep.equal([[], 8, ['handle-1', 'handle-2']])
    for (const index of [0, 1]) {
      const mine = events.filter((event) => event.choices[0].index === index)
      expect(mine.map((event) => event.choices[0].delta.content ?? '').join('')).to.equal('Hello there')
      expect(mine[0].choices[0].delta.role).to.equal('assistant')
      expect(mine.at(-1).choices[0].finish_reason).to.equal('stop')
      expect(mine.at(-1).openseam.session).to.equal(`handle-${index + 1}`)
    }
    expect(new Set(events.map(({ id }) => id)).size).to.equal(1)
  })

  it('break off where the reader hears of it, however slowly it reads', async () => {
    const client = fakeClient({ steps: [[token(0, 'A')], noProvider()] })
    const ask = { model: 'seam-chat', messages: [{ role: 'user' as const, content: 'Hi' }] }
    const sources = await Promise.all([1, 2].map(async () => turnSource(await client.chat(ask))))
    const delivery = { stream: true, includeUsage: false, topLogprobs: undefined, tokenIds: true }
    const head = { id: 'x', created: 1, model: 'seam-chat' }
    const stray: unknown[] = []
    const note = (reason: unknown): void => void stray.push(reason)
    process.prependListener('unhandledRejection', note)
    let thrown: unknown
    try {
      // both fail while this sleeps
      for await (const _ of choiceChunks(sources.map((source) => ({ source, shape: chatShape, head, delivery })))) await sleep(10)
    } catch (error) {
      thrown = error
    }
    process.removeListener('unhandledRejection', note)
    expect(thrown).to.have.property('code', 'NO_PROVIDER')
    expect(stray).to.deep.equal([])
  })

  it('serve plain completions too', async () => {
    const { ask } = harness()
    const { json } = await ask({ model: 'seam-chat', prompt: 'Hi', n: 2 }, { path: '/v1/completions' })
    expect(json.choices.map((choice: any) => [choice.index, choice.text])).to.deep.equal([
      [0, 'Hello there'],
      [1, 'Hello there']
    ])
  })

  it('end together when one breaks off, and all are cancelled when the caller leaves', async () => {
    const broken = harness()
    broken.client.play({ steps: [[token(0, 'A')], new Error('lost')] }, { steps: [[token(0, 'A')], 60_000] })
    expect((await broken.ask({ ...basic, n: 2 })).status).to.equal(500)
    expect(broken.client.cancelled).to.include('handle-2')
    const { post, client } = harness({ steps: [[token(0, 'A')], 60_000] })
    const leaving = new AbortController()
    const response = await post({ ...basic, n: 2, stream: true }, { signal: leaving.signal })
    const reader = response.body?.getReader()
    await reader?.read()
    leaving.abort()
    await reader?.cancel()
    expect(client.cancelled).to.have.members(['handle-1', 'handle-2'])
  })
})
