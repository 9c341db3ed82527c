/** Reads an answer that another gateway of the wallet makes, as it is stored: for a caller who joined it here. */
import type { Clock } from '../components.ts'
import { SeamError } from '../protocol/errors.ts'
import type { AnswerText } from './answer.ts'
import type { SessionRecord, SessionStore } from './record.ts'
import type { Session } from './session.ts'
import { replay } from './turn-view.ts'
import type { TurnEvent } from './types.ts'

const LOOK_MS = 100

export interface Followed {
  /** As it was read from the store; nothing here writes it. */
  session: Session
  answer: AnswerText
  sessions: SessionStore
  clock: Clock
  /** Is there a gateway that answers it? */
  isAnswered(): Promise<boolean>
}

/** Was the turn brought to its end? */
export const isOver = ({ turn }: SessionRecord): boolean => turn.finish !== null && turn.finish !== 'failed'

/** The events from its first token on. Ends with the answer, or when nobody makes it any more. */
export async function* follow({ session, answer, sessions, clock, isAnswered }: Followed): AsyncGenerator<TurnEvent[]> {
  const { record } = session
  let shown = record.turn.promptTo
  for (;;) {
    const answered = await isAnswered() // asked first: what is stored until then is read after
    const now = await sessions.read(record.handle)
    if (now === undefined || now.turn.promptTo !== record.turn.promptTo)
      throw new SeamError('SESSION_DIVERGED', 'the session has gone on since this answer')
    record.turn.finish = now.turn.finish
    record.legs = now.legs
    await session.readOn()
    const events = replay(session, answer, shown)
    shown = Math.max(shown, record.accepted)
    const { finish } = record.turn
    if (finish === 'stop' || finish === 'length' || finish === 'cancelled')
      events.push({ kind: 'finish', reason: finish, text: answer.flush() })
    if (events.length > 0) yield events
    if (isOver(record) || !answered) return
    await clock.sleep(LOOK_MS)
  }
}
