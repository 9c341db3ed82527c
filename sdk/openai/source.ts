/** Where an answer's events come from: a turn this request opened, or one it joins. */
import { SeamError } from '../protocol/errors.ts'
import type { SeamClient, Turn, TurnEvent, TurnSummary } from '../session/types.ts'

export interface Source {
  readonly session: string
  /** Settles with the first batch that holds a token or the end. Errors before that are HTTP errors. */
  readonly first: Promise<TurnEvent[] | undefined>
  next(): Promise<TurnEvent[] | undefined>
  /** Nobody listens any more. Safe to call twice, and after the end. */
  leave(): void
  summary(): Promise<TurnSummary>
}

const decisive = (event: TurnEvent): boolean => event.kind === 'token' || event.kind === 'finish'

const open = (events: AsyncIterator<TurnEvent[]>) => {
  const next = async (): Promise<TurnEvent[] | undefined> => {
    const result = await events.next()
    return result.done === true ? undefined : result.value
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
  return { next, first, done: () => void events.return?.().catch(() => undefined) }
}

export const turnSource = (turn: Turn): Source => {
  const { next, first, done } = open(turn[Symbol.asyncIterator]())
  const leave = (): void => {
    turn.cancel()
    done()
  }
  return { session: turn.session, first, next, leave, summary: async () => turn.summary() }
}

/** A reader who joins and leaves again does not end the answer: it belongs to the request that opened it. */
export const joinedSource = (client: SeamClient, session: string, fromIndex: number): Source | undefined => {
  const events = client.attach(session, fromIndex)
  if (events === undefined) return undefined
  const { next, first, done } = open(events[Symbol.asyncIterator]())
  const summary = async (): Promise<TurnSummary> => {
    const view = await client.view(session)
    if (view === undefined) throw new SeamError('SESSION_UNKNOWN', 'The session is gone.')
    return view
  }
  return { session, first, next, leave: done, summary }
}
