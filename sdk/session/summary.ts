/** The object that gateway and SDK show for a turn: completion tokens counted from 0, legs half-open, amounts exact. */
import { endName } from '../protocol/typed-data.ts'
import { amountOf } from '../protocol/work.ts'
import type { LegRecord, SessionRecord } from './record.ts'
import type { Session } from './session.ts'
import type { Standbys } from './standbys.ts'
import type { LegSummary, TurnSummary } from './types.ts'

export const summaryOf = (session: Session, standbys: Standbys): TurnSummary => {
  const { record, ids } = session
  const { turn } = record
  const legs = record.legs.map((leg) => legSummary(leg, turn.promptTo))
  return {
    session: record.handle,
    chainSession: record.sessionId,
    model: record.model,
    running: turn.finish === null,
    promptTokens: turn.promptTo,
    tokenIds: ids.slice(turn.promptTo, Math.max(turn.promptTo, record.accepted)),
    text: turn.text,
    finish: turn.finish,
    legs,
    amount: legs.reduce((sum, leg) => sum + leg.amount, 0n),
    receipts: record.legs.flatMap((leg) => leg.receipts),
    successors: standbys.list().map(({ peerId, blocks }) => ({ provider: peerId, blocks }))
  }
}

/** Wei: everything accepted in this session, over all its turns. */
export const spentOn = ({ spentBefore, legs }: SessionRecord): bigint =>
  legs.reduce((sum, leg) => sum + amountOf(leg, leg.open.from, leg.to), spentBefore ?? 0n)

/** Wei that a turn with a budget may still cost; undefined: it has none. */
export const budgetLeft = (record: SessionRecord): bigint | undefined => {
  const { budget } = record.turn
  if (budget === undefined) return undefined
  const left = budget + (record.spentBefore ?? 0n) - spentOn(record)
  return left > 0n ? left : 0n
}

const legSummary = (leg: LegRecord, promptTo: number): LegSummary => {
  const { open } = leg
  return {
    leg: open.leg,
    provider: leg.peerId,
    account: open.provider,
    from: Math.max(0, open.from - promptTo),
    to: Math.max(0, leg.to - promptTo),
    resumed: leg.resumed,
    kept: leg.kept,
    recomputed: leg.recomputed,
    exact: leg.exact,
    gapMs: leg.gapMs,
    end: endName(leg.end),
    price: { prompt: open.promptWei, completion: open.completionWei },
    amount: amountOf({ open, completionFrom: leg.completionFrom }, open.from, leg.to),
    receipts: [...leg.receipts]
  }
}
