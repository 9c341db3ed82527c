/** OpenAI's parameters as what the client understands, and how the answer is to be delivered. Gateway and SDK both convert here. */
import { SeamError } from '../protocol/errors.ts'
import { CONTEXT_MAX } from '../protocol/limits.ts'
import type { ChatMessage, ChatRequest, JsonGrammar, SamplingOptions, Tool } from '../session/types.ts'
import type { ChatParams, CommonParams, CompletionParams, ResponseFormat } from './params.ts'

export interface Ask {
  request: ChatRequest
  delivery: Delivery
  /** How many answers to the same request; each is a session of its own. */
  choices: number
}

/** One request a choice: the same but for the seed, where one is given. */
export const choiceRequests = ({ request, choices }: Ask): ChatRequest[] =>
  Array.from({ length: choices }, (_, i) => {
    const seed = request.sampling?.seed
    return seed === undefined
      ? request
      : { ...request, sampling: { ...request.sampling, seed: BigInt.asUintN(64, seed + BigInt(i)) } }
  })

export interface Delivery {
  stream: boolean
  includeUsage: boolean
  /** Alternatives to report per token; undefined: no logprobs at all. */
  topLogprobs: number | undefined
  tokenIds: boolean
  /** Names of the tools that the answer may call; calls are then read out of its text. */
  tools?: ReadonlySet<string>
}

/** @param choicesMax how many answers to one request the caller of this function can deliver */
export const chatAsk = (body: ChatParams, choicesMax = 1): Ask => {
  if (body.top_logprobs != null && body.logprobs !== true) {
    throw badRequest('top_logprobs: needs `logprobs` to be true.', 'top_logprobs')
  }
  const topLogprobs = body.logprobs === true ? (body.top_logprobs ?? 0) : undefined
  const choices = choicesOf(body, choicesMax)
  const messages = body.messages.map(messageOf)
  const common = commonRequest(body, topLogprobs)
  const json = jsonOf(body.response_format)
  const { tools, call } = toolsOf(body)
  const held = { ...common.sampling, ...(json !== undefined && { json }), ...(call !== undefined && { call }) }
  const request = { ...common, messages, sampling: held, ...(tools !== undefined && { tools }) }
  const names = tools && new Set(tools.map(({ name }) => name))
  return { request, choices, delivery: { ...delivery(body, topLogprobs), ...(names !== undefined && { tools: names }) } }
}

const messageOf = ({ role, content, tool_calls, tool_call_id }: ChatParams['messages'][number], i: number): ChatMessage => {
  if (content == null && (role !== 'assistant' || tool_calls == null))
    throw badRequest(`messages[${i}].content: is required.`, `messages[${i}].content`)
  // Templates write arguments as JSON themselves, and would quote a string once more.
  const calls = tool_calls?.map((call) => ({
    ...call,
    function: { ...call.function, arguments: parsed(call.function.arguments) }
  }))
  return {
    role,
    content: plainText(content ?? ''),
    ...(calls !== undefined && calls.length > 0 && { tool_calls: calls }),
    ...(tool_call_id != null && { tool_call_id })
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** What the model is told of, and what it is held to: one call where the caller insists. */
const toolsOf = ({ tools: params, tool_choice }: ChatParams): { tools?: Tool[]; call?: Tool[] } => {
  const tools = (params ?? []).map(({ function: { name, description, parameters } }): Tool => {
    return { name, ...(description != null && { description }), ...(parameters != null && { parameters }) }
  })
  if (tools.length === 0) {
    if (tool_choice == null || tool_choice === 'none' || tool_choice === 'auto') return {}
    throw badRequest('tool_choice: there are no tools to choose from.', 'tool_choice')
  }
  if (tool_choice === 'none') return {}
  if (tool_choice == null || tool_choice === 'auto') return { tools }
  if (tool_choice === 'required') return { tools, call: tools }
  const { name } = tool_choice.function
  const named = tools.filter((tool) => tool.name === name)
  if (named.length === 0) throw badRequest(`tool_choice: no tool is called \`${name.slice(0, 64)}\`.`, 'tool_choice')
  return { tools, call: named }
}

const choicesOf = (body: CommonParams, max: number): number => {
  const n = body.n ?? 1
  if (n > max) throw badRequest(`n: at most ${max} a request; each answer is a session of its own.`, 'n')
  if (n > 1 && body.openseam?.session != null) throw badRequest('n: a session that goes on has one answer.', 'n')
  return n
}

/** A schema that is left out is any object, as `json_object` is. */
const jsonOf = (format: ResponseFormat | null | undefined): JsonGrammar | undefined => {
  if (format == null || format.type === 'text') return undefined
  const { schema, strict } = format.type === 'json_schema' ? format.json_schema : {}
  return { schema: schema ?? { type: 'object' }, strict: schema != null && strict === true }
}

export const completionAsk = (body: CompletionParams, choicesMax = 1): Ask => {
  const topLogprobs = body.logprobs ?? undefined
  const request = { ...commonRequest(body, topLogprobs), ...promptOf(body.prompt) }
  return { request, choices: choicesOf(body, choicesMax), delivery: delivery(body, topLogprobs) }
}

/** Text is asked as one user message, since these models speak through their chat template; ids go to the model as they are. */
const promptOf = (prompt: CompletionParams['prompt']): { messages: ChatMessage[] } | { ids: number[] } => {
  const first = typeof prompt === 'string' ? prompt : prompt[0]
  if (typeof first === 'string') return { messages: [{ role: 'user', content: first.toWellFormed() }] }
  return { ids: Array.isArray(first) ? first : (prompt as number[]) }
}

/** Half a surrogate pair is no text: a tokenizer would fail on it far from the caller who sent it. */
const plainText = (content: string | { text: string }[]): string =>
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
