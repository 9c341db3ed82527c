/** From a caller's request to a turn: the ids of its prompt, its end, its sampling; and whether it extends the session it names. */
import type { Rng } from '../components.ts'
import { SeamError } from '../protocol/errors.ts'
import { bytesToHex } from '../protocol/eth.ts'
import * as wire from '../protocol/pb/messages.js'
import type { TextModel, ToolParam } from '../text/index.ts'
import type { TurnRecord } from './record.ts'
import { endOf, samplingOf } from './request.ts'
import type { Session } from './session.ts'
import type { ChatRequest } from './types.ts'

/** Null where the caller sends ids and wants ids. */
export type Text = TextModel | null

export const promptIds = (request: ChatRequest, text: Text): number[] => {
  if (text === null) return checkIds(request.ids ?? [])
  if (request.messages === undefined || request.messages.length === 0) {
    throw new SeamError('BAD_REQUEST', 'messages must have at least one entry', { detail: { param: 'messages' } })
  }
  return text.chatIds(request.messages, { addGenerationPrompt: true, ...toolsOf(request, text) })
}

const toolsOf = ({ tools }: ChatRequest, text: TextModel): { tools?: ToolParam[] } => {
  if (tools === undefined) return {}
  const refuse = (message: string): never => {
    throw new SeamError('BAD_REQUEST', message, { detail: { param: 'tools' } })
  }
  if (!text.readsTools)
    refuse("tools: this model's chat template does not know tools, or asks for calls in a form not read here.")
  return { tools: tools.map((tool) => ({ type: 'function', function: { ...tool } })) }
}

/** The ids that follow what is stored. Stored answers are never tokenised again. Throws SESSION_DIVERGED. */
export const nextIds = (request: ChatRequest, session: Session, text: Text): number[] => {
  const { record } = session
  if (request.tools !== undefined)
    throw new SeamError('BAD_REQUEST', 'tools: not in a session that goes on; send the whole conversation without it.', {
      detail: { param: 'openseam.session' }
    })
  if (text === null) {
    const ids = checkIds(request.ids ?? [])
    const same = ids.length > record.accepted && session.ids.slice(0, record.accepted).every((id, i) => id === ids[i])
    if (!same) throw new SeamError('SESSION_DIVERGED', 'the ids do not extend what this session holds')
    return ids.slice(record.accepted)
  }
  const messages = request.messages ?? []
  const stored = record.messages.length
  const answer = messages[stored]
  const extend =
    messages.length > stored + 1 &&
    record.messages.every((hash, i) => hash === session.messageHash(messages[i] as (typeof messages)[number])) &&
    answer?.role === 'assistant' &&
    answer.content === record.turn.text
  if (!extend) {
    const why = 'messages must be those of this session, its last answer as it was given, and at least one more'
    throw new SeamError('SESSION_DIVERGED', why, { detail: { param: 'messages' } })
  }
  return text.continueIds(messages.slice(0, stored + 1), messages.slice(stored + 1), record.stopEnded)
}

/** `from`: positions accepted so far; `promptTo`: where the answer begins. */
export const turnOf = (
  request: ChatRequest,
  text: Text,
  contextMax: number,
  from: number,
  promptTo: number,
  rng: Rng
): TurnRecord => {
  const sampling = samplingOf(request.sampling ?? {}, text?.eosIds ?? [], promptTo, rng)
  const vocabSize = text?.vocabSize ?? 2 ** 32 // whoever sends ids knows them; a provider refuses those it does not have
  const unknown = sampling.logitBias.find(({ id }) => !(Number.isInteger(id) && id >= 0 && id < vocabSize))
  if (unknown !== undefined) {
    throw new SeamError('BAD_REQUEST', `logit_bias: ${unknown.id} is no token id of this model, which has ${vocabSize}`, {
      detail: { param: 'logit_bias' }
    })
  }
  return {
    from,
    promptTo,
    maxTo: endOf(promptTo, contextMax, request.maxTokens),
    sampling: bytesToHex(wire.Sampling.encode(sampling)),
    stop: request.stop ?? [],
    ...(request.provider !== undefined && { provider: request.provider }),
    ...(request.maxPrice !== undefined && { maxPrice: request.maxPrice }),
    ...(request.budget !== undefined && { budget: request.budget }),
    successors: request.successors ?? 1,
    cache: request.cache ?? true,
    finish: null,
    text: ''
  }
}

const checkIds = (ids: number[]): number[] => {
  if (ids.length === 0 || !ids.every((id) => Number.isInteger(id) && id >= 0 && id < 2 ** 32)) {
    throw new SeamError('BAD_REQUEST', 'ids must be a list of token ids', { detail: { param: 'ids' } })
  }
  return ids.slice()
}
