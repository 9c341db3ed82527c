/** Bodies as wrong callers and hostile ones send them: mostly well formed, with a field or two of junk. */
import fc from 'fast-check'
import { basic } from './harness.ts'

const ANSWER_MS_MAX = 60_000

const odd = [null, true, '', 'x', -1, 0, 1, 2, 1e308, -1e308, 0.5, 2 ** 64, [], {}, [null], [[]], { __proto__: null }, '\ud800']
const junk = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom(...odd))
const mixed = (absent: number, good: number) => {
  return (...values: unknown[]) =>
    fc.oneof(
      { weight: absent, arbitrary: fc.constant(undefined) },
      { weight: good, arbitrary: fc.constantFrom(...values) },
      { weight: 1, arbitrary: junk }
    )
}
const field = mixed(20, 20)
/** What is often refused beside other fields, and would leave no body whole. */
const seldom = mixed(40, 5)

const schema = { type: 'object', properties: { a: { enum: ['x', 'y'] } }, required: ['a'] }
const tool = { type: 'function', function: { name: 'look_up', parameters: schema } }
const call = { id: 'c', type: 'function', function: { name: 'look_up', arguments: '{"a":' } }
const spoken = fc.record({
  role: fc.oneof(fc.constantFrom('system', 'developer', 'user', 'assistant', 'tool'), junk),
  content: fc.oneof(fc.string({ unit: 'binary' }), fc.constant([{ type: 'text', text: 'Hi' }]), junk),
  tool_calls: field([call])
})

const shaped = fc.record({
  model: fc.oneof({ weight: 30, arbitrary: fc.constant('seam-chat') }, junk),
  messages: fc.oneof(
    { weight: 20, arbitrary: fc.constant<unknown>(basic.messages) },
    { weight: 4, arbitrary: fc.array(spoken, { maxLength: 4 }) },
    junk
  ),
  prompt: fc.oneof({ weight: 20, arbitrary: fc.string() }, fc.array(fc.integer()), junk),
  stream: field(true),
  stream_options: seldom({ include_usage: true }),
  temperature: field(0.7),
  top_p: field(0.9),
  seed: field(7, -(2 ** 63)),
  stop: field(['END'], 'a'),
  n: seldom(1, 2, 9),
  // seldom absent: an answer without a limit runs to the end of the context
  max_tokens: fc.oneof({ weight: 20, arbitrary: fc.constantFrom(1, 3, 10) }, junk),
  logprobs: seldom(true),
  top_logprobs: seldom(2),
  logit_bias: seldom({ 7: 1 }, { 999999999: 1 }),
  response_format: seldom({ type: 'json_object' }, { type: 'json_schema', json_schema: { schema } }),
  tools: seldom([], [tool]),
  tool_choice: seldom('auto', 'required', { type: 'function', function: { name: 'look_up' } }),
  openseam: seldom({ successors: 0 }, { session: 'none' }, { tokenIds: false }, { provider: '12D3KooW' })
})

const block = fc.oneof(
  fc.record({ type: fc.constant('text'), text: fc.string({ unit: 'binary' }) }),
  fc.constantFrom<object[]>(
    { type: 'tool_use', id: 'c', name: 'look_up', input: { a: 'x' } },
    { type: 'tool_result', tool_use_id: 'c', content: [{ type: 'text', text: 'Hi' }] },
    { type: 'tool_result', tool_use_id: 'none' },
    { type: 'image', source: {} }
  ),
  junk
)
const turn = fc.record({
  role: fc.oneof(fc.constantFrom('user', 'assistant', 'system'), junk),
  content: fc.oneof(fc.string({ unit: 'binary' }), fc.array(block, { maxLength: 3 }), junk)
})

const item = fc.oneof(
  { weight: 4, arbitrary: spoken },
  fc.constantFrom<object[]>(
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
    { type: 'function_call', call_id: 'c', name: 'look_up', arguments: '{"a":' },
    { type: 'function_call_output', call_id: 'c', output: 'Hi' },
    { type: 'function_call_output', call_id: 'none', output: [{ type: 'input_text', text: 'Hi' }] },
    { type: 'reasoning', summary: [] }
  ),
  junk
)

