/** Wires the SDK's client into a daemon: libp2p host, directory, chain, wallet and a store on disk. */
import { bindingVerifier } from 'openseam/chain/bindings'
import { type Deployment, domainOf, LedgerClient, RegistryClient, Rpc, type Wallet } from 'openseam/chain/index'
import { createClient } from 'openseam/client'
import type { Clock, Log, Rng, Store } from 'openseam/components'
import { createDirectory, type Directory } from 'openseam/net/directory'
import { createHost } from 'openseam/net/host'
import type { Tier } from 'openseam/session/market-desk'
import type { SeamClient } from 'openseam/session/types'
import { localSigner, storeKeyOf } from 'openseam/session/wallet'
import { peerSeed } from '../provider/identity.ts'

export interface ClientRootInit {
  home: string
  rpc: string
  deployment: Deployment
  wallet: Wallet
  bootstrap: string[]
  tier: Tier
  store: Store
  clock: Clock
  rng: Rng
  log: Log
}

const OFFERS_WAIT_MS = 8_000
const OFFERS_POLL_MS = 100

/** Waits for the offers of those it joins through, so that the first request finds a market; not longer than people would. */
const firstOffers = async (directory: Directory, clock: Clock, expected: number): Promise<void> => {
  const untilMs = clock.tickMs() + OFFERS_WAIT_MS
  while (directory.offers().length < Math.max(1, expected) && clock.tickMs() < untilMs) {
    await directory.refresh()
    await clock.sleep(OFFERS_POLL_MS)
  }
}

/** Dials only: a gateway needs no open port towards the market. */
export const openClientRoot = async (init: ClientRootInit): Promise<{ client: SeamClient; providers(): number; close(): Promise<void> }> => {
  const { clock, rng, log, deployment, wallet, store } = init
  const domain = domainOf(deployment)
  const rpc = new Rpc(init.rpc)
  const ledger = new LedgerClient(rpc, deployment)
  const registry = new RegistryClient(rpc, deployment)
  const host = await createHost({ privateKey: await peerSeed(init.home, rng), listen: [], bootstrap: init.bootstrap, log })
  const directory = createDirectory({ host, clock, log, verifyBinding: bindingVerifier(domain, registry, clock) })
  await directory.start()
  await firstOffers(directory, clock, init.bootstrap.length)
  const signer = localSigner(wallet.secretKey)
  const escrow = async () => (await ledger.account(signer.account)).balance
  const client = createClient({ host, directory, domain, signer, storeKey: storeKeyOf(signer), store, escrow, clock, rng, log, tier: init.tier })
  return {
    client,
    providers: () => directory.offers().length,
    async close() {
      await client.close()
      await directory.close()
      await host.close()
    }
  }
}
