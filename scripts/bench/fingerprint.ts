/**
 * Does a re-execution tell honest work from frauds (docs/spec/fingerprint.md)? Honest: answers made with several thread counts, in several
 * batch shapes, some moved to another engine in the middle, each run again in one prefill pass. Frauds: the same with another model, prompt, seed or temperature.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { comparePrints, PRINT_BYTES } from 'openseam/protocol/fingerprint'
import { BLOCK_TOKENS, FINGERPRINT_STEPS_MAX, FINGERPRINT_STEPS_MEAN } from 'openseam/protocol/limits'
import { Sampling as WireSampling } from 'openseam/protocol/pb'
import { redraw } from '../../node/audit/redraw.ts'
import { faultOf } from '../../node/audit/verdict.ts'
import { type Engine, openEngine } from '../../node/engine/index.ts'
import { Replay } from '../../node/engine/replay.ts'
import { samplingOf } from '../../node/engine/sampling.ts'
import { frauds, writeFraud } from './fraud-models.ts'
import { type BenchModel, benchModel } from './models.ts'
import type { BenchOptions } from './options.ts'
import { quantile, round } from './stats.ts'

const THREADS = [1, 2, 3]
const BATCHES = [1, 4, 16]
const VERIFIER_THREADS = [1, 2]
const HONEST_BLOCKS = 10_200
const FRAUD_STREAMS = 20
const WITHIN_BLOCKS = 64 // a fraud is to be rejected before so many blocks were looked at
const PROMPTS = [64, 200, 450]

/** One answer as its client has it. */
export interface Answer {
  ids: number[]
  completionFrom: number
  sampling: WireSampling
  prints: Uint8Array
}

export interface BlockFigures {
  max: number
  mean: number
  near: number
  other: number
  fault: string | null
}

const base: WireSampling = {
  ...{ temperature: 0, topP: 1, topK: 0, minP: 0, repetitionPenalty: 1, frequencyPenalty: 0, presencePenalty: 0 },
  ...{ logitBias: [], seed: 0n, logprobs: 0, stopIds: [], completionFrom: 0, grammar: undefined }
}
/** As the wire carries them: numbers in single precision. */
const settings = [
  base,
  { ...base, temperature: 0.8 },
  { ...base, temperature: 1, topP: 0.95 },
  { ...base, temperature: 0.7, topK: 40, minP: 0.02 },
  { ...base, temperature: 1.2, topP: 0.9, repetitionPenalty: 1.1, presencePenalty: 0.2 },
  { ...base, temperature: 0.9, frequencyPenalty: 0.3, logitBias: [{ id: 101, bias: 1 }] } // more of the letter e
].map((sampling) => WireSampling.decode(WireSampling.encode(sampling)))

export const fingerprint = async (options: BenchOptions): Promise<object> => {
  const model = await benchModel('seam-chat')
  const folder = mkdtempSync(join(tmpdir(), 'openseam-fraud-'))
  const unlisten = options.onStop(() => Promise.resolve(rmSync(folder, { recursive: true, force: true })))
  try {
    const honest = await honestRows(model, options)
    const blocks = honest.reduce((sum, row) => sum + row.blocks, 0)
    const falsePositives = honest.reduce((sum, row) => sum + row.falsePositives, 0)
    return {
      limits: { stepsMax: FINGERPRINT_STEPS_MAX, stepsMean: FINGERPRINT_STEPS_MEAN },
      honest,
      falsePositives: { blocks, falsePositives, bound95: falsePositives === 0 ? 3 / blocks : null },
      frauds: await fraudRows(model, folder, options)
    }
  } finally {
    unlisten()
    rmSync(folder, { recursive: true, force: true })
  }
}

export interface HonestRow {
  threads: number
  batch: number
  moved: boolean
  blocks: number
  falsePositives: number
  near: number
  stepsMax: number
  stepsMean: number
}

