/** Every check of an opening frame that needs nothing but the frame, the offer and the engine's facts (docs/spec/session.md). */
import { OFFER_MULTIADDRS_MAX } from 'openseam/market/offer'
import { type Wei, weiFromBytes } from 'openseam/protocol/amounts'
import { exact, unpackIds } from 'openseam/protocol/bytes'
import { legFromWire } from 'openseam/protocol/convert'
import { SeamError } from 'openseam/protocol/errors'
import type { Address, Bytes32 } from 'openseam/protocol/eth'
import { CLOCK_SKEW_MS, SUCCESSORS_MAX } from 'openseam/protocol/limits'
import type * as wire from 'openseam/protocol/pb'
import type { LegOpen } from 'openseam/protocol/typed-data'

export interface OpenFacts {
  account: Address
  peer: Bytes32
  clientPeer: Bytes32
  modelId: Bytes32
  contextMax: number
  vocabSize: number
  promptWei: Wei
  completionWei: Wei
  /** The grant that the frame names, when this peer still holds it. */
  grant: { client: Uint8Array; promptWei: Uint8Array; completionWei: Uint8Array } | undefined
  nowMs: number
}

export interface CheckedOpen {
  leg: LegOpen
  ids: number[]
  sampling: wire.Sampling
  secret: wire.Sealed
}

/** Each is dialled, at the addresses that the client says: a few, as many as an offer has. Throws WIRE_TOO_LONG or WIRE_MALFORMED. */
export const checkSuccessors = (successors: readonly wire.SuccessorRef[]): void => {
  if (successors.length > SUCCESSORS_MAX) throw new SeamError('WIRE_TOO_LONG', `at most ${SUCCESSORS_MAX} successors`)
  for (const { peer, grantId, multiaddrs } of successors) {
    exact(peer, 32, 'successor.peer')
    exact(grantId, 16, 'successor.grantId')
    if (multiaddrs.length > OFFER_MULTIADDRS_MAX) throw new SeamError('WIRE_TOO_LONG', 'too many addresses of a successor')
  }
}

export const checkOpen = (open: wire.Open, facts: OpenFacts): CheckedOpen => {
  const refuse = (code: ConstructorParameters<typeof SeamError>[0], message: string): never => {
    throw new SeamError(code, message)
  }
  if (open.leg === undefined || open.sampling === undefined || open.secret === undefined) {
    return refuse('WIRE_MALFORMED', 'an opening frame carries its terms, sampling and secret')
  }
  const leg = legFromWire(open.leg)
  if (leg.modelId !== facts.modelId) refuse('MODEL_UNKNOWN', 'this peer does not serve that model: read its newest offer')
  if (leg.provider !== facts.account || leg.providerPeer !== facts.peer || leg.clientPeer !== facts.clientPeer) {
    refuse('LEG_MISMATCH', 'the leg names another provider, or another client than the one that is connected')
  }
  if (leg.deadline * 1000 + CLOCK_SKEW_MS < facts.nowMs)
    refuse('LEG_MISMATCH', 'the deadline of the leg has passed: sign a new one')
  const granted =
    facts.grant === undefined
      ? []
      : [{ prompt: weiFromBytes(facts.grant.promptWei), completion: weiFromBytes(facts.grant.completionWei) }]
  const prices = [{ prompt: facts.promptWei, completion: facts.completionWei }, ...granted]
  if (!prices.some(({ prompt, completion }) => leg.promptWei >= prompt && leg.completionWei >= completion)) {
    refuse('OFFER_EXPIRED', 'the price of the leg is below the offer: read the newest offer of this peer')
  }
  const ids = unpackIds(open.ids)
  const { completionFrom } = open.sampling
  if (leg.maxTo > facts.contextMax)
    refuse('CONTEXT_TOO_LONG', `at most ${facts.contextMax} positions here, the leg asks for ${leg.maxTo}`)
  if (ids.length < 1 || ids.length >= leg.maxTo)
    refuse('CONTEXT_TOO_LONG', `${ids.length} positions leave no room below ${leg.maxTo}`)
  if (leg.from > ids.length || completionFrom > ids.length || completionFrom < 1)
    refuse('LEG_MISMATCH', 'the positions of the leg do not fit its token log')
  if (leg.leg === 0 && leg.from !== 0) refuse('LEG_MISMATCH', 'a session begins at position 0')
  if (leg.from !== ids.length && ids.length !== completionFrom)
    refuse('LEG_MISMATCH', 'only a prompt may be charged ahead of the first token')
  for (const id of ids)
    if (id >= facts.vocabSize) refuse('BAD_TOKEN_ID', `token id ${id} is outside the vocabulary of ${facts.vocabSize}`)
  checkSuccessors(open.successors)
  return { leg, ids, sampling: open.sampling, secret: open.secret }
}
