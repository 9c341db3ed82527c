/** A market for benches: chain and providers in processes of their own, as in a devnet, and the paying client in this one. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { domainOf, LedgerClient, Rpc, Sender } from 'openseam/chain/index'
import { openWalletFile } from 'openseam/chain/wallet-file'
import { silentLog, systemClock } from 'openseam/components'
import { type Connection, connect } from 'openseam/connect'
import type { Wei } from 'openseam/protocol/amounts'
import type { Bytes32 } from 'openseam/protocol/eth'
import { signTyped } from 'openseam/protocol/typed-data'
import type { ChatRequest, Turn, TurnSummary } from 'openseam/session/types'
import { Devnet } from '../../node/devnet/devnet.ts'
import { openLevelStore } from '../../node/lib/level-store.ts'
import { createLog } from '../../node/lib/log.ts'
import type { BenchModel } from './models.ts'

/** A power cut, a machine that hangs, a service manager that asks it to go. */
export type Fault = 'kill' | 'silence' | 'drain'
export const faults: readonly Fault[] = ['kill', 'silence', 'drain']

const OFFERS_WAIT_MS = 30_000
const START_ATTEMPTS = 3

/** Sets money of the devnet's client aside for each of its providers. */
export const prefundAll = async (
  { rpc, deployment, providers, accounts }: Devnet,
  secretKey: Uint8Array,
  modelId: Bytes32,
  upTo: Wei
): Promise<void> => {
  const ledger = new LedgerClient(new Rpc(rpc), deployment, new Sender(new Rpc(rpc), secretKey))
  for (const { account } of providers) {
    const value = { client: accounts.client.account, provider: account, modelId, upTo, deadline: 2 ** 39 }
    await ledger.prefund(value, signTyped(domainOf(deployment), 'Prefund', value, secretKey))
  }
}

export interface MarketOptions {
  model: BenchModel
  providers: number
  slots: number
  /** Of one run of a provider's engine; default 1. */
  threads?: number
  /** Where state and logs stay for reading. Absent: a folder that goes with the market, and quiet logs. */
  home?: string
  say(text: string): void
}

export class BenchMarket {
  readonly net: Devnet
  readonly model: BenchModel
  readonly connection: Connection
  readonly rpc: Rpc
  readonly #secretKey: Uint8Array
  readonly #unwind: (() => Promise<unknown>)[]
  readonly #turns: Turn[] = []
  readonly #struck = new Set<string>()
  /** Providers that ended without a fault of ours. */
  readonly crashes: string[] = []

  private constructor(
    net: Devnet,
    model: BenchModel,
    connection: Connection,
    secretKey: Uint8Array,
    unwind: (() => Promise<unknown>)[]
  ) {
    this.net = net
    this.model = model
    this.connection = connection
    this.rpc = new Rpc(net.rpc)
    this.#secretKey = secretKey
    this.#unwind = unwind
  }

  static async open({ model, providers, slots, threads, home: kept, say }: MarketOptions): Promise<BenchMarket> {
    const home = kept === undefined ? mkdtempSync(join(tmpdir(), 'openseam-bench-')) : join(kept, model.name)
    const unwind: (() => Promise<unknown>)[] =
      kept === undefined ? [async () => rmSync(home, { recursive: true, force: true })] : []
    const net = new Devnet({
      home,
      ports: { gateway: 0, explorer: 0, chain: 0, metrics: 0 },
      providers,
      modelDir: model.dir,
      modelName: model.name,
      pace: 0,
      respawn: false,
      tier: 'warm',
      settleEveryMs: 5_000,
      slots,
      ...(threads !== undefined && { threads }),
      gateway: false,
      logLevel: kept === undefined ? 'warn' : 'info'
    })
    unwind.push(() => net.stop())
    try {
      await net.start((text) => say(text))
      const { client, passwordFile } = net.accounts
      const wallet = await openWalletFile(join(client.home, 'wallet.json'), readFileSync(passwordFile, 'utf8').trim())
      const store = await openLevelStore(join(client.home, 'sessions'))
      unwind.push(() => store.close())
      const log =
        kept === undefined ? silentLog : createLog({ name: 'bench', level: 'info', file: join(net.dir, 'logs', 'client.log') })
      const { rpc, deployment } = net
      const { secretKey } = wallet
      const connection = await connect({ rpc, deployment, secretKey, bootstrap: net.bootstrap(), store, log })
      unwind.push(() => connection.close())
      const market = new BenchMarket(net, model, connection, secretKey, unwind)
      await market.settledIn()
      return market
    } catch (error) {
      for (const step of unwind.reverse()) await step().catch(() => undefined)
      throw error
    }
  }

  /** Sets money aside for each provider: without it one client may only owe what a stranger may. */
  async prefund(upTo: Wei): Promise<void> {
    const { modelId } = (await this.connection.client.models())[0] ?? {}
    if (modelId === undefined) throw new Error('nobody offers anything')
    await prefundAll(this.net, this.#secretKey, modelId, upTo)
  }

  /** A turn of raw ids. Every one is kept for the books, however it ended. */
  async chat(request: Omit<ChatRequest, 'model'>, signal?: AbortSignal): Promise<Turn> {
    const turn = await this.connection.client.chat({ model: this.model.name, ...request }, { signal })
    this.#turns.push(turn)
    return turn
  }

  /** Of every turn since the market opened. */
  summaries(): TurnSummary[] {
    return this.#turns.map((turn) => turn.summary())
  }

  /** Lets a fault strike the process that serves as this peer. */
  strike(peer: string, fault: Fault): void {
    const { child } = this.net.provider(peer)
    if (child === undefined) throw new Error(`the provider ${peer} is not running`)
    this.#struck.add(this.net.provider(peer).name)
    child.process.kill({ kill: 'SIGKILL', silence: 'SIGSTOP', drain: 'SIGTERM' }[fault] as NodeJS.Signals)
  }

  /** Ends what a fault has left of a provider. */
  async clearAway(peer: string, fault: Fault): Promise<void> {
    const { child } = this.net.provider(peer)
    if (fault === 'silence') child?.process.kill('SIGKILL')
    await child?.exited
  }

  /**
   * Waits until the client knows the offer of every provider that is up. When fewer than `least` are, all that are down start again
   * first, with their books and their peer ids: together, since most of a start is waiting for the same cores.
   */
  async settledIn(least = this.net.providers.length): Promise<void> {
    if (this.#up() < least) {
      const down = this.net.providers.filter(({ state }) => state === 'down')
      for (const { name } of down) if (!this.#struck.delete(name)) this.crashes.push(name)
      await Promise.all(down.map(({ name }) => this.#start(name)))
    }
    const untilMs = performance.now() + OFFERS_WAIT_MS
    while (this.#offers() < this.#up()) {
      if (performance.now() > untilMs) throw new Error(`the client knows ${this.#offers()} offers of ${this.#up()} providers`)
      await systemClock.sleep(20)
    }
  }

  async #start(name: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.net.startProvider(name)
      } catch (error) {
        this.net.provider(name).state = 'down'
        if (attempt === START_ATTEMPTS) throw error
      }
    }
  }

  #up(): number {
    return this.net.providers.filter(({ state }) => state === 'ready').length
  }

  #offers(): number {
    return this.connection.directory.offers().length
  }

  async close(): Promise<void> {
    for (const step of this.#unwind.splice(0).reverse()) await step().catch(() => undefined)
  }
}
