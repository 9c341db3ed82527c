/** `create` of chat and plain completions: one request, one answer, whole or as a stream that owns it. */
import type { Clock, Rng } from '../components.ts'
import { type Answer, chunks, collect } from '../openai/answer.ts'
import { type Ask, chatAsk, completionAsk } from '../openai/convert.ts'
import type { ChatParams, CompletionParams } from '../openai/params.ts'
import type { ChatCompletion, ChatCompletionChunk, Completion, CompletionChunk } from '../openai/results.ts'
import { chatShape, completionShape, type Shape } from '../openai/shapes.ts'
import { type Source, turnSource } from '../openai/source.ts'
import { SeamError } from '../protocol/errors.ts'
import type { SeamClient, TurnSummary } from '../session/types.ts'
import { abortable, cancelled, type RequestOptions } from './abort.ts'

export interface AnswerParts {
  /** Resolves once the wallet may pay. */
  client(): Promise<SeamClient>
  clock: Clock
  rng: Rng
}

/**
 * An answer as it is made. Leaving the loop ends the work, and pays what was served by then. It is read once.
 * Throws CANCELLED from the loop after its `signal` aborted, and the SeamError of whatever else broke it off.
 */
export class Stream<Chunk> implements AsyncIterable<Chunk> {
  /** The session's handle: pass it as `openseam.session` to go on. */
  readonly session: string
  readonly #answer: Answer
  #read = false

  constructor(answer: Answer) {
    this.session = answer.source.session
    this.#answer = answer
  }

  /** Ends the work; what was served is paid. */
  abort(): void {
    this.#answer.source.leave()
  }

  /** The account of this answer as it is now, amounts in wei (bigint). */
  summary(): Promise<TurnSummary> {
    return this.#answer.source.summary()
  }

  /** Reads it to its end, as one object. */
  async whole<Whole>(): Promise<Whole> {
    this.#once()
    return (await collect(this.#answer)) as Whole
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Chunk, void> {
    this.#once()
    try {
      for await (const batch of chunks(this.#answer)) yield* batch as Chunk[]
    } finally {
      this.abort()
    }
  }

  #once(): void {
    if (this.#read) throw new SeamError('BAD_REQUEST', 'a stream is read once: keep what you need of it')
    this.#read = true
  }
}

export class ChatCompletions {
  readonly #parts: AnswerParts

  constructor(parts: AnswerParts) {
    this.#parts = parts
  }

  create(params: ChatParams & { stream: true }, options?: RequestOptions): Promise<Stream<ChatCompletionChunk>>
  create(params: ChatParams & { stream?: false | null }, options?: RequestOptions): Promise<ChatCompletion>
  create(params: ChatParams, options?: RequestOptions): Promise<ChatCompletion | Stream<ChatCompletionChunk>>
  create(params: ChatParams, options: RequestOptions = {}): Promise<ChatCompletion | Stream<ChatCompletionChunk>> {
    const ask = (): Ask => {
      if (!Array.isArray(params.messages)) throw required('messages')
      return chatAsk(params)
    }
    return answer(this.#parts, ask, chatShape, options)
  }
}

export class Completions {
  readonly #parts: AnswerParts

  constructor(parts: AnswerParts) {
    this.#parts = parts
  }

  create(params: CompletionParams & { stream: true }, options?: RequestOptions): Promise<Stream<CompletionChunk>>
  create(params: CompletionParams & { stream?: false | null }, options?: RequestOptions): Promise<Completion>
  create(params: CompletionParams, options?: RequestOptions): Promise<Completion | Stream<CompletionChunk>>
  create(params: CompletionParams, options: RequestOptions = {}): Promise<Completion | Stream<CompletionChunk>> {
    const ask = (): Ask => {
      if (params.prompt === undefined || params.prompt === null) throw required('prompt')
      return completionAsk(params)
    }
    return answer(this.#parts, ask, completionShape, options)
  }
}

const required = (param: string): SeamError => new SeamError('BAD_REQUEST', `${param}: is required.`, { detail: { param } })

const answer = async <Whole, Chunk>(
  parts: AnswerParts,
  asked: () => Ask,
  shape: Shape,
  { signal }: RequestOptions
): Promise<Whole | Stream<Chunk>> => {
  const { request, delivery } = asked()
  if (signal?.aborted === true) throw cancelled()
  const opening = (async () => (await parts.client()).chat(request, signal === undefined ? {} : { signal }))()
  const turn = await abortable(opening, signal)
  const made = answerOf(parts, turnSource(turn), shape, request.model, delivery)
  return delivery.stream ? new Stream<Chunk>(made) : ((await abortable(collect(made), signal)) as Whole)
}

export const answerOf = (
  { clock, rng }: Pick<AnswerParts, 'clock' | 'rng'>,
  source: Source,
  shape: Shape,
  model: string,
  delivery: Answer['delivery']
): Answer => {
  const id = shape.idPrefix + [...rng.bytes(12)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return { source, shape, head: { id, created: Math.floor(clock.nowMs() / 1000), model }, delivery }
}
