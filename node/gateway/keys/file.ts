/** The file of keys, which a running gateway follows: a key is added or revoked without a restart. */
import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import type { Log } from 'openseam/components'
import { writeFileAtomic } from '../../lib/atomic.ts'
import { type ApiKey, bookOf, formatKeys, type KeyBook, parseKeys } from './book.ts'

const FOLLOW_MS = 1_000 // how long a revoked key may still call

/** No file is no keys; anything else that cannot be read is an error. */
export const readKeys = (path: string): ApiKey[] | undefined => {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  return parseKeys(text)
}

/** Whole or not at all, and readable by its owner alone. */
export const writeKeys = (path: string, keys: readonly ApiKey[]): Promise<void> => writeFileAtomic(path, formatKeys(keys))

export interface KeyFile extends KeyBook {
  close(): void
}

/** What was read last stays in force while the file cannot be read: a slip of an editor must not open the gateway, nor close it. */
export const followKeys = (path: string, log: Log, followMs: number = FOLLOW_MS): KeyFile => {
  let book = bookOf(readKeys(path) ?? [])
  const read = (): void => {
    try {
      // A file that is gone takes its keys with it: nobody may call.
      book = bookOf(readKeys(path) ?? [])
    } catch (error) {
      log.error({ error: (error as Error).message }, 'the file of API keys cannot be read; the keys read before stay in force')
    }
  }
  watchFile(path, { interval: followMs, persistent: false }, read)
  return { find: (hash) => book.find(hash), close: () => unwatchFile(path, read) }
}
