/** Somebody who only looks at a market: a host of no account, which nobody can dial, and a directory whose offers are proven against the chain. */
import { bindingVerifier } from 'openseam/chain/bindings'
import type { RegistryClient } from 'openseam/chain/registry'
import { type Log, silentLog, systemClock, systemRng } from 'openseam/components'
import { createDirectory, type Directory } from 'openseam/net/directory'
import { createHost, type Host } from 'openseam/net/host'
import type { TypedDomain } from 'openseam/protocol/typed-data'

export interface OnlookerOptions {
  domain: TypedDomain
  registry: RegistryClient
  /** Multiaddrs to keep trying for as long as it looks; without any it is connected only to whom it dials, and asks no DHT. */
  bootstrap?: string[]
  log?: Log
}

export interface Onlooker {
  host: Host
  /** Not started: it hears of nothing until it is. */
  directory: Directory
  close(): Promise<void>
}

export const openOnlooker = async ({ domain, registry, bootstrap, log = silentLog }: OnlookerOptions): Promise<Onlooker> => {
  const lasting = bootstrap === undefined ? ({ dht: 'off' } as const) : { bootstrap }
  const host = await createHost({ privateKey: systemRng.bytes(32), listen: [], log, ...lasting })
  const verifyBinding = bindingVerifier(domain, registry, systemClock)
  const directory = createDirectory({ host, clock: systemClock, log, verifyBinding })
  const close = async (): Promise<void> => {
    await directory.close()
    await host.close()
  }
  return { host, directory, close }
}

const QUIET_MS = 500 // offers are shown once the chain has confirmed whose they are; this long without another is all there are
const POLL_MS = 100
const OFFERS_MS_MAX = 5_000

/** Asks everyone connected, until no offer was news for a while. */
export const offersIn = async (directory: Directory, signal: AbortSignal): Promise<void> => {
  await directory.refresh(undefined, { signal })
  let known = directory.offers().length
  let quietMs = 0
  for (let waitedMs = 0; quietMs < QUIET_MS && waitedMs < OFFERS_MS_MAX && !signal.aborted; waitedMs += POLL_MS) {
    await systemClock.sleep(POLL_MS)
    const count = directory.offers().length
    quietMs = count === known ? quietMs + POLL_MS : 0
    known = count
  }
}
