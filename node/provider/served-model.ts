/** A model directory as this provider serves it: its id, and the small files that clients need to make and read token ids. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Address, Bytes32 } from 'openseam/protocol/eth'
import { MODEL_FILE_BYTES_MAX } from 'openseam/protocol/limits'
import { modelIdOf } from 'openseam/protocol/typed-data'
import { buildManifest } from '../engine/manifest.ts'

/** Who shares in what clients pay for a model, and how many hundredths of a percent each gets. */
export interface Royalties {
  payees: Address[]
  bps: number[]
}

export const noRoyalties: Royalties = { payees: [], bps: [] }

export interface ServedModelFiles {
  modelId: Bytes32
  manifestHash: Bytes32
  manifest: Uint8Array
  files: Map<string, Uint8Array>
}

/** Throws EngineError MODEL_FILE_MISSING naming the file, WIRE_MALFORMED for shares that no model can have. Weights are hashed but never served. */
export const loadServedModel = async (dir: string, { payees, bps }: Royalties = noRoyalties): Promise<ServedModelFiles> => {
  const { manifest, manifestHash, json } = await buildManifest(dir)
  const small = manifest.files.filter((file) => file.path.endsWith('.json') || file.path.endsWith('.jinja'))
  const files = new Map<string, Uint8Array>()
  for (const { path, size } of small) if (size <= MODEL_FILE_BYTES_MAX) files.set(path, await readFile(join(dir, path)))
  return {
    modelId: modelIdOf(manifestHash as Bytes32, payees, bps),
    manifestHash: manifestHash as Bytes32,
    manifest: new TextEncoder().encode(json),
    files
  }
}
