import { Tokenizer } from '@huggingface/tokenizers'
import { TextError } from './errors.ts'
import type { TextFiles } from './types.ts'

/** A token that stands for itself in text, as tokenizer.json lists it. */
export interface AddedToken {
  id: number
  content: string
  special: boolean
  lstrip: boolean
  rstrip: boolean
}

interface TokenizerJson {
  added_tokens?: AddedToken[]
  pre_tokenizer?: unknown
  decoder?: { type?: string }
}

/** Encoding and decoding without any notion of chats. */
export class Vocabulary {
  readonly size: number
  /** Special tokens by their text. */
  readonly special: ReadonlyMap<string, AddedToken>
  readonly specialIds: ReadonlySet<number>
  /** Added tokens that are plain text, by id. */
  readonly literal: ReadonlyMap<number, string>
  readonly byteLevel: boolean
  readonly #full: Tokenizer
  readonly #first: Tokenizer
  readonly #later: Tokenizer

  /** @throws TextError TOKENIZER_INVALID */
  constructor({ tokenizer, tokenizerConfig, config }: TextFiles) {
    const json = tokenizer as TokenizerJson
    const added = json.added_tokens ?? []
    const plain = added.filter((token) => !token.special)
    this.special = new Map(added.filter((token) => token.special).map((token) => [token.content, token]))
    this.specialIds = new Set([...this.special.values()].map((token) => token.id))
    this.literal = new Map(plain.map((token) => [token.id, token.content]))
    this.byteLevel = json.decoder?.type === 'ByteLevel'
    try {
      // One that knows no special token, for text, which thus cannot contain any; the full one knows ids and decodes.
      this.#full = new Tokenizer(tokenizer, tokenizerConfig)
      this.#first = new Tokenizer({ ...json, added_tokens: plain }, tokenizerConfig)
      const later = withoutFirstPrefix(json.pre_tokenizer)
      this.#later =
        later === json.pre_tokenizer
          ? this.#first
          : new Tokenizer({ ...json, added_tokens: plain, pre_tokenizer: later }, tokenizerConfig)
    } catch (cause) {
      throw new TextError('TOKENIZER_INVALID', `the tokenizer cannot be used: ${String(cause)}`, { cause })
    }
    const declared = (config as { vocab_size?: number } | undefined)?.vocab_size
    this.size = declared ?? Math.max(...this.#full.get_vocab().values()) + 1
  }

  token(id: number): string | undefined {
    return this.#full.id_to_token(id)
  }

  /** Ids of plain text. `start`: nothing stands before it, which matters to tokenizers that mark the first word. */
  encode(text: string, start: boolean): number[] {
    if (text === '') return []
    const ids = this.#encodePlain(text, start)
    if (!ids.some((id) => this.specialIds.has(id))) return ids
    // The text of a special token may also be an ordinary entry of the vocabulary; cut inside it, it cannot be found.
    return this.#cut(text).flatMap((part, i) => this.#encodePlain(part, start && i === 0))
  }

  /** Text of all ids at once, by the model's own decoder. */
  decodeWhole(ids: number[]): string {
    if (ids.length === 0) return ''
    return this.#full.decode(ids, { skip_special_tokens: true, clean_up_tokenization_spaces: false })
  }

  #encodePlain(text: string, start: boolean): number[] {
    return (start ? this.#first : this.#later).encode(text, { add_special_tokens: false }).ids
  }

  #cut(text: string): string[] {
    const cuts = new Set<number>()
    for (const content of this.special.keys()) {
      for (let at = text.indexOf(content); at >= 0; at = text.indexOf(content, at + 1)) cuts.add(at + 1)
    }
    const borders = [0, ...[...cuts].sort((a, b) => a - b), text.length]
    return borders.slice(1).map((to, i) => text.slice(borders[i], to))
  }
}

/** Metaspace with the scheme "first" marks the first word of the whole input, not of each part between special tokens. */
function withoutFirstPrefix(preTokenizer: unknown): unknown {
  if (typeof preTokenizer !== 'object' || preTokenizer === null) return preTokenizer
  const node = preTokenizer as { type?: string; prepend_scheme?: string; pretokenizers?: unknown[] }
  if (node.type === 'Metaspace' && node.prepend_scheme === 'first') return { ...node, prepend_scheme: 'never' }
  if (!node.pretokenizers) return preTokenizer
  const parts = node.pretokenizers.map(withoutFirstPrefix)
  return parts.some((part, i) => part !== node.pretokenizers?.[i]) ? { ...node, pretokenizers: parts } : preTokenizer
}
