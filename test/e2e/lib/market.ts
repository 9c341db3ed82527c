/** A devnet of real processes in a folder of its own, and the books of everything that was asked in it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { embeddedModel } from '../../../node/cli/devnet.ts'
import { Devnet, type DevnetOptions } from '../../../node/devnet/devnet.ts'
import type { SeamObject } from '../../../node/devnet/sse.ts'
import type { Chain } from './books.ts'
import { type Answer, ask, type OnToken, viewSession } from './http.ts'
import { until } from './until.ts'

export const MODEL = 'seam-chat'
export const modelDir = embeddedModel()

/** Slow enough to aim a kill at a token, fast enough for a few hundred of them. */
export const PACE = 80

export const stopId = (JSON.parse(readFileSync(join(modelDir, 'generation_config.json'), 'utf8')) as { eos_token_id: number })
  .eos_token_id

/** Keeps the model from ending its answer: every answer then has exactly `max_tokens`, whatever the weights are. */
export const endless = { logit_bias: { [stopId]: -100 } }

export const user = (content: string): { role: 'user'; content: string } => ({ role: 'user', content })
export const assistant = (content: string): { role: 'assistant'; content: string } => ({ role: 'assistant', content })

export const marketOptions = (home: string): DevnetOptions => ({
  home,
  ports: { gateway: 0, explorer: 0, chain: 0, metrics: 0 },
  providers: 3,
  modelDir,
  modelName: MODEL,
  pace: PACE,
  respawn: false,
  tier: 'warm',
  settleEveryMs: 500,
  slots: 4,
  gateway: true,
  logLevel: 'info'
})

export class Market {
  readonly net: Devnet
  /** Every leg of every answer: what the ledger must have paid in the end. */
  readonly told: SeamObject[] = []
  readonly #home: string

  constructor(options: Partial<DevnetOptions>) {
    this.#home = mkdtempSync(join(tmpdir(), 'openseam-e2e-'))
    this.net = new Devnet({ ...marketOptions(this.#home), ...options })
  }

  async start(): Promise<this> {
    try {
      await this.net.start(() => undefined)
      return this
    } catch (error) {
      await this.stop()
      throw error
    }
  }

  get chain(): Chain {
    const { rpc, deployment, accounts, providers } = this.net
    return { rpc, deployment, clients: [accounts.client.account], providers: providers.map(({ account }) => account) }
  }

  get gateway(): string {
    return this.net.gatewayUrl ?? ''
  }

  async ask(body: object, onToken?: OnToken): Promise<Answer> {
    const answer = await ask(this.gateway, { model: MODEL, ...body }, onToken)
    this.told.push(answer.result)
    return answer
  }

  /** Once a successor has stored `blocks` of the running answer: what a warm takeover can start from. */
  async replicated(session: string, blocks: number, apiKey?: string): Promise<void> {
    await until(`${blocks} blocks at a successor`, async () => {
      const { successors, running } = await viewSession(this.gateway, session, apiKey)
      if (!running) throw new Error('the answer ended before it was replicated')
      return successors.some((row) => row.blocks >= blocks)
    })
  }

  /** Starts what was killed, and waits until the gateway has everyone's offer. */
  async revive(): Promise<void> {
    for (const { name, state } of this.net.providers) if (state === 'down') await this.net.startProvider(name)
    await until('the offers of all providers', async () => {
      const { data } = (await (await fetch(`${this.gateway}/v1/models`)).json()) as {
        data: { openseam: { providers: number } }[]
      }
      return data[0]?.openseam.providers === this.net.providers.length
    })
  }

  async stop(): Promise<void> {
    await this.net.stop()
    if (process.env['OPENSEAM_E2E_KEEP'] === undefined) rmSync(this.#home, { recursive: true, force: true })
    else process.stderr.write(`kept: ${this.#home}\n`) // with the logs of every process
  }
}

export const startMarket = (options: Partial<DevnetOptions> = {}): Promise<Market> => new Market(options).start()
