import { ApiError } from './errors.ts'
import type { ApiKey, KeyBook } from './keys/book.ts'
import { ownerOfKey } from './owners.ts'

const KEY_CHARS_MAX = 512

export interface Caller {
  /** Whose sessions it may see: the hash of its key. */
  owner: string
  /** Its entry in the book of keys; absent where there is none. */
  key?: ApiKey | undefined
}

/** Who a request acts for; refuses when keys are required and this one is none of them. */
export const authenticate = (header: string | undefined, hashes: ReadonlySet<string> | undefined, book?: KeyBook): Caller => {
  const key = header?.match(/^Bearer +(\S+) *$/i)?.[1]
  const refuse = (message: string): ApiError => new ApiError({ status: 401, code: 'UNAUTHORIZED', message })
  if (key !== undefined && key.length > KEY_CHARS_MAX) throw refuse(`An API key has at most ${KEY_CHARS_MAX} characters.`)
  const owner = ownerOfKey(key)
  if (hashes === undefined && book === undefined) return { owner }
  if (key === undefined) throw refuse('An API key is needed: send `Authorization: Bearer <key>`.')
  // Looking hashes up in a map leaks no timing about the keys themselves.
  const known = book?.find(owner)
  if (known === undefined && hashes?.has(owner) !== true) throw refuse('This API key is not known here.')
  return { owner, key: known }
}
