/** An answer as OpenAI's Responses API writes it: output items, and a stream of numbered events about them. */
import { follow, wholeOf } from 'openseam/openai/answer'
import type { Piece, Place } from 'openseam/openai/pieces'
import { type FinishReason, type Head, tokenLogprobs } from 'openseam/openai/shapes'
import { turnView, usageView } from 'openseam/openai/view'
import type { TokenLogprobView } from 'openseam/session/types'
import type { ApiError } from '../errors.ts'
import { type Form, type Made, namedFrame } from '../forms.ts'
import { RESPONSES_NAMES, renamed } from './names.ts'
import type { ResponsesBody } from './responses-request.ts'

type Call = NonNullable<Piece['calls']>[number]
type Status = 'in_progress' | 'completed' | 'incomplete'

const ID_PREFIX = 'resp_'

export const responsesForm = (body: ResponsesBody): Form => {
  let sequence = 0
  const event = (type: string, fields: object): object => ({ type, sequence_number: sequence++, ...fields })
  return {
    idPrefix: ID_PREFIX,
    async whole({ sources: [source], head, delivery }) {
      const { text, calls, logprobs, finish, usage, openseam } = await wholeOf(source!, delivery)
      const items = new Items(head, delivery.topLogprobs)
      if (text !== '' || calls.length === 0) items.message(text, logprobs, statusOf(finish))
      for (const call of calls) items.call(call)
      return { ...response(head, body, statusOf(finish), items.done, usage), openseam }
    },
    events: (made) => events(made, body, event),
    failed: ({ message, param, code, excluded }: ApiError) =>
      event('error', { code, message, param: renamed(param, RESPONSES_NAMES), ...(excluded !== undefined && { excluded }) }),
    frame: namedFrame,
    end: ''
  }
}

const statusOf = (finish: FinishReason): Status => (finish === 'length' ? 'incomplete' : 'completed')

type Event = (type: string, fields: object) => object

async function* events(
  { sources: [source], head, delivery }: Made,
  body: ResponsesBody,
  event: Event
): AsyncGenerator<object[], void> {
  const started = response(head, body, 'in_progress', [], undefined)
  yield [event('response.created', { response: started }), event('response.in_progress', { response: started })]
  const items = new Items(head, delivery.topLogprobs)
  const progress = follow(source!, delivery.tools)
  for await (const pieces of progress.pieces()) {
    const batch = pieces.flatMap((piece) => pieceEvents(piece, items, event))
    if (batch.length > 0) yield batch
  }
  const { finish, summary } = await progress.end()
  const status = statusOf(finish)
  const last = items.done.length === 0 && !items.open ? items.begin() : []
  const closing = [...last, ...items.end(status)].map(([type, fields]) => event(type, fields))
  const ended = response(head, body, status, items.done, usageView(summary))
  const openseam = turnView(summary, delivery.tokenIds)
  yield [...closing, event(`response.${status}`, { response: { ...ended, openseam } })]
}

const pieceEvents = (piece: Piece, items: Items, event: Event): object[] => {
  const made: [string, object][] = []
  if (piece.text !== '' || (items.open && piece.calls === undefined)) {
    if (!items.open) made.push(...items.begin())
    made.push(items.text(piece.text, piece.logprobs, piece.place))
  }
  for (const call of piece.calls ?? []) made.push(...items.end('completed'), ...items.call(call))
  return made.map(([type, fields]) => event(type, fields))
}

/** The output items of one answer, as they come to be. */
class Items {
  readonly done: object[] = []
  readonly #suffix: string
  readonly #top: number | undefined
  #text = ''
  #logprobs: object[] = []
  #open = false

  constructor(head: Head, top: number | undefined) {
    this.#suffix = head.id.slice(ID_PREFIX.length)
    this.#top = top
  }

  /** A message is being written. */
  get open(): boolean {
    return this.#open
  }

