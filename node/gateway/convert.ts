/** A checked body as what the client understands, and how the answer is to be delivered. */
import { CONTEXT_MAX } from 'openseam/protocol/limits'
import type { ChatMessage, ChatRequest, SamplingOptions } from 'openseam/session/types'
import { badRequest } from './errors.ts'
import type { ChatBody, CommonBody, CompletionBody } from './requests.ts'

export interface Ask {
  request: ChatRequest
  delivery: Delivery
}

export interface Delivery {
  stream: boolean
  includeUsage: boolean
  /** Alternatives to report per token; undefined: no logprobs at all. */
  topLogprobs: number | undefined
  tokenIds: boolean
}

export const chatAsk = (body: ChatBody): Ask => {
  if (body.top_logprobs != null && body.logprobs !== true) {
    throw badRequest('top_logprobs: needs `logprobs` to be true.', 'top_logprobs')
  }
  const topLogprobs = body.logprobs === true ? (body.top_logprobs ?? 0) : undefined
  const messages = body.messages.map(({ role, content }) => ({ role, content: plainText(content) }))
  return { request: { ...commonRequest(body, topLogprobs), messages }, delivery: delivery(body, topLogprobs) }
}

export const completionAsk = (body: CompletionBody): Ask => {
  const topLogprobs = body.logprobs ?? undefined
  const request = { ...commonRequest(body, topLogprobs), ...promptOf(body.prompt) }
  return { request, delivery: delivery(body, topLogprobs) }
}

/** Text is asked as one user message, since these models speak through their chat template; ids go to the model as they are. */
const promptOf = (prompt: CompletionBody['prompt']): { messages: ChatMessage[] } | { ids: number[] } => {
  const first = typeof prompt === 'string' ? prompt : prompt[0]
  if (typeof first === 'string') return { messages: [{ role: 'user', content: first.toWellFormed() }] }
  return { ids: Array.isArray(first) ? first : (prompt as number[]) }
}

/** Half a surrogate pair is no text: a tokenizer would fail on it far from the caller who sent it. */
const plainText = (content: ChatBody['messages'][number]['content']): string =>
  (typeof content === 'string' ? content : content.map((part) => part.text).join('')).toWellFormed()

const delivery = (body: CommonBody, topLogprobs: number | undefined): Delivery => {
  if (body.stream_options != null && body.stream !== true) {
    throw badRequest('stream_options: only with `stream` set to true.', 'stream_options')
  }
  return {
    stream: body.stream === true,
    includeUsage: body.stream_options?.include_usage === true,
    topLogprobs,
    tokenIds: body.openseam?.tokenIds !== false
  }
}

const commonRequest = (body: CommonBody, topLogprobs: number | undefined): ChatRequest => {
  if ((body.n ?? 1) !== 1) throw badRequest('n: only 1 answer a request is served; ask again for another.', 'n')
  const { provider, maxPrice, successors, cache, session } = body.openseam ?? {}
  const maxTokens = body.max_completion_tokens ?? body.max_tokens
  return given<ChatRequest>({
    model: body.model,
    maxTokens: maxTokens == null ? undefined : Math.min(maxTokens, CONTEXT_MAX),
    sampling: sampling(body, topLogprobs),
    stop: typeof body.stop === 'string' ? [body.stop] : (body.stop ?? undefined),
    provider: provider ?? undefined,
    maxPrice: maxPrice == null ? undefined : BigInt(maxPrice),
    successors: successors ?? undefined,
    cache: cache ?? undefined,
    session: session ?? undefined
  })
}

const sampling = (body: CommonBody, topLogprobs: number | undefined): SamplingOptions =>
  given<SamplingOptions>({
    temperature: body.temperature ?? undefined,
    topP: body.top_p ?? undefined,
    topK: body.top_k != null && body.top_k > 0 ? body.top_k : undefined,
    minP: body.min_p ?? undefined,
    repetitionPenalty: body.repetition_penalty ?? undefined,
    frequencyPenalty: body.frequency_penalty ?? undefined,
    presencePenalty: body.presence_penalty ?? undefined,
    logitBias:
      body.logit_bias == null ? undefined : Object.entries(body.logit_bias).map(([id, bias]) => ({ id: Number(id), bias })),
    seed: body.seed == null ? undefined : BigInt.asUintN(64, BigInt(body.seed)),
    // The client reports a chosen token's own logprob only along with alternatives; the extra one is cut off again.
    logprobs: topLogprobs === undefined ? undefined : Math.max(1, topLogprobs)
  })

/** Without the fields that were not given, so that the client's own defaults hold. */
const given = <Value extends object>(value: Value): Value =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Value
