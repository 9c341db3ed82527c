/** What a turn needs from outside, and what it says of a peer that it lost. */
import type { Clock, Log, PeerKey } from '../components.ts'
import type { ErrorCode } from '../protocol/errors.ts'
import type { Bytes32 } from '../protocol/eth.ts'
import type { SuccessorRef } from '../protocol/pb/messages.js'
import { EndReason, type TypedDomain } from '../protocol/typed-data.ts'
import type { AckRoute } from './acknowledger.ts'
import type { LegTarget } from './leg-open.ts'
import type { LegEvent, SessionChannel } from './leg-stream.ts'
import type { Session } from './session.ts'
import type { Spending } from './spending.ts'
import type { TurnEvent } from './types.ts'
import type { SessionSigner } from './wallet.ts'

/** What the turn asks of the market and of the network; `sdk/client.ts` provides it. */
export interface TurnComponents {
  domain: TypedDomain
  signer: SessionSigner
  clientPeer: PeerKey
  clock: Clock
  log: Log
  openSession(target: LegTarget): Promise<SessionChannel>
  route(account: Bytes32, peer: PeerKey): Promise<AckRoute>
  /** Chooses the next peer. Throws NO_PROVIDER with the reason for every peer that was not chosen. */
  choose(session: Session, lost: Lost | null): Promise<LegTarget>
  /** Takes back that peers were passed over for this reason. */
  forgive(code: ErrorCode): void
  /** Grants for a leg that is about to open, or that needs a new successor. */
  successors(session: Session, target: LegTarget): Promise<SuccessorRef[]>
  /** Successors refuse blocks of older legs from now on. */
  fence(leg: number): void
  /** `listener` hears of every successor that goes away while the turn runs. */
  onSuccessorLost(listener: (peer: PeerKey) => void): void
  /** Resolves to true when the fault was ours: the peer can be reached again. */
  ownFault(peer: PeerKey): Promise<boolean>
  watch(peer: PeerKey, onDead: () => void): () => void
  observe(peer: PeerKey, seen: { failed?: string; tokens?: number; ms?: number; firstTokenMs?: number }): void
  /** What may be spent; absent: everything. */
  spending?: Spending
  /** Sees every event of the turn as it happens. */
  tap?(events: TurnEvent[]): void
}

export interface Lost {
  peer: PeerKey
  end: EndReason
  /** Keep the peer as a candidate: the path failed, not the peer. */
  mayReturn: boolean
  /** Why it refused, in its own words. */
  refusal?: { code: ErrorCode; detail: string }
}

/** Who was lost by what came, or by nothing coming. A stream that closed may be our own network's doing: then the peer may have the next leg. */
export const lossOf = async (peer: PeerKey, event: LegEvent, ownFault: TurnComponents['ownFault']): Promise<Lost> => {
  const lost = (end: EndReason, mayReturn = false): Lost => ({ peer, end, mayReturn })
  switch (event.kind) {
    case 'drain':
      return lost(EndReason.drained)
    case 'silent':
      return lost(EndReason.silent)
    case 'end':
      return lost(event.end.reason === EndReason.unpaid ? EndReason.unpaid : EndReason.died)
    case 'refused':
      return lost(EndReason.died)
    default:
      return (await ownFault(peer)) ? lost(EndReason.moved, true) : lost(EndReason.died)
  }
}
