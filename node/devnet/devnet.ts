/** A whole market on this machine: chain, contracts, providers as separate processes, and a gateway with a funded wallet. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Deployment } from 'openseam/chain/index'
import { SeamError } from 'openseam/protocol/errors'
import type { Address } from 'openseam/protocol/eth'
import type { DevnetAction, DevnetProvider } from '../gateway/playground.ts'
import { writeJsonAtomic } from '../lib/atomic.ts'
import { type Child, chainModule, commandModule, startChild } from './children.ts'
import { answerControl } from './control.ts'
import { freePort } from './ports.ts'
import { type DevnetAccounts, setUpMarket } from './setup.ts'

const RESPAWN_MS = 2_000
const EXPLORER_POLL_MS = 500 // the chain is next door

export interface DevnetOptions {
  home: string
  /** Gateway, explorer and chain; 0 picks a free one. */
  ports: { gateway: number; explorer: number; chain: number; metrics: number }
  providers: number
  modelDir: string
  modelName: string
  /** Tokens a second of each session; 0: as fast as it goes. */
  pace: number
  respawn: boolean
  tier: 'warm' | 'prefill' | 'auto'
  settleEveryMs: number
  slots: number
  capacity?: number
  /** Of one run of a provider’s engine. */
  threads?: number
  /** Without it, the caller brings a client of its own. */
  gateway: boolean
  /** Whether its explorer runs too: nobody else here needs one. */
  explorer?: boolean
  /** For `provide --royalties`. */
  royalties?: string
  /** Callers of its gateway pay by the request. */
  x402?: boolean
  /** $OPEN is the chain's own coin, as on OpenLedger. */
  native?: boolean
  logLevel: string
}

export interface ProviderReady {
  peerId: string
  account: Address
  multiaddrs: string[]
  metrics: string
}

export interface ProviderEntry {
  readonly name: string
  readonly account: Address
  state: 'ready' | 'starting' | 'down'
  child: Child<ProviderReady> | undefined
  ready: ProviderReady | undefined
  /** tcp and websocket, kept over restarts. */
  readonly ports: [number, number]
}

export class Devnet {
  readonly options: DevnetOptions
  readonly dir: string
  readonly providers: ProviderEntry[] = []
  accounts!: DevnetAccounts
  rpc = ''
  gatewayUrl: string | null = null
  explorerUrl: string | null = null
  #chain: Child<{ rpc: string }> | undefined
  #gateway: Child<{ url: string }> | undefined
  #explorer: Child<{ url: string }> | undefined
  #metricsPort: number
  #ready = false
  #stopping = false

  constructor(options: DevnetOptions) {
    this.options = options
    this.dir = join(options.home, 'devnet')
    this.#metricsPort = options.ports.metrics
  }

  get deployment(): Deployment {
    return this.accounts.deployment
  }

  get file(): string {
    return join(this.options.home, 'devnet.json')
  }

  /** `step` is told what is being waited for. The chain lives in memory, so what an earlier devnet left here means nothing now. */
  async start(step: (text: string) => void): Promise<void> {
    const { options } = this
    rmSync(this.dir, { recursive: true, force: true })
    rmSync(this.file, { force: true })
    mkdirSync(this.dir, { recursive: true, mode: 0o700 })
    step('starting a chain')
    this.#chain = await startChild(chainModule, [String(options.ports.chain)], this.#log('chain'))
    this.rpc = this.#chain.ready.rpc
    step('deploying the contracts, staking the providers')
    this.accounts = await setUpMarket(this.dir, this.rpc, options.providers, options.native)
    for (const { name, account } of this.accounts.providers) {
      this.providers.push({
        name,
        account,
        state: 'down',
        child: undefined,
        ready: undefined,
        ports: [await freePort(), await freePort()]
      })
    }
    step(`loading ${options.modelName} in ${options.providers} providers`)
    await Promise.all(this.providers.map((provider) => this.startProvider(provider.name)))
    if (options.explorer === true) {
      step('opening the explorer')
      await this.#startExplorer()
    }
    if (options.gateway) {
      step('opening the gateway')
      await this.#startGateway()
    }
    this.#ready = true
    await this.#write()
  }

  provider(nameOrPeer: string): ProviderEntry {
    const entry = this.providers.find(({ name, ready }) => name === nameOrPeer || ready?.peerId === nameOrPeer)
    if (entry === undefined) throw new SeamError('CONFIG', `no provider ${nameOrPeer} in this devnet`)
    return entry
  }

