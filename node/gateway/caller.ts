/** Who asks, on whose account, and how often: the same questions before every answer. */
import type { Context as Call } from 'hono'
import { authenticate, type Caller } from './auth.ts'
import type { Context } from './context.ts'
import { limitHeaders } from './limits.ts'
import { refuseForeignPages } from './origins.ts'
import { ownerOfKey } from './owners.ts'

const NOBODY = ownerOfKey(undefined)

/** What stands in for a key: `Authorization`, or the header that Anthropic's libraries send. Undefined: the caller brought none. */
export const keyHeader = (call: Call): string | undefined => {
  const key = call.req.header('x-api-key')
  return call.req.header('authorization') ?? (key === undefined ? undefined : `Bearer ${key}`)
}

export const callerOf = ({ options, keys }: Context, call: Call): Caller => {
  // A key is what a foreign page does not have.
  if (options.keyHashes === undefined && keys === undefined) refuseForeignPages(call.req.raw.headers, options.origins)
  return authenticate(keyHeader(call), options.keyHashes, keys)
}

/** Where no key is asked for, a made-up one must not buy a fresh limit or a row in the books. */
export const accountOf = ({ options }: Context, { owner, key }: Caller): string =>
  key?.hash ?? (options.keyHashes === undefined ? NOBODY : owner)

/** Headers for the answer; throws `RATE_LIMITED`. */
export const limited = ({ limiter, clock, options }: Context, caller: Caller, account: string): Record<string, string> => {
  const perMinute = caller.key?.perMinute ?? options.perMinute
  return perMinute === undefined ? {} : limitHeaders(limiter.take(account, perMinute, clock.nowMs()))
}
