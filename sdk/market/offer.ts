/** A provider's offer: its typed form, its wire form, and every check that needs no network (docs/spec/offer.md). */
import type { PeerKey } from '../components.ts'
import { weiFromBytes, weiToBytes } from '../protocol/amounts.ts'
import { exact } from '../protocol/bytes.ts'
import { bindingFromWire } from '../protocol/convert.ts'
import { type ErrorCode, SeamError } from '../protocol/errors.ts'
import { type Address, bytesToHex, type Hex, hexToBytes } from '../protocol/eth.ts'
import { BINDING_SECONDS_MAX, CLOCK_SKEW_MS, CONTEXT_MAX, OFFER_BYTES_MAX, OFFER_TTL_MS_MAX } from '../protocol/limits.ts'
import * as pb from '../protocol/pb/messages.js'
import { peerIdOf, peerKeyOf } from '../protocol/peer-id.ts'
import { requireShares } from '../protocol/typed-data.ts'

export const OFFER_MODELS_MAX = 32
export const OFFER_MULTIADDRS_MAX = 16
const TEXT_MAX = { name: 128, region: 64, multiaddr: 256, version: 64 } as const
const SIGNED_PREFIX = new TextEncoder().encode('openseam-offer-1')

export type PeerBindingWire = pb.PeerBinding

export interface ModelOfferView {
  modelId: Hex
  manifestHash: Hex
  name: string
  /** Equal numerics mean equal logits: a successor with other numerics may continue with another text. */
  numerics: Hex
  contextMax: number
  /** Per position. */
  promptWei: bigint
  completionWei: bigint
  slotsFree: number
  slotsTotal: number
  /** Declared tokens a second; a client trusts what it measures instead. */
  prefillPerSecond: number
  decodePerSecond: number
  /** KV bytes of 32 positions. */
  blockBytes: number
  /** Who shares in what is paid for the model, and how many hundredths of a percent each: parts of the model id. */
  payees: Address[]
  bps: number[]
}

export interface OfferView {
  peer: PeerKey
  peerId: string
  /** The provider's account on chain. */
  account: Address
  x25519: Uint8Array
  signer: Address
  /** Seconds since the epoch. */
  bindingValidUntil: number
  /** The newest of a peer wins. */
  seq: number
  issuedAtMs: number
  /** On this machine's clock. */
  expiresAtMs: number
  region: string
  multiaddrs: string[]
  models: ModelOfferView[]
  standbyBytesFree: number
  draining: boolean
  version: string
}

/** What a provider fills in; sequence, dates and signature are added when it is announced. */
export interface OfferBody {
  binding: PeerBindingWire
  models: ModelOfferView[]
  region: string
  multiaddrs: string[]
  standbyBytesFree: number
  draining: boolean
  version: string
}

export interface OfferStamp {
  seq: number
  issuedAtMs: number
  ttlMs: number
}

export interface OpenedOffer {
  offer: OfferView
  /** Still to be checked against the chain. */
  binding: PeerBindingWire
}

/** The bytes that the peer signs: a prefix that no other message has, then the encoded offer. */
export const offerToSign = (body: Uint8Array): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(SIGNED_PREFIX.length + body.length)
  bytes.set(SIGNED_PREFIX)
  bytes.set(body, SIGNED_PREFIX.length)
  return bytes
}

/** Throws CONFIG when the offer cannot be advertised: others would drop it. */
export const encodeOffer = (body: OfferBody, { seq, issuedAtMs, ttlMs }: OfferStamp): Uint8Array<ArrayBuffer> => {
  const bytes = pb.Offer.encode({ ...body, seq, issuedAtMs, ttlMs, models: body.models.map(modelToWire) })
  if (bytes.length > OFFER_BYTES_MAX) {
    throw new SeamError(
      'CONFIG',
      `the offer has ${bytes.length} bytes, at most ${OFFER_BYTES_MAX}: offer fewer models or addresses`
    )
  }
  return bytes
}

