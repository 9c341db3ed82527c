/**
 * Two hundred streams through one gateway for five minutes: quick readers, slow ones, and those who leave. Nothing may be lost or leak, and every bill
 * must be exact. STREAMS, SECONDS and SEED change the run.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LedgerClient, Rpc } from 'openseam/chain/index'
import { openWalletFile } from 'openseam/chain/wallet-file'
import type { Bytes32 } from 'openseam/protocol/eth'
import { type Child, startChild } from '../../node/devnet/children.ts'
import { Devnet } from '../../node/devnet/devnet.ts'
import type { LegObject } from '../../node/devnet/sse.ts'
import { expectExactBooks } from '../../test/e2e/lib/books.ts'
import { viewSession } from '../../test/e2e/lib/http.ts'
import { marketOptions } from '../../test/e2e/lib/market.ts'
import { until } from '../../test/e2e/lib/until.ts'
import { randomOf } from '../../test/node/explorer/fake-chain.ts'
import { prefundAll } from '../bench/market.ts'
import { type Heard, hear } from './gateway-listener.ts'

const PROVIDERS = 2
const FIRST = 8
const ASIDE = 100n * 10n ** 18n
const SAMPLE_MS = 5_000
const GROWTH_MAX = 1.1
const childModule = join(import.meta.dirname, 'gateway-child.ts')

const say = (text: string): void => void process.stderr.write(`${text}\n`)
const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

export const gatewayStreams = async (): Promise<object> => {
  const streams = Number(process.env['STREAMS'] ?? 200)
  const seconds = Number(process.env['SECONDS'] ?? 300)
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
  say(`SEED=${seed}`)
  const home = mkdtempSync(join(tmpdir(), 'openseam-streams-'))
  const slots = Math.ceil((1.25 * streams) / PROVIDERS)
  const net = new Devnet({ ...marketOptions(home), providers: PROVIDERS, pace: 0, slots, gateway: false, settleEveryMs: 5_000 })
  let gateway: Child<{ url: string }> | undefined
  try {
    await net.start(say)
    gateway = await openGateway(net)
    const { url } = gateway.ready
    const modelId = await prefund(net, url)
    const random = randomOf(seed)
    const below = (count: number): number => Math.floor(random() * count)
    const heard: Heard[] = []
    for (let i = 0; i < FIRST; i++) heard.push(await hear(url, below)) // until its first voucher an account has one leg at a time
    const samples = watch(gateway, seconds)
    const endMs = performance.now() + 1_000 * seconds
    await Promise.all(
      Array.from({ length: streams }, async () => {
        while (performance.now() < endMs) heard.push(await hear(url, below))
      })
    )
    const rss = await samples
    const legs = await legsOf(url, heard)
    const { rpc, deployment, accounts, providers } = net
    const { account } = accounts.client
    const ledger = new LedgerClient(new Rpc(rpc), deployment)
    const aside = async (): Promise<bigint> => {
      const rows = await Promise.all(providers.map((provider) => ledger.position(account, provider.account, modelId)))
      return rows.reduce((sum, { left }) => sum + left, 0n)
    }
    const chain = { rpc, deployment, clients: [account], providers: providers.map((provider) => provider.account), aside }
    await expectExactBooks(chain, legs)
    return { seed, streams, seconds, ...counted(heard), legs: legs.length, books: 'exact', ...growth(rss) }
  } finally {
    await gateway?.stop()
    await net.stop()
    rmSync(home, { recursive: true, force: true })
  }
}

const openGateway = (net: Devnet): Promise<Child<{ url: string }>> => {
  const { accounts, rpc, dir } = net
  const flags = {
    home: accounts.client.home,
    rpc,
    deployment: accounts.deploymentFile,
    'password-file': accounts.passwordFile,
    bootstrap: net.bootstrap().join(','),
    port: '0',
    'log-level': 'warn'
  }
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value])
  return startChild(childModule, ['gateway', ...args], join(dir, 'logs', 'gateway.log'))
}

/** Without it so many streams would owe more than is lent to whoever has set nothing aside. */
const prefund = async (net: Devnet, url: string): Promise<Bytes32> => {
  const { data } = (await (await fetch(`${url}/v1/models`)).json()) as { data: { openseam: { modelId: Bytes32 } }[] }
  const { client, passwordFile } = net.accounts
  const wallet = await openWalletFile(join(client.home, 'wallet.json'), readFileSync(passwordFile, 'utf8').trim())
  const modelId = data[0]?.openseam.modelId ?? '0x'
  await prefundAll(net, wallet.secretKey, modelId, ASIDE)
  return modelId
}

/** Bytes that the gateway held after each collection, and when (ms). */
const watch = async ({ process: child }: Child<unknown>, seconds: number): Promise<[atMs: number, rss: number][]> => {
  const samples: [number, number][] = []
  const startMs = performance.now()
  child.on('message', (told: { rss?: number }) => {
    if (told.rss !== undefined) samples.push([performance.now() - startMs, told.rss])
  })
  while (performance.now() - startMs < 1_000 * seconds) {
    await sleep(SAMPLE_MS)
    child.send('sample')
    const [atMs = 0, rss = 0] = samples.at(-1) ?? []
    if (samples.length % 6 === 1) say(`${Math.round(atMs / 1_000)} s: ${Math.round(rss / 1e6)} MB`)
  }
  return samples
}

const growth = (samples: [atMs: number, rss: number][]): object => {
  const within = (fromMs: number, toMs: number): number =>
    median(samples.filter(([atMs]) => atMs >= fromMs && atMs < toMs).map(([, rss]) => rss))
  const [endMs = 0] = samples.at(-1) ?? []
  const [early, late] = [within(60_000, 120_000), within(endMs - 60_000, Number.POSITIVE_INFINITY)]
  if (late > GROWTH_MAX * early) throw new Error(`it grows: from ${early} bytes in the second minute to ${late} in the last`)
  return { rssMinuteTwo: early, rssLastMinute: late, growth: Math.round((1_000 * late) / early) / 1_000 }
}

/** Everything that was served, also to those who left. */
const legsOf = async (url: string, heard: readonly Heard[]): Promise<LegObject[]> => {
  const legs: LegObject[] = []
  for (const one of heard) {
    if (one.legs !== undefined) legs.push(...one.legs)
    else if (one.session !== '') {
      const view = await until(`the end of ${one.session}`, async () => {
        const now = await viewSession(url, one.session)
        return now.running ? undefined : now
      })
      legs.push(...view.legs)
    }
  }
  return legs
}

const counted = (heard: readonly Heard[]): object => {
  const lost = heard.filter(({ gap }) => gap)
  if (lost.length > 0) throw new Error(`tokens were lost in ${lost.length} answers, first in ${lost[0]?.session}`)
  const count = (kind: Heard['kind']): number => heard.filter((one) => one.kind === kind).length
  const refusals: Record<string, number> = {}
  for (const { refused } of heard) if (refused !== undefined) refusals[refused] = (refusals[refused] ?? 0) + 1
  const tokens = heard.reduce((sum, one) => sum + one.tokens, 0)
  return { quick: count('quick'), slow: count('slow'), left: count('leaves'), tokens, refusals }
}
