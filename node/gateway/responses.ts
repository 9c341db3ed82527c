/** What callers get, as schemas: the OpenAPI document is made of these, and the tests hold every response to it. */
import { OPENING_FORMAT } from 'openseam/protocol/opening'
import { z } from 'zod'

const wei = z.string().regex(/^\d+$/).describe('wei, as a decimal string')
const hex = z.string().regex(/^0x[0-9a-fA-F]*$/)
const count = z.int().min(0)
const price = z.object({ prompt: wei, completion: wei })

export const leg = z.object({
  leg: count,
  provider: z.string(),
  account: hex,
  from: count,
  to: count,
  resumed: z.enum(['none', 'warm', 'prefill', 'fetch', 'hybrid']),
  kept: count,
  recomputed: count,
  exact: z.boolean(),
  gapMs: z.number().min(0),
  end: z.enum(['running', 'finished', 'died', 'silent', 'drained', 'refused', 'cancelled', 'unpaid', 'moved']),
  price,
  amount: wei,
  receipts: z.array(hex)
})

export const turn = z.object({
  session: z.string(),
  chainSession: hex,
  promptTokens: count,
  tokenIds: z.array(count).optional(),
  legs: z.array(leg),
  amount: wei,
  receipts: z.array(hex)
})

export const session = turn.extend({
  model: z.string(),
  running: z.boolean(),
  finish: z.enum(['stop', 'length', 'cancelled', 'failed']).nullable(),
  successors: z.array(z.object({ provider: z.string(), blocks: count }))
})

/** `openseam-opening-1` of docs/spec/fingerprint.md; bytes as hex. */
export const opening = z.object({
  format: z.literal(OPENING_FORMAT),
  sessionId: hex,
  modelId: hex,
  ids: hex,
  completionFrom: count,
  prints: hex,
  sampling: hex,
  legs: z.array(z.object({ leg: count, from: count, salt: hex }))
})

export const switched = z.object({
  from: z.string(),
  to: z.string(),
  reason: z.string(),
  resumed: z.string(),
  kept: count,
  recomputed: count,
  gapMs: z.number().min(0)
})

export const place = z
  .object({ index: count, provider: z.string(), leg: count, switch: switched.optional() })
  .describe('Where the last token of this chunk came from; `switch` on the first chunk after a change of provider.')

export const usage = z.object({ prompt_tokens: count, completion_tokens: count, total_tokens: count })

const bytes = z.array(z.int().min(0).max(255)).nullable()
const alternative = z.object({ token: z.string(), logprob: z.number(), bytes })
const chatLogprobs = z
  .object({ content: z.array(alternative.extend({ top_logprobs: z.array(alternative) })).nullable(), refusal: z.null() })
  .nullable()
const textLogprobs = z
  .object({
    tokens: z.array(z.string()),
    token_logprobs: z.array(z.number()),
    top_logprobs: z.array(z.record(z.string(), z.number())),
    text_offset: z.array(count)
  })
  .nullable()

const head = { id: z.string(), created: count, model: z.string() }
const finishReason = z.enum(['stop', 'length', 'tool_calls'])
const toolCall = z.object({
  id: z.string(),
  type: z.literal('function'),
  function: z.object({ name: z.string(), arguments: z.string().describe('JSON, as the model wrote it.') })
})
const message = z.object({
  role: z.literal('assistant'),
  content: z.string().nullable(),
  refusal: z.null(),
  tool_calls: z.array(toolCall).optional()
})
const delta = z.object({
  role: z.literal('assistant').optional(),
  content: z.string().optional(),
  refusal: z.null().optional(),
  tool_calls: z.array(toolCall.extend({ index: count })).optional()
})
/** Where there is more than one choice: each has its own account, here is what they have together. */
export const choicesSeam = z.object({ sessions: z.array(z.string()), amount: wei })
const bodySeam = z.union([turn, choicesSeam])
/** On the last chunk the whole turn, on a chunk with tokens their place, on others nothing. */
const chunkSeam = z.union([turn, place, choicesSeam]).optional()

export const chatCompletion = z.object({
  ...head,
  object: z.literal('chat.completion'),
  choices: z
    .array(z.object({ index: count, message, logprobs: chatLogprobs, finish_reason: finishReason, openseam: turn.optional() }))
    .min(1),
  usage,
  openseam: bodySeam
})

export const chatChunk = z.object({
  ...head,
  object: z.literal('chat.completion.chunk'),
  choices: z.array(z.object({ index: count, delta, logprobs: chatLogprobs, finish_reason: finishReason.nullable() })).max(1),
  usage: usage.nullable().optional(),
  openseam: chunkSeam
})

const textChoice = z.object({ index: count, text: z.string(), logprobs: textLogprobs, finish_reason: finishReason })

export const completion = z.object({
  ...head,
  object: z.literal('text_completion'),
  choices: z.array(textChoice.extend({ openseam: turn.optional() })).min(1),
  usage,
  openseam: bodySeam
})

export const completionChunk = z.object({
  ...head,
  object: z.literal('text_completion'),
  choices: z.array(textChoice.extend({ finish_reason: finishReason.nullable() })).max(1),
  usage: usage.nullable().optional(),
  openseam: chunkSeam
})

export const model = z.object({
  id: z.string(),
  object: z.literal('model'),
  created: count,
  owned_by: z.string(),
  openseam: z.object({
    modelId: hex,
    contextMax: count,
    providers: count,
    price,
    royalties: z.array(z.object({ account: hex, bps: count }))
  })
})

export const models = z.object({ object: z.literal('list'), data: z.array(model) })

export const error = z.object({
  error: z.object({
    message: z.string(),
    type: z.string(),
    param: z.string().nullable(),
    code: z.string().nullable(),
    excluded: z.array(z.object({ provider: z.string(), code: z.string(), detail: z.string() })).optional()
  })
})

const spent = z.object({ answers: count, prompt_tokens: count, completion_tokens: count, amount: wei })

export const usageReport = z
  .object({
    object: z.literal('usage'),
    key: z.string().nullable().describe('The name of the key; null where keys have no names.'),
    quota: z.object({ day: wei.nullable(), total: wei.nullable() }),
    total: spent,
    days: z.array(spent.extend({ day: z.string().describe('UTC, `2026-01-31`') }))
  })
  .describe('Answers that ended, also those that broke off; one that still runs is in none of it.')

export const health = z.object({ status: z.literal('ok'), version: z.string() })