/** Parses, bounds, checks dates and the peer's signature. Throws WIRE_MALFORMED, OFFER_EXPIRED or BINDING_INVALID. */
export const openOffer = (
  signed: pb.SignedOffer,
  nowMs: number,
  verify: (peer: PeerKey, data: Uint8Array, signature: Uint8Array) => boolean
): OpenedOffer => {
  if (signed.body.length > OFFER_BYTES_MAX) throw new SeamError('WIRE_TOO_LONG', `an offer of ${signed.body.length} bytes`)
  const wire = decode(signed.body)
  if (wire.binding === undefined) throw refusal('WIRE_MALFORMED', 'no binding')
  const { binding } = bindingFromWire(wire.binding)
  const peer = peerKeyOf(wire.binding.peer)
  checkDates(wire, nowMs)
  const nowSeconds = nowMs / 1000
  if (binding.validUntil < nowSeconds || binding.validUntil > nowSeconds + BINDING_SECONDS_MAX + CLOCK_SKEW_MS / 1000) {
    throw refusal('BINDING_INVALID', 'the binding is not valid now, or for more than 30 days')
  }
  if (wire.multiaddrs.length > OFFER_MULTIADDRS_MAX) throw refusal('WIRE_MALFORMED', 'too many addresses')
  if (wire.models.length > OFFER_MODELS_MAX) throw refusal('WIRE_MALFORMED', 'too many models')
  const offer: OfferView = {
    peer,
    peerId: peerIdOf(peer),
    account: binding.provider,
    x25519: wire.binding.x25519.slice(),
    signer: binding.signer,
    bindingValidUntil: binding.validUntil,
    seq: whole(wire.seq, 'seq'),
    issuedAtMs: wire.issuedAtMs,
    // whichever clock is ahead, an offer outlives its reception by no more than its time to live
    expiresAtMs: Math.min(wire.issuedAtMs + wire.ttlMs + CLOCK_SKEW_MS, nowMs + wire.ttlMs),
    region: text(wire.region, 'region'),
    multiaddrs: wire.multiaddrs.map((address) => text(address, 'multiaddr')),
    models: wire.models.map(modelFromWire),
    standbyBytesFree: whole(wire.standbyBytesFree, 'standbyBytesFree'),
    draining: wire.draining,
    version: text(wire.version, 'version')
  }
  // last, since it costs more than all the rest
  if (!verify(peer, offerToSign(signed.body), signed.signature))
    throw refusal('BINDING_INVALID', "the signature is not the peer's")
  return { offer, binding: wire.binding }
}

const decode = (body: Uint8Array): pb.Offer => {
  try {
    return pb.Offer.decode(body)
  } catch (cause) {
    throw new SeamError('WIRE_MALFORMED', 'offer: unreadable', { cause })
  }
}

const checkDates = ({ issuedAtMs, ttlMs }: pb.Offer, nowMs: number): void => {
  whole(issuedAtMs, 'issuedAtMs')
  if (ttlMs === 0 || ttlMs > OFFER_TTL_MS_MAX) throw refusal('WIRE_MALFORMED', `ttl of ${ttlMs} ms, at most ${OFFER_TTL_MS_MAX}`)
  if (issuedAtMs > nowMs + CLOCK_SKEW_MS) throw refusal('OFFER_EXPIRED', 'dated in the future: check the clock')
  if (nowMs > issuedAtMs + ttlMs + CLOCK_SKEW_MS) throw refusal('OFFER_EXPIRED', 'expired')
}

const modelToWire = (model: ModelOfferView): pb.ModelOffer => ({
  ...model,
  modelId: hexToBytes(model.modelId, 32),
  manifestHash: hexToBytes(model.manifestHash, 32),
  numerics: hexToBytes(model.numerics, 32),
  promptWei: weiToBytes(model.promptWei),
  completionWei: weiToBytes(model.completionWei),
  payees: model.payees.map((payee) => hexToBytes(payee, 20))
})

const modelFromWire = (model: pb.ModelOffer): ModelOfferView => {
  if (model.contextMax === 0 || model.contextMax > CONTEXT_MAX)
    throw refusal('WIRE_MALFORMED', `a context of ${model.contextMax} positions`)
  if (model.slotsFree > model.slotsTotal) throw refusal('WIRE_MALFORMED', 'more free slots than slots')
  requireShares(model.payees, model.bps)
  return {
    modelId: bytesToHex(exact(model.modelId, 32, 'offer.modelId')),
    manifestHash: bytesToHex(exact(model.manifestHash, 32, 'offer.manifestHash')),
    name: modelName(model.name),
    numerics: bytesToHex(exact(model.numerics, 32, 'offer.numerics')),
    contextMax: model.contextMax,
    promptWei: weiFromBytes(model.promptWei, 'offer.promptWei'),
    completionWei: weiFromBytes(model.completionWei, 'offer.completionWei'),
    slotsFree: model.slotsFree,
    slotsTotal: model.slotsTotal,
    prefillPerSecond: model.prefillPerSecond,
    decodePerSecond: model.decodePerSecond,
    blockBytes: model.blockBytes,
    payees: model.payees.map((payee) => bytesToHex(exact(payee, 20, 'offer.payees'))),
    bps: model.bps.slice()
  }
}

/** A name that reads like another model's id would be taken for it. */
const modelName = (name: string): string => {
  if (/^0x[0-9a-f]{64}$/i.test(name)) throw refusal('WIRE_MALFORMED', 'a model name in the form of a model id')
  return text(name, 'name')
}

const whole = (value: number, field: string): number => {
  if (!Number.isSafeInteger(value) || value < 0) throw refusal('WIRE_MALFORMED', `${field} is no whole number`)
  return value
}

const text = (value: string, field: keyof typeof TEXT_MAX): string => {
  if (value.length > TEXT_MAX[field])
    throw refusal('WIRE_MALFORMED', `${field} has ${value.length} characters, at most ${TEXT_MAX[field]}`)
  // names are shown to people and written to logs
  if (/\p{Cc}/u.test(value)) throw refusal('WIRE_MALFORMED', `${field} has control characters`)
  return value
}

const refusal = (code: ErrorCode, what: string): SeamError => new SeamError(code, `offer: ${what}`)
