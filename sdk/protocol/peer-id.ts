/**
 * A peer has two spellings: the raw Ed25519 public key that typed data signs (`PeerKey`), and the libp2p peer id that people
 * read. The id is base58btc of an identity multihash over the protobuf of the key, so either spelling gives the other
 * (docs/spec/net.md).
 */
import type { PeerKey } from '../components.ts'
import { SeamError } from './errors.ts'
import { bytesToHex, hexToBytes } from './eth.ts'

export const PEER_KEY_BYTES = 32

// identity multihash (0x00), 36 bytes (0x24); protobuf: field 1 = Ed25519 (0x08 0x01), field 2 = 32 bytes (0x12 0x20)
const PREFIX = Uint8Array.of(0x00, 0x24, 0x08, 0x01, 0x12, 0x20)
const PEER_ID_CHARACTERS = 52
const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

export const peerKeyOf = (publicKey: Uint8Array): PeerKey => {
  if (publicKey.length !== PEER_KEY_BYTES) throw malformed(`a peer key has 32 bytes, got ${publicKey.length}`)
  return bytesToHex(publicKey)
}

export const peerKeyBytes = (peer: PeerKey): Uint8Array<ArrayBuffer> => hexToBytes(peer, PEER_KEY_BYTES)

/** `12D3KooW...` */
export const peerIdOf = (peer: PeerKey): string => {
  let number = BigInt(`0x2408011220${peer.slice(2)}`) // the leading zero byte becomes the leading '1'
  let text = ''
  for (; number > 0n; number /= 58n) text = ALPHABET.charAt(Number(number % 58n)) + text
  return `1${text}`
}

/** Reads the canonical text form only; other key types have no place in openseam. Throws BAD_REQUEST. */
export const parsePeerId = (text: string): PeerKey => {
  const refuse = (): SeamError =>
    new SeamError(
      'BAD_REQUEST',
      `not an Ed25519 peer id: ${JSON.stringify(text.slice(0, 80))}; expected 12D3KooW and 44 characters`
    )
  if (text.length !== PEER_ID_CHARACTERS || !text.startsWith('1')) throw refuse()
  let number = 0n
  for (const character of text.slice(1)) {
    const digit = ALPHABET.indexOf(character)
    if (digit < 0) throw refuse()
    number = number * 58n + BigInt(digit)
  }
  const bytes = hexToBytes(`0x${number.toString(16).padStart(2 * (PREFIX.length + PEER_KEY_BYTES), '0')}`)
  if (bytes.length !== PREFIX.length + PEER_KEY_BYTES || PREFIX.some((byte, i) => bytes[i] !== byte)) throw refuse()
  return peerKeyOf(bytes.subarray(PREFIX.length))
}

const malformed = (message: string): SeamError => new SeamError('WIRE_MALFORMED', message)
