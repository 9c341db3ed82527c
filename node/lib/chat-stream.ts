/** Reads a streamed chat from a gateway over HTTP. */
import { refusalError, SeamError } from 'openseam/protocol/errors'

export interface ChatTurn {
  model: string
  messages: { role: 'system' | 'user' | 'assistant'; content: string }[]
  session?: string
  temperature?: number
  seed?: number
  maxTokens?: number
}

export interface ChatSwitch {
  from: string
  to: string
  kept: number
  recomputed: number
  gapMs: number
}

/** The parts of the last chunk that a terminal shows; the object holds more. */
export interface ChatEnd {
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number }
  openseam: { session: string; amount: string; legs: { provider: string; from: number; to: number }[] }
}

export type ChatEvent =
  | { kind: 'switch'; change: ChatSwitch }
  | { kind: 'text'; text: string }
  | { kind: 'end'; finish: string; end: ChatEnd }

interface Chunk {
  error?: { code: string; message: string }
  choices?: { delta?: { content?: string }; finish_reason?: string | null }[]
  usage?: ChatEnd['usage'] | null
  openseam?: ChatEnd['openseam'] & { switch?: ChatSwitch }
}

export interface GatewayCall {
  url: string
  apiKey?: string
  signal?: AbortSignal
}

export async function* streamChat({ url, apiKey, signal }: GatewayCall, turn: ChatTurn): AsyncGenerator<ChatEvent, void> {
  const { model, messages, session, temperature, seed, maxTokens } = turn
  const body = {
    ...{ model, messages, temperature, seed, max_completion_tokens: maxTokens },
    ...{ stream: true, stream_options: { include_usage: true } },
    ...(session === undefined ? {} : { openseam: { session } })
  }
  const response = await callGateway({ url, apiKey, signal }, '/v1/chat/completions', body)
  let finish = 'stop'
  for await (const chunk of chunksOf(response)) {
    if (chunk.error !== undefined) throw refusalError(chunk.error)
    const [choice] = chunk.choices ?? []
    if (chunk.openseam?.switch !== undefined) yield { kind: 'switch', change: chunk.openseam.switch }
    if (choice?.delta?.content) yield { kind: 'text', text: choice.delta.content }
    finish = choice?.finish_reason ?? finish
    if (chunk.usage && chunk.openseam !== undefined)
      return yield { kind: 'end', finish, end: { usage: chunk.usage, openseam: chunk.openseam } }
  }
  throw new SeamError('NET_CLOSED', `${url} ended the answer in the middle`)
}

/** GET without a body, POST with one. A refusal is thrown as the error it names. */
export const callGateway = async ({ url, apiKey, signal }: GatewayCall, path: string, body?: object): Promise<Response> => {
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (apiKey !== undefined) headers['authorization'] = `Bearer ${apiKey}`
  const init: RequestInit = {
    headers,
    ...(signal ? { signal } : {}),
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) })
  }
  let response: Response
  try {
    response = await fetch(new URL(path, url), init)
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new SeamError('NET_DIAL', `no gateway answers at ${url}`, { cause })
  }
  if (response.ok) return response
  throw await refusalOf(response)
}

const refusalOf = async (response: Response): Promise<SeamError> => {
  const body = (await response.json().catch(() => ({}))) as {
    error?: { code?: string; message?: string; excluded?: Record<string, string>[] }
  }
  const { code = `HTTP ${response.status}`, message = response.statusText, excluded = [] } = body.error ?? {}
  const reasons = excluded.map(({ provider, code, detail }) => `\n  ${provider}: ${code} ${detail}`)
  return refusalError({ code, message: message + reasons.join('') })
}

async function* chunksOf(response: Response): AsyncGenerator<Chunk, void> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const bytes of response.body ?? []) {
    const blocks = (rest + decoder.decode(bytes, { stream: true })).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      if (block === 'data: [DONE]') return
      if (block.startsWith('data: ')) yield JSON.parse(block.slice('data: '.length)) as Chunk
    }
  }
}
