/**
 * The header of a sealed KV block and the chain over a leg's blocks (docs/spec/kv.md). Pure: no key, no I/O, the same in a browser.
 * Fixed length, big-endian. The whole header is the additional data of the block's AEAD, so no field can change without the block failing.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { equalBytes, exact, packIds } from './bytes.ts'
import { SeamError } from './errors.ts'
import { BLOCK_CELLS_MAX, BLOCK_TOKENS, CELL_BYTES } from './limits.ts'

export const KV_HEADER_BYTES = 194
/** What of the header goes under the key derivation: all but salt and commitment, which come from it or beside it. */
export const KV_KEYED_BYTES = 138
/** `KvHeader.header` on the wire: the header, then the salted hash of the block's token ids. */
export const KV_RECORD_BYTES = KV_HEADER_BYTES + 32
export const KV_TAG_BYTES = 16
export const KV_SALT_BYTES = 24
export const KV_VERSION = 1
/** AES-256-GCM, zero nonce, a key per block from HKDF-SHA256, with a 32-byte key commitment. The only suite so far. */
export const KV_SUITE = 1

/** How the plaintext's numbers are written; quantised forms get numbers of their own. */
export const KvDtype = { f32: 1, f16: 2, bf16: 3 } as const
export type KvDtype = (typeof KvDtype)[keyof typeof KvDtype]

/** What the writer knows before it draws a salt. Hashes and ids are raw bytes. */
export interface KvHeaderFields {
  dtype: number
  /** 16 bytes: the session's pseudonym towards its successors. */
  replica: Uint8Array
  leg: number
  generation: number
  block: number
  /** Bytes of KV before padding. */
  plaintextLength: number
  modelId: Uint8Array
  numerics: Uint8Array
  /** Chain head before this block; 32 zero bytes for block 0. */
  prev: Uint8Array
}

export interface KvHeaderView extends KvHeaderFields {
  firstPosition: number
  count: number
  salt: Uint8Array
  commitment: Uint8Array
}

export const CHAIN_START: Uint8Array = new Uint8Array(32)

/** Cells of CELL_BYTES that a block's ciphertext fills, the last one padded. */
export const cellsOf = (plaintextLength: number): number => Math.ceil(plaintextLength / CELL_BYTES)

/** The keyed part of a header, KV_KEYED_BYTES long. */
const putFields = (header: Uint8Array, fields: KvHeaderFields): void => {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
  view.setUint8(0, KV_VERSION)
  view.setUint8(1, KV_SUITE)
  view.setUint16(2, fields.dtype)
  header.set(exact(fields.replica, 16, 'replica'), 4)
  view.setUint32(20, fields.leg)
  view.setUint32(24, fields.generation)
  view.setUint32(28, fields.block)
  view.setUint32(32, fields.block * BLOCK_TOKENS)
  view.setUint16(36, BLOCK_TOKENS)
  view.setUint32(38, fields.plaintextLength)
  header.set(exact(fields.modelId, 32, 'modelId'), 42)
  header.set(exact(fields.numerics, 32, 'numerics'), 74)
  header.set(exact(fields.prev, 32, 'prev'), 106)
}

/** A header whose last 32 bytes, the commitment, are still zero: they come out of the key derivation over the rest. */
export const draftKvHeader = (fields: KvHeaderFields, salt: Uint8Array): Uint8Array<ArrayBuffer> => {
  const header = new Uint8Array(KV_HEADER_BYTES)
  putFields(header, fields)
  header.set(exact(salt, KV_SALT_BYTES, 'salt'), KV_KEYED_BYTES)
  return header
}

