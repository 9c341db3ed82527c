/**
 * Keys of a session (docs/spec/keys.md). Everything comes from one random root that never leaves the client; peers get only what HPKE seals
 * to them. Runs in Node and in a browser: @noble for hashes and curves, WebCrypto for AES-GCM, hpke for sealing.
 */
import { x25519 } from '@noble/curves/ed25519.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { AEAD_AES_256_GCM, CipherSuite, KDF_HKDF_SHA256, KEM_DHKEM_X25519_HKDF_SHA256 } from 'hpke'
import type { Rng } from '../components.ts'
import { exact } from '../protocol/bytes.ts'
import { SeamError } from '../protocol/errors.ts'
import { type Hex, hexToBytes } from '../protocol/eth.ts'
import { LegSecret, type Sealed } from '../protocol/pb/messages.js'

export const KEY_BYTES = 32
/** 32 bytes, raw or as 0x hex. */
export type Bytes32Like = Uint8Array | Hex

const utf8 = new TextEncoder()
const bytes32 = (value: Bytes32Like, field: string): Uint8Array<ArrayBuffer> =>
  typeof value === 'string' ? hexToBytes(value, 32) : (exact(value, 32, field) as Uint8Array<ArrayBuffer>)

const u32 = (value: number): Uint8Array => {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff)
    throw new SeamError('INTERNAL', `not an unsigned 32-bit number: ${value}`)
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}

/** HKDF-SHA256 of a 32-byte secret; `label` keeps uses apart, and all that follows it has a fixed length, so no two inputs collide. */
const derive = (secret: Uint8Array, label: string, parts: Uint8Array[], length = KEY_BYTES): Uint8Array<ArrayBuffer> =>
  hkdf(
    sha256,
    exact(secret, KEY_BYTES, label),
    undefined,
    concatBytes(utf8.encode(`openseam-${label}-1`), ...parts),
    length
  ) as Uint8Array<ArrayBuffer>

export const newRoot = (rng: Rng): Uint8Array<ArrayBuffer> => rng.bytes(KEY_BYTES)

/** e_{leg,generation}: what the serving peer seals new blocks under. Bound to the peer and the model, so it opens nothing elsewhere. */
export const epochKey = (
  root: Uint8Array,
  of: { leg: number; generation: number; providerPeer: Bytes32Like; modelId: Bytes32Like }
): Uint8Array<ArrayBuffer> =>
  derive(root, 'epoch', [
    u32(of.leg),
    u32(of.generation),
    bytes32(of.providerPeer, 'providerPeer'),
    bytes32(of.modelId, 'modelId')
  ])

/** Salts every content hash of a leg: request, output and block token hashes. The serving peer gets it with the epoch key. */
export const auditSalt = (root: Uint8Array, leg: number): Uint8Array<ArrayBuffer> => derive(root, 'audit', [u32(leg)])

/** 16 bytes: the session's pseudonym towards the successors of one leg. Another leg gets another one, so nobody can link them. */
export const replicaOf = (root: Uint8Array, leg: number): Uint8Array<ArrayBuffer> => derive(root, 'replica', [u32(leg)], 16)

/** 16 bytes: names the KV that a finished turn left at one peer, and nobody else could ask for. */
export const parkKeyOf = (root: Uint8Array, peer: Bytes32Like): Uint8Array<ArrayBuffer> =>
  derive(root, 'park', [bytes32(peer, 'peer')], 16)

/** The key that seals this session's token log on the client's own disk. */
export const logKeyOf = (root: Uint8Array): Uint8Array<ArrayBuffer> => derive(root, 'log', [])

export interface KeyPair {
  privateKey: Uint8Array<ArrayBuffer>
  publicKey: Uint8Array<ArrayBuffer>
}

/** A peer's X25519 pair. The seed may be the one of its Ed25519 key: it is hashed with a label of its own first. */
export const x25519KeyPair = (seed: Uint8Array): KeyPair => {
  const privateKey = derive(seed, 'x25519', [])
  return { privateKey, publicKey: x25519.getPublicKey(privateKey) as Uint8Array<ArrayBuffer> }
}

const suite = new CipherSuite(KEM_DHKEM_X25519_HKDF_SHA256, KDF_HKDF_SHA256, AEAD_AES_256_GCM)

/** A secret is good for one peer in one leg of one session and for nothing else. */
export interface SecretScope {
  sessionId: Bytes32Like
  leg: number
  providerPeer: Bytes32Like
}

const scopeInfo = (scope: SecretScope): Uint8Array<ArrayBuffer> =>
  concatBytes(
    utf8.encode('openseam-leg-secret-1'),
    bytes32(scope.sessionId, 'sessionId'),
    u32(scope.leg),
    bytes32(scope.providerPeer, 'providerPeer')
  ) as Uint8Array<ArrayBuffer>

