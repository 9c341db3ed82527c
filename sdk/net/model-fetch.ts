/**
 * The manifest and the small files of a model, from any peer that has them: trusted for nothing, checked against the manifest
 * hash.
 */
import type { Channel, PeerKey } from '../components.ts'
import { refusalError, SeamError } from '../protocol/errors.ts'
import { bytesToHex, type Hex, hexToBytes } from '../protocol/eth.ts'
import { MODEL_CHUNK_BYTES, MODEL_FILE_BYTES_MAX, MODEL_FILES_BYTES_MAX } from '../protocol/limits.ts'
import type { ModelChunk, ModelRequest } from '../protocol/pb/messages.js'
import type { Host } from './host.ts'
import { MANIFEST_BYTES_MAX, type Manifest, type ManifestFile, readManifest, sha256Of } from './model-manifest.ts'
import { modelProtocol } from './protocols.ts'

/** Keeps files by their hash. */
export interface FileCache {
  get(sha256: Hex): Promise<Uint8Array | undefined>
  put(sha256: Hex, bytes: Uint8Array): Promise<void>
}

export interface FetchModel {
  modelId: Hex
  manifestHash: Hex
  /** Which files of the manifest; by default configuration, templates and vocabularies, never weights. */
  wanted?: (path: string) => boolean
  multiaddrs?: string[]
  signal?: AbortSignal
  cache?: FileCache
}

export interface FetchedModel {
  manifestBytes: Uint8Array
  manifest: Manifest
  files: Map<string, Uint8Array>
}

export interface ServedModel {
  modelId: Hex
  manifest: Uint8Array
  files: ReadonlyMap<string, Uint8Array>
}

const isText = (path: string): boolean => /\.(json|jinja|txt|model)$/.test(path)

/** Throws MODEL_UNKNOWN or MODEL_FILE_MISSING (refused), MODEL_CORRUPT (hash or size differ), NET_* (the peer went away). */
export const fetchModel = async (host: Host, peer: PeerKey, options: FetchModel): Promise<FetchedModel> => {
  const { modelId, manifestHash, multiaddrs, signal, cache } = options
  const wanted = options.wanted ?? isText
  const channel = await host.open(peer, modelProtocol, { multiaddrs, signal })
  const abort = (): void => channel.abort(new SeamError('CANCELLED', 'no longer wanted'))
  signal?.addEventListener('abort', abort, { once: true })
  try {
    const frames = channel.receive()[Symbol.asyncIterator]()
    const get = async (file: string, bytesMax: number, hash: Hex): Promise<Uint8Array> => {
      const cached = await cache?.get(hash)
      if (cached !== undefined && sha256Of(cached) === hash) return cached
      await channel.send({ modelId: hexToBytes(modelId, 32), file })
      const bytes = await readFile(frames, file, bytesMax)
      if (sha256Of(bytes) !== hash) throw new SeamError('MODEL_CORRUPT', `${file || 'the manifest'} does not hash to ${hash}`)
      await cache?.put(hash, bytes)
      return bytes
    }
    const manifestBytes = await get('', MANIFEST_BYTES_MAX, manifestHash)
    const manifest = readManifest(manifestBytes, manifestHash)
    const asked = manifest.files.filter((file) => wanted(file.path))
    checkSizes(asked)
    const files = new Map<string, Uint8Array>()
    for (const { path, size, sha256 } of asked) files.set(path, await get(path, size, sha256))
    await channel.close()
    return { manifestBytes, manifest, files }
  } catch (error) {
    channel.abort(error instanceof Error ? error : new Error(String(error)))
    throw error
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

/** Before any of them is fetched: whoever made the manifest chose how many there are. */
const checkSizes = (files: readonly ManifestFile[]): void => {
  const large = files.find(({ size }) => size > MODEL_FILE_BYTES_MAX)
  if (large !== undefined)
    throw new SeamError('MODEL_UNSUPPORTED', `${large.path} has ${large.size} bytes, peers serve at most ${MODEL_FILE_BYTES_MAX}`)
  const sum = files.reduce((total, { size }) => total + size, 0)
  if (sum > MODEL_FILES_BYTES_MAX)
    throw new SeamError('MODEL_UNSUPPORTED', `its files have ${sum} bytes, at most ${MODEL_FILES_BYTES_MAX} are fetched`)
}

const readFile = async (frames: AsyncIterator<ModelChunk>, file: string, bytesMax: number): Promise<Uint8Array> => {
  let bytes: Uint8Array | null = null
  let filled = 0
  for (;;) {
    const { value: chunk, done } = await frames.next()
    if (done === true) throw new SeamError('NET_CLOSED', `the peer closed in the middle of ${file || 'the manifest'}`)
    if (chunk.refused !== undefined) throw refusalError(chunk.refused)
    if (bytes === null) {
      if (chunk.size > bytesMax)
        throw new SeamError('MODEL_CORRUPT', `${file || 'the manifest'} has ${chunk.size} bytes, expected at most ${bytesMax}`)
      bytes = new Uint8Array(chunk.size)
    }
    const data = chunk.data ?? new Uint8Array(0)
    if (filled + data.length > bytes.length || (data.length === 0 && chunk.last === false)) {
      throw new SeamError('MODEL_CORRUPT', `${file || 'the manifest'}: chunks do not add up to ${bytes.length} bytes`)
    }
    bytes.set(data, filled)
    filled += data.length
    if (chunk.last === true) break
  }
  if (filled !== bytes.length)
    throw new SeamError('MODEL_CORRUPT', `${file || 'the manifest'}: ${filled} of ${bytes.length} bytes came`)
  return bytes
}

/** Serves these models, one file after another on a stream. Call once a host. */
export const serveModelFiles = (host: Host, models: readonly ServedModel[]): void => {
  const byId = new Map(models.map((model) => [model.modelId.toLowerCase(), model]))
  host.handle(modelProtocol, async (channel) => {
    for await (const request of channel.receive()) await answer(channel, request, byId.get(bytesToHex(request.modelId)))
  })
}

const answer = async (
  channel: Channel<ModelChunk, ModelRequest>,
  { file }: ModelRequest,
  model: ServedModel | undefined
): Promise<void> => {
  const refuse = (code: string, message: string): Promise<void> =>
    channel.send({ refused: { code, message, amount: new Uint8Array(0) }, size: 0, last: true })
  if (model === undefined) return refuse('MODEL_UNKNOWN', 'this peer does not have that model: ask one that offers it')
  const bytes = file === '' ? model.manifest : model.files.get(file)
  if (bytes === undefined) return refuse('MODEL_FILE_MISSING', 'this peer does not serve that file')
  for (let at = 0; ; at += MODEL_CHUNK_BYTES) {
    const data = bytes.slice(at, at + MODEL_CHUNK_BYTES)
    const last = at + MODEL_CHUNK_BYTES >= bytes.length
    await channel.send({ data, size: at === 0 ? bytes.length : 0, last })
    if (last) return
  }
}
