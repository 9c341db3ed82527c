/** The gateway as any HTTP client sees it: one request, one stream of chunks, one summary. */
import type { SeamObject } from '../../../node/devnet/sse.ts'

export interface Place {
  provider: string
  index: number
  leg: number
}

interface Chunk {
  error?: {
    code: string
    message: string
    param?: string | null
    excluded?: { provider: string; code: string; detail: string }[]
  }
  choices: { delta: { content?: string }; finish_reason: string | null }[]
  usage?: { completion_tokens: number } | null
  openseam?: Partial<SeamObject> & Partial<Place>
}

export interface Answer {
  session: string
  text: string
  finish: string
  completionTokens: number
  result: SeamObject
}

/** Told of every chunk with a token while the answer is read. */
export type OnToken = (place: Place & { text: string }, session: string) => Promise<void> | void

export const ask = async (
  gateway: string,
  body: object,
  onToken?: OnToken,
  headers?: HeadersInit,
  signal?: AbortSignal
): Promise<Answer> => {
  const request = { ...body, stream: true, stream_options: { include_usage: true } }
  const response = await post(gateway, request, headers, signal)
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
  return readAnswer(response, onToken)
}

export const post = (gateway: string, body: object, headers: HeadersInit = {}, signal?: AbortSignal): Promise<Response> =>
  fetch(`${gateway}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    ...(signal && { signal })
  })

export const readAnswer = async (response: Response, onToken?: OnToken): Promise<Answer> => {
  const session = response.headers.get('x-openseam-session') ?? ''
  let text = ''
  let finish = ''
  let completionTokens = 0
  let result: SeamObject | undefined
  for await (const chunk of chunks(response)) {
    if (chunk.error !== undefined) throw new Error(`${chunk.error.code}: ${chunk.error.message}`)
    const { openseam, choices, usage } = chunk
    const more = choices[0]?.delta.content ?? ''
    text += more
    finish = choices[0]?.finish_reason ?? finish
    completionTokens = usage?.completion_tokens ?? completionTokens
    if (openseam?.legs !== undefined) result = openseam as SeamObject
    else if (openseam?.index !== undefined) await onToken?.({ ...(openseam as Place), text: more }, session)
  }
  if (result === undefined) throw new Error('the stream ended without its summary')
  return { session, text, finish, completionTokens, result }
}

async function* chunks(response: Response): AsyncGenerator<Chunk> {
  if (response.body === null) return
  let rest = ''
  for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + part).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.startsWith('data: ') && line !== 'data: [DONE]') yield JSON.parse(line.slice(6)) as Chunk
  }
}

export interface SessionView extends SeamObject {
  running: boolean
  finish: string | null
  successors: { provider: string; blocks: number }[]
}

/** A session answers to the API key that opened it. */
export const viewSession = async (gateway: string, session: string, apiKey?: string): Promise<SessionView> => {
  const headers: Record<string, string> = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }
  return (await (await fetch(`${gateway}/v1/sessions/${session}`, { headers })).json()) as SessionView
}

/** What the gateway says when it refuses. */
export const refusal = async (response: Response): Promise<{ status: number; error: NonNullable<Chunk['error']> }> => ({
  status: response.status,
  error: ((await response.json()) as Required<Chunk>).error
})
