/** Conversations that outlive this process: what was said is kept, sealed, beside the session, so that only its handle is needed to go on. */
import type { MarketClient } from '../client.ts'
import type { Store } from '../components.ts'
import type { ChatParams, MessageParam } from '../openai/params.ts'
import type { ChatCompletion, ChatCompletionChunk } from '../openai/results.ts'
import { chatShape } from '../openai/shapes.ts'
import { joinedSource } from '../openai/source.ts'
import { codeOf, SeamError } from '../protocol/errors.ts'
import { decodeJson, encodeJson } from '../protocol/json.ts'
import { openingText } from '../protocol/opening.ts'
import { openLog, sealLog } from '../session/keys.ts'
import type { TurnSummary } from '../session/types.ts'
import { abortable, type RequestOptions } from './abort.ts'
import { type AnswerParts, answerOf, type ChatCompletions, Stream } from './answers.ts'

/** Sampling and the like, for one turn or for all of a session. */
export type TurnParams = Omit<ChatParams, 'model' | 'messages' | 'stream' | 'stream_options'>

export interface SessionInit extends TurnParams {
  model: string
  /** Instructions before the conversation. */
  system?: string
}

export interface SessionParts extends AnswerParts {
  client(): Promise<MarketClient>
  completions: ChatCompletions
  store: Store
  /** 32 bytes that seal what was said. */
  storeKey(): Promise<Uint8Array>
}

interface Transcript {
  model: string
  defaults: TurnParams
  messages: MessageParam[]
}

const transcriptKey = (id: string): string => `tx:${id}`
// Somebody else's turn, or state that was lost: the whole conversation can be sent again.
const LOST = new Set(['SESSION_UNKNOWN', 'SESSION_DIVERGED'])

export class Session {
  readonly model: string
  readonly #parts: SessionParts
  readonly #defaults: TurnParams
  readonly #messages: MessageParam[]
  #id: string | undefined

  constructor(parts: SessionParts, { model, defaults, messages }: Transcript, id?: string) {
    this.model = model
    this.#parts = parts
    this.#defaults = defaults
    this.#messages = messages
    this.#id = id
  }

  /** What `seam.session.resume` takes. Undefined until the first turn has begun. */
  get id(): string | undefined {
    return this.#id
  }

  /** The conversation so far; an answer is in it once the turn after it begins, or `text` was asked for. */
  get messages(): readonly MessageParam[] {
    return this.#messages
  }

