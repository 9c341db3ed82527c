/** Reads a chat completion stream as any HTTP client would. */
import { SeamError } from 'openseam/protocol/errors'

export interface LegObject {
  leg: number
  provider: string
  account: string
  from: number
  to: number
  resumed: string
  kept: number
  recomputed: number
  gapMs: number
  end: string
  amount: string
}

export interface SeamObject {
  session: string
  chainSession: string
  promptTokens: number
  tokenIds: number[]
  legs: LegObject[]
  amount: string
  receipts: string[]
}

export interface StreamedChunk {
  text: string
  /** On chunks that carry tokens. */
  provider?: string
  index?: number
  /** On the last chunk. */
  result?: SeamObject
}

interface WireChunk {
  error?: { code?: string; message: string }
  choices: { delta: { content?: string } }[]
  openseam?: Partial<SeamObject> & { provider?: string; index?: number }
}

/** Throws SeamError with the gateway's own words when it refuses, or when the stream carries an error. */
export async function* streamChat(gateway: string, body: object): AsyncGenerator<StreamedChunk> {
  const response = await fetch(`${gateway}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, stream: true })
  })
  if (!response.ok || response.body === null) {
    throw new SeamError('NET_CLOSED', `the gateway answered ${response.status}: ${(await response.text()).slice(0, 500)}`)
  }
  let rest = ''
  for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + part).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (!line.startsWith('data: ') || line === 'data: [DONE]') continue
      const chunk = JSON.parse(line.slice(6)) as WireChunk
      if (chunk.error !== undefined) throw new SeamError('NET_CLOSED', `${chunk.error.code ?? 'error'}: ${chunk.error.message}`)
      const { openseam } = chunk
      yield {
        text: chunk.choices[0]?.delta.content ?? '',
        ...(openseam?.provider !== undefined && { provider: openseam.provider, index: openseam.index }),
        ...(openseam?.legs !== undefined && { result: openseam as SeamObject })
      }
    }
  }
}
