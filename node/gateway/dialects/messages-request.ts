/** Anthropic's Messages shape: what callers may send, and the same in the words of chat completions. */
import type { ChatParams, MessageParam } from 'openseam/openai/params'
import { z } from 'zod'
import { drawing, MESSAGES_MAX, modelName, STOP_CHARS_MAX, STOPS_MAX, TOOLS_MAX, toolName } from '../requests.ts'

const id = z.string().min(1).max(200)
const textBlock = z.object({
  type: z.literal('text', { error: 'only text, tool_use and tool_result are read here' }),
  text: z.string()
})
const text = z.union([z.string(), z.array(textBlock).max(MESSAGES_MAX)])
const useBlock = z.object({ type: z.literal('tool_use'), id, name: toolName, input: z.record(z.string(), z.unknown()) })
const resultBlock = z.object({ type: z.literal('tool_result'), tool_use_id: id, content: text.nullish() })

const message = z.object({
  role: z.enum(['user', 'assistant'], { error: 'must be user or assistant; `system` is a field of its own' }),
  content: z.union([
    z.string(),
    z
      .array(z.union([textBlock, useBlock, resultBlock]))
      .min(1)
      .max(MESSAGES_MAX)
  ])
})

const tool = z.object({
  type: z.literal('custom', { error: 'only tools of your own are served' }).nullish(),
  name: toolName,
  description: z.string().max(8192).nullish(),
  input_schema: z.record(z.string(), z.unknown())
})
const toolChoice = z.discriminatedUnion(
  'type',
  [
    z.object({ type: z.literal('auto') }),
    z.object({ type: z.literal('any') }),
    z.object({ type: z.literal('none') }),
    z.object({ type: z.literal('tool'), name: toolName })
  ],
  { error: 'must be auto, any, none or tool' }
)

const { temperature: _, stop: _stop, ...rest } = drawing

export const messagesBody = z.object({
  model: modelName,
  ...rest,
  temperature: z.number().min(0).max(1).nullish(),
  max_tokens: z.int().min(1),
  messages: z.array(message).min(1).max(MESSAGES_MAX),
  system: text.nullish(),
  stop_sequences: z.array(z.string().min(1).max(STOP_CHARS_MAX)).max(STOPS_MAX).nullish(),
  stream: z.boolean().nullish(),
  tools: z.array(tool).max(TOOLS_MAX).nullish(),
  tool_choice: toolChoice.nullish(),
  thinking: z.object({ type: z.literal('disabled', { error: 'no model here shows what it thinks' }) }).nullish()
})

export type MessagesBody = z.output<typeof messagesBody>

export const messagesChat = (body: MessagesBody): ChatParams => {
  const { messages, system, stop_sequences, tools, tool_choice, max_tokens, thinking: _thinking, ...same } = body
  return {
    ...same,
    max_tokens,
    stop: stop_sequences,
    messages: [...(system == null ? [] : [{ role: 'system' as const, content: plain(system) }]), ...messages.flatMap(messagesOf)],
    tools: tools?.map(({ name, description, input_schema }) => {
      return { type: 'function', function: { name, description, parameters: input_schema } }
    }),
    tool_choice: choiceOf(tool_choice)
  }
}

const choiceOf = (choice: MessagesBody['tool_choice']): ChatParams['tool_choice'] => {
  if (choice == null) return undefined
  if (choice.type === 'tool') return { type: 'function', function: { name: choice.name } }
  return choice.type === 'any' ? 'required' : choice.type
}

/** Results of tools come first, as the calls they answer came last. */
const messagesOf = ({ role, content }: z.output<typeof message>): MessageParam[] => {
  if (typeof content === 'string') return [{ role, content }]
  const results: MessageParam[] = []
  const calls: NonNullable<MessageParam['tool_calls']> = []
  let said = ''
  for (const block of content) {
    if (block.type === 'text') said += block.text
    else if (block.type === 'tool_result')
      results.push({ role: 'tool', tool_call_id: block.tool_use_id, content: plain(block.content ?? '') })
    else calls.push({ id: block.id, type: 'function', function: { name: block.name, arguments: JSON.stringify(block.input) } })
  }
  if (said === '' && calls.length === 0 && results.length > 0) return results
  return [...results, { role, content: said, ...(calls.length > 0 && { tool_calls: calls }) }]
}

const plain = (content: z.output<typeof text>): string =>
  typeof content === 'string' ? content : content.map((block) => block.text).join('')
