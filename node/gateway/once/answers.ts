/**
 * One answer to a request, however often it is asked: a repeat with the same `Idempotency-Key`, and a client library's own retry of what
 * it has not heard the end of, are given the session that runs or ran. Nothing is paid twice.
 */
import type { Clock, Log } from 'openseam/components'
import { joinedSource, type Source } from 'openseam/openai/source'
import { SeamError } from 'openseam/protocol/errors'
import type { SeamClient, TurnSummary } from 'openseam/session/types'
import { ApiError } from '../errors.ts'
import { Held, type HeldEnd, type Opened } from './held.ts'
import type { OnceRecords } from './records.ts'
import type { Repeat } from './repeat.ts'

const ONCE_MS = 24 * 3_600_000 // how long a key is remembered
const KEYED_GRACE_MS = 60_000 // how long an answer with a key goes on without its caller, who said that it would come back
const RETRY_GRACE_MS = 3_000 // the same for a library that retries by itself: it waits half a second, then one, at most eight
const LOST_MS = 10_000 // how long an answer that ended unheard waits for such a retry
const LOST_MAX = 1_000

export interface AnswersComponents {
  client: SeamClient
  clock: Clock
  log: Log
  records: OnceRecords
}

/** What opens and pays for an answer that is new. */
export interface Opening {
  begin(stop: AbortSignal): Promise<Source[]>
  head(): { id: string; created: number }
  /** A session goes on after a failure or a crash; `before`: as far as it was booked. */
  carriedOn(source: Source, before: TurnSummary | undefined): void
}

/** One request's part in an answer. */
export interface Reader extends Opened {
  /** No library would ask again by itself from here on: the head of a stream is on its way. */
  headSent(): void
  /** The answer could not be given. */
  failed(): void
}

type Known = Pick<Opened, 'sessions' | 'promptTokens' | 'id' | 'created'>

export class Answers {
  readonly #c: AnswersComponents
  readonly #byKey = new Map<string, Held>()
  readonly #lost = new Map<string, Held>()

  constructor(components: AnswersComponents) {
    this.#c = components
  }

