/** Providers that may show receipts: those whose addresses are given, and everyone whose offer they know. */
import type { RegistryClient } from 'openseam/chain/index'
import type { PeerKey } from 'openseam/components'
import { readReceipts } from 'openseam/net/receipt-fetch'
import { codeOf } from 'openseam/protocol/errors'
import { peerIdOf } from 'openseam/protocol/peer-id'
import type { TypedDomain } from 'openseam/protocol/typed-data'
import { offersIn, openOnlooker } from '../catalog/onlooker.ts'
import { peerSource, type ReceiptSource, type Silent } from './source.ts'

const PEERS_MAX = 64

export interface PeersOptions {
  domain: TypedDomain
  registry: RegistryClient
  /** Multiaddrs. */
  bootstrap: readonly string[]
  signal: AbortSignal
}

export interface Peers {
  sources: ReceiptSource[]
  silent: Silent[]
  /** Offers that nobody was asked about, past the first 64. */
  passedOver: number
  close(): Promise<void>
}

/** Never throws for a peer: who cannot be reached is in `silent`. */
export const openPeers = async ({ domain, registry, bootstrap, signal }: PeersOptions): Promise<Peers> => {
  const { host, directory, close } = await openOnlooker({ domain, registry })
  const silent: Silent[] = []
  const failed = (source: string) => (error: unknown) => {
    silent.push({ source, code: codeOf(error) })
    return undefined
  }
  try {
    const found = new Map<PeerKey, string[]>()
    await Promise.all(
      bootstrap.map((address) => host.connect([address], signal).then((peer) => found.set(peer, [address]), failed(address)))
    )
    await directory.start()
    await offersIn(directory, signal)
    for (const { peer, multiaddrs } of directory.offers()) if (!found.has(peer)) found.set(peer, multiaddrs)
    const asked = [...found].slice(0, PEERS_MAX)
    const sources = await Promise.all(
      asked.map(async ([peer, multiaddrs]): Promise<ReceiptSource | undefined> => {
        const name = peerIdOf(peer)
        return readReceipts(host, peer, { domain, multiaddrs, signal }).then((reader) => peerSource(name, reader), failed(name))
      })
    )
    return {
      sources: sources.filter((source) => source !== undefined),
      silent,
      passedOver: found.size - asked.length,
      close
    }
  } catch (error) {
    await close()
    throw error
  }
}
