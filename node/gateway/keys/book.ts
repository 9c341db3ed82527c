/** The keys a gateway takes: only their hashes are kept, with what each may spend and how often it may ask. */

import { type Wei, weiFromString } from 'openseam/protocol/amounts'
import { SeamError } from 'openseam/protocol/errors'
import { z } from 'zod'
import { ownerOfKey } from '../owners.ts'

export interface ApiKey {
  /** For people: in reports and in the command line; never a secret. */
  name: string
  /** SHA-256 of the key, hex. */
  hash: string
  /** ISO 8601. */
  created: string
  revoked?: string | undefined
  /** What answers may cost in one UTC day, and ever; absent: no limit. */
  perDay?: Wei | undefined
  total?: Wei | undefined
  /** Requests a minute; absent: the gateway's own limit. */
  perMinute?: number | undefined
}

export interface KeyBook {
  /** A key that may call now. */
  find(hash: string): ApiKey | undefined
}

export const KEY_NAME = /^[A-Za-z0-9._-]{1,64}$/
export const KEYS_MAX = 10_000
const KEY_BYTES = 24

const wei = z
  .string()
  .regex(/^(0|[1-9]\d{0,28})$/)
  .transform((text) => weiFromString(text))
const apiKey = z.strictObject({
  name: z.string().regex(KEY_NAME),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  created: z.iso.datetime(),
  revoked: z.iso.datetime().optional(),
  perDay: wei.optional(),
  total: wei.optional(),
  perMinute: z.int().min(1).max(1_000_000).optional()
})
const file = z.strictObject({ version: z.literal(1), keys: z.array(apiKey).max(KEYS_MAX) })

/** Throws `CONFIG` for a file that this version did not write: half a list of keys must not pass for all of it. */
export const parseKeys = (text: string): ApiKey[] => {
  try {
    return file.parse(JSON.parse(text)).keys
  } catch (cause) {
    throw new SeamError('CONFIG', 'the file of API keys is not readable; restore it, or remove it and make the keys anew', {
      cause
    })
  }
}

export const formatKeys = (keys: readonly ApiKey[]): string =>
  `${JSON.stringify({ version: 1, keys }, (_, value) => (typeof value === 'bigint' ? value.toString() : value), 2)}\n`

export const bookOf = (keys: readonly ApiKey[]): KeyBook => {
  const live = new Map(keys.filter(({ revoked }) => revoked === undefined).map((key) => [key.hash, key]))
  return { find: (hash) => live.get(hash) }
}

/** A new key beside the others. The secret is shown once and kept nowhere. */
export const addKey = (
  keys: readonly ApiKey[],
  limits: Pick<ApiKey, 'name' | 'perDay' | 'total' | 'perMinute'>,
  random: (count: number) => Uint8Array,
  nowMs: number
): { keys: ApiKey[]; secret: string } => {
  if (!KEY_NAME.test(limits.name)) throw new SeamError('CONFIG', 'a key is named by up to 64 letters, digits, `.`, `_` and `-`')
  // Revoked names stay taken: a report must never mix two holders.
  if (keys.some(({ name }) => name === limits.name)) throw new SeamError('CONFIG', `there is a key named ${limits.name} already`)
  if (keys.length >= KEYS_MAX) throw new SeamError('CONFIG', `a gateway holds at most ${KEYS_MAX} keys`)
  const secret = `sk-seam-${Buffer.from(random(KEY_BYTES)).toString('base64url')}`
  return { keys: [...keys, { ...limits, hash: ownerOfKey(secret), created: new Date(nowMs).toISOString() }], secret }
}

export const revokeKey = (keys: readonly ApiKey[], name: string, nowMs: number): ApiKey[] => {
  if (!keys.some((key) => key.name === name && key.revoked === undefined))
    throw new SeamError('CONFIG', `no key that may call is named ${name}; \`openseam keys list\` shows them`)
  return keys.map((key) => (key.name === name ? { ...key, revoked: new Date(nowMs).toISOString() } : key))
}