  /** Joins or opens. Whoever aborts `signal` is gone; what that means for the answer depends on whether it may come back. */
  async read(repeat: Repeat, opening: Opening, signal: AbortSignal): Promise<Reader> {
    const { key, lost } = repeat
    const found = this.#find(repeat)
    const running = found?.ended === false ? found : undefined
    const held = running ?? this.#hold(repeat, opening, found)
    held.come()
    let here = true
    let heading = false
    const leave = (): void => {
      if (here) held.go(key !== undefined ? KEYED_GRACE_MS : lost !== undefined && !heading ? RETRY_GRACE_MS : 0)
      here = false
    }
    const failed = (): void => {
      if (lost !== undefined && !heading) this.#lose(lost, held)
      leave()
    }
    signal.addEventListener('abort', failed, { once: true })
    if (signal.aborted) failed()
    const opened = await held.opened
    const mine = running === undefined ? opened.sources : opened.sessions.map((session) => this.#join(session))
    if (running !== undefined)
      void Promise.all(mine.map(({ ended }) => ended)).then(() => {
        held.seenWhole()
        leave()
      })
    const sources = mine.map((source): Source => {
      // The first reader's own sources would end the answer with it; the others are only readers.
      const left = running === undefined ? leave : () => [source.leave(), leave()]
      return { ...source, leave: () => void left() }
    })
    const headSent = (): void => {
      heading = true
    }
    return { ...opened, sources, again: opened.again || running !== undefined, headSent, failed }
  }

  /** Stops what still runs; it is paid as far as it was served. */
  close(): void {
    for (const held of [...this.#byKey.values(), ...this.#lost.values()]) held.stop()
  }

  #find({ key, lost, again, body }: Repeat): Held | undefined {
    if (key !== undefined) {
      const held = this.#byKey.get(key)
      if (held !== undefined && held.body !== body) throw otherBody()
      return held
    }
    const held = lost === undefined || !again ? undefined : this.#lost.get(lost)
    if (lost !== undefined && held !== undefined) this.#lost.delete(lost)
    return held
  }

  #hold({ key, body }: Repeat, opening: Opening, ended: Held | undefined): Held {
    const { records, clock, log } = this.#c
    const begin = async (stop: AbortSignal): Promise<Opened> => {
      const stored = key === undefined ? undefined : await records.get(key, clock.nowMs())
      if (stored !== undefined && stored.body !== body) throw otherBody()
      const known = stored ?? (await ended?.opened.catch(() => undefined))
      const again = known && (await this.#recall(known, opening))
      if (again !== undefined) return again
      const sources = await opening.begin(stop)
      const promptTokens = (await Promise.all(sources.map((source) => source.summary()))).map((summary) => summary.promptTokens)
      const opened = { sources, sessions: sources.map(({ session }) => session), promptTokens, ...opening.head(), again: false }
      if (key === undefined) return opened
      const { sessions, id, created } = opened
      const nowMs = clock.nowMs()
      await records.put(key, { body, sessions, promptTokens, id, created, untilMs: nowMs + ONCE_MS }, nowMs).catch((error) => {
        log.error({ error: (error as Error).message }, 'an Idempotency-Key could not be stored: it holds until this process ends')
      })
      return opened
    }
    const onEnd = (end: HeldEnd): void => {
      if (key === undefined) return
      this.#byKey.delete(key)
      // What was stopped is no answer: who asks again gets a new one.
      if (end === 'cancelled')
        records
          .drop(key)
          .catch((error) => log.error({ error: (error as Error).message }, 'an Idempotency-Key could not be removed'))
    }
    const held = new Held({ clock, body, begin, onEnd })
    if (key !== undefined) this.#byKey.set(key, held)
    return held
  }

  /** An answer that is no longer held: read again from its sessions, carried on where it broke off. Undefined: there is nothing to give. */
  async #recall({ sessions, promptTokens, id, created }: Known, opening: Opening): Promise<Opened | undefined> {
    const { client } = this.#c
    const views = await Promise.all(sessions.map((session) => client.view(session)))
    const known = views.filter((view) => view !== undefined && view.finish !== 'cancelled') as TurnSummary[]
    if (known.length < sessions.length) return undefined
    if (known.some((view, i) => view.promptTokens !== promptTokens[i])) throw movedOn()
    const sources: Source[] = []
    for (const view of known) {
      // Let go of, a session that failed is read from its log and carried on from there.
      if (view.finish === 'failed') await client.release(view.session)
      const source = this.#join(view.session)
      if (view.finish === 'failed') opening.carriedOn(source, view)
      else if (view.finish === null) opening.carriedOn(source, undefined)
      sources.push(source)
    }
    return { sources, sessions, promptTokens, id, created, again: true }
  }

  #join(session: string): Source {
    const source = joinedSource(this.#c.client, session, 0)
    if (source === undefined) throw new SeamError('SESSION_UNKNOWN', 'The answer to this request is no longer there.')
    return source
  }

  #lose(name: string, held: Held): void {
    this.#lost.delete(name)
    this.#lost.set(name, held)
    const oldest = this.#lost.size > LOST_MAX ? this.#lost.keys().next().value : undefined
    if (oldest !== undefined) this.#lost.delete(oldest)
    const forget = (): void => {
      if (this.#lost.get(name) === held) this.#lost.delete(name)
    }
    this.#c.clock.sleep(LOST_MS).then(forget, forget)
  }
}

const otherBody = (): ApiError =>
  new ApiError({
    status: 422,
    code: 'KEY_REUSED',
    message: 'This Idempotency-Key was used with another body; a new request needs a new key.'
  })

const movedOn = (): SeamError =>
  new SeamError(
    'SESSION_DIVERGED',
    'The session has gone on since it answered this Idempotency-Key; a new request needs a new key.'
  )
