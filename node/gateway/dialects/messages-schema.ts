/** What the Messages shape answers, as schemas for the OpenAPI document. */
import { z } from 'zod'
import { place, turn } from '../responses.ts'

const count = z.int().min(0)
const usage = z.object({ input_tokens: count, output_tokens: count })
const stopReason = z.enum(['end_turn', 'max_tokens', 'tool_use'])
const block = z.union([
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('tool_use'), id: z.string(), name: z.string(), input: z.record(z.string(), z.unknown()) })
])

export const message = z.object({
  id: z.string(),
  type: z.literal('message'),
  role: z.literal('assistant'),
  model: z.string(),
  content: z.array(block),
  stop_reason: stopReason.nullable(),
  stop_sequence: z.null(),
  usage,
  openseam: turn.optional()
})

const index = count
export const messageEvent = z.union([
  z.object({ type: z.literal('message_start'), message }),
  z.object({ type: z.literal('content_block_start'), index, content_block: block }),
  z.object({
    type: z.literal('content_block_delta'),
    index,
    delta: z.union([
      z.object({ type: z.literal('text_delta'), text: z.string() }),
      z.object({ type: z.literal('input_json_delta'), partial_json: z.string() })
    ]),
    openseam: place.optional()
  }),
  z.object({ type: z.literal('content_block_stop'), index }),
  z.object({
    type: z.literal('message_delta'),
    delta: z.object({ stop_reason: stopReason, stop_sequence: z.null() }),
    usage,
    openseam: turn
  }),
  z.object({ type: z.literal('message_stop') })
])

export const messageError = z.object({
  type: z.literal('error'),
  error: z.object({ type: z.string(), message: z.string(), code: z.string(), param: z.string().nullable() }),
  request_id: z.string().optional()
})
