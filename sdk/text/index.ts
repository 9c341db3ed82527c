import { Chat } from './chat.ts'
import { detokenizer } from './detokenizer.ts'
import { stopStrings } from './stop-strings.ts'
import type { TextFiles, TextModel } from './types.ts'
import { Vocabulary } from './vocabulary.ts'

export { TextError, type TextErrorCode } from './errors.ts'
export { stopStrings } from './stop-strings.ts'
export { type ToolCall, type ToolReader, toolReader } from './tool-calls.ts'
export type * from './types.ts'

/**
 * Tokenizer, chat template and detokenizer of one model.
 * @throws TextError TOKENIZER_INVALID, CHAT_TEMPLATE_REFUSED
 */
export function loadText(files: TextFiles): TextModel {
  const vocabulary = new Vocabulary(files)
  const eosIds = eosIdsOf(files, vocabulary)
  const chat = new Chat(vocabulary, files, eosIds)
  return {
    vocabSize: vocabulary.size,
    eosIds,
    encode: (text) => vocabulary.encode(text, true),
    decode(ids) {
      const stream = detokenizer(vocabulary)
      return ids.map((id) => stream.push(id)).join('') + stream.flush()
    },
    chatIds: (messages, { addGenerationPrompt, tools }) => chat.ids(messages, addGenerationPrompt, tools),
    get readsTools() {
      return chat.readsTools
    },
    continueIds: (previous, next, endsWithStopId) => chat.continueIds(previous, next, endsWithStopId),
    detokenizer: () => detokenizer(vocabulary),
    stopStrings
  }
}

function eosIdsOf({ generationConfig, config, tokenizerConfig }: TextFiles, vocabulary: Vocabulary): number[] {
  const declared = [generationConfig, config].map((file) => (file as { eos_token_id?: unknown } | undefined)?.eos_token_id)
  const ids = [declared.find((value) => value !== undefined && value !== null)]
    .flat()
    .filter((id): id is number => Number.isInteger(id))
  if (ids.length > 0) return [...new Set(ids)]
  const token = (tokenizerConfig as { eos_token?: string | { content: string } }).eos_token
  const special = vocabulary.special.get((typeof token === 'object' ? token?.content : token) ?? '')
  return special ? [special.id] : []
}
