/** A caller's request made exact: ids, bounds, sampling. Pure; what does not fit is refused here, before anything is spent. */
import type { Rng } from '../components.ts'
import { SeamError } from '../protocol/errors.ts'
import { checkGrammar, GrammarKind } from '../protocol/grammar.ts'
import type { Grammar, Sampling } from '../protocol/pb/messages.js'
import type { JsonGrammar, SamplingOptions, Tool } from './types.ts'

const LOGPROBS_MAX = 20

const within = (value: number | undefined, fallback: number, min: number, max: number, param: string): number => {
  if (value === undefined) return fallback
  if (!Number.isFinite(value) || value < min || value > max) {
    throw new SeamError('BAD_REQUEST', `${param} must be between ${min} and ${max}`, { detail: { param } })
  }
  return Math.fround(value) // as the wire carries it, so that both sides hash and sample the same number
}

export const samplingOf = (options: SamplingOptions, stopIds: number[], completionFrom: number, rng: Rng): Sampling => {
  const seed = options.seed ?? new DataView(rng.bytes(8).buffer).getBigUint64(0)
  if (seed < 0n || seed >= 2n ** 64n) throw new SeamError('BAD_REQUEST', 'seed must fit 64 bits', { detail: { param: 'seed' } })
  const logprobs = options.logprobs ?? 0
  if (!Number.isInteger(logprobs) || logprobs < 0 || logprobs > LOGPROBS_MAX) {
    throw new SeamError('BAD_REQUEST', `top_logprobs must be 0 to ${LOGPROBS_MAX}`, { detail: { param: 'top_logprobs' } })
  }
  return {
    temperature: within(options.temperature, 0, 0, 2, 'temperature'),
    topP: within(options.topP, 1, 0, 1, 'top_p'),
    topK: Math.trunc(within(options.topK, 0, 0, 1_000_000, 'top_k')),
    minP: within(options.minP, 0, 0, 1, 'min_p'),
    repetitionPenalty: within(options.repetitionPenalty, 1, 0.01, 10, 'repetition_penalty'),
    frequencyPenalty: within(options.frequencyPenalty, 0, -2, 2, 'frequency_penalty'),
    presencePenalty: within(options.presencePenalty, 0, -2, 2, 'presence_penalty'),
    logitBias: (options.logitBias ?? []).map(({ id, bias }) => ({ id, bias: within(bias, 0, -100, 100, 'logit_bias') })),
    seed,
    logprobs,
    stopIds,
    completionFrom,
    ...grammarOf(options, stopIds)
  }
}

const grammarOf = ({ json, call }: SamplingOptions, stopIds: number[]): { grammar?: Grammar } => {
  const given = json === undefined ? call && callGrammar(call) : schemaGrammar(json)
  if (given === undefined) return {}
  const param = json === undefined ? 'tool_choice' : 'response_format'
  if (json !== undefined && call !== undefined)
    throw new SeamError('BAD_REQUEST', 'an answer is a call or follows a schema, not both', { detail: { param: 'tool_choice' } })
  if (stopIds.length === 0)
    throw new SeamError('BAD_REQUEST', 'only a model that ends its answers can follow a grammar: send messages, not ids', {
      detail: { param }
    })
  checkGrammar(given)
  return { grammar: given }
}

const schemaGrammar = ({ schema, strict = false }: JsonGrammar): Grammar => ({
  kind: strict ? GrammarKind.strictSchema : GrammarKind.openSchema,
  source: JSON.stringify(schema)
})

/** Only what decides which calls there can be. */
const callGrammar = (tools: Tool[]): Grammar => ({
  kind: GrammarKind.call,
  source: JSON.stringify({ tools: tools.map(({ name, parameters = { type: 'object' } }) => ({ name, parameters })) })
})

/** Where the answer must end. Throws CONTEXT_TOO_LONG when the prompt leaves no room. */
export const endOf = (promptTo: number, contextMax: number, maxTokens: number | undefined): number => {
  if (promptTo >= contextMax) {
    throw new SeamError(
      'CONTEXT_TOO_LONG',
      `the prompt has ${promptTo} tokens and the context ends at ${contextMax}: shorten it`,
      {
        detail: { param: 'messages', promptTokens: promptTo, contextMax }
      }
    )
  }
  if (maxTokens === undefined) return contextMax
  if (!Number.isInteger(maxTokens) || maxTokens < 1)
    throw new SeamError('BAD_REQUEST', 'max_tokens must be at least 1', { detail: { param: 'max_tokens' } })
  if (promptTo + maxTokens > contextMax) {
    throw new SeamError(
      'CONTEXT_TOO_LONG',
      `${promptTo} prompt tokens and ${maxTokens} to come do not fit a context of ${contextMax}`,
      {
        detail: { param: 'max_tokens', promptTokens: promptTo, contextMax }
      }
    )
  }
  return promptTo + maxTokens
}
