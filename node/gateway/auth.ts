import { ApiError } from './errors.ts'
import { ownerOfKey } from './owners.ts'

const KEY_CHARS_MAX = 512

/** The owner that a request acts for; refuses when keys are required and this one is none of them. */
export const authenticate = (header: string | undefined, keyHashes: ReadonlySet<string> | undefined): string => {
  const key = header?.match(/^Bearer +(\S+) *$/i)?.[1]
  const refuse = (message: string): ApiError => new ApiError({ status: 401, code: 'UNAUTHORIZED', message })
  if (key !== undefined && key.length > KEY_CHARS_MAX) throw refuse(`An API key has at most ${KEY_CHARS_MAX} characters.`)
  const owner = ownerOfKey(key)
  // Comparing hashes through a set leaks no timing about the keys themselves.
  if (keyHashes === undefined || (key !== undefined && keyHashes.has(owner))) return owner
  throw refuse(
    key === undefined ? 'An API key is needed: send `Authorization: Bearer <key>`.' : 'This API key is not known here.'
  )
}
