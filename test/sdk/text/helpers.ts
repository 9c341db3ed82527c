import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadText, type TextModel } from '../../../sdk/text/index.ts'

const root = join(import.meta.dirname, '..', '..', '..')

/** Vectors made by others, which may lie beside the repository and are never part of it. */
export function shared<T>(...path: string[]): T | undefined {
  const file = join(root, '..', 'shared', 'data', ...path)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined
}

const model = (name: string): object => JSON.parse(readFileSync(join(root, 'models', 'seam-chat', name), 'utf8')) as object

export const seamChat = (): TextModel =>
  loadText({
    tokenizer: model('tokenizer.json'),
    tokenizerConfig: model('tokenizer_config.json'),
    generationConfig: model('generation_config.json'),
    config: model('config.json')
  })

/**
 * A byte-level tokenizer with these special tokens from id 256 on and this chat template, and how to read its ids:
 * special tokens stand for themselves.
 */
export function byteModel(
  specials: readonly string[],
  template: string,
  tokens: Record<string, string> = {}
): { text: TextModel; read: (ids: number[]) => string } {
  const base = model('tokenizer.json') as { added_tokens: object[] }
  const added = specials.map((content, i) => ({ ...base.added_tokens[0], id: 256 + i, content }))
  const eos = specials.indexOf(tokens['eos_token'] ?? '')
  const text = loadText({
    tokenizer: { ...base, added_tokens: added },
    tokenizerConfig: { ...tokens, chat_template: template },
    generationConfig: eos >= 0 ? { eos_token_id: 256 + eos } : {}
  })
  const bytes = (id: number) => (id < 256 ? Uint8Array.of(id) : new TextEncoder().encode(specials[id - 256]))
  return { text, read: (ids) => Buffer.concat(ids.map(bytes)).toString('utf8') }
}
