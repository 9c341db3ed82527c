/** What the Responses API answers, as schemas for the OpenAPI document. */
import { z } from 'zod'
import { place, turn } from '../responses.ts'

const count = z.int().min(0)
const bytes = z.array(z.int().min(0).max(255))
const alternative = z.object({ token: z.string(), logprob: z.number(), bytes })
const logprobs = z.array(alternative.extend({ top_logprobs: z.array(alternative) }))
const part = z.object({ type: z.literal('output_text'), text: z.string(), annotations: z.array(z.unknown()).max(0), logprobs })
const itemStatus = z.enum(['in_progress', 'completed', 'incomplete'])

const item = z.union([
  z.object({
    id: z.string(),
    type: z.literal('message'),
    status: itemStatus,
    role: z.literal('assistant'),
    content: z.array(part).max(1)
  }),
  z.object({
    id: z.string(),
    type: z.literal('function_call'),
    call_id: z.string(),
    name: z.string(),
    arguments: z.string().describe('JSON, as the model wrote it.'),
    status: itemStatus
  })
])

export const response = z.object({
  id: z.string(),
  object: z.literal('response'),
  created_at: count,
  status: itemStatus,
  background: z.literal(false),
  error: z.null(),
  incomplete_details: z.object({ reason: z.literal('max_output_tokens') }).nullable(),
  instructions: z.string().nullable(),
  max_output_tokens: count.nullable(),
  metadata: z.record(z.string(), z.string()),
  model: z.string(),
  output: z.array(item),
  parallel_tool_calls: z.boolean(),
  previous_response_id: z.null(),
  store: z.literal(false),
  temperature: z.number(),
  text: z.object({ format: z.looseObject({ type: z.string() }) }),
  tool_choice: z.union([z.string(), z.looseObject({ type: z.string() })]),
  tools: z.array(z.looseObject({ type: z.literal('function'), name: z.string() })),
  top_logprobs: count,
  top_p: z.number(),
  truncation: z.literal('disabled'),
  usage: z
    .object({
      input_tokens: count,
      input_tokens_details: z.object({ cached_tokens: count, cache_write_tokens: count }),
      output_tokens: count,
      output_tokens_details: z.object({ reasoning_tokens: count }),
      total_tokens: count
    })
    .optional()
    .describe('Once it is complete.'),
  openseam: turn.optional()
})

const sequence_number = count
const output_index = count
const at = { sequence_number, item_id: z.string(), output_index }
const inText = { ...at, content_index: z.literal(0) }
const about = (type: string, fields: Record<string, z.ZodType>) => z.object({ type: z.literal(type), ...fields })

export const responseEvent = z.union([
  ...['created', 'in_progress', 'completed', 'incomplete'].map((name) =>
    about(`response.${name}`, { sequence_number, response })
  ),
  ...['added', 'done'].map((name) => about(`response.output_item.${name}`, { sequence_number, output_index, item })),
  ...['added', 'done'].map((name) => about(`response.content_part.${name}`, { ...inText, part })),
  about('response.output_text.delta', { ...inText, delta: z.string(), logprobs, openseam: place.optional() }),
  about('response.output_text.done', { ...inText, text: z.string(), logprobs }),
  about('response.function_call_arguments.delta', { ...at, delta: z.string() }),
  about('response.function_call_arguments.done', { ...at, name: z.string(), arguments: z.string() }),
  about('error', { sequence_number, code: z.string().nullable(), message: z.string(), param: z.string().nullable() })
])