  /** Says something and waits for the whole answer. */
  async say(content: MessageParam['content'], params: TurnParams = {}, options: RequestOptions = {}): Promise<ChatCompletion> {
    return (await this.#ask(content, { ...params, stream: false }, options)) as ChatCompletion
  }

  /** Says something and reads the answer as it is made. */
  async stream(
    content: MessageParam['content'],
    params: TurnParams = {},
    options: RequestOptions = {}
  ): Promise<Stream<ChatCompletionChunk>> {
    return (await this.#ask(content, { ...params, stream: true }, options)) as Stream<ChatCompletionChunk>
  }

  /** The last answer again from completion token `from` on; one that a crash broke off is carried to its end. Leaving it ends nothing. */
  async answer(from = 0): Promise<Stream<ChatCompletionChunk>> {
    const client = await this.#parts.client()
    const source = this.#id === undefined ? undefined : joinedSource(client, this.#id, from)
    if (source === undefined) throw new SeamError('SESSION_UNKNOWN', 'nothing was said in this session yet')
    const delivery = { stream: true, includeUsage: false, topLogprobs: undefined, tokenIds: true }
    return new Stream(answerOf(this.#parts, source, chatShape, this.model, delivery))
  }

  /** The account of the last turn: who made what, at which price. Amounts are wei (bigint). */
  async summary(): Promise<TurnSummary | undefined> {
    return this.#id === undefined ? undefined : (await this.#parts.client()).view(this.#id)
  }

  /** See `Sessions.opening`. */
  async opening(): Promise<string | undefined> {
    return this.#id === undefined ? undefined : openingFor(this.#parts, this.#id)
  }

  /** Lets go of what others keep for this session; it can be resumed. With `forget` it is deleted here, and nobody can read it again. */
  async close(options: { forget?: boolean } = {}): Promise<void> {
    if (this.#id !== undefined) await closeSession(this.#parts, this.#id, options)
  }

  async #ask(
    content: MessageParam['content'],
    params: TurnParams & { stream: boolean },
    options: RequestOptions
  ): Promise<ChatCompletion | Stream<ChatCompletionChunk>> {
    await abortable(this.#listen(), options.signal)
    const messages: MessageParam[] = [...this.#messages, { role: 'user', content }]
    // Always as a stream: its handle is known, and kept, before the answer is complete.
    const ask = (session: string | undefined): Promise<Stream<ChatCompletionChunk>> => {
      const openseam = { ...this.#defaults.openseam, ...params.openseam, ...(session !== undefined && { session }) }
      return this.#parts.completions.create(
        { ...this.#defaults, ...params, model: this.model, messages, openseam, stream: true },
        options
      )
    }
    const made = await ask(this.#id).catch((error: unknown) => {
      if (this.#id === undefined || !LOST.has(codeOf(error))) throw error
      return ask(undefined)
    })
    this.#id = made.session
    this.#messages.splice(0, this.#messages.length, ...messages)
    await this.#keep()
    return params.stream ? made : made.whole<ChatCompletion>()
  }

  /** The answer that was given, to its last accepted token, goes into the conversation before something new is said. */
  async #listen(): Promise<void> {
    if (this.#id === undefined || this.#messages.at(-1)?.role !== 'user') return
    const client = await this.#parts.client()
    await client.settled(this.#id)
    const before = await client.view(this.#id)
    if (before?.running === true) for await (const _ of client.attach(this.#id, 0) ?? []);
    const view = await client.view(this.#id)
    if (view === undefined) return
    this.#messages.push({ role: 'assistant', content: view.text })
  }

  async #keep(): Promise<void> {
    const key = transcriptKey(this.#id as string)
    const transcript: Transcript = { model: this.model, defaults: this.#defaults, messages: this.#messages }
    const sealed = await sealLog(await this.#parts.storeKey(), encodeJson(transcript), key)
    await this.#parts.store.batch([{ put: key, value: sealed }])
  }
}

const closeSession = async (parts: SessionParts, id: string, { forget = false }: { forget?: boolean }): Promise<void> => {
  const client = await parts.client()
  await client.settled(id)
  if (!forget) return client.release(id)
  await client.forget(id)
  await parts.store.batch([{ del: transcriptKey(id) }], { durable: true })
}

const openingFor = async (parts: SessionParts, id: string): Promise<string | undefined> => {
  const opening = await (await parts.client()).opening(id)
  return opening && openingText(opening)
}

export class Sessions {
  readonly #parts: SessionParts

  constructor(parts: SessionParts) {
    this.#parts = parts
  }

  /** A new conversation. Nothing is bought before something is said. */
  async open({ model, system, ...defaults }: SessionInit): Promise<Session> {
    await this.#parts.client()
    return new Session(this.#parts, {
      model,
      defaults,
      messages: system === undefined ? [] : [{ role: 'system', content: system }]
    })
  }

  /** A conversation of this store, after a restart or a crash. Throws SESSION_UNKNOWN. */
  async resume(id: string): Promise<Session> {
    const client = await this.#parts.client()
    const key = transcriptKey(id)
    const sealed = await this.#parts.store.get(key)
    if (sealed === undefined || (await client.view(id)) === undefined) {
      throw new SeamError('SESSION_UNKNOWN', 'no such session in this store')
    }
    return new Session(this.#parts, decodeJson<Transcript>(await openLog(await this.#parts.storeKey(), sealed, key)), id)
  }

  /** The account of a session's last turn, whichever call began it. */
  async summary(id: string): Promise<TurnSummary | undefined> {
    return (await this.#parts.client()).view(id)
  }

  /**
   * The opening of a session's last turn, as text: with it and the receipts anyone can run the work again and see whether it was done as asked
   * (`openseam audit`). It holds the conversation: whoever is given it can read it.
   */
  opening(id: string): Promise<string | undefined> {
    return openingFor(this.#parts, id)
  }

  /** See `Session.close`. */
  close(id: string, options: { forget?: boolean } = {}): Promise<void> {
    return closeSession(this.#parts, id, options)
  }
}
