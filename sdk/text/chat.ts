import { TextError } from './errors.ts'
import { type Piece, Rendering } from './rendering.ts'
import { CALL_BEGIN } from './tool-calls.ts'
import type { ChatMessage, TextFiles, ToolParam } from './types.ts'
import type { AddedToken, Vocabulary } from './vocabulary.ts'

const tokenFields = ['bos_token', 'eos_token', 'pad_token', 'unk_token'] as const

/** Conversations to ids. Special tokens come from the template alone, never from a message. */
export class Chat {
  readonly #vocabulary: Vocabulary
  readonly #rendering: Rendering | undefined
  readonly #eosIds: ReadonlySet<number>
  readonly #bos: string | undefined
  #readsTools: boolean | undefined

  constructor(vocabulary: Vocabulary, files: TextFiles, eosIds: readonly number[]) {
    const config = files.tokenizerConfig as Record<string, unknown>
    const tokens: Record<string, string> = {}
    for (const field of tokenFields) {
      const value = config[field]
      const text = typeof value === 'object' && value !== null ? (value as { content?: unknown }).content : value
      if (typeof text === 'string') tokens[field] = text
    }
    const source = files.chatTemplate ?? templateOf(config['chat_template'])
    this.#vocabulary = vocabulary
    this.#rendering = source === undefined ? undefined : new Rendering(source, tokens)
    this.#eosIds = new Set(eosIds)
    this.#bos = tokens['bos_token']
  }

  ids(messages: readonly ChatMessage[], addGenerationPrompt: boolean, tools?: readonly ToolParam[]): number[] {
    return this.#tokenise(this.#pieces(messages, addGenerationPrompt, tools), true)
  }

  /** Asked of the template itself: does a tool leave a trace in what it writes? */
  get readsTools(): boolean {
    this.#readsTools ??= this.#rendering !== undefined && this.#tries(this.#rendering)
    return this.#readsTools
  }

  #tries(rendering: Rendering): boolean {
    const name = 'a_tool_to_look_for'
    try {
      const text = rendering.text([{ role: 'user', content: '' }], true, [{ type: 'function', function: { name } }])
      return text.includes(name) && text.includes(CALL_BEGIN)
    } catch {
      return false
    }
  }

  continueIds(previous: readonly ChatMessage[], next: readonly ChatMessage[], endsWithStopId: boolean): number[] {
    const answered = previous.at(-1)?.role === 'assistant' ? previous : [...previous, { role: 'assistant', content: '' }]
    const messages = [...answered, ...next]
    const pieces = this.#afterAnswer(messages, answered.length - 1) ?? this.#withoutHistory(next, endsWithStopId)
    const ids = this.#tokenise(pieces, false)
    // the template closes the answer with the id that is already stored
    return endsWithStopId && this.#eosIds.has(ids[0] ?? -1) ? ids.slice(1) : ids
  }

  get #template(): Rendering {
    if (this.#rendering) return this.#rendering
    throw new TextError('CHAT_TEMPLATE_MISSING', 'the model has no chat template: send a plain prompt instead of messages')
  }

  #pieces(given: readonly ChatMessage[], addGenerationPrompt: boolean, offered?: readonly ToolParam[]): Piece[] {
    // What the template writes of tools and of calls cannot be told from its own text.
    const tools = offered && this.#harmless(offered)
    const messages = given.map((message) =>
      message.tool_calls ? { ...message, tool_calls: this.#harmless(message.tool_calls) } : message
    )
    const pieces = this.#template.pieces(messages, addGenerationPrompt, tools)
    if (pieces) return pieces
    return [{ text: this.#template.text(this.#harmless(messages), addGenerationPrompt, tools) }]
  }

  #harmless<Value>(value: Value): Value {
    if (typeof value === 'string') return this.#broken(value) as Value
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map((entry: unknown) => this.#harmless(entry)) as Value
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [this.#broken(key), this.#harmless(entry)])) as Value
  }

  /**
   * What the template writes after the answer at `index`. Where the template changes contents, those of the new messages
   * are taken as they are: they stay free of special tokens all the same.
   */
  #afterAnswer(messages: readonly ChatMessage[], index: number): Piece[] | undefined {
    // an empty answer has no place in the text, so the place is looked for in the marked rendering
    const marked = this.#template.marked(messages, true)
    const at = marked.findLastIndex((piece) => piece.content === index)
    if (at < 0) return undefined
    const suffix = marked.slice(at + 1)
    const whole = this.#template.pieces(messages, true)
    if (whole) return whole.slice(at + 1)
    return suffix.map((piece) =>
      piece.content === undefined ? piece : { ...piece, text: messages[piece.content]?.content ?? '' }
    )
  }

  /** For templates that leave answers out: the new messages as a conversation of their own, joined by an end token. */
  #withoutHistory(next: readonly ChatMessage[], endsWithStopId: boolean): Piece[] {
    const [first, ...rest] = this.#pieces(next, true)
    const text = first?.text ?? ''
    const opened = this.#bos !== undefined && text.startsWith(this.#bos) ? text.slice(this.#bos.length) : text
    const end = [...this.#vocabulary.special.values()].find((token) => this.#eosIds.has(token.id))
    return [...(endsWithStopId || !end ? [] : [{ text: end.content }]), { ...first, text: opened }, ...rest]
  }

  /** Contents without the text of any special token: a space goes after its first character. */
  #broken(content: string): string {
    let text = content
    for (const special of this.#vocabulary.special.keys()) {
      text = text.replaceAll(special, `${special.slice(0, 1)} ${special.slice(1)}`)
    }
    return text
  }

  /**
   * Text between two special tokens is encoded as one, template and content together, as the model saw it in training.
   * Special tokens are looked for in the template's pieces only.
   */
  #tokenise(pieces: readonly Piece[], start: boolean): number[] {
    const ids: number[] = []
    let run = ''
    let stripNext = false
    const encodeRun = (before?: AddedToken) => {
      const text = before?.lstrip ? run.trimEnd() : run
      ids.push(...this.#vocabulary.encode(stripNext ? text.trimStart() : text, start && ids.length === 0))
      run = ''
      stripNext = before?.rstrip ?? false
      if (before) ids.push(before.id)
    }
    for (const piece of pieces) {
      if (piece.content !== undefined) {
        run += piece.text
        continue
      }
      for (const part of this.#split(piece.text)) {
        if (typeof part === 'string') run += part
        else encodeRun(part)
      }
    }
    encodeRun()
    return ids
  }

  #split(text: string): (string | AddedToken)[] {
    const { special } = this.#vocabulary
    if (special.size === 0) return [text]
    const longestFirst = [...special.keys()].sort((a, b) => b.length - a.length)
    const pattern = new RegExp(`(${longestFirst.map((token) => escaped(token)).join('|')})`)
    return text.split(pattern).map((part) => special.get(part) ?? part)
  }
}

/** A template, or the one named "default" of several. */
function templateOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return undefined
  const named = value as { name?: unknown; template?: unknown }[]
  const template = (named.find((entry) => entry.name === 'default') ?? named[0])?.template
  return typeof template === 'string' ? template : undefined
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
