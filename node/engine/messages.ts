import type { EngineErrorDetail } from './errors.ts'
import type { EngineEvent, EngineStats, Job } from './types.ts'

/** What the worker is given at its start. */
export interface WorkerInit {
  file: string
  slots: number
  capacity: number
  threads: number
  pace: number
  prefillChunk: number
  /** Int32Array(1): the main thread counts its messages here and notifies, which ends the worker's wait. */
  wake: SharedArrayBuffer
}

/** A job as it crosses: of its grammar only what both threads share. */
export type JobSpec = Omit<Job, 'grammar'> & { mask?: SharedArrayBuffer }

/** Main thread to worker. Jobs are numbered by the main thread. */
export type ToWorker =
  | { kind: 'start'; job: number; spec: JobSpec }
  | { kind: 'cancel'; job: number }
  | { kind: 'emitBlocks'; job: number; from: number }
  | { kind: 'hold'; job: number; on: boolean }
  | { kind: 'drop'; key: string }
  | { kind: 'close' }

/** Figures that only the worker knows. */
export type WorkerStats = Pick<EngineStats, 'parked' | 'tokensPerSecond' | 'prefillTokensPerSecond' | 'batch'>

/** What the worker found in the graph. */
export interface ModelFacts {
  layers: number
  kvHeads: number
  headDim: number
  vocabSize: number
  blockBytes: number
  dtype: 'float32' | 'float16'
  runtime: string
}

/** Worker to main thread. */
export type FromWorker =
  | { kind: 'ready'; facts: ModelFacts }
  | { kind: 'refused'; reason: string; detail?: EngineErrorDetail }
  | { kind: 'events'; events: [job: number, event: EngineEvent][]; stats?: WorkerStats }
  | { kind: 'closed' }
