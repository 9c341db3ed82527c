// MB/s of plaintext that one thread seals and opens, and what a takeover's read of a stored context takes.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CHAIN_START, cellsOf } from 'openseam/protocol/kv-header'
import { CELL_BYTES } from 'openseam/protocol/limits'
import { BlockFile } from '../../node/kv/block-file.ts'
import { signerOf } from '../../node/kv/ed25519.ts'
import { openBlock, type SealedBlock, sealBlock } from '../../node/kv/seal.ts'

const MODELS = { 'seam-chat': { blockBytes: 65_536, blocks: 28 }, 'shape-135m': { blockBytes: 1_474_560, blocks: 46 } }
const ROUNDS = 20

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number
const round = (value: number): number => Math.round(value * 100) / 100
const measure = async (work: () => unknown): Promise<number> => {
  const startMs = performance.now()
  await work()
  return performance.now() - startMs
}

const epochKey = randomBytes(32)
const sign = signerOf(randomBytes(32))
const fields = { dtype: 1, replica: randomBytes(16), leg: 1, generation: 0, modelId: randomBytes(32), numerics: randomBytes(32) }
const seal = (plaintext: Uint8Array, block: number): SealedBlock =>
  sealBlock({ ...fields, block, epochKey, plaintext, tokenHash: CHAIN_START, prevHead: CHAIN_START, salt: randomBytes(24), sign })

const benchModel = async (blockBytes: number, blocks: number): Promise<Record<string, number>> => {
  const plaintext = randomBytes(blockBytes)
  const sealMs: number[] = []
  const openMs: number[] = []
  const takeMs: number[] = []
  const dir = mkdtempSync(join(tmpdir(), 'openseam-bench-'))
  const file = new BlockFile(join(dir, 'blocks'))
  try {
    const length = cellsOf(blockBytes) * CELL_BYTES
    const stored: (SealedBlock & { offset: number; length: number })[] = []
    for (let block = 0; block < blocks; block++) {
      const sealed = seal(plaintext, block)
      const body = Buffer.concat(sealed.cells)
      await file.write(body, block * length)
      stored.push({ ...sealed, cells: [body], offset: block * length, length })
    }
    const first = stored[0] as SealedBlock
    for (let i = 0; i < ROUNDS; i++) {
      sealMs.push(await measure(() => seal(plaintext, 0)))
      openMs.push(await measure(() => openBlock({ ...first, epochKey })))
      takeMs.push(
        await measure(async () => {
          let block = 0
          for await (const body of file.read(stored)) openBlock({ ...(stored[block++] as SealedBlock), cells: [body], epochKey })
        })
      )
    }
  } finally {
    await file.remove()
    rmSync(dir, { recursive: true })
  }
  const rate = (ms: number): number => Math.round(blockBytes / 1e3 / ms)
  return {
    blockBytes,
    blocks,
    sealMsP50: round(median(sealMs)),
    sealMBps: rate(median(sealMs)),
    sealMBpsBest: rate(Math.min(...sealMs)),
    openMsP50: round(median(openMs)),
    openMBps: rate(median(openMs)),
    openMBpsBest: rate(Math.min(...openMs)),
    takeMsP50: round(median(takeMs)),
    takeMsBest: round(Math.min(...takeMs))
  }
}

/** One row a model: times in ms, rates in MB of plaintext a second on one thread; `take` reads and opens the whole stored context. */
export const benchSeal = async (): Promise<{ rows: object[] }> => {
  const rows: object[] = []
  for (const [model, { blockBytes, blocks }] of Object.entries(MODELS))
    rows.push({ model, ...(await benchModel(blockBytes, blocks)) })
  return { rows }
}