const honestRows = async (model: BenchModel, { quick, trials, say }: BenchOptions): Promise<HonestRow[]> => {
  const shapes = THREADS.flatMap((threads) => BATCHES.map((batch) => ({ threads, batch })))
  const wanted = Math.ceil((trials ?? (quick ? 270 : HONEST_BLOCKS)) / shapes.length)
  const verifiers = VERIFIER_THREADS.map((threads) => new Replay({ modelDir: model.dir, threads }))
  const rows: HonestRow[] = []
  let seed = 1
  for (const { threads, batch } of shapes) {
    const moved = batch === 4 // half of each answer on one engine, half on another
    const engine = await openEngine({ modelDir: model.dir, slots: batch, threads })
    const figures: BlockFigures[] = []
    while (figures.length < wanted) {
      const first = seed
      seed += batch
      const answers = await Promise.all(
        Array.from({ length: batch }, (_, i) => answerOf(engine, requestOf(model, first + i), { moved }))
      )
      for (const [i, answer] of answers.entries())
        figures.push(...(await checked(verifiers[(first + i) % verifiers.length] as Replay, model.dir, answer)))
    }
    await engine.close()
    const row = { threads, batch, moved, ...summed(figures) }
    say(
      `honest, ${threads} threads, ${batch} at once: ${row.blocks} blocks, ${row.falsePositives} false positives, ${row.stepsMax} steps at most`
    )
    rows.push(row)
  }
  for (const verifier of verifiers) verifier.close()
  return rows
}

export const summed = (figures: readonly BlockFigures[]): Omit<HonestRow, 'threads' | 'batch' | 'moved'> => ({
  blocks: figures.length,
  falsePositives: figures.filter(({ fault }) => fault !== null).length,
  near: figures.reduce((sum, { near }) => sum + near, 0),
  stepsMax: Math.max(...figures.map(({ max }) => max)),
  stepsMean: round(Math.max(...figures.map(({ mean }) => mean)), 2)
})

interface FraudRow {
  fraud: string
  streams: number
  rejected: number
  /** Blocks looked at until the first that does not agree. */
  blocks: { p50: number; max: number }
  stepsMeanP50: number
}

type Cheat = (request: Request) => Request

const fraudRows = async (model: BenchModel, folder: string, { quick, say }: BenchOptions): Promise<FraudRow[]> => {
  const verifier = new Replay({ modelDir: model.dir })
  const honest = await openEngine({ modelDir: model.dir, slots: 8 })
  const streams = quick ? 4 : FRAUD_STREAMS
  const rows: FraudRow[] = []
  const row = async (fraud: string, engine: Engine, cheat: Cheat): Promise<void> => {
    const made = await fraudRow(model, verifier, engine, cheat, streams)
    rows.push({ fraud, ...made })
    say(`${fraud}: ${made.rejected} of ${streams} rejected, after ${made.blocks.max} blocks at most`)
  }
  for (const [fraud, edit] of Object.entries(frauds)) {
    const dir = join(folder, `model-${rows.length}`)
    if (writeFraud(model.dir, dir, edit) === 0) throw new Error(`${fraud}: no weight was changed`)
    const engine = await openEngine({ modelDir: dir, slots: 8 })
    await row(fraud, engine, (request) => request)
    await engine.close()
  }
  await row('another prompt: one word', honest, (request) => ({ ...request, prompt: reworded(request.prompt) }))
  await row('another seed', honest, (request) => ({
    ...request,
    sampling: { ...request.sampling, seed: request.sampling.seed ^ 1n }
  }))
  await row('a temperature 20 % lower', honest, (request) => ({
    ...request,
    sampling: { ...request.sampling, temperature: request.sampling.temperature * 0.8 }
  }))
  await honest.close()
  verifier.close()
  return rows
}

