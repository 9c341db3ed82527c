/** Unmodified client libraries do here what they do elsewhere, also while the provider that serves them is killed. */
import { Ajv } from 'ajv'
import { expect } from 'chai'
import type OpenAI from 'openai'
import { viewSession } from './lib/http.ts'
import {
  API_KEY,
  aiModel,
  generateText,
  jsonSchema,
  langchainModel,
  libraries,
  OpenAIClient,
  Output,
  openaiClient,
  Sessions
} from './lib/libraries.ts'
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

  describe('answers that follow a schema', () => {
    before(() => market.revive())
    const inventory = {
      type: 'object',
      properties: {
        lamps: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              name: { type: 'string', maxLength: 9 },
              colour: { enum: ['blue', 'red'] },
              watts: { type: 'integer', minimum: 1, maximum: 99 }
            },
            required: ['name', 'colour', 'watts'],
            additionalProperties: false
          },
          minItems: 5,
          maxItems: 6
        }
      },
      required: ['lamps'],
      additionalProperties: false
    } as const
    const valid = new Ajv().compile(inventory)
    const format = { type: 'json_schema' as const, json_schema: { name: 'inventory', schema: inventory, strict: true } }
    const body = { model: MODEL, messages: [user('Which lamps are there?')], temperature: 0.8, seed: 5, response_format: format }

    it('openai: the object goes on in the middle when its provider is killed, to the same end', async () => {
      const client = openaiClient(market.gateway, sessions)
      const { choices } = await client.chat.completions.create(body)
      const calm = choices[0]?.message.content ?? ''
      expect(choices[0]?.finish_reason).to.equal('stop')
      expect(valid(JSON.parse(calm)), calm).to.equal(true)

      let text = ''
      let killed: string | undefined
      for await (const chunk of await client.chat.completions.create({ ...body, stream: true })) {
        text += chunk.choices[0]?.delta.content ?? ''
        if (killed !== undefined || text.length < 60) continue
        await market.replicated(sessions.last, 2, API_KEY)
        killed = (await viewSession(market.gateway, sessions.last, API_KEY)).legs.at(-1)?.provider ?? ''
        await market.net.kill(killed)
      }
      const { legs } = await viewSession(market.gateway, sessions.last, API_KEY)
      expect(legs.map(({ end }) => end)).to.deep.equal(['died', 'finished'])
      expect(legs[0]?.to).to.be.within(1, text.length - 1)
      expect(text).to.equal(calm)
    })

    it('openai: any object, and a schema that is refused with the reason', async () => {
      const client = openaiClient(market.gateway, sessions)
      // 125 is the closing brace: this small model would write names for ever
      const any = { ...body, response_format: { type: 'json_object' as const }, logit_bias: { 125: 100 }, max_tokens: 200 }
      const { choices } = await client.chat.completions.create(any)
      expect(JSON.parse(choices[0]?.message.content ?? '')).to.be.an('object')
      const schema = { type: 'object', properties: { a: { type: 'nothing' } }, required: ['a'] }
      const bad = { ...body, response_format: { type: 'json_schema' as const, json_schema: { name: 'bad', schema } } }
      const error = await client.chat.completions.create(bad).catch((thrown: unknown) => thrown)
      expect(error).to.be.an.instanceOf(OpenAIClient.BadRequestError)
      const { code, param, message } = error as InstanceType<typeof OpenAIClient.BadRequestError>
      expect([code, param]).to.deep.equal(['GRAMMAR_INVALID', 'response_format'])
      expect(message).to.include('a type')
    })

    it('ai: an object as its output', async () => {
      const output = Output.object({ schema: jsonSchema<{ lamps: unknown[] }>(inventory as object) })
      const model = aiModel(market.gateway, sessions)
      const result = await generateText({ model, prompt: 'Which lamps are there?', output })
      expect(valid(result.output)).to.equal(true)
    })

    it('@langchain/openai: structured output', async () => {
      const model = langchainModel(market.gateway, sessions)
      const result = await model
        .withStructuredOutput(inventory as object, { name: 'inventory', method: 'jsonSchema', strict: true })
        .invoke('Which lamps are there?')
      expect(valid(result)).to.equal(true)
    })
  })

  describe('what only some of them know', () => {
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

    it('openai: the Responses API says what chat completions say, also while its provider is killed', async () => {
      const client = openaiClient(market.gateway, sessions)
      const ask = { model: MODEL, temperature: 0 }
      const given = { logit_bias: bias } as object
      const messages = [user(STORY)]
      const { choices } = await client.chat.completions.create({ ...ask, messages, max_tokens: 60, ...given })
      const text = choices[0]?.message.content
      const body = { ...ask, input: STORY, max_output_tokens: 60, ...given }
      const made = await client.responses.create(body)
      expect([made.output_text, made.status]).to.deep.equal([text, 'incomplete'])
      expect(made.usage?.output_tokens).to.equal(60)

      const longer = { ...body, max_output_tokens: 200 }
      const whole = await client.responses.create(longer)
      let streamed = ''
      let killed = false
      const stream = client.responses.stream(longer)
      for await (const event of stream) {
        if (event.type !== 'response.output_text.delta') continue
        streamed += event.delta
        const { provider, index } = (event as unknown as { openseam: { provider: string; index: number } }).openseam
        if (killed || index < 40) continue
        killed = true
        await market.net.kill(provider)
      }
      expect(streamed).to.equal(whole.output_text)
      expect((await stream.finalResponse()).output_text).to.equal(whole.output_text)
      await market.revive()
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
