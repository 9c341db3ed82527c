import type { ModelOfferView, OfferView } from '../../../../sdk/market/offer.ts'
import { bytesToHex, type Hex } from '../../../../sdk/protocol/eth.ts'
import { peerIdOf } from '../../../../sdk/protocol/peer-id.ts'

export const NOW_MS = 1_800_000_000_000
export const MODEL: Hex = `0x${'a1'.repeat(32)}`
export const NUMERICS: Hex = `0x${'c3'.repeat(32)}`

/** The hex of a number, left-padded to so many bytes. */
export const hex = (value: number, bytes: number): Hex => `0x${value.toString(16).padStart(2 * bytes, '0')}`

export const modelOffer = (changes: Partial<ModelOfferView> = {}): ModelOfferView => ({
  modelId: MODEL,
  manifestHash: `0x${'b2'.repeat(32)}`,
  name: 'seam-chat',
  numerics: NUMERICS,
  contextMax: 1_024,
  promptWei: 100n,
  completionWei: 200n,
  slotsFree: 4,
  slotsTotal: 4,
  prefillPerSecond: 2_000,
  decodePerSecond: 200,
  blockBytes: 65_536,
  payees: [],
  bps: [],
  ...changes
})

export const offer = (index: number, changes: Partial<OfferView> = {}, model: Partial<ModelOfferView> = {}): OfferView => {
  const peer = bytesToHex(new Uint8Array(32).fill(index % 251).map((byte, i) => (i < 4 ? index >> (8 * i) : byte)))
  return {
    peer,
    peerId: peerIdOf(peer),
    account: hex(index + 1, 20),
    x25519: new Uint8Array(32).fill(1),
    signer: hex(index + 1, 20),
    bindingValidUntil: NOW_MS / 1000 + 86_400,
    seq: NOW_MS,
    issuedAtMs: NOW_MS,
    expiresAtMs: NOW_MS + 120_000,
    region: '',
    multiaddrs: [`/ip4/10.0.${index & 0xff}.1/tcp/4001`],
    models: [modelOffer(model)],
    standbyBytesFree: 1e9,
    draining: false,
    version: 'openseam/0.1.0',
    ...changes
  }
}

/** Repeatable chance (mulberry32). */
export const seeded = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
