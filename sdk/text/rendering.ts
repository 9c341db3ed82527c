import { Template } from '@huggingface/jinja'
import { TextError } from './errors.ts'
import { pythonText } from './python-text.ts'
import type { ChatMessage, ToolParam } from './types.ts'

/** A piece of a rendered conversation. `content`: whose text it is; the template's own pieces have none. */
export interface Piece {
  text: string
  content?: number
}

/** Private-use characters: no template looks for them, and no text that holds them is replaced, since both renderings are compared. */
const mark = (index: number): string => `\ue000${index}\ue001`
const MARKS = /\ue000(\d+)\ue001/g

/** A chat template, ready to be filled. */
export class Rendering {
  readonly #template: Template
  readonly #tokens: Record<string, string>

  /** @param tokens what templates know as bos_token, eos_token, ... */
  constructor(source: string, tokens: Record<string, string>) {
    try {
      this.#template = new Template(source)
    } catch (cause) {
      throw new TextError('CHAT_TEMPLATE_REFUSED', `the chat template cannot be read: ${String(cause)}`, { cause })
    }
    this.#tokens = tokens
  }

  /** @throws TextError CHAT_TEMPLATE_REFUSED */
  text(messages: readonly ChatMessage[], addGenerationPrompt: boolean, tools?: readonly ToolParam[]): string {
    const render = (given: readonly unknown[] | undefined): string =>
      this.#template.render({
        ...this.#tokens,
        ...(given !== undefined && { tools: given }),
        messages: messages.map((message) => ({ ...message })),
        add_generation_prompt: addGenerationPrompt
      })
    try {
      try {
        return render(tools)
      } catch (error) {
        // `tool | string` is Python's own writing, which the engine of templates has for strings alone
        if (tools !== undefined && String(error).includes('filter: string')) return render(tools.map(pythonText))
        throw error
      }
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw new TextError('CHAT_TEMPLATE_REFUSED', `the chat template refuses these messages: ${reason}`, { cause })
    }
  }

  /** The rendering of marks in place of the contents. */
  marked(messages: readonly ChatMessage[], addGenerationPrompt: boolean, tools?: readonly ToolParam[]): Piece[] {
    const text = this.text(
      // beside calls a template may leave an empty content out, and the line it stands in
      messages.map((message, i) => ({ ...message, content: message.tool_calls && message.content === '' ? '' : mark(i) })),
      addGenerationPrompt,
      tools
    )
    const pieces: Piece[] = []
    let from = 0
    for (const match of text.matchAll(MARKS)) {
      pieces.push({ text: text.slice(from, match.index) }, { text: '', content: Number(match[1]) })
      from = match.index + match[0].length
    }
    return [...pieces, { text: text.slice(from) }]
  }

  /**
   * Tells the template's text from the messages'. Undefined when the template changes contents beyond trimming them, so
   * that what is whose cannot be told.
   */
  pieces(messages: readonly ChatMessage[], addGenerationPrompt: boolean, tools?: readonly ToolParam[]): Piece[] | undefined {
    const real = this.text(messages, addGenerationPrompt, tools)
    let marked: Piece[]
    try {
      marked = this.marked(messages, addGenerationPrompt, tools)
    } catch {
      return undefined // a template that wants contents of a certain form
    }
    return aligned(marked, messages, real)
  }
}

/** Fills the marks with the contents as they stand in the real rendering; undefined when they do not fit. */
function aligned(marked: readonly Piece[], messages: readonly ChatMessage[], real: string): Piece[] | undefined {
  const pieces: Piece[] = []
  let at = 0
  for (const [i, piece] of marked.entries()) {
    let text: string | undefined = piece.text
    if (piece.content !== undefined) {
      const content = messages[piece.content]?.content ?? ''
      const next = marked[i + 1]?.text ?? ''
      const forms = [content, content.trim(), content.trimStart(), content.trimEnd()]
      text = forms.find((form) => real.startsWith(form + next, at))
    }
    if (text === undefined || !real.startsWith(text, at)) return undefined
    pieces.push({ ...piece, text })
    at += text.length
  }
  return at === real.length ? pieces : undefined
}
