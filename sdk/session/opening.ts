import { hexToBytes } from '../protocol/eth.ts'
import type { Opening } from '../protocol/opening.ts'
import { EndReason } from '../protocol/typed-data.ts'
import type { Session } from './session.ts'

/** What the receipts of a session's last turn hash, as far as it has come: whoever is given it reads the text, and can run the work again. */
export const openingOf = (session: Session): Opening => {
  const { record, ids, prints } = session
  const { turn, legs } = record
  return {
    sessionId: record.sessionId,
    modelId: record.modelId,
    ids: [...ids],
    completionFrom: turn.promptTo,
    prints: prints.slice(turn.promptTo, ids.length),
    sampling: hexToBytes(turn.sampling),
    legs: legs
      .filter(({ end }) => end !== EndReason.refused)
      .map(({ open }) => ({ leg: open.leg, from: open.from, salt: session.salt(open.leg) }))
  }
}
