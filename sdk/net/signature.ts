/** Ed25519 signatures of peers. Synchronous; native where there is Node, JavaScript in a browser. */

import type { KeyObject } from 'node:crypto'
import { ed25519 } from '@noble/curves/ed25519.js'
import type { PeerKey } from '../components.ts'
import { peerKeyBytes } from '../protocol/peer-id.ts'

export const PEER_SIGNATURE_BYTES = 64
const KEYS_MAX = 1024
const SPKI_PREFIX = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00)

const native = globalThis.process?.getBuiltinModule?.('node:crypto')
const keys = new Map<PeerKey, KeyObject>() // parsing a key costs as much as a verification, and peers come again

const keyOf = (crypto: NonNullable<typeof native>, peer: PeerKey): KeyObject => {
  const known = keys.get(peer)
  if (known !== undefined) return known
  const key = crypto.createPublicKey({ key: Buffer.concat([SPKI_PREFIX, peerKeyBytes(peer)]), format: 'der', type: 'spki' })
  if (keys.size >= KEYS_MAX) for (const oldest of keys.keys()) if (keys.delete(oldest)) break
  keys.set(peer, key)
  return key
}

/** Is `signature` the peer's over exactly `data`? Never throws: what cannot be read is not a signature. */
export const verifyPeerSignature = (peer: PeerKey, data: Uint8Array, signature: Uint8Array): boolean => {
  if (signature.length !== PEER_SIGNATURE_BYTES) return false
  try {
    if (native !== undefined) return native.verify(null, data, keyOf(native, peer), signature)
    return ed25519.verify(signature, data, peerKeyBytes(peer))
  } catch {
    return false
  }
}
