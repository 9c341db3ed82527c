import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ModelDir, readModelDir } from './model-dir.ts'

/** `size` in bytes, `sha256` as 0x hex: what peers check when they fetch a file. */
export interface ManifestFile {
  path: string
  size: number
  sha256: string
}

/** What a model is: its files and its shape. Two machines with the same hash serve the same model. */
export interface Manifest {
  version: 1
  name: string
  files: ManifestFile[]
  shape: {
    layers: number
    heads: number
    kvHeads: number
    headDim: number
    hidden: number
    vocabSize: number
    contextMax: number
  }
}

/** A file from this size on keeps its hash beside it, so that a start does not read it twice. */
const CACHED_BYTES_MIN = 64 * 1024 * 1024

/**
 * Hashes the files of a model directory.
 * @returns the manifest and its hash: SHA-256 over its canonical JSON (keys sorted, no white space), 32 bytes in hex
 * @throws EngineError MODEL_FILE_MISSING, MODEL_FILE_INVALID
 */
export async function buildManifest(dir: string): Promise<{ manifest: Manifest; manifestHash: `0x${string}`; json: string }> {
  const model = readModelDir(dir)
  const files: ManifestFile[] = []
  for (const path of model.files) files.push(await hashFile(model.dir, path))
  const manifest: Manifest = { version: 1, name: model.name, files, shape: shapeOf(model) }
  const json = canonicalJson(manifest)
  return { manifest, json, manifestHash: `0x${createHash('sha256').update(json).digest('hex')}` }
}

function shapeOf({ config, vocabSize, contextMax }: ModelDir): Manifest['shape'] {
  const number = (field: string) => Number(config[field] ?? 0)
  const heads = number('num_attention_heads')
  return {
    layers: number('num_hidden_layers'),
    heads,
    kvHeads: number('num_key_value_heads') || heads,
    headDim: number('head_dim') || number('hidden_size') / heads,
    hidden: number('hidden_size'),
    vocabSize,
    contextMax
  }
}

async function hashFile(dir: string, path: string): Promise<ManifestFile> {
  const file = join(dir, path)
  const { size, mtimeMs } = await stat(file)
  const cache = `${file}.sha256.json`
  if (size >= CACHED_BYTES_MIN) {
    const stored = (await readFile(cache, 'utf8').then(JSON.parse, () => undefined)) as
      | (ManifestFile & { mtimeMs: number })
      | undefined
    if (stored?.size === size && stored.mtimeMs === mtimeMs) return { path, size, sha256: stored.sha256 }
  }
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Uint8Array)
  const sha256 = `0x${hash.digest('hex')}`
  // a read-only model directory only costs the time to hash it again
  if (size >= CACHED_BYTES_MIN) await writeFile(cache, JSON.stringify({ size, mtimeMs, sha256 })).catch(() => undefined)
  return { path, size, sha256 }
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`
}
