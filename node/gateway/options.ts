import type { Clock, Log, Rng } from 'openseam/components'
import type { SeamClient } from 'openseam/session/types'
import type { Registry } from 'prom-client'
import type { Site } from '../lib/site.ts'
import type { KeyBook } from './keys/book.ts'
import type { SpendBook } from './keys/spend.ts'
import type { OnceRecords } from './once/records.ts'
import type { Owners } from './owners.ts'
import type { DevnetControl } from './playground.ts'
import type { Till } from './x402/till.ts'

export interface GatewayComponents {
  client: SeamClient
  log: Log
  registry: Registry
  clock: Clock
  version: string
  /** Who opened which session. Default: in memory, so handles do not outlive the process. */
  owners?: Owners
  /** Which sessions answered which `Idempotency-Key`. Default: in memory. */
  records?: OnceRecords
  /** The keys that may call, with their limits. Absent, with no `keyHashes` either: anyone may. */
  keys?: KeyBook | undefined
  /** What each key spent. Default: in memory. */
  spend?: SpendBook | undefined
  /** Sells single requests to callers without a key (x402). */
  till?: Till | undefined
  rng?: Rng
  /** The playground at `/`; absent, the gateway serves its API alone. */
  site?: Site | undefined
  /** In a devnet: power over its providers, for the playground. */
  control?: DevnetControl | undefined
}

export interface GatewayOptions {
  /** SHA-256 (hex) of every API key that may call. Absent: anyone may, as in devnet. */
  keyHashes?: ReadonlySet<string>
  /** Requests a minute and key, where the key has no limit of its own; callers without a key share one. Absent: no limit. */
  perMinute?: number | undefined
  /** Origins whose pages may call from a browser (CORS); `*` is any. Default: only the gateway's own page. */
  origins?: readonly string[] | undefined
  bodyBytesMax?: number
  keepAliveMs?: number
  stallMs?: number
  /** Where the playground's links to proofs lead. */
  explorer?: string | undefined
}

export const gatewayDefaults = {
  bodyBytesMax: 4 * 1024 * 1024, // a full context of 131 072 ids in JSON is under 1 MiB
  keepAliveMs: 10_000, // proxies and client libraries give up on silence after 30-60 s
  stallMs: 120_000 // a reader that takes nothing for this long is gone, its slot is worth more than its socket
} as const
