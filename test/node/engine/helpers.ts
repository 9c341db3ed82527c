import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Engine,
  type EngineEvent,
  type EngineJob,
  type EngineOptions,
  type Job,
  openEngine,
  type Sampling,
  type TokenLogprob
} from '../../../node/engine/index.ts'

export const MODEL = join(import.meta.dirname, '..', '..', '..', 'models', 'seam-chat')

export const greedy: Sampling = {
  temperature: 0,
  topP: 1,
  topK: 0,
  minP: 0,
  repetitionPenalty: 1,
  frequencyPenalty: 0,
  presencePenalty: 0,
  logitBias: [],
  seed: 0n,
  logprobs: 0
}
export const sampled: Sampling = { ...greedy, temperature: 0.8, topP: 0.95, seed: 0xfeed_5eedn }

const USER = 256
const ASSISTANT = 257
export const END = 258

/** One user message as the model's chat template writes it. */
export const chat = (text: string): number[] => [USER, ...new TextEncoder().encode(text), END, ASSISTANT]

/** A prompt of about this many positions. */
export const longChat = (positions: number): number[] =>
  chat(
    'My name is Zorin. I live in Quell. My cat is called Mop. '.repeat(40).slice(0, positions - 40) +
      'Tell me a story about all of it.'
  )

export interface Golden {
  cases: { prompt: number[]; greedy: number[]; top5?: [number, number][] }[]
}

export function golden(): Golden | undefined {
  const file = join(MODEL, 'golden.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Golden) : undefined
}

export const open = (options: Partial<EngineOptions> = {}): Promise<Engine> =>
  openEngine({ modelDir: MODEL, slots: 4, ...options })

/** A job for `count` ids after `ids`; the whole log counts as new. */
export function job(ids: number[], count: number, rest: Partial<Job> = {}): Job {
  return {
    key: 'a',
    ids: [...ids],
    from: 0,
    completionFrom: ids.length,
    maxTo: ids.length + count,
    sampling: greedy,
    stopIds: [],
    ...rest
  }
}

export interface Outcome {
  ids: number[]
  logprobs: TokenLogprob[]
  blocks: Map<number, Uint8Array>
  events: EngineEvent[]
  end: Extract<EngineEvent, { kind: 'end' }>
  resume: Extract<EngineEvent, { kind: 'resume' }>
}

/** Runs a job to its end and checks what must hold of every job: events in order, positions without a gap. */
export function run(
  engine: Engine,
  spec: Job,
  watch: (event: EngineEvent, running: EngineJob, ids: number[]) => void = () => undefined
): Promise<Outcome> {
  const known = spec.ids.length
  return new Promise((resolve, reject) => {
    const ids: number[] = []
    const logprobs: TokenLogprob[] = []
    const blocks = new Map<number, Uint8Array>()
    const events: EngineEvent[] = []
    const running = engine.start(spec, (event) => {
      try {
        if (events.length === 0 && event.kind !== 'resume' && event.kind !== 'end') throw new Error(`${event.kind} came first`)
        if (events.at(-1)?.kind === 'end') throw new Error(`${event.kind} came after the end`)
        events.push(event)
        if (event.kind === 'tokens') {
          if (event.from !== known + ids.length) throw new Error(`position ${event.from} came after ${known + ids.length}`)
          ids.push(...event.ids)
          logprobs.push(...(event.logprobs ?? []))
        }
        if (event.kind === 'block') blocks.set(event.index, event.bytes)
        watch(event, running, ids)
        if (event.kind === 'end') {
          const resume = events.find((earlier) => earlier.kind === 'resume') ?? {
            kind: 'resume',
            kept: 0,
            recomputed: 0,
            tier: 'none'
          }
          resolve({ ids, logprobs, blocks, events, end: event, resume })
        }
      } catch (error) {
        reject(error)
      }
    })
  })
}

/** Blocks 0..k-1 in order, as copies: a job takes the buffers away. */
export const inOrder = (blocks: ReadonlyMap<number, Uint8Array>): Uint8Array[] =>
  [...blocks.keys()].sort((a, b) => a - b).map((index) => blocks.get(index)!.slice())
