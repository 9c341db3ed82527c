/** The signed structs and the reasons a leg ends: field for field as they are hashed (docs/spec/typed-data.md). */
import type { Wei } from './amounts.ts'
import { SeamError } from './errors.ts'
import type { Address, Bytes32 } from './eth.ts'

/** Why a leg or a stretch of work ended. */
export const EndReason = {
  running: 0,
  finished: 1,
  died: 2,
  silent: 3,
  drained: 4,
  refused: 5,
  cancelled: 6,
  unpaid: 7,
  moved: 8
} as const
export type EndReason = (typeof EndReason)[keyof typeof EndReason]
export type EndName = keyof typeof EndReason

const endNames = Object.keys(EndReason) as EndName[] // declared in the order of their numbers

export const endName = (end: number): EndName => {
  const name = endNames[end]
  if (name === undefined) throw new SeamError('WIRE_MALFORMED', `end must be 0 to ${endNames.length - 1}, got ${end}`)
  return name
}

export interface Voucher {
  client: Address
  provider: Address
  modelId: Bytes32
  cumulative: Wei
  units: number
  workRoot: Bytes32
}

export interface Prefund {
  client: Address
  provider: Address
  modelId: Bytes32
  upTo: Wei
  deadline: number
}

export interface Release {
  client: Address
  provider: Address
  modelId: Bytes32
  downTo: Wei
  deadline: number
}

export interface LegOpen {
  sessionId: Bytes32
  leg: number
  client: Address
  clientPeer: Bytes32
  provider: Address
  providerPeer: Bytes32
  modelId: Bytes32
  promptWei: Wei
  completionWei: Wei
  from: number
  maxTo: number
  requestHash: Bytes32
  prevEnd: number
  prevHead: Bytes32
  deadline: number
}

export interface WorkReceipt {
  sessionId: Bytes32
  leg: number
  seq: number
  client: Address
  provider: Address
  modelId: Bytes32
  from: number
  to: number
  promptUnits: number
  amount: Wei
  outputHash: Bytes32
  kvHead: Bytes32
  fingerprint: Bytes32
  end: number
}

export interface HandOff {
  sessionId: Bytes32
  leg: number
  provider: Address
  to: number
  seq: number
}

export interface PeerBinding {
  provider: Address
  peer: Bytes32
  x25519: Bytes32
  signer: Address
  validUntil: number
}

export interface SettleBatch {
  provider: Address
  groupsHash: Bytes32
  deadline: number
}

/** A key's consent to sign for a provider: the registry's domain, so it can mean nothing to the ledger. */
export interface SignerKey {
  provider: Address
  key: Address
}

export interface TypedStructs {
  Voucher: Voucher
  Prefund: Prefund
  Release: Release
  LegOpen: LegOpen
  WorkReceipt: WorkReceipt
  HandOff: HandOff
  PeerBinding: PeerBinding
  SettleBatch: SettleBatch
  SignerKey: SignerKey
}
export type TypedName = keyof TypedStructs

/** The members of each struct, exactly as hashed: no space after a comma. */
export const typedMembers: Readonly<Record<TypedName, string>> = {
  Voucher: 'address client,address provider,bytes32 modelId,uint96 cumulative,uint64 units,bytes32 workRoot',
  Prefund: 'address client,address provider,bytes32 modelId,uint96 upTo,uint40 deadline',
  Release: 'address client,address provider,bytes32 modelId,uint96 downTo,uint40 deadline',
  LegOpen:
    'bytes32 sessionId,uint32 leg,address client,bytes32 clientPeer,address provider,bytes32 providerPeer,bytes32 modelId,' +
    'uint96 promptWei,uint96 completionWei,uint64 from,uint64 maxTo,bytes32 requestHash,uint8 prevEnd,bytes32 prevHead,uint40 deadline',
  WorkReceipt:
    'bytes32 sessionId,uint32 leg,uint64 seq,address client,address provider,bytes32 modelId,uint64 from,uint64 to,' +
    'uint64 promptUnits,uint96 amount,bytes32 outputHash,bytes32 kvHead,bytes32 fingerprint,uint8 end',
  HandOff: 'bytes32 sessionId,uint32 leg,address provider,uint64 to,uint64 seq',
  PeerBinding: 'address provider,bytes32 peer,bytes32 x25519,address signer,uint40 validUntil',
  SettleBatch: 'address provider,bytes32 groupsHash,uint40 deadline',
  SignerKey: 'address provider,address key'
}
