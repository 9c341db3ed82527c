/** What every route works with: the components, filled in, and the few values made from them. */
import type { Clock, Log } from 'openseam/components'
import { systemRng } from 'openseam/components'
import type { SeamClient } from 'openseam/session/types'
import type { KeyBook } from './keys/book.ts'
import { type Meter, meterOf } from './keys/meter.ts'
import { type SpendBook, spendBook } from './keys/spend.ts'
import { RateLimiter } from './limits.ts'
import { type GatewayMetrics, gatewayMetrics } from './metrics.ts'
import { Answers } from './once/answers.ts'
import { memoryRecords } from './once/records.ts'
import { type GatewayComponents, type GatewayOptions, gatewayDefaults } from './options.ts'
import { memoryOwners, type Owners } from './owners.ts'
import type { Till } from './x402/till.ts'

export interface Context {
  client: SeamClient
  clock: Clock
  log: Log
  metrics: GatewayMetrics
  owners: Owners
  keys: KeyBook | undefined
  spend: SpendBook
  meter: Meter
  answers: Answers
  limiter: RateLimiter
  till: Till | undefined
  options: typeof defaults
  version: string
  newId(prefix: string): string
  nowSeconds(): number
}

type Free = 'keyHashes' | 'explorer' | 'perMinute' | 'origins'
const defaults: Required<Omit<GatewayOptions, Free>> & Pick<GatewayOptions, Free> = gatewayDefaults

export const gatewayContext = (components: GatewayComponents, options: GatewayOptions): Context => {
  const { client, clock, log, registry, version, rng = systemRng, owners = memoryOwners(), keys, till } = components
  const spend = components.spend ?? spendBook(clock)
  return {
    client,
    clock,
    log,
    owners,
    keys,
    spend,
    meter: meterOf({ spend, log }),
    answers: new Answers({ client, clock, log, records: components.records ?? memoryRecords() }),
    limiter: new RateLimiter(),
    till,
    version,
    metrics: gatewayMetrics(registry, clock),
    // Who need not pay by the request must be known: with a till, no key at all is no way in.
    options: { ...defaults, ...options, ...(till !== undefined && { keyHashes: options.keyHashes ?? new Set() }) },
    newId: (prefix) => prefix + Buffer.from(rng.bytes(18)).toString('base64url'),
    nowSeconds: () => Math.floor(clock.nowMs() / 1000)
  }
}
