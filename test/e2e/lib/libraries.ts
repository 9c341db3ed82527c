/** Client libraries as their users hold them: unmodified, pointed at a gateway, asked in their own words. */
import './packaged.ts'
import type { ChatOpenAI } from '@langchain/openai'
import type OpenAI from 'openai'
import { MODEL } from './market.ts'

// after packaged.ts has run, which a static import would not wait for
const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible')
const { generateText, jsonSchema, Output, streamText } = await import('ai')
const langchain = await import('@langchain/openai')
const { default: OpenAIClient } = await import('openai')

export { generateText, jsonSchema, OpenAIClient, Output }

export interface Ask {
  prompt: string
  maxTokens?: number
  temperature?: number
  seed?: number
  stop?: string[]
  /** Token id to bias. */
  bias?: Record<string, number>
  model?: string
  signal?: AbortSignal
}

export interface Told {
  text: string
  finish: string
}

export interface Library {
  name: string
  whole(ask: Ask): Promise<Told>
  stream(ask: Ask): AsyncIterable<string>
}

/** `fetch`, and the session that each answer was given: the one thing these libraries do not pass on. */
export class Sessions {
  readonly seen: string[] = []
  readonly requests: { status: number; body: string }[] = []

  readonly fetch: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    const session = response.headers.get('x-openseam-session')
    if (session !== null) this.seen.push(session)
    this.requests.push({ status: response.status, body: typeof init?.body === 'string' ? init.body : '' })
    return response
  }

  get last(): string {
    return this.seen.at(-1) ?? ''
  }
}

export const API_KEY = 'a-key'

export const openaiClient = (gateway: string, sessions: Sessions): OpenAI =>
  new OpenAIClient({ baseURL: `${gateway}/v1`, apiKey: API_KEY, fetch: sessions.fetch })

const openaiLibrary = (gateway: string, sessions: Sessions): Library => {
  const client = openaiClient(gateway, sessions)
  const bodyOf = ({ prompt, maxTokens, temperature = 0, seed, stop, bias, model = MODEL }: Ask) => ({
    model,
    messages: [{ role: 'user' as const, content: prompt }],
    temperature,
    ...(maxTokens !== undefined && { max_completion_tokens: maxTokens }),
    ...(seed !== undefined && { seed }),
    ...(stop !== undefined && { stop }),
    ...(bias !== undefined && { logit_bias: bias })
  })
  return {
    name: 'openai',
    async whole(ask) {
      const { choices } = await client.chat.completions.create(bodyOf(ask), { signal: ask.signal })
      return { text: choices[0]?.message.content ?? '', finish: choices[0]?.finish_reason ?? '' }
    },
    async *stream(ask) {
      const stream = await client.chat.completions.create({ ...bodyOf(ask), stream: true }, { signal: ask.signal })
      for await (const chunk of stream) yield chunk.choices[0]?.delta.content ?? ''
      ask.signal?.throwIfAborted() // this library ends an aborted stream without a word
    }
  }
}

export const aiModel = (gateway: string, sessions: Sessions, model = MODEL) =>
  createOpenAICompatible({
    name: 'openseam',
    baseURL: `${gateway}/v1`,
    apiKey: API_KEY,
    fetch: sessions.fetch,
    includeUsage: true,
    supportsStructuredOutputs: true
  })(model)

const aiLibrary = (gateway: string, sessions: Sessions): Library => {
  const settings = ({ prompt, maxTokens, temperature = 0, seed, stop, bias, model, signal }: Ask) => ({
    model: aiModel(gateway, sessions, model),
    prompt,
    temperature,
    ...(maxTokens !== undefined && { maxOutputTokens: maxTokens }),
    ...(seed !== undefined && { seed }),
    ...(stop !== undefined && { stopSequences: stop }),
    ...(bias !== undefined && { providerOptions: { openseam: { logit_bias: bias } } }),
    ...(signal !== undefined && { abortSignal: signal })
  })
  return {
    name: 'ai with @ai-sdk/openai-compatible',
    async whole(ask) {
      const { text, finishReason } = await generateText(settings(ask))
      return { text, finish: finishReason }
    },
    async *stream(ask) {
      let failure: unknown
      const { textStream } = streamText({
        ...settings(ask),
        onError: ({ error }) => {
          failure = error
        }
      })
      yield* textStream
      if (failure !== undefined) throw failure
      ask.signal?.throwIfAborted()
    }
  }
}

export const langchainModel = (gateway: string, sessions: Sessions, ask: Omit<Ask, 'prompt'> = {}): ChatOpenAI =>
  new langchain.ChatOpenAI({
    model: ask.model ?? MODEL,
    apiKey: API_KEY,
    temperature: ask.temperature ?? 0,
    configuration: { baseURL: `${gateway}/v1`, fetch: sessions.fetch },
    ...(ask.maxTokens !== undefined && { maxTokens: ask.maxTokens }),
    ...(ask.stop !== undefined && { stop: ask.stop }),
    modelKwargs: {
      ...(ask.seed !== undefined && { seed: ask.seed }),
      ...(ask.bias !== undefined && { logit_bias: ask.bias })
    }
  })

const langchainLibrary = (gateway: string, sessions: Sessions): Library => ({
  name: '@langchain/openai',
  async whole(ask) {
    const { text, response_metadata } = await langchainModel(gateway, sessions, ask).invoke(ask.prompt, { signal: ask.signal })
    return { text, finish: String(response_metadata['finish_reason']) }
  },
  async *stream(ask) {
    const stream = await langchainModel(gateway, sessions, ask).stream(ask.prompt, { signal: ask.signal })
    for await (const chunk of stream) yield chunk.text
  }
})

export const libraries = (gateway: string, sessions: Sessions): Library[] => [
  openaiLibrary(gateway, sessions),
  aiLibrary(gateway, sessions),
  langchainLibrary(gateway, sessions)
]