/** What other shapes have beside, or in place of, a field of chat completions. */
const dialects: Record<string, fc.Arbitrary<object>> = {
  '/v1/responses': fc.record({
    prompt: seldom(null),
    input: fc.oneof({ weight: 20, arbitrary: fc.string() }, { weight: 8, arbitrary: fc.array(item, { maxLength: 4 }) }, junk),
    instructions: field('Be brief.'),
    max_output_tokens: fc.oneof({ weight: 20, arbitrary: fc.constantFrom(1, 3, 10) }, junk),
    tools: seldom([], [{ type: 'function', name: 'look_up', parameters: schema }]),
    tool_choice: seldom('auto', { type: 'function', name: 'look_up' }),
    text: seldom({ format: { type: 'json_object' } }, { format: { type: 'json_schema', name: 'a', schema } }),
    include: seldom(['message.output_text.logprobs'], []),
    previous_response_id: seldom(null, 'resp_1')
  }),
  '/v1/messages': fc.record({
    messages: fc.oneof(
      { weight: 20, arbitrary: fc.constant<unknown>(basic.messages) },
      { weight: 8, arbitrary: fc.array(turn, { maxLength: 4 }) },
      junk
    ),
    system: field('Be brief.', [{ type: 'text', text: 'Be brief.' }]),
    stop_sequences: field(['END'], []),
    thinking: seldom({ type: 'disabled' }, { type: 'enabled', budget_tokens: 1024 }),
    tools: seldom([], [{ name: 'look_up', input_schema: schema }]),
    tool_choice: seldom({ type: 'auto' }, { type: 'any' }, { type: 'tool', name: 'look_up' })
  })
}

const PATHS = ['/v1/chat/completions', '/v1/completions', '/v1/responses', '/v1/messages'] as const
const bodyOf = (path: string): fc.Arbitrary<string> => {
  const whole = fc.tuple(shaped, dialects[path] ?? fc.constant({})).map(([openai, own]) => ({ ...openai, ...own }))
  return fc.oneof(
    { weight: 6, arbitrary: whole.map((value) => JSON.stringify(value)) },
    junk.map((value) => JSON.stringify(value)),
    fc.string()
  )
}
const request = fc.constantFrom(...PATHS).chain((path) => fc.tuple(fc.constant(path), bodyOf(path)))

/** Throws, with the smallest body found, when one gets anything but 2xx, 4xx with a message or 503 with a reason, or gets it too late. */
export const fuzz = async (post: (path: string, init: RequestInit) => Promise<Response>, runs: number, seed?: number) => {
  const statuses: Record<string, number> = {} // of each path
  const reasons: Record<string, number> = {} // of 503s
  const once = async (path: string, body: string): Promise<void> => {
    const response = await post(path, { method: 'POST', body, signal: AbortSignal.timeout(ANSWER_MS_MAX) })
    const text = await response.text()
    const { status } = response
    const row = `${path.slice('/v1/'.length)} ${status}`
    statuses[row] = (statuses[row] ?? 0) + 1
    if (status >= 200 && status < 300) return
    const wrong = (what: string): never => {
      throw new Error(`${status}, ${what}: ${text}`)
    }
    if ((status < 400 || status > 499) && status !== 503) wrong('neither an answer nor a refusal')
    const { error } = JSON.parse(text)
    if (typeof error.message !== 'string' || error.message.length < 10) wrong('no helpful message')
    if (typeof error.code !== 'string') wrong('no code')
    if (status === 503 && !Array.isArray(error.excluded)) wrong('no reason')
    if (status === 503) for (const { code } of error.excluded) reasons[code] = (reasons[code] ?? 0) + 1
  }
  await fc.assert(
    fc.asyncProperty(request, ([path, body]) => once(path, body)),
    { numRuns: runs, ...(seed !== undefined && { seed }) }
  )
  return { runs, statuses, reasons }
}
