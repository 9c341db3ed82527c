/** Ed25519 by node:crypto: a signature and a check per block would cost milliseconds in JavaScript, tens of microseconds here. */
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { exact } from 'openseam/protocol/bytes'

export type Sign = (message: Uint8Array) => Uint8Array<ArrayBuffer>
export type Verify = (message: Uint8Array, signature: Uint8Array) => boolean

const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

/** @param seed 32 bytes, the first half of a libp2p Ed25519 private key */
export const signerOf = (seed: Uint8Array): Sign => {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, exact(seed, 32, 'seed')]), format: 'der', type: 'pkcs8' })
  return (message) => new Uint8Array(sign(null, message, key))
}

/** @param publicKey 32 raw bytes. A key that is no curve point verifies nothing. */
export const verifierOf = (publicKey: Uint8Array): Verify => {
  const key = createPublicKey({
    key: Buffer.concat([SPKI_PREFIX, exact(publicKey, 32, 'peer key')]),
    format: 'der',
    type: 'spki'
  })
  return (message, signature) => {
    try {
      return signature.length === 64 && verify(null, message, key, signature)
    } catch {
      return false
    }
  }
}
