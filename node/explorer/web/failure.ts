/** What went wrong, in the reader's language where the explorer's words for it are always the same; else in its own words. */
import { t } from '@lingui/core/macro'
import { ApiFailure } from './api.ts'

/** By what the API says (node/explorer/api.ts): one code has several sentences. */
const known = new Map([
  ['Nothing of that name is in the index.', t`Nothing of that name is in the index.`],
  ['Nothing is here; GET /openapi.json lists what is.', t`Nothing is here; GET /openapi.json lists what is.`],
  ['The explorer failed.', t`The explorer failed.`],
  ['an account is 20 bytes of hex', t`an account is 20 bytes of hex`],
  ['a provider is 20 bytes of hex', t`a provider is 20 bytes of hex`],
  ['a client is 20 bytes of hex', t`a client is 20 bytes of hex`],
  ['an id is 32 bytes of hex', t`an id is 32 bytes of hex`],
  ['a batch has a whole number', t`a batch has a whole number`],
  ['an event is named by its block and its log, as in 12-0', t`an event is named by its block and its log, as in 12-0`],
  [
    'as many transactions are being read as may be: ask in a second',
    t`as many transactions are being read as may be: ask in a second`
  ]
])

export const wordsOfFailure = (error: unknown): string => {
  if (!(error instanceof ApiFailure)) return error instanceof Error ? error.message : String(error)
  const { status, said } = error
  if (status === 0) return t`The explorer cannot be reached.`
  if (said === undefined) return t`The explorer answered ${status}.`
  return known.get(said) ?? said
}
