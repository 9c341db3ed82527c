/** The providers of a market as a collector needs them: who is there, by the account on chain that their offers prove, their receipts and models. */
import { type Deployment, domainOf } from 'openseam/chain/deploy'
import { RegistryClient } from 'openseam/chain/registry'
import type { Rpc } from 'openseam/chain/rpc'
import type { Log } from 'openseam/components'
import { keepNeighbours } from 'openseam/net/neighbours'
import { readReceipts } from 'openseam/net/receipt-fetch'
import { SeamError } from 'openseam/protocol/errors'
import { openOnlooker } from '../catalog/onlooker.ts'
import type { ReceiptPeers } from './collector.ts'
import { modelPeers } from './model-peers.ts'
import type { ModelPeers } from './namer.ts'

export interface ReceiptPeersOptions {
  rpc: Rpc
  deployment: Deployment
  /** Multiaddrs. */
  bootstrap: string[]
  log: Log
}

export const openReceiptPeers = async (
  options: ReceiptPeersOptions
): Promise<ReceiptPeers & ModelPeers & { close(): Promise<void> }> => {
  const { rpc, deployment, bootstrap, log } = options
  const domain = domainOf(deployment)
  const { host, directory, close } = await openOnlooker({ domain, registry: new RegistryClient(rpc, deployment), bootstrap, log })
  const stop = keepNeighbours(host, directory, log)
  await directory.start()
  return {
    ...modelPeers(host, directory),
    accounts: () => directory.offers().map(({ account }) => account),
    onNews: (listener) => directory.onOffer(listener),
    open: async (account, signal) => {
      let failure: unknown = new SeamError('NET_DIAL', `no peer of ${account} is known`)
      for (const { peer, multiaddrs } of directory.offers().filter((offer) => offer.account === account)) {
        try {
          return await readReceipts(host, peer, { domain, multiaddrs, signal })
        } catch (error) {
          failure = error
        }
      }
      throw failure
    },
    close: async () => {
      stop()
      await close()
    }
  }
}
