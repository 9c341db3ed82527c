/** Limits and defaults of the engine, each with its reason. */

/** Positions of one KV block, everywhere in the network. */
export const BLOCK_TOKENS = 32
/** A guard against a typing error, not a limit of the design: the mask alone costs 8 bytes a position and slot. */
export const SLOTS_MAX = 256
export const THREADS_MAX = 256
/** As many as the HTTP API allows. */
export const LOGPROBS_MAX = 20

export const engineDefaults = {
  /** Long runs use the processor best; one of 256 on a 135M model keeps the thread for about 0.3 s. */
  prefillChunk: 256,
  /** While other jobs decode, a chunk delays each of their tokens: 64 costs them 5 tokens on a 135M model. */
  prefillChunkBusy: 64,
  /** Without num_logits_to_keep a chunk makes this many bytes of logits at most. */
  prefillLogitsBytes: 32 * 1024 * 1024,
  /** One message carries the tokens of this long: shorter costs decode speed, longer is seen as stutter. */
  flushMs: 8,
  flushTokens: 32,
  /** Blocks a finished job hands over between two steps of the others. */
  drainBlocks: 4,
  /** How often figures travel to the main thread. */
  statsMs: 100
} as const