/** HPKE base mode (RFC 9180). The client's authenticity comes from the signed LegOpen that it travels with. */
export const sealLegSecret = async (init: SecretScope & { recipient: Uint8Array; secret: LegSecret }): Promise<Sealed> => {
  const recipient = await suite.DeserializePublicKey(bytes32(init.recipient, 'recipient'))
  const plaintext = LegSecret.encode(init.secret)
  const { encapsulatedSecret, ciphertext } = await suite.Seal(recipient, plaintext, { info: scopeInfo(init) })
  plaintext.fill(0)
  return { enc: encapsulatedSecret as Uint8Array<ArrayBuffer>, ciphertext: ciphertext as Uint8Array<ArrayBuffer> }
}

/** Throws SeamError SECRET_UNREADABLE for a secret that was meant for another peer, leg or session, or was changed. */
export const openLegSecret = async (init: SecretScope & KeyPair & { sealed: Sealed }): Promise<LegSecret> => {
  try {
    const privateKey = await suite.DeserializePrivateKey(init.privateKey, false)
    const publicKey = await suite.DeserializePublicKey(init.publicKey)
    const plaintext = await suite.Open({ privateKey, publicKey }, init.sealed.enc, init.sealed.ciphertext, {
      info: scopeInfo(init)
    })
    return checkSecret(LegSecret.decode(plaintext))
  } catch (cause) {
    throw new SeamError(
      'SECRET_UNREADABLE',
      'the leg secret does not open here: seal it to the X25519 key in this peer’s newest offer',
      { cause }
    )
  }
}

const checkSecret = (secret: LegSecret): LegSecret => {
  exact(secret.auditSalt, 32, 'auditSalt')
  for (const entry of secret.write === undefined ? secret.read : [secret.write, ...secret.read])
    exact(entry.key, KEY_BYTES, 'epoch key')
  return secret
}

const NONCE_BYTES = 12
/** Imported once for each key object: a session seals with the same one fifty times a second. */
const imported = new WeakMap<Uint8Array, Promise<CryptoKey>>()
const aesKey = (key: Uint8Array): Promise<CryptoKey> => {
  const held = imported.get(key)
  if (held !== undefined) return held
  const raw = exact(key, KEY_BYTES, 'key') as Uint8Array<ArrayBuffer>
  const importing = crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt'])
  imported.set(key, importing)
  return importing
}

/** nonce (12) || ciphertext || tag (16). Random nonces: at most 2^32 records under one key, which a session never reaches. */
const sealRecord = async (key: Uint8Array, bytes: Uint8Array, context: string): Promise<Uint8Array<ArrayBuffer>> => {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
  const params = { name: 'AES-GCM', iv, additionalData: utf8.encode(context) }
  const sealed = await crypto.subtle.encrypt(params, await aesKey(key), bytes as Uint8Array<ArrayBuffer>)
  return concatBytes(iv, new Uint8Array(sealed)) as Uint8Array<ArrayBuffer>
}

const openRecord = async (key: Uint8Array, sealed: Uint8Array, context: string): Promise<Uint8Array<ArrayBuffer>> => {
  const params = { name: 'AES-GCM', iv: sealed.slice(0, NONCE_BYTES), additionalData: utf8.encode(context) }
  try {
    return new Uint8Array(await crypto.subtle.decrypt(params, await aesKey(key), sealed.slice(NONCE_BYTES)))
  } catch (cause) {
    throw new SeamError('STORE_CORRUPT', 'a stored record does not open: another key, or it was changed on disk', { cause })
  }
}

/** The root under the store's key. Deleting this record shreds the session everywhere: nobody else ever had the root. */
export const wrapRoot = (storeKey: Uint8Array, root: Uint8Array): Promise<Uint8Array<ArrayBuffer>> =>
  sealRecord(storeKey, exact(root, KEY_BYTES, 'root'), 'openseam-root-1')

export const unwrapRoot = async (storeKey: Uint8Array, wrapped: Uint8Array): Promise<Uint8Array<ArrayBuffer>> =>
  exact(await openRecord(storeKey, wrapped, 'openseam-root-1'), KEY_BYTES, 'root')

/** One piece of the token log. `place` names where it belongs (session and piece number), so that pieces cannot be swapped on disk. */
export const sealLog = (key: Uint8Array, bytes: Uint8Array, place = ''): Promise<Uint8Array<ArrayBuffer>> =>
  sealRecord(key, bytes, `openseam-log-1/${place}`)

export const openLog = (key: Uint8Array, sealed: Uint8Array, place = ''): Promise<Uint8Array<ArrayBuffer>> =>
  openRecord(key, sealed, `openseam-log-1/${place}`)
