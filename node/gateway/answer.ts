/** From a source of events to what goes over HTTP: one JSON body, or frames of server-sent events. */

import type { Delivery } from 'openseam/openai/convert'
import { assembler, type Piece } from 'openseam/openai/pieces'
import type { FinishReason, Head, Shape } from 'openseam/openai/shapes'
import { turnView, usageView } from 'openseam/openai/view'
import { SeamError } from 'openseam/protocol/errors'
import type { TurnSummary } from 'openseam/session/types'
import { type ApiError, toApiError } from './errors.ts'
import type { Source } from './source.ts'

export interface Answer {
  source: Source
  shape: Shape
  head: Head
  delivery: Delivery
  onFailure(error: ApiError): void
}

interface Progress {
  pieces(): AsyncGenerator<Piece[], void>
  end(): Promise<{ finish: FinishReason; summary: TurnSummary }>
}

/** Reads to the very end, past `finish`: only then are the books of the last leg closed and the summary final. */
const follow = (source: Source): Progress => {
  const parts = assembler()
  return {
    async *pieces() {
      for (let batch = await source.first; batch !== undefined; batch = await source.next()) yield parts.add(batch)
    },
    async end() {
      const summary = await source.summary()
      const finish = parts.finish ?? summary.finish
      if (finish === 'stop' || finish === 'length') return { finish, summary }
      if (finish === 'cancelled') throw new SeamError('CANCELLED', 'The answer was cancelled before it was complete.')
      throw new SeamError('NET_CLOSED', 'The answer broke off and nobody could continue it; ask again with this session.')
    }
  }
}

export const collect = async ({ source, shape, head, delivery }: Answer): Promise<object> => {
  const progress = follow(source)
  const all: Piece[] = []
  for await (const pieces of progress.pieces()) all.push(...pieces)
  const { finish, summary } = await progress.end()
  const text = all.map((piece) => piece.text).join('')
  const logprobs = all.flatMap((piece) => piece.logprobs)
  const openseam = turnView(summary, delivery.tokenIds)
  return shape.body(head, { text, logprobs, finish, usage: usageView(summary), openseam }, delivery.topLogprobs)
}

/** One string per batch of events, ready to be sent. An error ends the stream with an event instead of `[DONE]`. */
export async function* frames({ source, shape, head, delivery, onFailure }: Answer): AsyncGenerator<string, void> {
  const frame = (chunk: object): string => `data: ${JSON.stringify(chunk)}\n\n`
  /** Once usage is asked for, every chunk has the field, and all but the last leave it empty. */
  const plain = (chunk: object): string => frame(delivery.includeUsage ? { ...chunk, usage: null } : chunk)
  try {
    const opening = shape.opening(head)
    if (opening !== undefined) yield plain(opening)
    const progress = follow(source)
    let offset = 0
    for await (const pieces of progress.pieces()) {
      let out = ''
      for (const piece of pieces) {
        out += plain(shape.delta(head, piece, delivery.topLogprobs, offset))
        offset += piece.text.length
      }
      if (out !== '') yield out
    }
    const { finish, summary } = await progress.end()
    const openseam = turnView(summary, delivery.tokenIds)
    const last = shape.finish(head, finish)
    if (!delivery.includeUsage) yield frame({ ...last, openseam })
    else yield plain(last) + frame({ ...shape.usage(head, usageView(summary)), openseam })
    yield 'data: [DONE]\n\n'
  } catch (thrown) {
    const error = toApiError(thrown)
    onFailure(error)
    yield `data: ${JSON.stringify(error.body())}\n\n`
  }
}
