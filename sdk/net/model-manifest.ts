/**
 * The manifest of a model as far as the network needs it: JSON whose sha256 is the manifest hash, naming every file by its own
 * hash.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { SeamError } from '../protocol/errors.ts'
import { bytesToHex, type Hex } from '../protocol/eth.ts'

export const MANIFEST_BYTES_MAX = 1024 * 1024
const FILES_MAX = 1024
const PATH_CHARACTERS_MAX = 256

export interface ManifestFile {
  /** Relative, `/` between segments, never `.` or `..`: it becomes a file name at the receiver. */
  path: string
  size: number
  sha256: Hex
}

export interface Manifest {
  files: ManifestFile[]
}

export const sha256Of = (bytes: Uint8Array): Hex => bytesToHex(sha256(bytes))

/** Reads manifest bytes that must hash to `manifestHash`. Throws MODEL_CORRUPT. Fields it does not know are left alone. */
export const readManifest = (bytes: Uint8Array, manifestHash: Hex): Manifest => {
  if (bytes.length > MANIFEST_BYTES_MAX) throw corrupt(`the manifest has ${bytes.length} bytes, at most ${MANIFEST_BYTES_MAX}`)
  if (sha256Of(bytes) !== manifestHash.toLowerCase()) throw corrupt(`the manifest does not hash to ${manifestHash}`)
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new SeamError('MODEL_CORRUPT', 'the manifest is no JSON', { cause })
  }
  const files = isRecord(json) ? json['files'] : undefined
  if (!Array.isArray(files) || files.length === 0 || files.length > FILES_MAX)
    throw corrupt(`the manifest needs 1 to ${FILES_MAX} files`)
  return { files: files.map(readFile) }
}

const readFile = (file: unknown): ManifestFile => {
  if (!isRecord(file)) throw corrupt('a file of the manifest is no object')
  const { path, size } = file
  const digest = typeof file['sha256'] === 'string' ? file['sha256'].toLowerCase().replace(/^0x/, '') : ''
  if (typeof path !== 'string' || !isSafePath(path))
    throw corrupt(`unsafe file path ${JSON.stringify(String(path).slice(0, 80))}`)
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) throw corrupt(`${path}: the size is no whole number`)
  if (!/^[0-9a-f]{64}$/.test(digest)) throw corrupt(`${path}: sha256 has to be 64 hex digits`)
  return { path, size, sha256: `0x${digest}` }
}

const isSafePath = (path: string): boolean =>
  path.length <= PATH_CHARACTERS_MAX &&
  path.split('/').every((segment) => /^[A-Za-z0-9._-]+$/.test(segment) && segment !== '.' && segment !== '..')

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const corrupt = (message: string): SeamError => new SeamError('MODEL_CORRUPT', message)