const fraudRow = async (
  model: BenchModel,
  verifier: Replay,
  engine: Engine,
  cheat: Cheat,
  streams: number
): Promise<Omit<FraudRow, 'fraud'>> => {
  const needed: number[] = []
  const means: number[] = []
  let seed = 1_000_000
  for (let stream = 0; stream < streams; stream++) {
    let blocks = 0
    let caught = false
    while (!caught && blocks < WITHIN_BLOCKS) {
      const request = requestOf(model, seed++, true)
      const answer = await answerOf(engine, cheat(request), {})
      // what the client asked for is what it has
      const claimed = {
        ...answer,
        sampling: request.sampling,
        ids: [...request.prompt, ...answer.ids.slice(request.prompt.length)]
      }
      for (const { fault, mean } of await checked(verifier, model.dir, claimed)) {
        if (caught || blocks >= WITHIN_BLOCKS) break
        means.push(mean)
        blocks += 1
        caught = fault !== null
      }
    }
    if (caught) needed.push(blocks)
  }
  return {
    streams,
    rejected: needed.length,
    blocks: { p50: quantile(needed, 0.5), max: Math.max(...needed) },
    stepsMeanP50: round(quantile(means, 0.5), 1)
  }
}

export interface Request {
  prompt: number[]
  sampling: WireSampling
  to: number
}

export const requestOf = (model: BenchModel, seed: number, sampled = false): Request => {
  const length = PROMPTS[seed % PROMPTS.length] as number
  const choice = settings[sampled ? 1 + (seed % (settings.length - 1)) : seed % settings.length] as WireSampling
  const sampling = { ...choice, seed: BigInt(seed) * 0x9e37_79b9n, completionFrom: length }
  return { prompt: model.prompt(length, seed), sampling, to: model.contextMax }
}

/** Another letter in the first word that is long enough: the prompt keeps its length. */
const reworded = (prompt: readonly number[]): number[] => {
  const at = prompt.findIndex((id, i) => i > prompt.length / 2 && id >= 97 && id <= 122)
  return prompt.map((id, i) => (i >= at && i < at + 3 && id >= 97 && id <= 122 ? 97 + ((id - 97 + 7) % 26) : id))
}

/** Runs a request to its end; moved: the second half on from the log, as after a takeover without blocks. */
export const answerOf = async (engine: Engine, { prompt, sampling, to }: Request, { moved = false }): Promise<Answer> => {
  const ids = [...prompt]
  const prints = new Uint8Array((to - prompt.length) * PRINT_BYTES)
  const middle = prompt.length + Math.floor((to - prompt.length) / 2)
  for (const maxTo of moved ? [middle, to] : [to]) {
    await new Promise<void>((resolve, reject) => {
      const job = {
        key: `${sampling.seed}:${maxTo}`,
        ids: [...ids],
        from: prompt.length,
        completionFrom: prompt.length,
        maxTo,
        sampling: samplingOf(sampling),
        stopIds: [],
        fingerprint: true
      }
      engine.start(job, (event) => {
        if (event.kind === 'tokens') {
          prints.set(event.prints as Uint8Array, (event.from - prompt.length) * PRINT_BYTES)
          ids.push(...event.ids)
        } else if (event.kind === 'end') event.reason === 'length' ? resolve() : reject(new Error(`a job ended: ${event.reason}`))
      })
    })
  }
  return { ids, completionFrom: prompt.length, sampling, prints }
}

/** Full blocks of an answer, run again. */
export const checked = async (verifier: Replay, modelDir: string, answer: Answer): Promise<BlockFigures[]> => {
  const { ids, completionFrom, prints } = answer
  const drawn = await redraw(verifier, modelDir, answer, completionFrom, ids.length)
  const figures: BlockFigures[] = []
  for (let from = 0; from + BLOCK_TOKENS <= drawn.verdicts.length; from += BLOCK_TOKENS) {
    const counts = { same: 0, near: 0, other: 0 }
    for (const verdict of drawn.verdicts.slice(from, from + BLOCK_TOKENS)) counts[verdict] += 1
    const cut = (bytes: Uint8Array): Uint8Array => bytes.subarray(from * PRINT_BYTES, (from + BLOCK_TOKENS) * PRINT_BYTES)
    const compared = comparePrints(cut(prints), cut(drawn.prints))
    figures.push({
      max: compared.max,
      mean: compared.mean,
      near: counts.near,
      other: counts.other,
      fault: faultOf(counts, compared)
    })
  }
  return figures
}
