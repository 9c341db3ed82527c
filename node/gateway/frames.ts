/** Chunks as frames of server-sent events. */
import type { Answer } from 'openseam/openai/answer'
import { choiceChunks } from 'openseam/openai/choices'
import { type ApiError, toApiError } from './errors.ts'

const frame = (chunk: object): string => `data: ${JSON.stringify(chunk)}\n\n`

/** One string per batch of events, ready to be sent. An error ends the stream with an event instead of `[DONE]`. */
export async function* frames(answers: Answer[], onFailure: (error: ApiError) => void): AsyncGenerator<string, void> {
  try {
    for await (const batch of choiceChunks(answers)) yield batch.map(frame).join('')
    yield 'data: [DONE]\n\n'
  } catch (thrown) {
    const error = toApiError(thrown)
    onFailure(error)
    yield frame(error.body())
  }
}
