import type * as wire from 'openseam/protocol/pb'
import type { Sampling } from './types.ts'

/** What a request's parameters mean to the engine. Serving and auditing read them here, so that they draw alike. */
export const samplingOf = (sampling: wire.Sampling): Sampling => ({
  temperature: sampling.temperature,
  topP: sampling.topP,
  topK: sampling.topK,
  minP: sampling.minP,
  repetitionPenalty: sampling.repetitionPenalty,
  frequencyPenalty: sampling.frequencyPenalty,
  presencePenalty: sampling.presencePenalty,
  logitBias: sampling.logitBias,
  seed: sampling.seed,
  logprobs: sampling.logprobs
})
