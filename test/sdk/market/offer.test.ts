/** One offer at a time: what is taken, what is refused and why; the frozen encoding. */
import { ed25519 } from '@noble/curves/ed25519.js'
import { expect } from 'chai'
import {
  encodeOffer,
  OFFER_MODELS_MAX,
  OFFER_MULTIADDRS_MAX,
  type OfferBody,
  type OfferStamp,
  offerToSign,
  openOffer
} from '../../../sdk/market/offer.ts'
import { verifyPeerSignature } from '../../../sdk/net/signature.ts'
import { bytesToHex, type Hex, hexToBytes } from '../../../sdk/protocol/eth.ts'
import { BINDING_SECONDS_MAX, CLOCK_SKEW_MS, OFFER_TTL_MS_MAX } from '../../../sdk/protocol/limits.ts'
import * as pb from '../../../sdk/protocol/pb/messages.js'
import { parsePeerId, peerIdOf, peerKeyOf } from '../../../sdk/protocol/peer-id.ts'
import offers from '../../vectors/offer.json' with { type: 'json' }
import peerIds from '../../vectors/peer-id.json' with { type: 'json' }
import { modelOffer, NOW_MS } from './support/offers.ts'

const SEED = new Uint8Array(32).fill(3)
const PEER = ed25519.getPublicKey(SEED)
const STAMP: OfferStamp = { seq: 5, issuedAtMs: NOW_MS, ttlMs: 60_000 }

const body = (changes: Partial<OfferBody> = {}, binding: Partial<pb.PeerBinding> = {}): OfferBody => ({
  binding: {
    provider: new Uint8Array(20).fill(1),
    peer: PEER as Uint8Array<ArrayBuffer>,
    x25519: new Uint8Array(32).fill(2),
    signer: new Uint8Array(20).fill(3),
    validUntil: NOW_MS / 1000 + 3_600,
    signature: new Uint8Array(65).fill(4),
    ...binding
  },
  models: [modelOffer()],
  region: 'eu',
  multiaddrs: ['/ip4/127.0.0.1/tcp/4001'],
  standbyBytesFree: 10,
  draining: false,
  version: 'openseam/0.1.0',
  ...changes
})

const sign = (bytes: Uint8Array, seed = SEED): pb.SignedOffer => ({
  body: bytes as Uint8Array<ArrayBuffer>,
  signature: ed25519.sign(offerToSign(bytes), seed) as Uint8Array<ArrayBuffer>
})

const refusal = (signed: pb.SignedOffer, nowMs = NOW_MS): string => {
  try {
    openOffer(signed, nowMs, verifyPeerSignature)
  } catch (error) {
    return (error as { code: string }).code
  }
  return 'none'
}

