/** OpenAI's parameters as what the client understands, and how the answer is to be delivered. Gateway and SDK both convert here. */
import { SeamError } from '../protocol/errors.ts'
import { CONTEXT_MAX } from '../protocol/limits.ts'
import type { ChatMessage, ChatRequest, JsonGrammar, SamplingOptions } from '../session/types.ts'
import type { ChatParams, CommonParams, CompletionParams, ResponseFormat } from './params.ts'

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

export const chatAsk = (body: ChatParams): Ask => {
  if (body.top_logprobs != null && body.logprobs !== true) {
    throw badRequest('top_logprobs: needs `logprobs` to be true.', 'top_logprobs')
  }
  const topLogprobs = body.logprobs === true ? (body.top_logprobs ?? 0) : undefined
  const messages = body.messages.map(({ role, content }) => ({ role, content: plainText(content) }))
  const common = commonRequest(body, topLogprobs)
  const json = jsonOf(body.response_format)
  const request = { ...common, messages, ...(json !== undefined && { sampling: { ...common.sampling, json } }) }
  return { request, delivery: delivery(body, topLogprobs) }
}

/** A schema that is left out is any object, as `json_object` is. */
const jsonOf = (format: ResponseFormat | null | undefined): JsonGrammar | undefined => {
  if (format == null || format.type === 'text') return undefined
  const { schema, strict } = format.type === 'json_schema' ? format.json_schema : {}
  return { schema: schema ?? { type: 'object' }, strict: schema != null && strict === true }
}

export const completionAsk = (body: CompletionParams): Ask => {
  const topLogprobs = body.logprobs ?? undefined
  const request = { ...commonRequest(body, topLogprobs), ...promptOf(body.prompt) }
  return { request, delivery: delivery(body, topLogprobs) }
}

/** Text is asked as one user message, since these models speak through their chat template; ids go to the model as they are. */
const promptOf = (prompt: CompletionParams['prompt']): { messages: ChatMessage[] } | { ids: number[] } => {
  const first = typeof prompt === 'string' ? prompt : prompt[0]
  if (typeof first === 'string') return { messages: [{ role: 'user', content: first.toWellFormed() }] }
  return { ids: Array.isArray(first) ? first : (prompt as number[]) }
}

/** Half a surrogate pair is no text: a tokenizer would fail on it far from the caller who sent it. */
const plainText = (content: ChatParams['messages'][number]['content']): string =>
  (typeof content === 'string' ? content : content.map((part) => part.text).join('')).toWellFormed()

const delivery = (body: CommonParams, topLogprobs: number | undefined): Delivery => {
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

const commonRequest = (body: CommonParams, topLogprobs: number | undefined): ChatRequest => {
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

const sampling = (body: CommonParams, topLogprobs: number | undefined): SamplingOptions =>
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

const badRequest = (message: string, param: string): SeamError => new SeamError('BAD_REQUEST', message, { detail: { param } })