  async startProvider(name: string): Promise<void> {
    const entry = this.provider(name)
    const { options, accounts } = this
    const home = accounts.providers.find((row) => row.name === name)?.home ?? join(this.dir, name)
    entry.state = 'starting'
    if (this.#ready) await this.#write()
    const others = this.providers
      .filter((other) => other !== entry && other.state !== 'down')
      .map((other) => `/ip4/127.0.0.1/tcp/${other.ports[0]}`)
    // prettier-ignore
    const args = [
      'provide',
      '--home',
      home,
      '--rpc',
      this.rpc,
      '--deployment',
      accounts.deploymentFile,
      '--password-file',
      accounts.passwordFile,
      '--model',
      options.modelDir,
      '--listen',
      `/ip4/127.0.0.1/tcp/${entry.ports[0]},/ip4/127.0.0.1/tcp/${entry.ports[1]}/ws`,
      '--bootstrap',
      others.join(','),
      '--slots',
      String(options.slots),
      '--pace',
      String(options.pace),
      '--region',
      'devnet',
      '--settle-every',
      String(options.settleEveryMs),
      '--metrics-port',
      String(this.#metricsPort === 0 ? 0 : this.#metricsPort++),
      '--log-level',
      options.logLevel
    ]
    if (options.capacity !== undefined) args.push('--capacity', String(options.capacity))
    if (options.royalties !== undefined) args.push('--royalties', options.royalties)
    if (options.threads !== undefined) args.push('--threads', String(options.threads))
    const child = await startChild<ProviderReady>(commandModule, args, this.#log(name))
    entry.child = child
    entry.ready = child.ready
    entry.state = 'ready'
    void child.exited.then(() => this.#down(entry, child))
    if (this.#ready) await this.#write()
  }

  /** SIGKILL: no goodbye, as a power cut. Settles when the process is gone. */
  async kill(nameOrPeer: string): Promise<void> {
    const { child } = this.provider(nameOrPeer)
    child?.process.kill('SIGKILL')
    await child?.exited
  }

  async stop(): Promise<void> {
    this.#stopping = true
    rmSync(this.file, { force: true })
    await this.#gateway?.stop()
    await this.#explorer?.stop()
    await Promise.all(this.providers.map((entry) => entry.child?.stop()))
    await this.#chain?.stop()
  }

  /** The bootstrap addresses of the providers that are up. */
  bootstrap(): string[] {
    return this.providers.filter((entry) => entry.state === 'ready').flatMap((entry) => entry.ready?.multiaddrs.slice(0, 1) ?? [])
  }

  #list(): DevnetProvider[] {
    return this.providers.map(({ name, account, state, ready }) => ({ name, account, state, peerId: ready?.peerId ?? null }))
  }

  /** What the gateway's page asks for. */
  async #act(name: string, action: DevnetAction): Promise<void> {
    const entry = this.provider(name)
    if (action === 'kill') return this.kill(name)
    if (action === 'drain') return void entry.child?.process.kill('SIGTERM')
    if (entry.state !== 'down') throw new SeamError('BAD_REQUEST', `${name} is ${entry.state} already`)
    void this.startProvider(name).catch(() => this.#fell(entry)) // its log says why
  }

  async #fell(entry: ProviderEntry): Promise<void> {
    entry.state = 'down'
    await this.#write()
  }

  async #startGateway(): Promise<void> {
    const { options, accounts } = this
    // prettier-ignore
    this.#gateway = await startChild(
      commandModule,
      [
        'gateway',
        '--home',
        accounts.client.home,
        '--rpc',
        this.rpc,
        '--deployment',
        accounts.deploymentFile,
        '--password-file',
        accounts.passwordFile,
        '--bootstrap',
        this.bootstrap().join(','),
        '--port',
        String(options.ports.gateway),
        '--tier',
        options.tier,
        '--log-level',
        options.logLevel,
        '--devnet',
        ...(options.x402 === true ? ['--x402'] : []),
        ...(this.explorerUrl === null ? [] : ['--explorer', this.explorerUrl])
      ],
      this.#log('gateway')
    )
    answerControl(this.#gateway.process, { providers: async () => this.#list(), act: (name, action) => this.#act(name, action) })
    this.gatewayUrl = this.#gateway.ready.url
  }

  async #startExplorer(): Promise<void> {
    const { options, accounts, rpc, dir } = this
    const flags = { home: join(dir, 'explorer'), rpc, deployment: accounts.deploymentFile, poll: EXPLORER_POLL_MS }
    const args = Object.entries({
      ...flags,
      bootstrap: this.bootstrap().join(','),
      port: options.ports.explorer,
      'log-level': options.logLevel
    })
    const list = args.flatMap(([name, value]) => [`--${name}`, String(value)])
    this.#explorer = await startChild(commandModule, ['explorer', ...list], this.#log('explorer'))
    this.explorerUrl = this.#explorer.ready.url
  }

  async #down(entry: ProviderEntry, child: Child<ProviderReady>): Promise<void> {
    if (entry.child !== child) return
    entry.state = 'down'
    entry.child = undefined
    if (this.#stopping) return
    await this.#write()
    if (!this.options.respawn) return
    await new Promise((resolve) => setTimeout(resolve, RESPAWN_MS))
    if (!this.#stopping && entry.state === 'down') await this.startProvider(entry.name).catch(() => this.#fell(entry)) // its log says why
  }

  #log(name: string): string {
    mkdirSync(join(this.dir, 'logs'), { recursive: true, mode: 0o700 })
    return join(this.dir, 'logs', `${name}.log`)
  }

  /** devnet.json, as interfaces.md has it. */
  async #write(): Promise<void> {
    if (this.#stopping) return
    const { chainId, token, ledger, registry, models, court, committee } = this.deployment
    await writeJsonAtomic(this.file, {
      ready: true,
      pid: process.pid,
      gateway: this.gatewayUrl,
      explorer: this.explorerUrl,
      rpc: this.rpc,
      chainId,
      contracts: { token, ledger, registry, models, court, committee },
      providers: this.providers.map(({ name, state, child, ready, account }) => ({
        name,
        state,
        pid: state === 'down' ? null : (child?.process.pid ?? null),
        peerId: ready?.peerId ?? null,
        account,
        multiaddrs: ready?.multiaddrs ?? [],
        metrics: ready?.metrics ?? null
      })),
      client: { account: this.accounts.client.account },
      developer: { ...this.accounts.developer, passwordFile: this.accounts.passwordFile },
      model: this.options.modelName
    })
  }
}
