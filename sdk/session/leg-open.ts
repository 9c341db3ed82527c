/** Builds the frame that opens a leg: signed terms, the sealed epoch key, the token log. */
import type { PeerKey } from '../components.ts'
import { packIds } from '../protocol/bytes.ts'
import { legToWire } from '../protocol/convert.ts'
import { type Bytes32, hexToBytes } from '../protocol/eth.ts'
import type * as wire from '../protocol/pb/messages.js'
import { digest, type EndReason, type LegOpen, type TypedDomain } from '../protocol/typed-data.ts'
import { requestHash } from '../protocol/work.ts'
import { auditSalt, epochKey, parkKeyOf, replicaOf, sealLegSecret } from './keys.ts'
import type { Epoch } from './record.ts'
import type { SessionSigner } from './wallet.ts'

const LEG_DEADLINE_S = 300

export interface LegTarget {
  peer: PeerKey
  peerId: string
  account: Bytes32
  x25519: Uint8Array
  multiaddrs: string[]
  promptWei: bigint
  completionWei: bigint
  numerics: Bytes32
  /** Take over from the sealed blocks it holds under this grant. */
  grantId?: Uint8Array<ArrayBuffer>
  kvHead?: Bytes32
}

export interface OpenInit {
  root: Uint8Array
  sessionId: Bytes32
  leg: number
  /** Whose pseudonym the successors know. */
  replicaLeg: number
  modelId: Bytes32
  clientPeer: PeerKey
  from: number
  promptTo: number
  maxTo: number
  ids: number[]
  sampling: wire.Sampling
  prevEnd: EndReason
  prevHead: Bytes32
  /** Under which earlier legs and generations the stored blocks may be sealed, and by whom. */
  readable: Epoch[]
  successors: wire.SuccessorRef[]
  exactTail: boolean
  park: boolean
}

export const buildOpen = async (
  domain: TypedDomain,
  signer: SessionSigner,
  target: LegTarget,
  init: OpenInit,
  nowMs: number
): Promise<{ leg: LegOpen; salt: Uint8Array<ArrayBuffer>; open: wire.Open }> => {
  const { root, modelId } = init
  const salt = auditSalt(root, init.leg)
  const leg: LegOpen = {
    sessionId: init.sessionId,
    leg: init.leg,
    client: signer.account,
    clientPeer: init.clientPeer,
    provider: target.account,
    providerPeer: target.peer,
    modelId,
    promptWei: target.promptWei,
    completionWei: target.completionWei,
    from: init.from,
    maxTo: init.maxTo,
    requestHash: requestHash(salt, init.ids.slice(0, init.promptTo), init.sampling),
    prevEnd: init.prevEnd,
    prevHead: init.prevHead,
    deadline: Math.floor(nowMs / 1000) + LEG_DEADLINE_S
  }
  const entry = (at: Epoch): wire.EpochKeyEntry => ({
    leg: at.leg,
    generation: at.generation,
    key: epochKey(root, { leg: at.leg, generation: at.generation, providerPeer: at.peer, modelId })
  })
  const secret: wire.LegSecret = {
    write: entry({ leg: init.leg, generation: 0, peer: target.peer }),
    read: target.grantId === undefined ? [] : init.readable.map(entry),
    auditSalt: salt
  }
  const sealed = await sealLegSecret({
    recipient: target.x25519,
    sessionId: init.sessionId,
    leg: init.leg,
    providerPeer: target.peer,
    secret
  })
  for (const { key } of [...secret.read, ...(secret.write === undefined ? [] : [secret.write])]) key.fill(0)
  const none = new Uint8Array(0)
  return {
    leg,
    salt,
    open: {
      leg: legToWire(leg),
      signature: signer.sign(digest(domain, 'LegOpen', leg)),
      secret: sealed,
      ids: packIds(init.ids),
      sampling: init.sampling,
      successors: init.successors,
      grantId: target.grantId ?? none,
      kvHead: target.kvHead === undefined ? none : hexToBytes(target.kvHead, 32),
      exactTail: init.exactTail,
      replica: replicaOf(root, init.replicaLeg),
      parkKey: init.park ? parkKeyOf(root, target.peer) : none
    }
  }
}

/** The next generation of a leg's epoch key, sealed to its peer. */
export const buildRotation = async (
  root: Uint8Array,
  target: Pick<LegTarget, 'peer' | 'x25519'>,
  at: { sessionId: Bytes32; modelId: Bytes32; leg: number; generation: number }
): Promise<wire.Sealed> => {
  const { sessionId, modelId, leg, generation } = at
  const key = epochKey(root, { leg, generation, providerPeer: target.peer, modelId })
  const secret = { write: { leg, generation, key }, read: [], auditSalt: auditSalt(root, leg) }
  const sealed = await sealLegSecret({ recipient: target.x25519, sessionId, leg, providerPeer: target.peer, secret })
  key.fill(0)
  return sealed
}
