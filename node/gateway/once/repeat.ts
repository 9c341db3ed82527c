/** What a request says of itself that tells a repeat from a new one. */
import { createHash } from 'node:crypto'
import { badRequest } from '../errors.ts'

export interface Repeat {
  /** Of the body, byte for byte: what is asked again must be the same. */
  body: string
  /** Under which the answer is kept for `ONCE_MS`; absent without an `Idempotency-Key`. */
  key: string | undefined
  /** Under which an answer that nobody heard is found again by a library's own retry; absent where the library does not say that it retries. */
  lost: string | undefined
  /** Is this such a retry? */
  again: boolean
}

const KEY = /^[\x21-\x7e]{1,255}$/
const COUNT = /^\d{1,3}$/

const digest = (...parts: string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex')

/** Both names belong to the owner: nobody is given an answer that another key paid for. */
export const repeatOf = (headers: Headers, owner: string, path: string, bytes: Uint8Array): Repeat => {
  const key = headers.get('idempotency-key')
  if (key !== null && !KEY.test(key)) throw badRequest('Idempotency-Key: 1 to 255 printable characters without spaces.')
  const count = headers.get('x-stainless-retry-count') ?? '' // the openai libraries number their tries
  const body = createHash('sha256').update(bytes).digest('hex')
  const counted = key === null && COUNT.test(count)
  return {
    body,
    key: key === null ? undefined : digest('key', owner, path, key),
    lost: counted ? digest('lost', owner, path, body) : undefined,
    again: counted && Number(count) > 0
  }
}
