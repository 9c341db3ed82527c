import { byteLevelBytes } from './byte-level.ts'
import type { Detokenizer } from './types.ts'
import type { Vocabulary } from './vocabulary.ts'

/** Ids to text as they come. */
export const detokenizer = (vocabulary: Vocabulary): Detokenizer =>
  vocabulary.byteLevel ? byteLevelDetokenizer(vocabulary) : windowDetokenizer(vocabulary)

/** Byte-level vocabularies: a token is a row of bytes, and a streaming UTF-8 decoder knows where characters end. */
function byteLevelDetokenizer(vocabulary: Vocabulary): Detokenizer {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const encoder = new TextEncoder()
  return {
    push(id) {
      const token = vocabulary.token(id)
      if (token === undefined || vocabulary.specialIds.has(id)) return ''
      const bytes = vocabulary.literal.has(id) ? undefined : byteLevelBytes(token)
      return decoder.decode(bytes ?? encoder.encode(token), { stream: true })
    },
    flush: () => decoder.decode()
  }
}

/** An unfinished character takes three more byte tokens at most; what still ends in U+FFFD then is not a character. */
const HELD_TOKENS_MAX = 4

/**
 * Any other vocabulary: what a token adds depends on those before it, so decode a window and give out what is new.
 * The window keeps the tokens given out last, because a decoder may strip the space before the first one it sees.
 */
function windowDetokenizer(vocabulary: Vocabulary): Detokenizer {
  let shown: number[] = []
  let held: number[] = []
  const take = (final: boolean): string => {
    const before = vocabulary.decodeWhole(shown)
    const now = vocabulary.decodeWhole([...shown, ...held])
    if (!final && held.length < HELD_TOKENS_MAX && now.endsWith('\ufffd')) return ''
    if (held.length > 0) shown = held
    held = []
    return now.slice(before.length)
  }
  return {
    push(id) {
      if (vocabulary.token(id) === undefined || vocabulary.specialIds.has(id)) return ''
      held.push(id)
      return take(false)
    },
    flush: () => (held.length > 0 ? take(true) : '')
  }
}
