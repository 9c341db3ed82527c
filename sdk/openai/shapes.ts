/** One answer in the two shapes that OpenAI gives it: chat completions and plain completions. Data only. */
import type { TokenLogprobView } from '../session/types.ts'
import type { Body } from './answer.ts'
import type { Piece, Place } from './pieces.ts'
import type { TurnView, UsageView } from './view.ts'

export type FinishReason = 'stop' | 'length' | 'tool_calls'

export interface Head {
  id: string
  created: number
  model: string
  /** Which of several answers to one request; absent: the only one. */
  index?: number
}

export interface Whole {
  text: string
  calls: NonNullable<Piece['calls']>
  logprobs: TokenLogprobView[]
  finish: FinishReason
  usage: UsageView
  openseam: TurnView
}

export interface Shape {
  idPrefix: string
  /** The chunk before the first token, if this shape has one. */
  opening(head: Head): object | undefined
  /** `offset`: characters of text before this piece. */
  delta(head: Head, piece: Piece, top: number | undefined, offset: number): object
  finish(head: Head, reason: FinishReason): object
  /** Carries usage alone: no choices. */
  usage(head: Head, usage: UsageView): object
  body(head: Head, whole: Whole, top: number | undefined): Body
}

const place = (value: Place | undefined): object => (value === undefined ? {} : { openseam: value })

const utf8 = new TextEncoder()
/** JSON has no infinity; OpenAI writes -9999 for what can never be drawn. */
const finite = (logprob: number): number => Math.max(logprob, -9999)
const logprobEntry = ({ token, logprob }: { token: string; logprob: number }) => ({
  token,
  logprob: finite(logprob),
  bytes: [...utf8.encode(token)]
})

/** Each token with its `top` alternatives. */
export const tokenLogprobs = (tokens: TokenLogprobView[], top: number) =>
  tokens.map((token) => ({ ...logprobEntry(token), top_logprobs: token.top.slice(0, top).map(logprobEntry) }))

const chatLogprobs = (tokens: TokenLogprobView[], top: number | undefined): object | null =>
  top === undefined ? null : { content: tokenLogprobs(tokens, top), refusal: null }

const framed = ({ id, created, model }: Head, object: string, choices: object[]) => ({ id, object, created, model, choices })
const chatChunk = (head: Head, choices: object[]) => framed(head, 'chat.completion.chunk', choices)
const chatChoice = ({ index = 0 }: Head, delta: object, finish: FinishReason | null, logprobs: object | null = null) => {
  return { index, delta, logprobs, finish_reason: finish }
}

type Call = NonNullable<Piece['calls']>[number]
const toolCall = (head: Head, { index, name, arguments: args }: Call) => ({
  id: `call_${head.id.slice(head.id.indexOf('-') + 1)}_${head.index ?? 0}_${index}`,
  type: 'function' as const,
  function: { name, arguments: args }
})

const chatDelta = (head: Head, { text, calls = [] }: Piece): object => ({
  ...((text !== '' || calls.length === 0) && { content: text }),
  ...(calls.length > 0 && { tool_calls: calls.map((call) => ({ index: call.index, ...toolCall(head, call) })) })
})

export const chatShape: Shape = {
  idPrefix: 'chatcmpl-',
  opening: (head) => chatChunk(head, [chatChoice(head, { role: 'assistant', content: '', refusal: null }, null)]),
  delta: (head, piece, top) => {
    return {
      ...chatChunk(head, [chatChoice(head, chatDelta(head, piece), null, chatLogprobs(piece.logprobs, top))]),
      ...place(piece.place)
    }
  },
  finish: (head, reason) => chatChunk(head, [chatChoice(head, {}, reason)]),
  usage: (head, usage) => ({ ...chatChunk(head, []), usage }),
  body: (head, whole, top) => {
    const called = whole.calls.length > 0
    const message = {
      role: 'assistant',
      content: called && whole.text === '' ? null : whole.text,
      refusal: null,
      ...(called && { tool_calls: whole.calls.map((call) => toolCall(head, call)) })
    }
    const choice = { index: head.index ?? 0, message, logprobs: chatLogprobs(whole.logprobs, top), finish_reason: whole.finish }
    return { ...framed(head, 'chat.completion', [choice]), usage: whole.usage, openseam: whole.openseam }
  }
}

const textLogprobs = (tokens: TokenLogprobView[], top: number | undefined, offset: number): object | null => {
  if (top === undefined) return null
  let at = offset
  const offsets = tokens.map(({ token }) => {
    at += token.length
    return at - token.length
  })
  return {
    tokens: tokens.map(({ token }) => token),
    token_logprobs: tokens.map(({ logprob }) => finite(logprob)),
    top_logprobs: tokens.map((token) =>
      Object.fromEntries(token.top.slice(0, top).map((other) => [other.token, finite(other.logprob)]))
    ),
    text_offset: offsets
  }
}

const textChunk = (head: Head, choices: object[]) => framed(head, 'text_completion', choices)
const textChoice = ({ index = 0 }: Head, text: string, finish: FinishReason | null, logprobs: object | null = null) => {
  return { index, text, logprobs, finish_reason: finish }
}

export const completionShape: Shape = {
  idPrefix: 'cmpl-',
  opening: () => undefined,
  delta: (head, piece, top, offset) => {
    return {
      ...textChunk(head, [textChoice(head, piece.text, null, textLogprobs(piece.logprobs, top, offset))]),
      ...place(piece.place)
    }
  },
  finish: (head, reason) => textChunk(head, [textChoice(head, '', reason)]),
  usage: (head, usage) => ({ ...textChunk(head, []), usage }),
  body: (head, whole, top) => ({
    ...textChunk(head, [textChoice(head, whole.text, whole.finish, textLogprobs(whole.logprobs, top, 0))]),
    usage: whole.usage,
    openseam: whole.openseam
  })
}
