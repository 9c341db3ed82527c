/** What callers may send. The OpenAPI document is generated from these, so they hold types and bounds, never conversions. */
import { CONTEXT_MAX, SUCCESSORS_MAX } from 'openseam/protocol/limits'
import { z } from 'zod'

export const CHOICES_MAX = 8 // each takes a slot of a provider
export const MESSAGES_MAX = 4096
export const STOPS_MAX = 4
export const STOP_CHARS_MAX = 1000
const BIASES_MAX = 300
export const TOOLS_MAX = 128

const tokenId = z.int().min(0).max(0x7fffffff)
const textPart = z.object({ type: z.literal('text', { error: 'only text parts are read here' }), text: z.string() })
const content = z.union([z.string(), z.array(textPart).min(1).max(MESSAGES_MAX)])

const call = z.object({
  id: z.string().max(200),
  type: z.literal('function'),
  function: z.object({ name: z.string().max(64), arguments: z.string() })
})

export const message = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool'], {
    error: 'must be system, developer, user, assistant or tool'
  }),
  content: content.nullish().describe('May be left out beside `tool_calls`.'),
  tool_calls: z.array(call).max(TOOLS_MAX).nullish(),
  tool_call_id: z.string().max(200).nullish()
})

export const toolName = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, { error: 'up to 64 letters, digits, _ and -' })
const tool = z.object({
  type: z.literal('function', { error: 'only functions are served' }),
  function: z.object({
    name: toolName,
    description: z.string().max(8192).nullish(),
    parameters: z.record(z.string(), z.unknown()).nullish().describe('JSON Schema of the arguments.')
  })
})
const toolChoice = z.union([
  z.enum(['none', 'auto', 'required'], { error: 'must be none, auto, required or a function' }),
  z.object({ type: z.literal('function'), function: z.object({ name: toolName }) })
])

/** Integers to 64 bits: JSON has no others, and libraries draw seeds beyond 2^53. */
const seed = z
  .number()
  .min(-(2 ** 63))
  .lt(2 ** 64)
  .refine(Number.isInteger, { error: 'expected an integer' })
  .meta({ type: 'integer' })

export const openseamRequest = z.object({
  provider: z.string().min(1).max(128).nullish().describe('Only this peer may serve the first leg.'),
  maxPrice: z
    .string()
    .regex(/^\d{1,30}$/, { error: 'expected wei per 1M tokens as a decimal string' })
    .nullish(),
  successors: z.int().min(0).max(SUCCESSORS_MAX).nullish().describe('Warm copies to keep; 0 for none.'),
  tokenIds: z.boolean().nullish().describe('False leaves the token ids out of the answer.'),
  cache: z.boolean().nullish().describe('May earlier state of this session be reused? Default true.'),
  session: z.string().min(1).max(200).nullish().describe('Continue this session; the messages must extend it.')
})

export const modelName = z.string().min(1).max(200)
const stopText = z.string().min(1).max(STOP_CHARS_MAX)

/** How tokens are drawn, in the words that every API here shares. */
export const drawing = {
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  top_k: z.int().min(-1).max(1_000_000).nullish().describe('Not in OpenAI; 0 and -1 turn it off.'),
  min_p: z.number().min(0).max(1).nullish(),
  repetition_penalty: z.number().gt(0).max(10).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  logit_bias: z
    .record(z.string().regex(/^\d{1,9}$/, { error: 'keys are token ids' }), z.number().min(-100).max(100))
    .refine((value) => Object.keys(value).length <= BIASES_MAX, { error: `at most ${BIASES_MAX} entries` })
    .nullish(),
  seed: seed.nullish(),
  stop: z.union([stopText, z.array(stopText).max(STOPS_MAX)]).nullish(),
  openseam: openseamRequest.nullish()
}

const common = {
  model: modelName,
  ...drawing,
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: z.int().min(1).nullish(),
  n: z.int().min(1).max(CHOICES_MAX).nullish().describe('Each answer is a session of its own; seeds count up from `seed`.')
}

/** The schema itself is checked where it is compiled; here only that it is one. */
const responseFormat = z.discriminatedUnion(
  'type',
  [
    z.object({ type: z.literal('text') }),
    z.object({ type: z.literal('json_object') }),
    z.object({
      type: z.literal('json_schema'),
      json_schema: z.object({
        name: z.string().max(64).optional(),
        description: z.string().optional(),
        schema: z.record(z.string(), z.unknown()).nullish(),
        strict: z.boolean().nullish().describe('Only the properties that the schema names.')
      })
    })
  ],
  { error: 'must be text, json_object or json_schema' }
)

export const chatBody = z.object({
  ...common,
  messages: z.array(message).min(1).max(MESSAGES_MAX),
  max_completion_tokens: z.int().min(1).nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  tools: z.array(tool).max(TOOLS_MAX).nullish().describe('Where the chat template of the model knows tools.'),
  tool_choice: toolChoice.nullish().describe('`required` and a named function hold the model to one call.'),
  response_format: responseFormat.nullish()
})

export const embeddingBody = z.object({
  model: common.model,
  input: z.union([
    z.string(),
    z
      .array(z.union([z.string(), z.array(tokenId), tokenId]))
      .min(1)
      .max(MESSAGES_MAX)
  ])
})

const ids = z.array(tokenId).min(1).max(CONTEXT_MAX)
const single = { error: 'one prompt a request' }
export const completionBody = z.object({
  ...common,
  prompt: z.union([z.string(), ids, z.array(z.string()).length(1, single), z.array(ids).length(1, single)]),
  logprobs: z.int().min(0).max(5).nullish(),
  echo: z.literal(false, { error: 'echo is not served' }).nullish(),
  best_of: z.literal(1, { error: 'only 1 is served' }).nullish(),
  suffix: z.literal('', { error: 'suffix is not served' }).nullish()
})

export const streamQuery = z.object({
  from: z
    .string()
    .regex(/^\d{1,9}$/, { error: 'expected a token index' })
    .optional()
})