  begin(): [string, object][] {
    this.#open = true
    this.#text = ''
    this.#logprobs = []
    return [
      ['response.output_item.added', { output_index: this.done.length, item: this.#message('in_progress', []) }],
      ['response.content_part.added', { ...this.#place(), part: this.#part() }]
    ]
  }

  text(delta: string, tokens: TokenLogprobView[], place: Place | undefined): [string, object] {
    const logprobs = this.#scored(tokens)
    this.#text += delta
    this.#logprobs.push(...logprobs)
    return ['response.output_text.delta', { ...this.#place(), delta, logprobs, ...(place !== undefined && { openseam: place }) }]
  }

  end(status: Status): [string, object][] {
    if (!this.#open) return []
    this.#open = false
    const place = this.#place()
    const index = this.done.length
    const item = this.#message(status, [this.#part()])
    this.done.push(item)
    return [
      ['response.output_text.done', { ...place, text: this.#text, logprobs: this.#logprobs }],
      ['response.content_part.done', { ...place, part: this.#part() }],
      ['response.output_item.done', { output_index: index, item }]
    ]
  }

  message(text: string, tokens: TokenLogprobView[], status: Status): void {
    this.begin()
    this.text(text, tokens, undefined)
    this.end(status)
  }

  call({ index, name, arguments: args }: Call): [string, object][] {
    const at = { item_id: `fc_${this.#suffix}_${index}`, output_index: this.done.length }
    const item = {
      id: at.item_id,
      type: 'function_call',
      call_id: `call_${this.#suffix}_${index}`,
      name,
      arguments: args,
      status: 'completed'
    }
    this.done.push(item)
    return [
      ['response.output_item.added', { output_index: at.output_index, item: { ...item, arguments: '', status: 'in_progress' } }],
      ['response.function_call_arguments.delta', { ...at, delta: args }],
      ['response.function_call_arguments.done', { ...at, name, arguments: args }],
      ['response.output_item.done', { output_index: at.output_index, item }]
    ]
  }

  #scored(tokens: TokenLogprobView[]): object[] {
    return this.#top === undefined ? [] : tokenLogprobs(tokens, this.#top)
  }

  #place() {
    return { item_id: this.#id(), output_index: this.done.length, content_index: 0 }
  }

  #id(): string {
    return `msg_${this.#suffix}_${this.done.length}`
  }

  #part() {
    return { type: 'output_text', text: this.#text, annotations: [], logprobs: this.#logprobs }
  }

  #message(status: Status, content: object[]): object {
    return { id: this.#id(), type: 'message', status, role: 'assistant', content }
  }
}

const response = (
  { id, created, model }: Head,
  body: ResponsesBody,
  status: Status,
  output: object[],
  usage: ReturnType<typeof usageView> | undefined
) => ({
  id,
  object: 'response',
  created_at: created,
  status,
  background: false,
  error: null,
  incomplete_details: status === 'incomplete' ? { reason: 'max_output_tokens' } : null,
  instructions: body.instructions ?? null,
  max_output_tokens: body.max_output_tokens ?? null,
  metadata: body.metadata ?? {},
  model,
  output,
  parallel_tool_calls: body.parallel_tool_calls ?? true,
  previous_response_id: null,
  store: false,
  temperature: body.temperature ?? 0,
  text: { format: body.text?.format ?? { type: 'text' } },
  tool_choice: body.tool_choice ?? 'auto',
  tools: (body.tools ?? []).map(({ type, name, description, parameters, strict }) => {
    return { type, name, description: description ?? null, parameters: parameters ?? null, strict: strict ?? false }
  }),
  top_logprobs: body.top_logprobs ?? 0,
  top_p: body.top_p ?? 1,
  truncation: 'disabled',
  ...(usage !== undefined && {
    usage: {
      input_tokens: usage.prompt_tokens,
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
      output_tokens: usage.completion_tokens,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: usage.total_tokens
    }
  })
})
