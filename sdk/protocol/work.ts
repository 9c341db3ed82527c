/**
 * What a stretch of a leg is worth and how it is named (docs/spec/session.md). Client and provider compute these from what both
 * know, so either can draft a receipt and the other can check it.
 */
import { priceOf, type Wei } from './amounts.ts'
import { packIds } from './bytes.ts'
import { type Bytes32, bytesToHex, keccak256, ZERO_BYTES32 } from './eth.ts'
import { printBase } from './fingerprint.ts'
import { Sampling } from './pb/messages.js'
import type { LegOpen, WorkReceipt } from './typed-structs.ts'

/** What both sides of a leg know of it. */
export interface LegTerms {
  open: LegOpen
  /** The leg's audit salt, 32 bytes: without it a short content hash could be inverted by trying every id. */
  salt: Uint8Array
  /** First completion position of the request; positions below it are charged as prompt. */
  completionFrom: number
}

export interface Stretch {
  seq: number
  from: number
  to: number
  /** The ids of [from, to). */
  ids: number[]
  kvHead: Bytes32
  /** Absent: zero. */
  fingerprint?: Bytes32
  end: number
}

const hashOf = (...parts: Uint8Array[]): Bytes32 => {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.length
  }
  return bytesToHex(keccak256(bytes))
}

/** keccak256(salt, prompt ids, the encoded Sampling message, seed included). */
export const requestHash = (salt: Uint8Array, promptIds: ArrayLike<number>, sampling: Sampling): Bytes32 =>
  hashOf(salt, packIds(promptIds), Sampling.encode(sampling))

export const outputHash = (salt: Uint8Array, ids: ArrayLike<number>): Bytes32 => hashOf(salt, packIds(ids))

/** How many ids of the log a leg's peer was given before it drew its first. */
export const givenTo = (from: number, completionFrom: number): number => Math.max(from, completionFrom)

/** The base of a leg's fingerprints; `ids` are those of the log from 0, at least up to what the peer was given. */
export const legBase = ({ open, salt, completionFrom }: LegTerms, ids: number[]): Bytes32 =>
  printBase(salt, open.requestHash, outputHash(salt, ids.slice(0, givenTo(open.from, completionFrom))))

/** The part of the terms that prices depend on. */
export type Pricing = Pick<LegTerms, 'open' | 'completionFrom'>

/** Positions of [from, to) that are charged as prompt. */
export const promptUnitsOf = (terms: Pricing, from: number, to: number): number =>
  Math.max(0, Math.min(to, terms.completionFrom) - from)

export const amountOf = (terms: Pricing, from: number, to: number): Wei => {
  const prompt = promptUnitsOf(terms, from, to)
  return priceOf(terms.open.promptWei, prompt) + priceOf(terms.open.completionWei, to - from - prompt)
}

export const draftReceipt = (terms: LegTerms, stretch: Stretch): WorkReceipt => ({
  sessionId: terms.open.sessionId,
  leg: terms.open.leg,
  seq: stretch.seq,
  client: terms.open.client,
  provider: terms.open.provider,
  modelId: terms.open.modelId,
  from: stretch.from,
  to: stretch.to,
  promptUnits: promptUnitsOf(terms, stretch.from, stretch.to),
  amount: amountOf(terms, stretch.from, stretch.to),
  outputHash: outputHash(terms.salt, stretch.ids),
  kvHead: stretch.kvHead,
  fingerprint: stretch.fingerprint ?? ZERO_BYTES32,
  end: stretch.end
})
