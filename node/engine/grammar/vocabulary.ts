/** A model's vocabulary as the grammar library wants it: the text of each id, '' for ids that no grammar may draw. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { byteLevelText } from 'openseam/text/byte-level'
import { Vocabulary } from 'openseam/text/vocabulary'

export interface GrammarVocabulary {
  tokens: string[]
  type: 'byte_level' | 'byte_fallback'
}

export const grammarVocabulary = (modelDir: string, vocabSize: number): GrammarVocabulary => {
  const json = (file: string): object => JSON.parse(readFileSync(join(modelDir, file), 'utf8')) as object
  const vocabulary = new Vocabulary({ tokenizer: json('tokenizer.json'), tokenizerConfig: json('tokenizer_config.json') })
  const tokens = Array.from({ length: vocabSize }, (_, id) => {
    // Special tokens are no text, whatever they look like: a string inside an object must not hold the end of the turn.
    if (vocabulary.specialIds.has(id)) return ''
    const literal = vocabulary.literal.get(id)
    if (literal !== undefined && vocabulary.byteLevel) return byteLevelText(literal)
    return literal ?? vocabulary.token(id) ?? ''
  })
  return { tokens, type: vocabulary.byteLevel ? 'byte_level' : 'byte_fallback' }
}
