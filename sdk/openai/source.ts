/** Where an answer's events come from: a turn this request opened, or one it joins. */
import { SeamError } from '../protocol/errors.ts'
import type { SeamClient, Turn, TurnEvent, TurnSummary } from '../session/types.ts'

export interface Source {
  readonly session: string
  /** Settles with the first batch that holds a token or the end. Errors before that are HTTP errors. */
  readonly first: Promise<TurnEvent[] | undefined>
  /** Settles when the last event was read: the answer is whole, broke off, or was left and is closed. Never rejects. */
  readonly ended: Promise<void>
  next(): Promise<TurnEvent[] | undefined>
  /** Nobody listens any more. Safe to call twice, and after the end. */
  leave(): void
  summary(): Promise<TurnSummary>
}

const decisive = (event: TurnEvent): boolean => event.kind === 'token' || event.kind === 'finish'

const open = (events: AsyncIterator<TurnEvent[]>) => {
  const over = Promise.withResolvers<void>()
  const next = async (): Promise<TurnEvent[] | undefined> => {
    try {
      const result = await events.next()
      if (result.done !== true) return result.value
    } catch (error) {
      over.resolve()
      throw error
    }
    over.resolve()
    return undefined
  }
  const toFirst = async (): Promise<TurnEvent[] | undefined> => {
    const seen: TurnEvent[] = []
    for (let batch = await next(); batch !== undefined; batch = await next()) {
      seen.push(...batch)
      if (batch.some(decisive)) return seen
    }
    return undefined
  }
  const first = toFirst()
  first.catch(() => undefined) // whoever awaits it hears of the failure; until then it is not unhandled
  // A failure while leaving has no one left to hear it.
  const done = () => void events.return?.().catch(() => undefined)
  return { next, first, ended: over.promise, done }
}

export const turnSource = (turn: Turn): Source => {
  const { next, first, ended } = open(turn[Symbol.asyncIterator]())
  let left = false
  const leave = (): void => {
    if (left) return
    left = true
    turn.cancel()
    // Read on to the end, which is when the last leg is closed and the summary final.
    const drain = async (): Promise<void> => {
      while ((await next()) !== undefined);
    }
    drain().catch(() => undefined)
  }
  return { session: turn.session, first, ended, next, leave, summary: async () => turn.summary() }
}

/** A reader who joins and leaves again does not end the answer: it belongs to the request that opened it. */
export const joinedSource = (client: SeamClient, session: string, fromIndex: number): Source | undefined => {
  const events = client.attach(session, fromIndex)
  if (events === undefined) return undefined
  const { next, first, ended, done } = open(events[Symbol.asyncIterator]())
  const summary = async (): Promise<TurnSummary> => {
    const view = await client.view(session)
    if (view === undefined) throw new SeamError('SESSION_UNKNOWN', 'The session is gone.')
    return view
  }
  return { session, first, ended, next, leave: done, summary }
}
