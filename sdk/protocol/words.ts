/** The 32-byte words that contracts hash: what `abi.encode` makes of static values. */
import { WEI_MAX } from './amounts.ts'
import { SeamError } from './errors.ts'
import { hexToBytes } from './eth.ts'

const UINT_MAX = {
  uint8: 2n ** 8n - 1n,
  uint32: 2n ** 32n - 1n,
  uint40: 2n ** 40n - 1n,
  uint64: BigInt(Number.MAX_SAFE_INTEGER), // held as numbers here; the chain never sees one above 2^53
  uint96: WEI_MAX
} as const
export type UintType = keyof typeof UINT_MAX

export function writeUint(bytes: Uint8Array, offset: number, type: UintType, value: unknown, label: string): void {
  if (typeof value !== (type === 'uint96' ? 'bigint' : 'number')) {
    throw malformed(`${label} must be a ${type === 'uint96' ? 'bigint' : 'number'}, got ${typeof value}`)
  }
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw malformed(`${label} must be a whole number, got ${value}`)
  const number = BigInt(value as bigint | number)
  if (number < 0n || number > UINT_MAX[type]) throw malformed(`${label} must be 0 to ${UINT_MAX[type]}, got ${number}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, 32)
  view.setBigUint64(16, number >> 64n)
  view.setBigUint64(24, number & 0xffff_ffff_ffff_ffffn)
}

export function writeHex(bytes: Uint8Array, offset: number, length: 20 | 32, value: unknown, label: string): void {
  if (typeof value !== 'string') throw malformed(`${label} must be ${length} bytes of hex, got ${typeof value}`)
  try {
    bytes.set(hexToBytes(value, length), offset + 32 - length)
  } catch (cause) {
    throw new SeamError('WIRE_MALFORMED', `${label}: ${(cause as Error).message}`, { cause })
  }
}

/** abi.encode of static values: `[type, value, label]` each. Throws WIRE_MALFORMED naming what is out of bounds. */
export const encodeWords = (
  ...words: readonly (readonly [type: UintType | 'address' | 'bytes32', value: unknown, label: string])[]
): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(32 * words.length)
  for (const [i, [type, value, label]] of words.entries()) {
    if (type === 'address') writeHex(bytes, 32 * i, 20, value, label)
    else if (type === 'bytes32') writeHex(bytes, 32 * i, 32, value, label)
    else writeUint(bytes, 32 * i, type, value, label)
  }
  return bytes
}

const malformed = (message: string): SeamError => new SeamError('WIRE_MALFORMED', message)
