/**
 * What a peer says of the logits behind each id it draws (docs/spec/fingerprint.md): the four largest of the row, in 9 bytes a position.
 * Their values and not their ids, because the k-th largest value moves no further than the logits do, while two nearly equal ids swap
 * places on the smallest difference between machines.
 */
import { SeamError } from './errors.ts'
import { type Bytes32, bytesToHex, hexToBytes, keccak256, ZERO_BYTES32 } from './eth.ts'
import { CONTEXT_MAX } from './limits.ts'

/** How many logits of a row an entry holds. */
export const PRINT_TOP = 4
/** Bytes of one position's entry: 288 for 32 positions. */
export const PRINT_BYTES = 9
/** Steps of one logit: entries hold whole steps. */
export const PRINT_UNIT = 1024

const TOP_MAX = 2 ** 23 - 1
const GAP_MAX = 0xfffe // 0xffff stands in the entry of a position whose peer said nothing
const ABSENT_BYTE = 0xff

/** One position's entry, in steps of 1/1024: the largest logit, and how far the next three lie below it. */
export type Print = readonly [top: number, second: number, third: number, fourth: number]

/** `value` as whole steps within [min, max]; NaN counts as the smallest. */
const steps = (value: number, min: number, max: number): number => {
  const scaled = Math.round(value * PRINT_UNIT)
  return Number.isNaN(scaled) ? min : Math.min(max, Math.max(min, scaled))
}

/** Writes the entry of a row's largest logits, given in falling order; a row of fewer than four counts as ending in minus infinity. */
export const encodePrint = (top: ArrayLike<number>, into: Uint8Array, offset: number): void => {
  const first = steps(top[0] ?? Number.NaN, -TOP_MAX - 1, TOP_MAX)
  into[offset] = first >> 16
  into[offset + 1] = first >> 8
  into[offset + 2] = first
  for (let i = 1; i < PRINT_TOP; i++) {
    const value = top[i]
    // a value that is no number lies infinitely far below
    const gap = steps(value === undefined || Number.isNaN(value) ? Infinity : (top[0] as number) - value, 0, GAP_MAX)
    into[offset + 1 + 2 * i] = gap >> 8
    into[offset + 2 + 2 * i] = gap
  }
}

/** The entry at a place, null where its peer said nothing. */
export const decodePrint = (bytes: Uint8Array, offset: number): Print | null => {
  const at = (i: number): number => bytes[offset + i] as number
  if (isAbsent(bytes, offset)) return null
  const word = (i: number): number => (at(i) << 8) | at(i + 1)
  return [((at(0) << 24) | (at(1) << 16) | (at(2) << 8)) >> 8, word(3), word(5), word(7)]
}

const isAbsent = (bytes: Uint8Array, offset: number): boolean => {
  for (let i = 0; i < PRINT_BYTES; i++) if (bytes[offset + i] !== ABSENT_BYTE) return false
  return true
}

/** Entries of `count` positions whose peer said nothing. */
export const absentPrints = (count: number): Uint8Array<ArrayBuffer> => new Uint8Array(count * PRINT_BYTES).fill(ABSENT_BYTE)

/** Entries that came with `count` ids. Throws WIRE_MALFORMED; none at all is allowed, and read as absent ones. */
export const printsOf = (bytes: Uint8Array | undefined, count: number): Uint8Array => {
  if (bytes === undefined || bytes.length === 0) return absentPrints(count)
  if (bytes.length === count * PRINT_BYTES) return bytes
  throw new SeamError('WIRE_MALFORMED', `prints: expected ${count * PRINT_BYTES} bytes, got ${bytes.length}`)
}

export interface PrintComparison {
  /** Positions that both sides have an entry for. */
  compared: number
  /** Positions for which the first side has none. */
  absent: number
  /** Steps: the largest distance of a position, and their mean. A position's distance is the largest of its four fields. */
  max: number
  mean: number
}

/** Compares entries position by position. Both must be of the same whole number of positions. */
export const comparePrints = (said: Uint8Array, found: Uint8Array): PrintComparison => {
  const count = said.length / PRINT_BYTES
  if (said.length !== found.length || !Number.isInteger(count) || count > CONTEXT_MAX)
    throw new RangeError('prints of the same positions are compared')
  let compared = 0
  let sum = 0
  let max = 0
  for (let offset = 0; offset < said.length; offset += PRINT_BYTES) {
    const a = decodePrint(said, offset)
    const b = decodePrint(found, offset)
    if (a === null || b === null) continue
    const distance = printDistance(a, b)
    compared += 1
    sum += distance
    if (distance > max) max = distance
  }
  return { compared, absent: count - compared, max, mean: compared === 0 ? 0 : sum / compared }
}

export const printDistance = (a: Print, b: Print): number => {
  let most = 0
  for (let i = 0; i < PRINT_TOP; i++) most = Math.max(most, Math.abs((a[i] as number) - (b[i] as number)))
  return most
}

/**
 * What binds a leg's fingerprints to its request: the audit salt (32 bytes), the hash of prompt and sampling that the client signed, and every
 * id that the peer was given. Computed once a leg.
 */
export const printBase = (salt: Uint8Array, requestHash: Bytes32, givenHash: Bytes32): Bytes32 => {
  const tag = new TextEncoder().encode('openseam fingerprint 1')
  const bytes = new Uint8Array(salt.length + tag.length + 64)
  bytes.set(salt)
  bytes.set(tag, salt.length)
  bytes.set(hexToBytes(requestHash, 32), salt.length + tag.length)
  bytes.set(hexToBytes(givenHash, 32), salt.length + tag.length + 32)
  return bytesToHex(keccak256(bytes))
}

/** `WorkReceipt.fingerprint` of a stretch: over its entries, in order. Zero where one is missing, or there is none. */
export const fingerprintOf = (base: Bytes32, prints: Uint8Array): Bytes32 => {
  if (prints.length === 0 || prints.length % PRINT_BYTES !== 0) return ZERO_BYTES32
  for (let offset = 0; offset < prints.length; offset += PRINT_BYTES) if (isAbsent(prints, offset)) return ZERO_BYTES32
  const bytes = new Uint8Array(32 + prints.length)
  bytes.set(hexToBytes(base, 32))
  bytes.set(prints, 32)
  return bytesToHex(keccak256(bytes))
}
