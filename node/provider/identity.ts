/** Who this daemon is: its peer key, the account it works for, and the binding between them that rides in every offer. */
import { chmodSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Rng } from 'openseam/components'
import { bindingToWire } from 'openseam/protocol/convert'
import { type Address, addressOf, bytesToHex, hexToBytes, signHash } from 'openseam/protocol/eth'
import { BINDING_SECONDS_MAX } from 'openseam/protocol/limits'
import type * as wire from 'openseam/protocol/pb'
import { digest, type TypedDomain } from 'openseam/protocol/typed-data'
import { type KeyPair, x25519KeyPair } from 'openseam/session/keys'
import { writeFileAtomic } from '../lib/atomic.ts'

/** The peer's Ed25519 seed, made on first use and kept in the home directory. */
export const peerSeed = async (home: string, rng: Rng): Promise<Uint8Array> => {
  const file = join(home, 'peer.key')
  if (existsSync(file)) {
    chmodSync(file, 0o600)
    return hexToBytes(readFileSync(file, 'utf8').trim(), 32)
  }
  const seed = rng.bytes(32)
  await writeFileAtomic(file, `${bytesToHex(seed)}\n`)
  return seed
}

export interface Identity {
  account: Address
  /** The key that signs receipts and the binding: the account's own, or one that the Registry knows for it. */
  signer: Address
  sign(hash: Uint8Array): Uint8Array<ArrayBuffer>
  seed: Uint8Array
  x25519: KeyPair
}

export const identityOf = (seed: Uint8Array, signerKey: Uint8Array, account: Address): Identity => ({
  account,
  signer: addressOf(signerKey),
  sign: (hash) => signHash(hash, signerKey),
  seed,
  x25519: x25519KeyPair(seed)
})

export const bindPeer = (identity: Identity, domain: TypedDomain, peer: `0x${string}`, nowMs: number): wire.PeerBinding => {
  const binding = {
    provider: identity.account,
    peer,
    x25519: bytesToHex(identity.x25519.publicKey),
    signer: identity.signer,
    validUntil: Math.floor(nowMs / 1000) + BINDING_SECONDS_MAX / 2
  }
  return bindingToWire(binding, identity.sign(digest(domain, 'PeerBinding', binding)))
}
