/** An answer as Anthropic's Messages write it: content blocks, and a stream of events about them. */
import { follow, wholeOf } from 'openseam/openai/answer'
import type { Piece, Place } from 'openseam/openai/pieces'
import type { FinishReason, Head } from 'openseam/openai/shapes'
import { turnView, usageView } from 'openseam/openai/view'
import type { ApiError } from '../errors.ts'
import { type Form, type Made, namedFrame } from '../forms.ts'
import { renamed } from './names.ts'

type Call = NonNullable<Piece['calls']>[number]

const ID_PREFIX = 'msg_'
const NAMES = { stop: 'stop_sequences', max_completion_tokens: 'max_tokens' }

export const messagesForm = (): Form => ({
  idPrefix: ID_PREFIX,
  async whole({ sources: [source], head, delivery }) {
    const { text, calls, finish, usage, openseam } = await wholeOf(source!, delivery)
    const content = [
      ...(text !== '' || calls.length === 0 ? [{ type: 'text', text }] : []),
      ...calls.map((call) => ({ ...useOf(head, call), input: inputOf(call) }))
    ]
    const ended = { content, stop_reason: reasonOf(finish), stop_sequence: null }
    return { ...message(head), ...ended, usage: usageOf(usage), openseam }
  },
  events,
  failed: (error) => messagesError(error),
  frame: namedFrame,
  end: ''
})

const TYPES: Record<number, string> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error'
}

/** `code`, `param` and `excluded` stand beside what the shape itself knows. */
export const messagesError = (error: ApiError, requestId?: string): object => {
  const { message, code, param, excluded } = error.body().error
  const type = TYPES[error.status] ?? (error.status >= 500 ? 'api_error' : 'invalid_request_error')
  const told = { type, message, code, param: renamed(param, NAMES), ...(excluded !== undefined && { excluded }) }
  return { type: 'error', error: told, ...(requestId !== undefined && { request_id: requestId }) }
}

async function* events({ sources: [source], head, delivery }: Made): AsyncGenerator<object[], void> {
  const opened = usageOf(usageView(await source!.summary()))
  const start = { ...message(head), content: [], stop_reason: null, stop_sequence: null, usage: { ...opened, output_tokens: 0 } }
  yield [{ type: 'message_start', message: start }]
  const blocks = new Blocks(head)
  const progress = follow(source!, delivery.tools)
  for await (const pieces of progress.pieces()) {
    const batch = pieces.flatMap((piece) => blocks.add(piece))
    if (batch.length > 0) yield batch
  }
  const { finish, summary } = await progress.end()
  const delta = { stop_reason: reasonOf(finish), stop_sequence: null }
  const openseam = turnView(summary, delivery.tokenIds)
  yield [
    ...blocks.close(),
    { type: 'message_delta', delta, usage: usageOf(usageView(summary)), openseam },
    { type: 'message_stop' }
  ]
}

/** The content blocks of a stream, numbered as they come. */
class Blocks {
  readonly #head: Head
  #index = 0
  #open = false

  constructor(head: Head) {
    this.#head = head
  }

  add({ text, place, calls = [] }: Piece): object[] {
    const made: object[] = []
    if (text !== '' || (this.#open && calls.length === 0)) made.push(...this.#text(text, place))
    for (const call of calls) made.push(...this.#end(), ...this.#call(call))
    return made
  }

  /** An answer of nothing is still one block. */
  close(): object[] {
    return this.#index === 0 && !this.#open ? [...this.#text('', undefined), ...this.#end()] : this.#end()
  }

  #text(text: string, place: Place | undefined): object[] {
    const index = this.#index
    const begin = this.#open ? [] : [{ type: 'content_block_start', index, content_block: { type: 'text', text: '' } }]
    this.#open = true
    const delta = { type: 'content_block_delta', index, delta: { type: 'text_delta', text } }
    return [...begin, { ...delta, ...(place !== undefined && { openseam: place }) }]
  }

  #call(call: Call): object[] {
    const index = this.#index++
    return [
      { type: 'content_block_start', index, content_block: { ...useOf(this.#head, call), input: {} } },
      { type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json: JSON.stringify(inputOf(call)) } },
      { type: 'content_block_stop', index }
    ]
  }

  #end(): object[] {
    if (!this.#open) return []
    this.#open = false
    return [{ type: 'content_block_stop', index: this.#index++ }]
  }
}

const message = ({ id, model }: Head) => ({ id, type: 'message', role: 'assistant', model })

const useOf = ({ id }: Head, { index, name }: Call) => {
  return { type: 'tool_use', id: `toolu_${id.slice(ID_PREFIX.length)}_${index}`, name }
}

/** This shape wants an object. A model may have written anything in its place: that is then handed on under a name. */
const inputOf = (call: Call): object => {
  try {
    const value: unknown = JSON.parse(call.arguments)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch {
    // a text that is no JSON
  }
  return { arguments: call.arguments }
}

/** Which of several endings a `stop` was the core does not say. */
const reasonOf = (finish: FinishReason): string => {
  if (finish === 'length') return 'max_tokens'
  return finish === 'tool_calls' ? 'tool_use' : 'end_turn'
}

const usageOf = ({ prompt_tokens, completion_tokens }: ReturnType<typeof usageView>) => {
  return { input_tokens: prompt_tokens, output_tokens: completion_tokens }
}