/** Parses and bounds every field; the arrays are views. Throws SeamError WIRE_MALFORMED. */
export const decodeKvHeader = (header: Uint8Array): KvHeaderView => {
  exact(header, KV_HEADER_BYTES, 'KV header')
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
  const at = (offset: number, length: number): Uint8Array => header.subarray(offset, offset + length)
  const fields: KvHeaderView = {
    dtype: view.getUint16(2),
    replica: at(4, 16),
    leg: view.getUint32(20),
    generation: view.getUint32(24),
    block: view.getUint32(28),
    firstPosition: view.getUint32(32),
    count: view.getUint16(36),
    plaintextLength: view.getUint32(38),
    modelId: at(42, 32),
    numerics: at(74, 32),
    prev: at(106, 32),
    salt: at(KV_KEYED_BYTES, KV_SALT_BYTES),
    commitment: at(KV_KEYED_BYTES + KV_SALT_BYTES, 32)
  }
  const refuse = (what: string): never => {
    throw new SeamError('WIRE_MALFORMED', `KV header: ${what}`)
  }
  if (view.getUint8(0) !== KV_VERSION || view.getUint8(1) !== KV_SUITE)
    refuse('version or suite unknown: both sides need the same release')
  if (fields.count !== BLOCK_TOKENS || fields.firstPosition !== fields.block * BLOCK_TOKENS)
    refuse('positions do not match the block index')
  const cells = cellsOf(fields.plaintextLength)
  if (cells < 1 || cells > BLOCK_CELLS_MAX)
    refuse(`plaintext of ${fields.plaintextLength} bytes is outside 1 to ${BLOCK_CELLS_MAX} cells`)
  return fields
}

/** The wire form: header, then token hash. */
export const encodeKvRecord = (header: Uint8Array, tokenHash: Uint8Array): Uint8Array<ArrayBuffer> => {
  const record = new Uint8Array(KV_RECORD_BYTES)
  record.set(exact(header, KV_HEADER_BYTES, 'KV header'))
  record.set(exact(tokenHash, 32, 'token hash'), KV_HEADER_BYTES)
  return record
}

export const decodeKvRecord = (record: Uint8Array): { header: Uint8Array; tokenHash: Uint8Array } => {
  exact(record, KV_RECORD_BYTES, 'KV record')
  return { header: record.subarray(0, KV_HEADER_BYTES), tokenHash: record.subarray(KV_HEADER_BYTES) }
}

/** Salted with the leg's audit salt: an unsalted hash of 32 ids could be inverted by trying likely texts. */
export const tokenHashOf = (auditSalt: Uint8Array, ids: ArrayLike<number>): Uint8Array<ArrayBuffer> =>
  sha256
    .create()
    .update(exact(auditSalt, 32, 'audit salt'))
    .update(packIds(ids))
    .digest() as Uint8Array<ArrayBuffer>

const utf8 = new TextEncoder()
const CHAIN_DOMAIN = utf8.encode('kv1')
const HEAD_DOMAIN = utf8.encode('openseam-kv-1')

export interface ChainLink {
  prev: Uint8Array
  block: number
  tokenHash: Uint8Array
  /** SHA-256 of the padded ciphertext. */
  ciphertextHash: Uint8Array
  header: Uint8Array
}

/** H_j = SHA-256('kv1' || H_{j-1} || u32 j || token hash || SHA-256(ciphertext) || header), 32 bytes. */
export const chainHead = (link: ChainLink): Uint8Array<ArrayBuffer> => {
  const block = new Uint8Array(4)
  new DataView(block.buffer).setUint32(0, link.block)
  const hash = sha256
    .create()
    .update(CHAIN_DOMAIN)
    .update(exact(link.prev, 32, 'prev'))
    .update(block)
  hash.update(exact(link.tokenHash, 32, 'token hash')).update(exact(link.ciphertextHash, 32, 'ciphertext hash'))
  return hash.update(exact(link.header, KV_HEADER_BYTES, 'KV header')).digest() as Uint8Array<ArrayBuffer>
}

/** What the serving peer's Ed25519 key signs for a chain head. */
export const headMessage = (head: Uint8Array): Uint8Array<ArrayBuffer> => {
  const message = new Uint8Array(HEAD_DOMAIN.length + 32)
  message.set(HEAD_DOMAIN)
  message.set(exact(head, 32, 'chain head'), HEAD_DOMAIN.length)
  return message
}

/** Is `next` a block that may follow `prev` in the same chain? Throws SeamError KV_CHAIN with the field that differs. */
export const checkNext = (
  next: KvHeaderView,
  expected: { replica: Uint8Array; leg: number; block: number; prev: Uint8Array }
): void => {
  const differs =
    next.leg !== expected.leg
      ? 'leg'
      : next.block !== expected.block
        ? 'block'
        : !equalBytes(next.replica, expected.replica)
          ? 'replica'
          : !equalBytes(next.prev, expected.prev)
            ? 'prev'
            : null
  if (differs !== null)
    throw new SeamError('KV_CHAIN', `block ${next.block}: ${differs} is not what follows here`, { detail: { block: next.block } })
}
