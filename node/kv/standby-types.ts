/** What a standby is given, promises and returns. */
import type { Channel, Clock, Log, PeerKey, Rng } from 'openseam/components'
import type { Wei } from 'openseam/protocol/amounts'
import type { SeamError } from 'openseam/protocol/errors'
import { GRANTS_PER_CLIENT_PEER_MAX, STANDBY_BYTES_MAX, STANDBY_GRANTS_MAX } from 'openseam/protocol/limits'
import type { Grant, GrantClientFrame, GrantRequest, GrantServerFrame, KvFrame, KvReply, SignedGrant } from 'openseam/protocol/pb'
import type { Sign } from './ed25519.ts'
import type { OpenedBlocks, Replica } from './replica.ts'

export interface StandbyOptions {
  /** All grants together. */
  bytesMax: number
  grantsMax: number
  grantsPerPeerMax: number
  /** A quarter of everything: one client may have several long sessions, and still not take the place of all others. */
  bytesPerPeerMax: number
  keepMsMax: number
  /** Prices hold this long: longer than a session's usual leg, shorter than an hour. */
  lockMs: number
  sweepMs: number
}

export const standbyDefaults: StandbyOptions = {
  bytesMax: STANDBY_BYTES_MAX,
  grantsMax: STANDBY_GRANTS_MAX,
  grantsPerPeerMax: GRANTS_PER_CLIENT_PEER_MAX,
  bytesPerPeerMax: STANDBY_BYTES_MAX / 4,
  keepMsMax: 10 * 60_000,
  lockMs: 30 * 60_000,
  sweepMs: 1_000
}

/** What this peer promises under a grant, decided by the provider for each request. */
export interface GrantTerms {
  /** Account, 20 bytes. */
  provider: Uint8Array<ArrayBuffer>
  /** This peer's Ed25519 key, 32 bytes. */
  peer: Uint8Array<ArrayBuffer>
  numerics: Uint8Array<ArrayBuffer>
  prices: { promptWei: Wei; completionWei: Wei; standbyWei: Wei; resumeWei: Wei }
}

export interface StandbyComponents {
  /** Private to this process; the blocks of an earlier run in it are deleted at start. */
  dir: string
  clock: Clock
  log: Log
  rng: Rng
  sign: Sign
  /** Throws the SeamError to refuse with, such as MODEL_UNKNOWN or DRAINING. */
  terms(request: GrantRequest, fromPeer: PeerKey): GrantTerms
  /** A peer broke the protocol: for its score. */
  fault?(peer: PeerKey, error: SeamError): void
}

export interface TakeRequest {
  /** Account, 20 bytes: only the client of the grant can have its blocks opened. */
  client: Uint8Array
  servingPeer?: Uint8Array
  /** Zeroed when `take` returns. */
  keys: { leg: number; generation: number; key: Uint8Array }[]
  /** A chain head that the client knows, and after how many blocks it stands. */
  knownHead?: Uint8Array
  knownBlocks?: number
  /** Positions of the token log: no block beyond them is opened. */
  positionsMax: number
}

export interface Taken extends OpenedBlocks {
  /** Contiguous blocks that were stored, opened or not. */
  stored: number
  /** Whether the client's `knownHead` is one of ours. */
  headKnown: boolean
}

export interface StandbyStats {
  grants: number
  bytesReserved: number
  bytesStored: number
  bytesMax: number
  blocks: number
  /** Grants and blocks refused since the start. */
  refused: number
}

export interface Standby {
  /** Throws SeamError GRANT_QUOTA, or what `terms` refuses with. The same request of the same peer gets the same grant again. */
  grant(request: GrantRequest, fromPeer: PeerKey): SignedGrant
  /** The terms of a grant that is still held, for checking a LegOpen's prices. */
  find(grantId: Uint8Array): Grant | undefined
  fence(grantId: Uint8Array, leg: number): void
  serveGrant(channel: Channel<GrantServerFrame, GrantClientFrame>): Promise<void>
  serveKv(channel: Channel<KvReply, KvFrame>): Promise<void>
  /** Opens what is stored. From its call on nobody writes to the grant. Throws GRANT_UNKNOWN; bad blocks only shorten the result. */
  take(grantId: Uint8Array, request: TakeRequest): Promise<Taken>
  release(grantId: Uint8Array): Promise<void>
  stats(): StandbyStats
  close(): Promise<void>
}

/** A grant and who uses it. */
export interface Held {
  readonly replica: Replica
  readonly signed: SignedGrant
  readonly fromPeer: PeerKey
  readonly keepMs: number
  /** Streams open on it: the grant ends keepMs after the last of them. */
  streams: number
  idleSinceMs: number
  taken: boolean
  /** The serving peer's stream, at most one. */
  writer: Channel<KvReply, KvFrame> | undefined
  /** Told of every block that is stored. */
  readonly watchers: Set<() => void>
}
