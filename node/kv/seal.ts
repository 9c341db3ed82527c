/**
 * Seals and opens one block of KV (docs/spec/kv.md). AES-256-GCM under a key of the block's own, so the nonce is zero; the key comes with a
 * commitment, because plain GCM lets a writer make one ciphertext that opens under two keys.
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, timingSafeEqual } from 'node:crypto'
import { exact } from 'openseam/protocol/bytes'
import { SeamError } from 'openseam/protocol/errors'
import {
  cellsOf,
  chainHead,
  decodeKvHeader,
  draftKvHeader,
  headMessage,
  KV_HEADER_BYTES,
  KV_KEYED_BYTES,
  KV_SALT_BYTES,
  KV_TAG_BYTES,
  type KvHeaderFields
} from 'openseam/protocol/kv-header'
import { CELL_BYTES } from 'openseam/protocol/limits'
import type { Sign } from './ed25519.ts'

export interface SealedBlock {
  header: Uint8Array
  tag: Uint8Array
  /** Ciphertext, each exactly CELL_BYTES. */
  cells: Uint8Array[]
  ciphertextHash: Uint8Array
  tokenHash: Uint8Array
  /** Chain head after this block. */
  head: Uint8Array
  signature: Uint8Array
}

export interface SealInit extends Omit<KvHeaderFields, 'plaintextLength' | 'prev'> {
  epochKey: Uint8Array
  plaintext: Uint8Array
  tokenHash: Uint8Array
  prevHead: Uint8Array
  /** 24 random bytes, new for every block: with them the block key is never used for two plaintexts. */
  salt: Uint8Array
  sign: Sign
}

const CIPHER = 'aes-256-gcm'
const NONCE = new Uint8Array(12)
const KEY_DOMAIN = Buffer.from('openseam-kv-key-1')

/** K || C: 32 bytes of key, 32 of commitment. `header` counts up to KV_KEYED_BYTES, then its salt. */
const blockKey = (epochKey: Uint8Array, header: Uint8Array): { key: Uint8Array; commitment: Uint8Array } => {
  const salt = header.subarray(KV_KEYED_BYTES, KV_KEYED_BYTES + KV_SALT_BYTES)
  const info = createHash('sha256').update(KEY_DOMAIN).update(header.subarray(0, KV_KEYED_BYTES)).digest()
  const bytes = new Uint8Array(hkdfSync('sha256', exact(epochKey, 32, 'epoch key'), salt, info, 64))
  return { key: bytes.subarray(0, 32), commitment: bytes.subarray(32) }
}

/** Encrypts `plaintext` and zero padding up to whole cells, without a second copy of the block: only the last cell is put together. */
const encrypt = (key: Uint8Array, header: Uint8Array, plaintext: Uint8Array): { cells: Uint8Array[]; tag: Uint8Array } => {
  const cipher = createCipheriv(CIPHER, key, NONCE)
  cipher.setAAD(header)
  const body = cipher.update(plaintext)
  const count = cellsOf(plaintext.length)
  const padding = cipher.update(new Uint8Array(count * CELL_BYTES - plaintext.length))
  cipher.final()
  const cells = Array.from({ length: count }, (_, i) => body.subarray(i * CELL_BYTES, (i + 1) * CELL_BYTES))
  if (padding.length > 0) cells[count - 1] = Buffer.concat([cells[count - 1] as Uint8Array, padding])
  return { cells, tag: cipher.getAuthTag() }
}

const hashCells = (cells: Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const hash = createHash('sha256')
  for (const cell of cells) hash.update(cell)
  return new Uint8Array(hash.digest())
}

/** Throws SeamError WIRE_MALFORMED for a field of the wrong length. The same input gives the same bytes. */
export const sealBlock = (init: SealInit): SealedBlock => {
  const { epochKey, plaintext, tokenHash, salt, sign } = init
  const header = draftKvHeader({ ...init, plaintextLength: plaintext.length, prev: init.prevHead }, salt)
  decodeKvHeader(header) // our own header passes the checks that every receiver makes
  const { key, commitment } = blockKey(epochKey, header)
  header.set(commitment, KV_HEADER_BYTES - 32)
  const { cells, tag } = encrypt(key, header, plaintext)
  key.fill(0)
  const ciphertextHash = hashCells(cells)
  const head = chainHead({ prev: init.prevHead, block: init.block, tokenHash, ciphertextHash, header })
  return { header, tag, cells, ciphertextHash, tokenHash, head, signature: sign(headMessage(head)) }
}

export interface OpenInit {
  epochKey: Uint8Array
  header: Uint8Array
  tag: Uint8Array
  /** The ciphertext, in cells or in larger pieces. */
  cells: Uint8Array[]
}

const corrupt = (block: number, what: string, cause?: unknown): SeamError =>
  new SeamError('KV_CORRUPT', `block ${block}: ${what}`, { detail: { block }, cause })

/**
 * The block's plaintext in a buffer of its own, exactly as long as it is, so that it can be transferred to the engine.
 * Throws SeamError KV_CORRUPT for a wrong key, length, commitment, tag or any changed byte, WIRE_MALFORMED for no header at all.
 */
export const openBlock = ({ epochKey, header, tag, cells }: OpenInit): Uint8Array<ArrayBuffer> => {
  const { block, plaintextLength, commitment } = decodeKvHeader(header)
  const [first] = cells
  const length = cells.reduce((sum, cell) => sum + cell.length, 0)
  if (first === undefined || length !== cellsOf(plaintextLength) * CELL_BYTES)
    throw corrupt(block, `${length} bytes of ciphertext do not fit its header`)
  if (tag.length !== KV_TAG_BYTES) throw corrupt(block, 'the tag is not 16 bytes')
  const derived = blockKey(epochKey, header)
  if (!timingSafeEqual(derived.commitment, commitment)) throw corrupt(block, 'sealed under another key')
  const decipher = createDecipheriv(CIPHER, derived.key, NONCE)
  derived.key.fill(0)
  decipher.setAAD(header)
  decipher.setAuthTag(tag)
  const plaintext = cells.length === 1 ? decipher.update(first.subarray(0, plaintextLength)) : new Uint8Array(plaintextLength)
  if (cells.length === 1) decipher.update(first.subarray(plaintextLength))
  else decryptCells(decipher, cells, plaintext)
  try {
    decipher.final()
  } catch (cause) {
    plaintext.fill(0)
    throw corrupt(block, 'its bytes were changed', cause)
  }
  return new Uint8Array(plaintext.buffer as ArrayBuffer, plaintext.byteOffset, plaintext.byteLength)
}

const decryptCells = (decipher: ReturnType<typeof createDecipheriv>, cells: Uint8Array[], into: Uint8Array): void => {
  let offset = 0
  for (const cell of cells) {
    const piece = decipher.update(cell)
    into.set(piece.subarray(0, Math.max(0, into.length - offset)), offset)
    offset += piece.length
  }
}
