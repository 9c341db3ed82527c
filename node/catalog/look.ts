/** The market as somebody sees it who only looks: the offers that peers show, each proven against the chain. */
import { type Deployment, domainOf, RegistryClient, type Rpc } from 'openseam/chain/index'
import type { OfferView } from 'openseam/market/offer'
import type { Host } from 'openseam/net/host'
import { offersIn, openOnlooker } from './onlooker.ts'

export interface Look {
  host: Host
  offers: OfferView[]
  close(): Promise<void>
}

export interface LookOptions {
  rpc: Rpc
  deployment: Deployment
  /** Multiaddrs; one that answers is enough. */
  bootstrap: readonly string[]
  signal: AbortSignal
}

/** Throws NET_DIAL where none of the peers can be reached. */
export const lookAround = async ({ rpc, deployment, bootstrap, signal }: LookOptions): Promise<Look> => {
  const { host, directory, close } = await openOnlooker({
    domain: domainOf(deployment),
    registry: new RegistryClient(rpc, deployment)
  })
  try {
    const reached = await Promise.allSettled(bootstrap.map((address) => host.connect([address], signal)))
    const failed = reached.find((result) => result.status === 'rejected')
    if (failed !== undefined && reached.every(({ status }) => status === 'rejected')) throw failed.reason
    await directory.start()
    await offersIn(directory, signal)
    return { host, offers: directory.offers(), close }
  } catch (error) {
    await close()
    throw error
  }
}
