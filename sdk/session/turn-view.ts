/** A running answer as the caller holds it, and an interrupted one brought back from the log. */
import type { AnswerText } from './answer.ts'
import type { Session } from './session.ts'
import type { Standbys } from './standbys.ts'
import { summaryOf } from './summary.ts'
import type { TurnDriver } from './turn.ts'
import type { Turn, TurnEvent, TurnSummary } from './types.ts'

export class TurnView implements Turn {
  readonly session: string
  readonly #session: Session
  readonly #standbys: Standbys
  readonly #driver: TurnDriver

  constructor(session: Session, standbys: Standbys, driver: TurnDriver) {
    this.session = session.record.handle
    this.#session = session
    this.#standbys = standbys
    this.#driver = driver
  }

  cancel(): void {
    this.#driver.cancel()
  }

  summary(): TurnSummary {
    return summaryOf(this.#session, this.#standbys)
  }

  async *[Symbol.asyncIterator](): AsyncIterator<TurnEvent[]> {
    try {
      yield* this.#driver.feed.read()
    } finally {
      this.#driver.cancel() // leaving the loop ends the work and pays what was served
    }
  }
}

/** The events of an answer as far as the log holds it, from a position on. */
export const replay = (session: Session, answer: AnswerText, from = session.record.turn.promptTo): TurnEvent[] => {
  const { turn, accepted, legs } = session.record
  const events: TurnEvent[] = []
  for (let position = from; position < accepted; position++) {
    const leg = legs.findLast((row) => row.open.from <= position && position < Math.max(row.to, accepted)) ?? legs[0]
    const id = session.ids[position] as number
    const { text } = answer.push(id, undefined)
    events.push({
      kind: 'token',
      index: position - turn.promptTo,
      id,
      text,
      provider: leg?.peerId ?? '',
      leg: leg?.open.leg ?? 0
    })
  }
  return events
}
