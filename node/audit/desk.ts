/** Everything an audit reads from, opened together: the chain, and whoever may show receipts. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Deployment, LedgerClient, RegistryClient, Rpc, verifyDeployment } from 'openseam/chain/index'
import { SeamError } from 'openseam/protocol/errors'
import type { Proof } from 'openseam/protocol/proof'
import { PROOF_BYTES_MAX, readProof } from 'openseam/protocol/proof-file'
import { type Books, chainBooks } from './books.ts'
import { explorerSource } from './explorer-source.ts'
import { openPeers } from './peers.ts'
import type { ReceiptSource, Silent } from './source.ts'

export interface DeskOptions {
  rpc: string
  deployment: Deployment
  /** Multiaddrs of providers; whoever they know is asked too. */
  bootstrap: readonly string[]
  explorer?: string
  /** Ends everything. */
  signal: AbortSignal
}

export interface Desk {
  books: Books
  ledger: LedgerClient
  registry: RegistryClient
  sources: ReceiptSource[]
  /** Who could not be reached. */
  silent: Silent[]
  close(): Promise<void>
}

/** Throws CHAIN_* or CONFIG; who shows receipts may be away. */
export const openDesk = async (options: DeskOptions): Promise<Desk> => {
  const { deployment, bootstrap, explorer, signal } = options
  const rpc = new Rpc(options.rpc)
  await verifyDeployment(rpc, deployment)
  const ledger = new LedgerClient(rpc, deployment)
  const registry = new RegistryClient(rpc, deployment)
  const books = chainBooks(ledger, registry)
  const desk = { books, ledger, registry, silent: [], close: () => Promise.resolve() }
  const shown = explorer === undefined ? [] : [explorerSource(explorer, signal)]
  if (bootstrap.length === 0) return { ...desk, sources: shown }
  const peers = await openPeers({ domain: books.domain, registry, bootstrap, signal })
  return { ...desk, sources: [...shown, ...peers.sources], silent: peers.silent, close: () => peers.close() }
}

/** Throws CONFIG for a file that cannot be read, PROOF_INVALID for one that is no proof. */
export const readProofFile = async (file: string): Promise<Proof> => readProof(await readTextFile(file, PROOF_BYTES_MAX))

/** Throws CONFIG for a file that cannot be read. Of one that is too long only so much comes back that its reader sees that. */
export const readTextFile = async (file: string, bytesMax: number): Promise<string> => {
  try {
    const tooLong = (await stat(file)).size > bytesMax
    return tooLong ? ' '.repeat(bytesMax + 1) : await readFile(file, 'utf8')
  } catch (cause) {
    throw new SeamError('CONFIG', `cannot read ${file}`, { cause })
  }
}

/** What a devnet that runs under `home` says of itself; undefined where none runs. */
export const readDevnet = async (home: string): Promise<Omit<DeskOptions, 'signal'> | undefined> => {
  let text: string
  try {
    text = await readFile(join(home, 'devnet.json'), 'utf8')
  } catch {
    return undefined
  }
  const { rpc, chainId, contracts, providers, explorer } = JSON.parse(text) as {
    rpc: string
    chainId: number
    contracts: Omit<Deployment, 'chainId' | 'block'>
    providers: { multiaddrs: string[] }[]
    explorer: string | null
  }
  const bootstrap = providers.flatMap(({ multiaddrs }) => multiaddrs.slice(0, 1))
  return { rpc, deployment: { ...contracts, chainId, block: 0 }, bootstrap, ...(explorer !== null && { explorer }) }
}
