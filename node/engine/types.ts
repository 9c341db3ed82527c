/**
 * The engine's surface: what a provider hands in (a job) and what comes back (events).
 * Positions count every token of a conversation from 0; every range is half-open.
 */

import type { GrammarRequest, OpenGrammar } from './grammar/grammars.ts'

/** How the next id is drawn. The draw depends on (logits, seed, position, log) alone: `sampler.ts`. */
export interface Sampling {
  /** 0 is greedy: the largest logit, the lowest id on ties. */
  temperature: number
  /** Keep the most probable ids until their mass reaches this; 1 keeps all. */
  topP: number
  /** Keep this many ids; 0 keeps all. */
  topK: number
  /** Drop ids less probable than this share of the most probable; 0 drops none. */
  minP: number
  /** Divides positive and multiplies negative logits of every id in the log; 1 does nothing. */
  repetitionPenalty: number
  /** Subtracted once for each time the id stands in the completion. */
  frequencyPenalty: number
  /** Subtracted once if the id stands in the completion. */
  presencePenalty: number
  logitBias: { id: number; bias: number }[]
  /** 64 bits. */
  seed: bigint
  /** How many alternatives to report for each id, at most 20; 0 reports no probabilities at all. */
  logprobs: number
}

export interface EngineOptions {
  /** A directory in the transformers.js layout. */
  modelDir: string
  /** Jobs that may be active at once; a finished job's KV stays parked in its slot until the slot is needed. */
  slots: number
  /** Positions a slot can hold; default the model's context. */
  capacity?: number
  /** Threads of one run; default 1. */
  threads?: number
  /** Tokens a second a job may emit at most; 0 or absent is no cap. */
  pace?: number
  /** Positions of one prefill run, a multiple of 32; default `engineDefaults.prefillChunk`. */
  prefillChunk?: number
}

export interface EngineInfo {
  name: string
  layers: number
  kvHeads: number
  headDim: number
  vocabSize: number
  /** Positions a conversation may have here: the smaller of the model's context and the slot's capacity. */
  contextMax: number
  blockTokens: 32
  /** Plaintext KV bytes of one block: 32 positions, all layers, keys and values. */
  blockBytes: number
  dtype: 'float32' | 'float16'
  /** 32 bytes in hex. Equal values mean that the same runs give the same bits: `numerics.ts`. */
  numerics: `0x${string}`
  eosIds: number[]
}

export interface Job {
  /** Names the conversation: KV parked under this key is reused as far as its ids agree. */
  key: string
  /** Known ids of positions [0, ids.length). */
  ids: number[]
  /** Positions below it are history: the `resume` event counts which of them had to be run again. */
  from: number
  /** First completion position: frequency and presence penalties look at ids from here on. */
  completionFrom: number
  /** The job ends with 'length' instead of emitting this position. */
  maxTo: number
  sampling: Sampling
  /** An id that ends the job with 'stop'. It is emitted as the last position. */
  stopIds: number[]
  /** Every id must follow it; opened by `openGrammar` with the ids of the completion so far, and closed when the job ends. */
  grammar?: OpenGrammar
  /** Plaintext KV blocks 0..k-1. Their buffers are transferred: unusable for the caller afterwards. */
  blocks?: Uint8Array[]
  /** Emit KV blocks from this index on as they fill; absent emits none. */
  emitBlocksFrom?: number
  /** Run positions from `promptTo` on one at a time, as they were made, so that their KV has the same bits. */
  exactTail?: boolean
  /** Where the prompt ended; with `exactTail` only. */
  promptTo?: number
  /** Say of each id from which logits it was drawn: `prints` in the tokens events. */
  fingerprint?: boolean
}

export interface TokenLogprob {
  id: number
  /** Natural logarithm of the probability before temperature, penalties and bias. */
  logprob: number
  top: { id: number; logprob: number }[]
}

export type EndReason = 'stop' | 'length' | 'cancelled' | 'failed'

export type EngineEvent =
  /** Before the first token. `kept`: positions whose KV was reused. `recomputed`: positions < from that were run again. */
  | { kind: 'resume'; kept: number; recomputed: number; tier: 'none' | 'parked' | 'blocks' }
  /** Positions run so far, of those that had to be run before the first token. */
  | { kind: 'prefill'; done: number; total: number }
  /** Positions [from, from + ids.length), contiguous over events; with `fingerprint` an entry for each (docs/spec/fingerprint.md). */
  | { kind: 'tokens'; from: number; ids: number[]; logprobs?: TokenLogprob[]; prints?: Uint8Array<ArrayBuffer> }
  /** KV of positions [32 index, 32 index + 32): [layer][key, value][head][32][dim], in a buffer of its own. */
  | { kind: 'block'; index: number; bytes: Uint8Array<ArrayBuffer> }
  /** Always the last event. `to`: the position after the last one emitted. */
  | { kind: 'end'; reason: EndReason; to: number; error?: string }

export interface EngineJob {
  readonly key: string
  /** Ends the job with 'cancelled' before its next run; its KV stays parked. */
  cancel(): void
  /** Starts or restarts emitting at a block index. Blocks already filled follow, at most one a step. */
  emitBlocksFrom(index: number): void
  /** true: run nothing for this job but keep its slot. false: go on. */
  hold(on: boolean): void
}

export interface EngineStats {
  slots: number
  active: number
  parked: number
  /** Active jobs that have not emitted a token yet. */
  waiting: number
  /** Emitted by all jobs over the last seconds in which the engine was decoding. */
  tokensPerSecond: number
  prefillTokensPerSecond: number
  /** Jobs in the latest decode run. */
  batch: number
}

export interface Engine {
  readonly info: EngineInfo
  /** @throws EngineError NO_SLOT, CONTEXT_TOO_LONG, BAD_TOKEN_ID, BAD_JOB, BAD_BLOCK, KEY_BUSY, ENGINE_DOWN */
  start(job: Job, on: (event: EngineEvent) => void): EngineJob
  /** @throws SeamError GRAMMAR_INVALID, EngineError NO_SLOT */
  openGrammar(request: GrammarRequest): Promise<OpenGrammar>
  /** Forgets the KV parked under this key. */
  drop(key: string): void
  stats(): EngineStats
  /** Ends every job with 'cancelled' and frees the model. */
  close(): Promise<void>
}
