/** OpenAI's Responses API: what callers may send, and the same in the words of chat completions, which the core understands. */
import type { ChatParams, MessageParam, ResponseFormat } from 'openseam/openai/params'
import { z } from 'zod'
import { drawing, MESSAGES_MAX, modelName, TOOLS_MAX, toolName } from '../requests.ts'

const onlyText = { error: 'only text parts are read here' }
const textPart = z.object({ type: z.enum(['input_text', 'output_text'], onlyText), text: z.string() })
const text = z.union([z.string(), z.array(textPart).max(MESSAGES_MAX)])
const id = z.string().min(1).max(200)

const messageItem = z.object({
  type: z
    .literal('message', { error: 'only message, function_call, function_call_output and reasoning are read here' })
    .optional(),
  role: z.enum(['system', 'developer', 'user', 'assistant'], { error: 'must be system, developer, user or assistant' }),
  content: text
})
const callItem = z.object({ type: z.literal('function_call'), call_id: id, name: toolName, arguments: z.string() })
const outputItem = z.object({ type: z.literal('function_call_output'), call_id: id, output: text })
const reasoningItem = z.object({ type: z.literal('reasoning') }).describe('Passed over.')
const item = z.union([messageItem, callItem, outputItem, reasoningItem])

const tool = z.object({
  type: z.literal('function', { error: 'only functions are served' }),
  name: toolName,
  description: z.string().max(8192).nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish().describe('JSON Schema of the arguments.'),
  strict: z.boolean().nullish()
})
const toolChoice = z.union([
  z.enum(['none', 'auto', 'required'], { error: 'must be none, auto, required or a function' }),
  z.object({ type: z.literal('function'), name: toolName })
])

const format = z.discriminatedUnion(
  'type',
  [
    z.object({ type: z.literal('text') }),
    z.object({ type: z.literal('json_object') }),
    z.object({
      type: z.literal('json_schema'),
      name: z.string().max(64),
      description: z.string().nullish(),
      schema: z.record(z.string(), z.unknown()),
      strict: z.boolean().nullish()
    })
  ],
  { error: 'must be text, json_object or json_schema' }
)

const absent = (error: string) => z.null({ error }).optional()

export const responsesBody = z.object({
  model: modelName,
  ...drawing,
  input: z.union([z.string(), z.array(item).min(1).max(MESSAGES_MAX)]),
  instructions: z.string().nullish(),
  max_output_tokens: z.int().min(1).nullish(),
  stream: z.boolean().nullish(),
  tools: z.array(tool).max(TOOLS_MAX).nullish(),
  tool_choice: toolChoice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  text: z.object({ format: format.nullish() }).nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  include: z
    .array(z.string().max(100))
    .max(32)
    .nullish()
    .describe('`message.output_text.logprobs` is served, others are passed over.'),
  metadata: z.record(z.string().max(64), z.string().max(512)).nullish().describe('Given back as it came.'),
  previous_response_id: absent('nothing is stored here; send the whole conversation as `input`'),
  conversation: absent('nothing is stored here; send the whole conversation as `input`'),
  prompt: absent('stored prompts are not served'),
  background: z.literal(false, { error: 'only answers that their caller waits for' }).nullish(),
  truncation: z.literal('disabled', { error: 'nothing is cut here; shorten `input`' }).nullish()
})

export type ResponsesBody = z.output<typeof responsesBody>

const LOGPROBS = 'message.output_text.logprobs'

export const responsesChat = (body: ResponsesBody): ChatParams => {
  const { input, instructions, max_output_tokens, tools, tool_choice, top_logprobs, include, text: shape } = body
  const { model, stream, temperature, top_p, top_k, min_p, repetition_penalty, frequency_penalty, presence_penalty } = body
  const { logit_bias, seed, stop, openseam } = body
  const logprobs = top_logprobs != null || include?.includes(LOGPROBS) === true
  const named = typeof tool_choice === 'object' && tool_choice !== null
  return {
    model,
    stream,
    temperature,
    top_p,
    top_k,
    min_p,
    repetition_penalty,
    frequency_penalty,
    presence_penalty,
    logit_bias,
    seed,
    stop,
    openseam,
    messages: [
      ...(instructions == null ? [] : [{ role: 'system' as const, content: instructions }]),
      ...(typeof input === 'string' ? [{ role: 'user' as const, content: input }] : messagesOf(input))
    ],
    max_completion_tokens: max_output_tokens,
    ...(logprobs && { logprobs, top_logprobs: top_logprobs ?? 0 }),
    tools: tools?.map(({ name, description, parameters }) => ({ type: 'function', function: { name, description, parameters } })),
    tool_choice: named ? { type: 'function', function: { name: tool_choice.name } } : tool_choice,
    response_format: formatOf(shape?.format)
  }
}

const formatOf = (value: z.output<typeof format> | null | undefined): ResponseFormat | null | undefined => {
  if (value?.type !== 'json_schema') return value
  const { name, schema, strict } = value
  return { type: 'json_schema', json_schema: { name, schema, strict } }
}

/** What an assistant said and called in one go is one message, as templates know it. */
const messagesOf = (items: z.output<typeof item>[]): MessageParam[] => {
  const messages: MessageParam[] = []
  for (const one of items) {
    if ('role' in one) messages.push({ role: one.role, content: plain(one.content) })
    else if (one.type === 'function_call_output')
      messages.push({ role: 'tool', tool_call_id: one.call_id, content: plain(one.output) })
    else if (one.type === 'function_call') {
      const call = { id: one.call_id, type: 'function' as const, function: { name: one.name, arguments: one.arguments } }
      const last = messages.at(-1)
      if (last?.role === 'assistant') last.tool_calls = [...(last.tool_calls ?? []), call]
      else messages.push({ role: 'assistant', content: null, tool_calls: [call] })
    }
  }
  return messages
}

const plain = (content: z.output<typeof text>): string =>
  typeof content === 'string' ? content : content.map((part) => part.text).join('')
