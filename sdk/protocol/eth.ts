/** Ethereum's hash, addresses and signatures over @noble: pure, no chain client. Addresses and hashes are lower-case 0x strings. */
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { hexToBytes as fromHex, bytesToHex as toHex } from '@noble/hashes/utils.js'
import { SeamError } from './errors.ts'

export type Hex = `0x${string}`
/** 20 bytes, lower case inside openseam; `checksumAddress` is for people to read. */
export type Address = Hex
export type Bytes32 = Hex

export const ZERO_ADDRESS: Address = `0x${'00'.repeat(20)}`
export const ZERO_BYTES32: Bytes32 = `0x${'00'.repeat(32)}`
export const SIGNATURE_BYTES = 65

export const keccak256 = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => keccak_256(bytes) as Uint8Array<ArrayBuffer>

export const bytesToHex = (bytes: Uint8Array): Hex => `0x${toHex(bytes)}`

/** Strict: 0x, an even number of hex digits, and exactly `length` bytes when given. */
export const hexToBytes = (hex: string, length?: number): Uint8Array<ArrayBuffer> => {
  const digits = hex.startsWith('0x') ? hex.slice(2) : ''
  if (hex !== '0x' && !/^([0-9a-fA-F]{2})+$/.test(digits)) throw malformed(`expected 0x and hex digits, got ${quote(hex)}`)
  const bytes = fromHex(digits) as Uint8Array<ArrayBuffer>
  if (length !== undefined && bytes.length !== length) throw malformed(`expected ${length} bytes, got ${bytes.length}`)
  return bytes
}

/** EIP-55: what an explorer or a wallet shows. */
export const checksumAddress = (address: Address): Hex => {
  const digits = address.slice(2).toLowerCase()
  const hash = toHex(keccak256(new TextEncoder().encode(digits)))
  return `0x${[...digits].map((digit, i) => (Number.parseInt(hash[i] ?? '0', 16) >= 8 ? digit.toUpperCase() : digit)).join('')}`
}

/** Reads an address that a person or a file gave. Mixed case must carry the right checksum, so that a typo is caught. */
export const parseAddress = (text: string): Address => {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) throw new SeamError('BAD_REQUEST', `not an address: ${quote(text)}`)
  const address = text.toLowerCase() as Address
  const digits = text.slice(2)
  const mixed = digits !== digits.toLowerCase() && digits !== digits.toUpperCase()
  if (mixed && checksumAddress(address) !== text)
    throw new SeamError('BAD_REQUEST', `wrong checksum in address ${text}: check for a typo`)
  return address
}

export const addressFromBytes = (bytes: Uint8Array): Address => {
  if (bytes.length !== 20) throw malformed(`an address has 20 bytes, got ${bytes.length}`)
  return bytesToHex(bytes)
}

export const addressOfPublicKey = (publicKey: Uint8Array): Address => {
  const point = secp256k1.Point.fromBytes(publicKey).toBytes(false) // 0x04 || x || y
  return bytesToHex(keccak256(point.subarray(1)).subarray(12))
}

export const addressOf = (secretKey: Uint8Array): Address => addressOfPublicKey(secp256k1.getPublicKey(secretKey, false))

export const randomSecretKey = (): Uint8Array<ArrayBuffer> => secp256k1.utils.randomSecretKey() as Uint8Array<ArrayBuffer>

/** r || s || v, with s in the lower half and v 27 or 28: what the contracts accept. Deterministic (RFC 6979). */
export const signHash = (hash: Uint8Array, secretKey: Uint8Array): Uint8Array<ArrayBuffer> => {
  const signed = secp256k1.sign(hash, secretKey, { prehash: false, lowS: true, format: 'recovered' }) // recovery || r || s
  const signature = new Uint8Array(SIGNATURE_BYTES)
  signature.set(signed.subarray(1))
  signature[64] = 27 + (signed[0] ?? 0)
  return signature
}

/** The signer's address, or null for anything that is not one canonical signature: other lengths, high s, v outside 27 and 28. */
export const recoverHash = (hash: Uint8Array, signature: Uint8Array): Address | null => {
  const v = signature[64]
  if (signature.length !== SIGNATURE_BYTES || hash.length !== 32 || (v !== 27 && v !== 28)) return null
  try {
    const parsed = secp256k1.Signature.fromBytes(signature.subarray(0, 64), 'compact')
    if (parsed.hasHighS()) return null
    return bytesToHex(
      keccak256(
        parsed
          .addRecoveryBit(v - 27)
          .recoverPublicKey(hash)
          .toBytes(false)
          .subarray(1)
      ).subarray(12)
    )
  } catch {
    return null // r or s out of range, or r not on the curve
  }
}

/** EIP-2098: the two words that the ledger takes, the parity of v in the top bit of s. */
export const compactSignature = (signature: Uint8Array): { r: Bytes32; vs: Bytes32 } => {
  if (signature.length !== SIGNATURE_BYTES) throw malformed(`a signature has ${SIGNATURE_BYTES} bytes, got ${signature.length}`)
  const vs = Uint8Array.from(signature.subarray(32, 64)) // a copy: what came over a socket is a Buffer, whose slice is not
  if (signature[64] === 28) vs[0] = (vs[0] ?? 0) | 0x80
  return { r: bytesToHex(signature.subarray(0, 32)), vs: bytesToHex(vs) }
}

/** From the two words of EIP-2098 back to r || s || v. */
export const fullSignature = (r: Bytes32, vs: Bytes32): Uint8Array<ArrayBuffer> => {
  const signature = new Uint8Array(SIGNATURE_BYTES)
  signature.set(hexToBytes(r, 32))
  signature.set(hexToBytes(vs, 32), 32)
  signature[64] = 27 + ((signature[32] ?? 0) >> 7)
  signature[32] = (signature[32] ?? 0) & 0x7f
  return signature
}

const quote = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}...` : text)
const malformed = (message: string): SeamError => new SeamError('WIRE_MALFORMED', message)
