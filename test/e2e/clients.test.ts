/** Unmodified client libraries do here what they do elsewhere, also while the provider that serves them is killed. */
import { expect } from 'chai'
import type OpenAI from 'openai'
import { viewSession } from './lib/http.ts'
import { API_KEY, aiModel, generateText, libraries, OpenAIClient, openaiClient, Sessions } from './lib/libraries.ts'
import { type Market, MODEL, startMarket, stopId, user } from './lib/market.ts'
import { until } from './lib/until.ts'

const STORY = 'Tell me a long story about a blue lamp.'
const NAMES = ['openai', 'ai with @ai-sdk/openai-compatible', '@langchain/openai'] as const
const bias = { [stopId]: -100 }

describe('client libraries', () => {
  const sessions = new Sessions()
  let market: Market
  before(async () => {
    market = await startMarket({ providers: 4 }) // one to lose for each library, and one to go on
  })
  after(() => market?.stop())

  const told = async (stream: AsyncIterable<string>, onText?: (text: string) => Promise<void> | void): Promise<string> => {
    let text = ''
    for await (const more of stream) {
      text += more
      await onText?.(text)
    }
    return text
  }

  for (const name of NAMES) {
    const library = () => libraries(market.gateway, sessions).find((one) => one.name === name) ?? expect.fail(name)

    describe(name, () => {
      it('says streamed what it says whole', async () => {
        const ask = { prompt: 'Hello, who are you?', maxTokens: 40, bias }
        const whole = await library().whole(ask)
        expect(whole.finish).to.equal('length')
        expect(whole.text).not.to.equal('')
        expect(await told(library().stream(ask))).to.equal(whole.text)
      })

      it('draws the same from the same seed, and another text from another', async () => {
        const ask = { prompt: STORY, maxTokens: 60, temperature: 1.2, bias }
        const [one, same, other] = await Promise.all([7, 7, 8].map((seed) => library().whole({ ...ask, seed })))
        expect(same?.text).to.equal(one?.text)
        expect(other?.text).not.to.equal(one?.text)
      })

      it('ends before a stop string', async () => {
        const { text } = await library().whole({ prompt: STORY, maxTokens: 60, bias })
        const stop = text.slice(20, 24)
        const ask = { prompt: STORY, maxTokens: 60, bias, stop: [stop] }
        const stopped = await library().whole(ask)
        expect(stopped).to.deep.equal({ text: text.slice(0, text.indexOf(stop)), finish: 'stop' })
        expect(await told(library().stream(ask))).to.equal(stopped.text)
      })

      it('hears of an error in words, and does not repeat what cannot succeed', async () => {
        const before = sessions.requests.length
        const error = await library()
          .whole({ prompt: 'Hi', model: 'no-such-model' })
          .catch((thrown: unknown) => thrown)
        expect(error).to.be.an.instanceOf(Error)
        expect((error as Error).message).to.include('no-such-model')
        expect(sessions.requests.slice(before).map(({ status }) => status)).to.deep.equal([404])
      })

      it('leaves in mid-answer: the work ends and only what was served is paid', async () => {
        const leaving = new AbortController()
        const ask = { prompt: STORY, maxTokens: 800, bias, signal: leaving.signal }
        await told(library().stream(ask), (text) => {
          if (text.length > 20) leaving.abort()
        }).catch(() => undefined)
        expect(leaving.signal.aborted).to.equal(true)
        const view = await until('the answer to end', async () => {
          const now = await viewSession(market.gateway, sessions.last, API_KEY)
          return now.running ? false : now
        })
        expect(view.finish).to.equal('cancelled')
        expect(view.tokenIds.length).to.be.below(800)
        expect(view.legs.at(-1)?.to).to.equal(view.tokenIds.length)
      })

      it('reads on without a seam while its provider is killed', async () => {
        const ask = { prompt: STORY, maxTokens: 180, temperature: 0.8, seed: 42, bias }
        const calm = await told(library().stream(ask))
        let killed: string | undefined
        const text = await told(library().stream(ask), async (soFar) => {
          if (killed !== undefined || soFar.length < 80) return
          await market.replicated(sessions.last, 2, API_KEY)
          killed = (await viewSession(market.gateway, sessions.last, API_KEY)).legs.at(-1)?.provider ?? ''
          await market.net.kill(killed)
        })
        expect(text).to.equal(calm)
        const { legs } = await viewSession(market.gateway, sessions.last, API_KEY)
        expect(legs.map(({ end }) => end)).to.include('died')
      })
    })
  }

  describe('what only some of them know', () => {
    before(() => market.revive())

    it('openai: usage at the end of a stream, logprobs, models, errors as its own classes', async () => {
      const client = openaiClient(market.gateway, sessions)
      const body = { model: MODEL, messages: [user('Hello')], temperature: 0, max_tokens: 12, logit_bias: bias }
      const stream = await client.chat.completions.create({ ...body, stream: true, stream_options: { include_usage: true } })
      let usage: OpenAI.CompletionUsage | null | undefined
      for await (const chunk of stream) usage = chunk.usage ?? usage
      expect(usage?.completion_tokens).to.equal(12)

      const { choices } = await client.chat.completions.create({ ...body, logprobs: true, top_logprobs: 2 })
      const scored = choices[0]?.logprobs?.content ?? []
      expect(scored).to.have.length(12)
      // Greedy: the token that was taken is the likeliest of all.
      for (const { token, top_logprobs } of scored) {
        expect(top_logprobs).to.have.length(2)
        expect(top_logprobs[0]?.token).to.equal(token)
      }

      const { data } = await client.models.list()
      expect(data.map(({ id }) => id)).to.deep.equal([MODEL])
      expect((await client.models.retrieve(MODEL)).id).to.equal(MODEL)
      const thrown = async (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error)
      expect(await thrown(client.models.retrieve('none'))).to.be.an.instanceOf(OpenAIClient.NotFoundError)
      const bad = await thrown(client.chat.completions.create({ ...body, temperature: 9 }))
      expect(bad).to.be.an.instanceOf(OpenAIClient.BadRequestError)
      expect((bad as InstanceType<typeof OpenAIClient.BadRequestError>).param).to.equal('temperature')
    })

    it('openai: plain completions', async () => {
      const client = openaiClient(market.gateway, sessions)
      const body = { model: MODEL, prompt: 'Hello', temperature: 0, max_tokens: 12 }
      const { choices } = await client.completions.create(body)
      let text = ''
      for await (const chunk of await client.completions.create({ ...body, stream: true })) text += chunk.choices[0]?.text ?? ''
      expect(text).to.equal(choices[0]?.text)
    })

    it('openai: a conversation goes on in the session it names', async () => {
      const client = openaiClient(market.gateway, sessions)
      const first = [user('My name is Ada.')]
      const body = { model: MODEL, temperature: 0, max_tokens: 40 }
      const { choices } = await client.chat.completions.create({ ...body, messages: first })
      const session = sessions.last
      const messages = [
        ...first,
        { role: 'assistant' as const, content: choices[0]?.message.content ?? '' },
        user('What is my name?')
      ]
      const extra = { openseam: { session } } as object
      const second = await client.chat.completions.create({ ...body, messages, ...extra })
      expect(sessions.last).to.equal(session)
      expect(second.usage?.prompt_tokens).to.be.above(first.length)
    })

    it('ai: usage of a whole answer', async () => {
      const { usage } = await generateText({ model: aiModel(market.gateway, sessions), prompt: 'Hello', maxOutputTokens: 8 })
      expect(usage.outputTokens).to.be.within(1, 8)
    })
  })
})
