/** Joins a market: a peer that only dials, the offers it finds, a wallet that pays. What an app or a gateway starts from. */

import { type Lists, refusesBy } from './api/lists.ts'
import { bindingVerifier } from './chain/bindings.ts'
import { type Deployment, domainOf, LedgerClient, RegistryClient, Rpc } from './chain/index.ts'
import { createClient, type MarketClient } from './client.ts'
import { type Clock, type Log, memoryStore, type Rng, type Store, silentLog, systemClock, systemRng } from './components.ts'
import { createDirectory, type Directory } from './net/directory.ts'
import { createHost, type Host } from './net/host.ts'
import { keepNeighbours } from './net/neighbours.ts'
import type { Tier } from './session/market-desk.ts'
import { type SpendCaps, Spending } from './session/spending.ts'
import type { TurnEvent } from './session/types.ts'
import { localSigner, storeKeyOf } from './session/wallet.ts'

const OFFERS_WAIT_MS = 8_000
const OFFERS_POLL_MS = 100

export interface ConnectOptions extends Lists {
  /** JSON-RPC of the chain. */
  rpc: string
  deployment: Deployment
  /** 32 bytes: the account's key, or a session key that the ledger knows for `account`. */
  secretKey: Uint8Array
  account?: `0x${string}`
  /** Multiaddrs of peers to join through. */
  bootstrap: string[]
  /** 32 bytes; the peer id follows from it. Absent: a new one each time. */
  peerSeed?: Uint8Array
  /** Where sessions and vouchers survive a crash. Absent: in memory only. */
  store?: Store
  /** How a session moves: from sealed blocks (default), by computing the token log again, or whichever is cheaper. */
  tier?: Tier
  /** What may be spent; absent: everything that is in escrow. */
  spend?: SpendCaps
  /** Sees the events of every turn as they happen. */
  tap?(session: string, events: TurnEvent[]): void
  clock?: Clock
  rng?: Rng
  log?: Log
}

export interface Connection {
  readonly client: MarketClient
  readonly host: Host
  readonly directory: Directory
  close(): Promise<void>
}

/** Resolves when offers are in, or after 8 s without any. Throws CHAIN_DOWN or CONFIG when the chain is not the deployment's. */
export const connect = async (options: ConnectOptions): Promise<Connection> => {
  const {
    deployment,
    secretKey,
    store = memoryStore(),
    clock = systemClock,
    rng = systemRng,
    log = silentLog,
    tier = 'warm'
  } = options
  const domain = domainOf(deployment)
  const rpc = new Rpc(options.rpc)
  const ledger = new LedgerClient(rpc, deployment)
  const registry = new RegistryClient(rpc, deployment)
  const host = await createHost({ privateKey: options.peerSeed ?? rng.bytes(32), listen: [], bootstrap: options.bootstrap, log })
  const directory = createDirectory({ host, clock, log, verifyBinding: bindingVerifier(domain, registry, clock) })
  keepNeighbours(host, directory, log)
  await directory.start()
  await firstOffers(directory, clock, options.bootstrap.length)
  const signer = localSigner(secretKey, options.account)
  const escrow = async () => (await ledger.account(signer.account)).balance
  const client = createClient({
    host,
    directory,
    domain,
    signer,
    storeKey: storeKeyOf(signer),
    store,
    escrow,
    ownerOf: (key) => registry.keyOwner(key),
    clock,
    rng,
    log,
    tier,
    refuses: refusesBy(options),
    ...(options.spend !== undefined && { spending: new Spending(options.spend, store, clock) }),
    ...(options.tap !== undefined && { tap: options.tap })
  })
  return {
    client,
    host,
    directory,
    async close() {
      await client.close()
      await directory.close()
      await host.close()
    }
  }
}

/** Waits for the offers of those it joins through, so that the first request finds a market. */
const firstOffers = async (directory: Directory, clock: Clock, expected: number): Promise<void> => {
  const untilMs = clock.tickMs() + OFFERS_WAIT_MS
  while (directory.offers().length < Math.max(1, expected) && clock.tickMs() < untilMs) {
    await directory.refresh()
    await clock.sleep(OFFERS_POLL_MS)
  }
}
