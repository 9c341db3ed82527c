import { BLOCK_TOKENS, LOGPROBS_MAX } from './defaults.ts'
import { EngineError } from './errors.ts'
import type { EngineInfo, Job, Sampling } from './types.ts'

const isPosition = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

/**
 * Refuses what the engine could not run, before anything is allocated or sent.
 * @throws EngineError CONTEXT_TOO_LONG, BAD_TOKEN_ID, BAD_JOB, BAD_BLOCK
 */
export function checkJob(job: Job, info: EngineInfo): void {
  const { ids, from, completionFrom, maxTo, blocks = [] } = job
  require('ids', ids.length > 0, 'must hold at least one id')
  require('maxTo', isPosition(maxTo) && maxTo >= ids.length, `must be a position from ${ids.length} on`)
  if (maxTo > info.contextMax) throw new EngineError({ code: 'CONTEXT_TOO_LONG', positions: maxTo, contextMax: info.contextMax })
  require('from', isPosition(from) && from <= ids.length, `must be a position up to ${ids.length}`)
  require('completionFrom', isPosition(completionFrom), 'must be a position')
  require('promptTo', job.promptTo === undefined || isPosition(job.promptTo), 'must be a position')
  require('emitBlocksFrom', job.emitBlocksFrom === undefined || isPosition(job.emitBlocksFrom), 'must be an index')
  for (const [position, id] of ids.entries()) checkId(id, position, info.vocabSize)
  require('blocks', blocks.length * BLOCK_TOKENS <= info.contextMax, `must fit ${info.contextMax} positions`)
  for (const [index, { byteLength }] of blocks.entries()) {
    if (byteLength !== info.blockBytes)
      throw new EngineError({ code: 'BAD_BLOCK', index, bytes: byteLength, blockBytes: info.blockBytes })
  }
  checkSampling(job.sampling, info.vocabSize)
}

function checkSampling(s: Sampling, vocabSize: number): void {
  const within = (field: keyof Sampling, low: number, high: number) => {
    const value = s[field] as number
    require(field, value >= low && value <= high, `must be between ${low} and ${high}`)
  }
  within('temperature', 0, 100)
  within('topP', 0, 1)
  within('minP', 0, 1)
  within('topK', 0, Number.MAX_SAFE_INTEGER)
  within('logprobs', 0, LOGPROBS_MAX)
  within('frequencyPenalty', -100, 100)
  within('presencePenalty', -100, 100)
  require('repetitionPenalty', s.repetitionPenalty > 0 && s.repetitionPenalty <= 100, 'must be above 0 and at most 100')
  require('topK', Number.isInteger(s.topK), 'must be whole')
  require('logprobs', Number.isInteger(s.logprobs), 'must be whole')
  require('seed', s.seed >= 0n && s.seed < 1n << 64n, 'must have at most 64 bits')
  for (const { id, bias } of s.logitBias) {
    checkId(id, 0, vocabSize)
    require('logitBias', Number.isFinite(bias), 'must be finite')
  }
}

function checkId(id: number, position: number, vocabSize: number): void {
  if (!(Number.isInteger(id) && id >= 0 && id < vocabSize))
    throw new EngineError({ code: 'BAD_TOKEN_ID', id, position, vocabSize })
}

function require(field: string, condition: boolean, reason: string): void {
  if (!condition) throw new EngineError({ code: 'BAD_JOB', field, reason })
}
