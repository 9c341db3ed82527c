/** A market for benches: chain and providers in processes of their own, as in a devnet, and the paying client in this one. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Rpc } from 'openseam/chain/index'
import { openWalletFile } from 'openseam/chain/wallet-file'
import { silentLog, systemClock } from 'openseam/components'
import { type Connection, connect } from 'openseam/connect'
import type { ChatRequest, Turn, TurnSummary } from 'openseam/session/types'
import { Devnet } from '../../node/devnet/devnet.ts'
import { createLog } from '../../node/lib/log.ts'
import { openLevelStore } from '../../node/lib/level-store.ts'
import type { BenchModel } from './models.ts'

const OFFERS_WAIT_MS = 30_000
const START_ATTEMPTS = 3

export interface MarketOptions {
  model: BenchModel
  providers: number
  slots: number
  /** Where state and logs stay for reading. Absent: a folder that goes with the market, and quiet logs. */
  home?: string
  say(text: string): void
}

export class BenchMarket {
  readonly net: Devnet
  readonly model: BenchModel
  readonly connection: Connection
  readonly rpc: Rpc
  readonly #unwind: (() => Promise<unknown>)[]
  readonly #turns: Turn[] = []
  /** Providers on their way up. */
  readonly #starting = new Map<string, Promise<void>>()

  private constructor(net: Devnet, model: BenchModel, connection: Connection, unwind: (() => Promise<unknown>)[]) {
    this.net = net
    this.model = model
    this.connection = connection
    this.rpc = new Rpc(net.rpc)
    this.#unwind = unwind
  }

  static async open({ model, providers, slots, home: kept, say }: MarketOptions): Promise<BenchMarket> {
    const home = kept === undefined ? mkdtempSync(join(tmpdir(), 'openseam-bench-')) : join(kept, model.name)
    const unwind: (() => Promise<unknown>)[] = kept === undefined ? [async () => rmSync(home, { recursive: true, force: true })] : []
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
      const log = kept === undefined ? silentLog : createLog({ name: 'bench', level: 'info', file: join(net.dir, 'logs', 'client.log') })
      // prettier-ignore
      const market = new BenchMarket(net, model, await connect({
        rpc: net.rpc,
        deployment: net.deployment,
        secretKey: wallet.secretKey,
        bootstrap: net.bootstrap(),
        store,
        log
      }), unwind)
      unwind.push(() => market.connection.close())
      await market.settledIn()
      return market
    } catch (error) {
      for (const step of unwind.reverse()) await step().catch(() => undefined)
      throw error
    }
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

  /** Starts a provider that is down, in the background; `settledIn` waits for it. */
  restart(name: string): void {
    const attempt = async (left: number): Promise<void> => {
      try {
        await this.net.startProvider(name)
      } catch (error) {
        if (left <= 1) throw error
        await attempt(left - 1)
      }
    }
    const starting = attempt(START_ATTEMPTS)
    starting.catch(() => undefined) // told by `settledIn`
    this.#starting.set(name, starting)
  }

  /** Waits until no provider is on its way up and the client knows the offers of all that are. */
  async settledIn(): Promise<void> {
    await Promise.all(this.#starting.values())
    this.#starting.clear()
    const untilMs = performance.now() + OFFERS_WAIT_MS
    const up = this.net.providers.filter(({ state }) => state === 'ready').length
    while (this.#offers() < up) {
      if (performance.now() > untilMs) throw new Error(`the client knows ${this.#offers()} offers of ${up} providers after ${OFFERS_WAIT_MS} ms`)
      await systemClock.sleep(20)
    }
  }

  #offers(): number {
    return this.connection.directory.offers().length
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#starting.values())
    for (const step of this.#unwind.splice(0).reverse()) await step().catch(() => undefined)
  }
}
