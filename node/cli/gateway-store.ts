/** Where a gateway keeps its sessions: in its home, or in a database that it shares with others of its wallet (docs/spec/store.md). */
import { type Deployment, domainOf } from 'openseam/chain/index'
import { type Log, type Store, systemClock } from 'openseam/components'
import { SeamError } from 'openseam/protocol/errors'
import type { Address } from 'openseam/protocol/eth'
import { z } from 'zod'
import type { Home } from '../lib/home.ts'
import { openLevelStore } from '../lib/level-store.ts'
import { openPostgresStore } from '../lib/postgres-store.ts'
import { readSecretFile } from './options.ts'

/** Whoever lists the processes of a machine reads their command lines. */
const holdsPassword = (url: string): boolean => {
  const [, authority = ''] = /^\w+:\/\/([^/?#]*)/.exec(url) ?? []
  return authority.split('@').length > 1 && authority.slice(0, authority.lastIndexOf('@')).includes(':')
}

export const storeUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\//, { error: 'a shared store is postgres://user@host/database' })
  .refine((url) => !holdsPassword(url) && !/[?&]password=/.test(url), {
    error: 'without the password: that comes from --store-password-file or PGPASSWORD'
  })

export interface StoreFlags {
  store?: string | undefined
  storePasswordFile?: string | undefined
  x402: boolean
}

interface StoreParts {
  flags: StoreFlags
  home: Home
  deployment: Deployment
  account: Address
  log: Log
}

export const openGatewayStore = async ({ flags, home, deployment, account, log }: StoreParts): Promise<Store> => {
  if (flags.store === undefined) return openLevelStore(home.path('sessions'))
  // What its payers have left is kept by one process: two would let the same deposit be spent twice.
  if (flags.x402) throw new SeamError('CONFIG', '--x402 needs a store of its own: it cannot be used with --store')
  const { chainId, ledger } = domainOf(deployment)
  return openPostgresStore({
    url: flags.store,
    ...(flags.storePasswordFile !== undefined && { password: readSecretFile(flags.storePasswordFile) }),
    space: `${chainId}:${ledger}:${account}`.toLowerCase(),
    clock: systemClock,
    log
  })
}