describe('offer', () => {
  it('comes out as it went in', () => {
    const { offer, binding } = openOffer(sign(encodeOffer(body(), STAMP)), NOW_MS, verifyPeerSignature)
    expect(offer.peer).to.equal(peerKeyOf(PEER))
    expect(offer.peerId).to.equal(peerIdOf(offer.peer))
    expect(offer.models).to.deep.equal([modelOffer()])
    const shared = modelOffer({ payees: [`0x${'d4'.repeat(20)}`, `0x${'d5'.repeat(20)}`], bps: [2_999, 1] })
    const signed = sign(encodeOffer(body({ models: [shared] }), STAMP))
    expect(openOffer(signed, NOW_MS, verifyPeerSignature).offer.models).to.deep.equal([shared])
    expect({ seq: offer.seq, issuedAtMs: offer.issuedAtMs, expiresAtMs: offer.expiresAtMs }).to.deep.equal({
      seq: 5,
      issuedAtMs: NOW_MS,
      expiresAtMs: NOW_MS + 60_000
    })
    expect(binding.signature).to.deep.equal(new Uint8Array(65).fill(4))
  })

  it('is refused when any bit was changed, or another peer signed it', () => {
    const signed = sign(encodeOffer(body(), STAMP))
    for (let i = 0; i < signed.body.length; i += 7) {
      const forged = { ...signed, body: signed.body.slice() }
      forged.body[i] = (forged.body[i] ?? 0) ^ 1
      expect(refusal(forged), `byte ${i}`).not.to.equal('none')
    }
    expect(refusal(sign(signed.body, new Uint8Array(32).fill(4)))).to.equal('BINDING_INVALID')
    expect(refusal({ ...signed, signature: signed.signature.subarray(1) })).to.equal('BINDING_INVALID')
  })

  it('lives within its dates, give or take the clocks', () => {
    const signed = sign(encodeOffer(body(), STAMP))
    const last = NOW_MS + STAMP.ttlMs + CLOCK_SKEW_MS
    expect(refusal(signed, last)).to.equal('none')
    expect(refusal(signed, last + 1)).to.equal('OFFER_EXPIRED')
    expect(refusal(signed, NOW_MS - CLOCK_SKEW_MS)).to.equal('none')
    expect(refusal(signed, NOW_MS - CLOCK_SKEW_MS - 1)).to.equal('OFFER_EXPIRED')
    // a clock that is ahead does not let it live longer than its time to live from now
    expect(openOffer(signed, NOW_MS - 60_000, verifyPeerSignature).offer.expiresAtMs).to.equal(NOW_MS)
  })

  it('is bounded in every field', () => {
    const payee: Hex = `0x${'d4'.repeat(20)}`
    const cases: [string, Partial<OfferBody>, Partial<OfferStamp>, Partial<pb.PeerBinding>, string][] = [
      ['ttl too long', {}, { ttlMs: OFFER_TTL_MS_MAX + 1 }, {}, 'WIRE_MALFORMED'],
      ['no ttl', {}, { ttlMs: 0 }, {}, 'WIRE_MALFORMED'],
      ['models', { models: Array.from({ length: OFFER_MODELS_MAX + 1 }, () => modelOffer()) }, {}, {}, 'WIRE_MALFORMED'],
      ['addresses', { multiaddrs: Array.from({ length: OFFER_MULTIADDRS_MAX + 1 }, () => '/') }, {}, {}, 'WIRE_MALFORMED'],
      ['region', { region: 'x'.repeat(65) }, {}, {}, 'WIRE_MALFORMED'],
      ['control characters', { region: 'eu\u001b[2J' }, {}, {}, 'WIRE_MALFORMED'],
      ['context', { models: [modelOffer({ contextMax: 131_073 })] }, {}, {}, 'WIRE_MALFORMED'],
      ['slots', { models: [modelOffer({ slotsFree: 5 })] }, {}, {}, 'WIRE_MALFORMED'],
      ['a share for nobody', { models: [modelOffer({ bps: [1] })] }, {}, {}, 'WIRE_MALFORMED'],
      ['no share', { models: [modelOffer({ payees: [payee], bps: [0] })] }, {}, {}, 'WIRE_MALFORMED'],
      ['shares over 30 %', { models: [modelOffer({ payees: [payee, payee], bps: [3_000, 1] })] }, {}, {}, 'WIRE_MALFORMED'],
      ['payees', { models: [modelOffer({ payees: Array(17).fill(payee), bps: Array(17).fill(1) })] }, {}, {}, 'WIRE_MALFORMED'],
      ['binding over', {}, {}, { validUntil: NOW_MS / 1000 - 1 }, 'BINDING_INVALID'],
      ['binding too long', {}, {}, { validUntil: NOW_MS / 1000 + BINDING_SECONDS_MAX + 121 }, 'BINDING_INVALID'],
      ['account', {}, {}, { provider: new Uint8Array(19) }, 'WIRE_MALFORMED']
    ]
    for (const [what, changes, stamp, binding, code] of cases) {
      expect(refusal(sign(encodeOffer(body(changes, binding), { ...STAMP, ...stamp }))), what).to.equal(code)
    }
    expect(refusal(sign(pb.Offer.encode({ seq: 1 })))).to.equal('WIRE_MALFORMED')
    expect(refusal(sign(new Uint8Array(16 * 1024 + 1)))).to.equal('WIRE_TOO_LONG')
  })

  it('cannot be made too large to be taken', () => {
    const many = body({ models: Array.from({ length: 100 }, () => modelOffer({ name: 'x'.repeat(100) })) })
    expect(() => encodeOffer(many, STAMP)).to.throw('offer fewer models')
  })

  for (const { name, body: encoded, signature, offer: expected } of offers.vectors) {
    it(`vector: ${name}`, () => {
      const { offer, binding } = openOffer(
        { body: hexToBytes(encoded), signature: hexToBytes(signature) },
        offers.openedAtMs,
        verifyPeerSignature
      )
      const models = expected.models.map((model) => ({
        ...model,
        payees: [],
        bps: [],
        promptWei: BigInt(model.promptWei),
        completionWei: BigInt(model.completionWei)
      }))
      expect(offer.models).to.deep.equal(models)
      expect(offer.account).to.equal(expected.binding.provider)
      expect(offer.peer).to.equal(expected.binding.peer)
      expect(offer).to.include({
        seq: expected.seq,
        issuedAtMs: expected.issuedAtMs,
        region: expected.region,
        draining: expected.draining
      })
      const again = encodeOffer({ ...expected, models: offer.models, binding }, expected)
      expect(bytesToHex(again)).to.equal(encoded)
      expect(bytesToHex(ed25519.sign(offerToSign(again), hexToBytes(offers.seed)))).to.equal(signature)
    })
  }
})

describe('peer id', () => {
  for (const { seed, peer, peerId } of peerIds.valid) {
    it(`vector: ${peerId}`, () => {
      expect(peerKeyOf(ed25519.getPublicKey(hexToBytes(seed)))).to.equal(peer)
      expect(peerIdOf(peer as Hex)).to.equal(peerId)
      expect(parsePeerId(peerId)).to.equal(peer)
    })
  }

  it('has one text form', () => {
    for (const text of peerIds.invalid) expect(() => parsePeerId(text), text).to.throw('not an Ed25519 peer id')
  })
})
