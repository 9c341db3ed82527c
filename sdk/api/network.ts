/** Which market: its chain, its contracts, and peers to join through. */
import type { Deployment } from '../chain/index.ts'
import { SeamError } from '../protocol/errors.ts'

export interface Network {
  /** JSON-RPC of the chain. */
  rpc: string
  deployment: Deployment
  /** Multiaddrs of peers to join through. A browser can dial `/ws` and `/wss` only. */
  bootstrap: string[]
}

/** `devnet.json`, as `openseam devnet` writes it. */
export interface DevnetFile {
  rpc: string
  chainId: number
  contracts: Omit<Deployment, 'chainId' | 'block'>
  providers: { multiaddrs: string[] }[]
}

const inBrowser = globalThis.process?.versions?.node === undefined

/** Throws CONFIG for what is neither. */
export const networkOf = (given: Network | DevnetFile): Network => {
  if ('contracts' in given && Array.isArray(given.providers)) {
    const { rpc, chainId, contracts, providers } = given
    const bootstrap = providers.flatMap(({ multiaddrs }) => firstDialable(multiaddrs))
    return { rpc, deployment: { ...contracts, chainId, block: 0 }, bootstrap }
  }
  if ('deployment' in given && Array.isArray(given.bootstrap)) return given
  throw new SeamError('CONFIG', 'network: give {rpc, deployment, bootstrap}, or what a devnet wrote to devnet.json')
}

/** One address a peer: the first that this side can dial. */
const firstDialable = (multiaddrs: string[]): string[] =>
  multiaddrs.filter((address) => !inBrowser || /\/wss?(\/|$)/.test(address)).slice(0, 1)
