/** Which API key opened a session: its handle answers to that key alone, and is unknown to every other. */
import { createHash } from 'node:crypto'
import type { Store } from 'openseam/components'
import { SeamError } from 'openseam/protocol/errors'

export interface Owners {
  /** Resolves once the record is as durable as this store makes it. */
  claim(session: string, owner: string): Promise<void>
  ownerOf(session: string): Promise<string | undefined>
}

/** A key is never kept, only this. Callers without a key share one owner: the random handle is then all that guards a session. */
export const ownerOfKey = (key: string | undefined): string =>
  createHash('sha256')
    .update(key ?? '')
    .digest('hex')

/** A caller that pays by x402 is its account. No API key has a space, so none is anybody's account. */
export const ownerOfPayer = (payer: string): string => ownerOfKey(`x402 ${payer}`)

const SESSIONS_IN_MEMORY_MAX = 100_000

export const memoryOwners = (sessionsMax: number = SESSIONS_IN_MEMORY_MAX): Owners => {
  const owners = new Map<string, string>()
  return {
    async claim(session, owner) {
      owners.delete(session) // a session that goes on moves to the end of the row: the oldest is dropped first
      owners.set(session, owner)
      const oldest = owners.size > sessionsMax ? owners.keys().next().value : undefined
      if (oldest !== undefined) owners.delete(oldest)
    },
    ownerOf: async (session) => owners.get(session)
  }
}

/** Survives a restart of the gateway, as the sessions themselves do. The store stays its opener's to close. */
export const storeOwners = (store: Store): Owners => {
  const keyOf = (session: string): string => `owner/${session}`
  return {
    claim: (session, owner) => store.batch([{ put: keyOf(session), value: Buffer.from(owner, 'hex') }]),
    async ownerOf(session) {
      const value = await store.get(keyOf(session))
      return value === undefined ? undefined : Buffer.from(value).toString('hex')
    }
  }
}

export const requireOwner = async (owners: Owners, session: string, owner: string): Promise<void> => {
  if ((await owners.ownerOf(session)) === owner) return
  throw new SeamError('SESSION_UNKNOWN', 'No session has this handle, or another API key opened it.')
}
