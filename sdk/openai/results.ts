/** What a caller gets: OpenAI's objects, with everything that OpenAI has no word for under the one key `openseam`. */
import type { Place } from './pieces.ts'
import type { FinishReason } from './shapes.ts'
import type { modelView, TurnView, UsageView } from './view.ts'

export interface Logprob {
  token: string
  logprob: number
  bytes: number[] | null
}

export interface ChatLogprobs {
  content: (Logprob & { top_logprobs: Logprob[] })[] | null
  refusal: null
}

export interface ToolCallResult {
  id: string
  type: 'function'
  /** `arguments` is JSON, as the model wrote it. */
  function: { name: string; arguments: string }
}

export interface ChatCompletion {
  id: string
  object: 'chat.completion'
  created: number
  model: string
  choices: {
    index: number
    /** Null where the answer is calls alone. */
    message: { role: 'assistant'; content: string | null; refusal: null; tool_calls?: ToolCallResult[] }
    logprobs: ChatLogprobs | null
    finish_reason: FinishReason
  }[]
  usage: UsageView
  /** Who made which tokens at what price; amounts are decimal strings of wei. */
  openseam: TurnView
}

export interface ChatCompletionChunk {
  id: string
  object: 'chat.completion.chunk'
  created: number
  model: string
  choices: {
    index: number
    delta: { role?: 'assistant'; content?: string; refusal?: null; tool_calls?: (ToolCallResult & { index: number })[] }
    logprobs: ChatLogprobs | null
    finish_reason: FinishReason | null
  }[]
  usage?: UsageView | null
  /** On a chunk with tokens where they came from, on the last chunk the whole account. */
  openseam?: Place | TurnView
}

export interface TextLogprobs {
  tokens: string[]
  token_logprobs: number[]
  top_logprobs: Record<string, number>[]
  text_offset: number[]
}

interface TextCompletionOf<Finish> {
  id: string
  object: 'text_completion'
  created: number
  model: string
  choices: { index: number; text: string; logprobs: TextLogprobs | null; finish_reason: Finish }[]
}

export interface Completion extends TextCompletionOf<FinishReason> {
  usage: UsageView
  openseam: TurnView
}

export interface CompletionChunk extends TextCompletionOf<FinishReason | null> {
  usage?: UsageView | null
  openseam?: Place | TurnView
}

export type Model = ReturnType<typeof modelView>
