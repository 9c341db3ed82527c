/** From a source of events to OpenAI's objects: one body, or chunks. Plain data; how it travels is the caller's matter. */
import { SeamError } from '../protocol/errors.ts'
import type { TurnSummary } from '../session/types.ts'
import type { Delivery } from './convert.ts'
import { assembler, type Piece } from './pieces.ts'
import type { FinishReason, Head, Shape, Whole } from './shapes.ts'
import type { Source } from './source.ts'
import { type TurnView, turnView, type UsageView, usageView } from './view.ts'

export interface Answer {
  source: Source
  shape: Shape
  head: Head
  delivery: Delivery
}

/** What every whole answer has, whatever its shape. */
export interface Body {
  choices: object[]
  usage: UsageView
  openseam: TurnView
}

/** An answer being read: its pieces, then how it ended. */
export interface Progress {
  pieces(): AsyncGenerator<Piece[], void>
  end(): Promise<{ finish: FinishReason; summary: TurnSummary }>
}

/** Reads to the very end, past `finish`: only then are the books of the last leg closed and the summary final. */
export const follow = (source: Source, tools?: ReadonlySet<string>): Progress => {
  const parts = assembler(tools)
  return {
    async *pieces() {
      for (let batch = await source.first; batch !== undefined; batch = await source.next()) yield parts.add(batch)
    },
    async end() {
      const summary = await source.summary()
      const finish = parts.finish ?? summary.finish
      if (finish === 'stop' || finish === 'length' || finish === 'tool_calls') return { finish, summary }
      if (finish === 'cancelled') throw new SeamError('CANCELLED', 'The answer was cancelled before it was complete.')
      throw new SeamError('NET_CLOSED', 'The answer broke off and nobody could continue it; ask again with this session.')
    }
  }
}

export const collect = async ({ source, shape, head, delivery }: Answer): Promise<Body> =>
  shape.body(head, await wholeOf(source, delivery), delivery.topLogprobs)

/** The answer in no shape yet. Throws where it breaks off. */
export const wholeOf = async (source: Source, delivery: Delivery): Promise<Whole> => {
  const progress = follow(source, delivery.tools)
  const all: Piece[] = []
  for await (const pieces of progress.pieces()) all.push(...pieces)
  const { finish, summary } = await progress.end()
  const text = all.map((piece) => piece.text).join('')
  const logprobs = all.flatMap((piece) => piece.logprobs)
  const calls = all.flatMap((piece) => piece.calls ?? [])
  return { text, calls, logprobs, finish, usage: usageView(summary), openseam: turnView(summary, delivery.tokenIds) }
}

/** The chunks of each batch of events, in order; the last batch has the summary. Throws where the answer breaks off. */
export async function* chunks({ source, shape, head, delivery }: Answer): AsyncGenerator<object[], void> {
  /** Once usage is asked for, every chunk has the field, and all but the last leave it empty. */
  const plain = (chunk: object): object => (delivery.includeUsage ? { ...chunk, usage: null } : chunk)
  const opening = shape.opening(head)
  if (opening !== undefined) yield [plain(opening)]
  const progress = follow(source, delivery.tools)
  let offset = 0
  for await (const pieces of progress.pieces()) {
    const batch: object[] = []
    for (const piece of pieces) {
      batch.push(plain(shape.delta(head, piece, delivery.topLogprobs, offset)))
      offset += piece.text.length
    }
    if (batch.length > 0) yield batch
  }
  const { finish, summary } = await progress.end()
  const openseam = turnView(summary, delivery.tokenIds)
  const last = shape.finish(head, finish)
  if (!delivery.includeUsage) yield [{ ...last, openseam }]
  else yield [plain(last), { ...shape.usage(head, usageView(summary)), openseam }]
}
