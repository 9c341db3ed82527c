/** Providers that may show receipts: those whose addresses are given, and everyone whose offer they know. */
import { bindingVerifier } from 'openseam/chain/bindings'
import type { RegistryClient } from 'openseam/chain/index'
import { type PeerKey, silentLog, systemClock, systemRng } from 'openseam/components'
import { createDirectory, type Directory } from 'openseam/net/directory'
import { createHost, type Host } from 'openseam/net/host'
import { readReceipts } from 'openseam/net/receipt-fetch'
import { codeOf } from 'openseam/protocol/errors'
import { peerIdOf } from 'openseam/protocol/peer-id'
import type { TypedDomain } from 'openseam/protocol/typed-data'
import { peerSource, type ReceiptSource, type Silent } from './source.ts'

const PEERS_MAX = 64
const QUIET_MS = 500 // offers are shown once the chain has confirmed whose they are; this long without another is all there are
const POLL_MS = 100
const OFFERS_MS_MAX = 5_000

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
  const host = await createHost({ privateKey: systemRng.bytes(32), listen: [], dht: 'off' })
  const verifyBinding = bindingVerifier(domain, registry, systemClock)
  const directory = createDirectory({ host, clock: systemClock, log: silentLog, verifyBinding })
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
      close: () => closeAll(directory, host)
    }
  } catch (error) {
    await closeAll(directory, host)
    throw error
  }
}

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

const closeAll = async (directory: Directory, host: Host): Promise<void> => {
  await directory.close()
  await host.close()
}
