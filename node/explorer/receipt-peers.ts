/** The providers of a market as a collector needs them: who is there, by the account on chain that their offers prove, their receipts and models. */
import { bindingVerifier } from 'openseam/chain/bindings'
import { type Deployment, domainOf } from 'openseam/chain/deploy'
import { RegistryClient } from 'openseam/chain/registry'
import type { Rpc } from 'openseam/chain/rpc'
import { type Log, systemClock, systemRng } from 'openseam/components'
import { createDirectory } from 'openseam/net/directory'
import { createHost } from 'openseam/net/host'
import { keepNeighbours } from 'openseam/net/neighbours'
import { readReceipts } from 'openseam/net/receipt-fetch'
import { SeamError } from 'openseam/protocol/errors'
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
  const host = await createHost({ privateKey: systemRng.bytes(32), listen: [], bootstrap, log })
  const verifyBinding = bindingVerifier(domain, new RegistryClient(rpc, deployment), systemClock)
  const directory = createDirectory({ host, clock: systemClock, log, verifyBinding })
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
      await directory.close()
      await host.close()
    }
  }
}
