/**
 * A market whose providers and client live in this process, over real sockets and a chain in a child: for what a test must reach into,
 * such as a successor's disk, or a client that does not pay.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CourtClient,
  domainOf,
  LedgerClient,
  ModelsClient,
  RegistryClient,
  Rpc,
  Sender,
  transfer,
  walletFromHex
} from 'openseam/chain/index'
import { type Store, silentLog, systemClock, systemRng } from 'openseam/components'
import { type Connection, type ConnectOptions, connect } from 'openseam/connect'
import type { Address } from 'openseam/protocol/eth'
import { localSigner } from 'openseam/session/wallet'
import { fundedKeys } from '../../../node/devnet/chain.ts'
import { type Child, chainModule, startChild } from '../../../node/devnet/children.ts'
import { type DevnetAccounts, setUpMarket } from '../../../node/devnet/setup.ts'
import { openLevelStore } from '../../../node/lib/level-store.ts'
import { identityOf, peerSeed } from '../../../node/provider/identity.ts'
import { type Provider, type ProviderComponents, type ProviderInit, startProvider } from '../../../node/provider/provider.ts'
import type { Chain } from './books.ts'
import { modelDir, PACE } from './market.ts'

export interface LocalProvider {
  readonly name: string
  readonly account: Address
  readonly home: string
  /** Undefined while it is down. */
  up: Provider | undefined
  store: Store | undefined
}

export class LocalMarket {
  readonly providers: LocalProvider[] = []
  readonly home = mkdtempSync(join(tmpdir(), 'openseam-e2e-'))
  readonly #init: Partial<ProviderInit>
  readonly #components: Partial<ProviderComponents>
  #chain: Child<{ rpc: string }> | undefined
  #accounts: DevnetAccounts | undefined
  readonly #connections: Connection[] = []
  readonly #funded: Address[] = []

  constructor(init: Partial<ProviderInit> = {}, components: Partial<ProviderComponents> = {}) {
    this.#init = init
    this.#components = components
  }

  get accounts(): DevnetAccounts {
    return this.#accounts as DevnetAccounts
  }

  get chainProcess(): Child<{ rpc: string }> {
    return this.#chain as Child<{ rpc: string }>
  }

  get rpc(): string {
    return this.chainProcess.ready.rpc
  }

  get chain(): Chain {
    const { deployment, client } = this.accounts
    return {
      rpc: this.rpc,
      deployment,
      clients: [client.account, ...this.#funded],
      providers: this.providers.map((row) => row.account)
    }
  }

  async start(count: number): Promise<void> {
    this.#chain = await startChild(chainModule, ['0'], join(this.home, 'chain.log'))
    this.#accounts = await setUpMarket(this.home, this.rpc, count)
    for (const { name, home, account } of this.#accounts.providers)
      this.providers.push({ name, home, account, up: undefined, store: undefined })
    for (const provider of this.providers) await this.open(provider)
  }

  async open(entry: LocalProvider): Promise<Provider> {
    const { deployment } = this.accounts
    const index = this.providers.findIndex(({ account }) => account === entry.account)
    const key = walletFromHex(fundedKeys()[1 + index] as string).secretKey
    const rpc = new Rpc(this.rpc)
    const sender = new Sender(rpc, key)
    entry.store = await openLevelStore(join(entry.home, 'store'))
    entry.up = await startProvider(
      {
        identity: identityOf(await peerSeed(entry.home, systemRng), key, entry.account),
        store: entry.store,
        rpc,
        ledger: new LedgerClient(rpc, deployment, sender),
        registry: new RegistryClient(rpc, deployment, sender),
        models: new ModelsClient(rpc, deployment, sender),
        court: new CourtClient(rpc, deployment, sender),
        domain: domainOf(deployment),
        clock: systemClock,
        rng: systemRng,
        log: silentLog,
        ...this.#components
      },
      {
        home: entry.home,
        modelDir,
        slots: 4,
        threads: 1,
        pace: PACE,
        promptWei: 10n ** 12n,
        completionWei: 10n ** 12n,
        listen: ['/ip4/127.0.0.1/tcp/0'],
        bootstrap: this.bootstrap(),
        region: 'here',
        standbyBytesMax: 2 ** 30,
        settle: { everyMs: 500 },
        ...this.#init
      }
    )
    return entry.up
  }

  /** Another daemon of a provider's account, with a home of its own. */
  async replicate(entry: LocalProvider): Promise<LocalProvider> {
    const name = `${entry.name}-replica`
    const home = join(this.home, name)
    mkdirSync(home)
    const replica: LocalProvider = { name, home, account: entry.account, up: undefined, store: undefined }
    await this.open(replica)
    this.providers.push(replica)
    return replica
  }

  bootstrap(): string[] {
    return this.providers.flatMap(({ up }) => up?.host.multiaddrs().slice(0, 1) ?? [])
  }

  at(peerId: string): LocalProvider & { up: Provider } {
    const entry = this.providers.find(({ up }) => up?.host.peerId === peerId)
    if (entry?.up === undefined) throw new Error(`no provider ${peerId} is up`)
    return entry as LocalProvider & { up: Provider }
  }

  /** As near to a sudden death as a process can give a part of itself: every connection goes first, then the rest without a word. */
  async kill(entry: LocalProvider): Promise<void> {
    const { up, store } = entry
    entry.up = undefined
    await up?.host.close()
    await up?.stop()
    await store?.close()
  }

  async reviveAll(): Promise<void> {
    for (const entry of this.providers) if (entry.up === undefined) await this.open(entry)
  }

  /** A client of the funded wallet, or of the options given. */
  async connect(options: Partial<ConnectOptions> = {}): Promise<Connection> {
    const secretKey = walletFromHex(fundedKeys()[1 + this.providers.length] as string).secretKey
    const connection = await connect({
      rpc: this.rpc,
      deployment: this.accounts.deployment,
      secretKey,
      bootstrap: this.bootstrap(),
      ...options
    })
    this.#connections.push(connection)
    return connection
  }

  /** Escrow for another account of the chain. */
  async fund(secretKey: Uint8Array, wei: bigint): Promise<void> {
    const { deployment } = this.accounts
    const rpc = new Rpc(this.rpc)
    const sender = new Sender(rpc, secretKey)
    const { account } = localSigner(secretKey)
    await transfer(new Sender(rpc, walletFromHex(fundedKeys()[0] as string).secretKey), deployment, account, wei)
    await new LedgerClient(rpc, deployment, sender).deposit(account, wei)
    this.#funded.push(account)
  }

  async stop(): Promise<void> {
    for (const connection of this.#connections) await connection.close()
    for (const entry of this.providers) if (entry.up !== undefined) await this.kill(entry)
    await this.#chain?.stop()
    rmSync(this.home, { recursive: true, force: true })
  }
}
