/**
 * Tool calls as most templates ask for them: `<tool_call>{"name": ..., "arguments": {...}}</tool_call>` in the answer's text.
 * Read as the text comes; what only looked like a call is given back as the text it was.
 */
export interface ToolCall {
  name: string
  /** JSON, as the model wrote it. */
  arguments: string
}

export interface Read {
  text: string
  calls: ToolCall[]
}

export interface ToolReader {
  /** What is certain after this text. */
  push(text: string): Read
  flush(): Read
}

export const CALL_BEGIN = '<tool_call>'
export const CALL_END = '</tool_call>'
const CALL_CHARS_MAX = 256 * 1024 // longer than any context: a call that is never closed holds no more

/** @param names the tools that there are: a call of another is no call */
export const toolReader = (names: ReadonlySet<string>): ToolReader => {
  let held = ''
  const take = (final: boolean): Read => {
    const out: Read = { text: '', calls: [] }
    for (;;) {
      const begin = held.indexOf(CALL_BEGIN)
      if (begin < 0) {
        const keep = final ? 0 : undecided(held)
        out.text += held.slice(0, held.length - keep)
        held = held.slice(held.length - keep)
        return out
      }
      const from = begin + CALL_BEGIN.length
      const found = held.indexOf(CALL_END, from)
      if (found < 0 && !final && held.length < CALL_CHARS_MAX) {
        out.text += held.slice(0, begin).trimEnd()
        held = held.slice(begin)
        return out
      }
      // a model may leave the closing tag out where its answer ends
      const end = found < 0 ? held.length : found
      const call = callOf(held.slice(from, end), names)
      const after = Math.min(held.length, end + CALL_END.length)
      if (call === undefined) out.text += held.slice(0, after)
      else {
        out.text += held.slice(0, begin).trimEnd()
        out.calls.push(call)
      }
      held = call === undefined ? held.slice(after) : held.slice(after).trimStart()
    }
  }
  return {
    push(text) {
      held += text
      return take(false)
    },
    flush: () => take(true)
  }
}

/** How many characters of the end may still turn out to be the space before a call, or the beginning of one. */
const undecided = (text: string): number => {
  for (let length = Math.min(CALL_BEGIN.length - 1, text.length); length > 0; length--)
    if (CALL_BEGIN.startsWith(text.slice(text.length - length))) return length + spaceBefore(text, text.length - length)
  return spaceBefore(text, text.length)
}
const spaceBefore = (text: string, at: number): number => at - text.slice(0, at).trimEnd().length

const callOf = (text: string, names: ReadonlySet<string>): ToolCall | undefined => {
  try {
    const { name, arguments: given = {} } = JSON.parse(text) as { name?: unknown; arguments?: unknown }
    if (typeof name !== 'string' || !names.has(name)) return undefined
    return { name, arguments: typeof given === 'string' ? given : JSON.stringify(given) }
  } catch {
    return undefined
  }
}
