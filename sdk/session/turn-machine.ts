/**
 * The decisions of a turn as a pure machine: which tokens count, when work is acknowledged, when the turn is over. It neither waits
 * nor sends; `turn.ts` acts on what it returns. The client is the only consumer of tokens, so accepting them here is the fence:
 * whatever an older leg still says is ignored (session.md, "Positions and legs").
 */
import { SeamError } from '../protocol/errors.ts'
import { ACK_MS, ACK_POSITIONS } from '../protocol/limits.ts'

export interface TurnState {
  /** First completion position. */
  promptTo: number
  maxTo: number
  /** Positions accepted, in order, from all legs. */
  accepted: number
  /** The number of the leg whose frames count. */
  leg: number
  /** Positions of that leg covered by receipts. */
  ackedTo: number
  stopIds: ReadonlySet<number>
}

export type Accepted = {
  /** The ids that count, in order. */
  ids: number[]
  /** Position of the first of them. */
  from: number
  /** The turn is over after them: by the model's own stop id, or because there is no room left. */
  finish: 'stop' | 'length' | null
}

/** Takes a frame of tokens. A frame that is not the next one in order is a fault of the peer, not a gap to be papered over. */
export const acceptTokens = (state: TurnState, leg: number, from: number, ids: number[]): Accepted | null => {
  if (leg !== state.leg) return null
  const expected = Math.max(state.accepted, state.promptTo)
  if (from !== expected) throw new SeamError('WIRE_ORDER', `expected position ${expected}, got ${from}`)
  const accepted: Accepted = { ids: [], from, finish: null }
  for (const id of ids) {
    accepted.ids.push(id)
    if (state.stopIds.has(id)) accepted.finish = 'stop'
    else if (from + accepted.ids.length >= state.maxTo) accepted.finish = 'length'
    if (accepted.finish !== null) break
  }
  state.accepted = from + accepted.ids.length
  return accepted
}

/**
 * When to acknowledge: with the first token, which covers the prompt; then every 32 positions of a session or 100 ms of a channel,
 * whichever is later. Returns the delay in ms from now, or null while nothing is due.
 */
export const ackDelay = (state: TurnState, nowMs: number, channelSignedAtMs: number): number | null => {
  const open = state.accepted - state.ackedTo
  if (open === 0) return null
  if (state.ackedTo < state.promptTo) return 0
  if (open < ACK_POSITIONS) return null
  return Math.max(0, channelSignedAtMs + ACK_MS - nowMs)
}
