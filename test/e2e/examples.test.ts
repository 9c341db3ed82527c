/** The examples do what they say, as files that a reader starts. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { parseOpen } from 'openseam'
import { LedgerClient, Rpc, Sender, transfer, walletFromHex } from 'openseam/chain/index'
import { createWalletFile } from 'openseam/chain/wallet-file'
import type { Address } from 'openseam/protocol/eth'
import { fundedKeys } from '../../node/devnet/chain.ts'
import { type Child, commandModule, startChild } from '../../node/devnet/children.ts'
import { type Market, startMarket } from './lib/market.ts'
import { until } from './lib/until.ts'

const folder = join(import.meta.dirname, '../../examples')
const CHILD_MS = 120_000

describe('examples', () => {
  let market: Market
  before(async () => {
    market = await startMarket({ providers: 2, pace: 0 })
  })
  after(() => market?.stop())

  const tried = new Set<string>()
  const run = (name: string, flags: string[] = [], more: object = {}): Promise<{ stdout: string; stderr: string }> => {
    tried.add(name)
    const env = {
      ...process.env,
      OPENSEAM_DEVNET: market.net.file,
      OPENAI_BASE_URL: `${market.gateway}/v1`,
      OPENAI_API_KEY: 'examples',
      ...more
    }
    return promisify(execFile)(process.execPath, [...flags, join(folder, name)], { env, timeout: CHILD_MS })
  }

  it('chat.js pays providers from an escrow that it filled itself', async () => {
    const { stdout, stderr } = await run('chat.js', ['--conditions=source'])
    expect(stdout).to.match(/Ada/)
    const paid = parseOpen(/([\d.]+) OPEN/.exec(stderr)?.[1] ?? expect.fail(stderr))
    const { rpc, deployment, accounts, providers } = market.net
    const ledger = new LedgerClient(new Rpc(rpc), deployment)
    let settled: bigint[] = []
    const short = (): string => `${paid} wei on the ledger, of which there are ${settled.join(' + ')}`
    await until(short, async () => {
      settled = await Promise.all(providers.map(async ({ account }) => (await ledger.earned(account)).lifetime))
      return settled.reduce((sum, wei) => sum + wei, 0n) >= paid
    })
    expect((await ledger.account(accounts.developer.account)).balance).to.equal(parseOpen('10') - paid)
  })

  it('openai.js tells who made the answer and what it cost', async () => {
    const { stdout, stderr } = await run('openai.js')
    expect(stdout).to.match(/Ada/)
    expect(stderr).to.match(/tokens 0 to \d+: \d+ wei to 12D3/)
  })

  it('langchain.js remembers a name', async () => {
    expect((await run('langchain.js')).stdout).to.match(/Your name is Ada/)
  })

  it('ai-sdk.js streams and counts', async () => {
    const { stdout, stderr } = await run('ai-sdk.js')
    expect(stdout).to.match(/Ada/)
    expect(stderr).to.match(/\d+ tokens/)
  })

  it('agent-x402.js knows no key but its wallet: one deposit, two answers, and the rest is credit', async () => {
    const { rpc, deployment, accounts } = market.net
    const shop = await openShop(market)
    try {
      const ledger = new LedgerClient(new Rpc(rpc), deployment)
      const before = (await ledger.account(shop.account)).balance
      const { stdout, stderr } = await run('agent-x402.js', ['--conditions=source'], { OPENAI_BASE_URL: `${shop.url}/v1` })
      expect(stdout).to.match(/Ada/)
      const bills = [...stderr.matchAll(/(\d+) wei; ([\d.]+) OPEN left/g)]
      const [first, second] = bills.map(([, wei = '', left = '']) => ({ cost: BigInt(wei), left: parseOpen(left) }))
      const down = parseOpen('0.1')
      expect(first?.left).to.equal(down - (first?.cost ?? 0n))
      expect(second?.left).to.equal((first?.left ?? 0n) - (second?.cost ?? 0n))
      expect(second?.cost).to.not.equal(0n)
      // What it put down is in the gateway's escrow, and providers are paid from there.
      const spent = down - (second?.left ?? 0n)
      await until(
        'what the answers cost on the ledger',
        async () => (await ledger.account(shop.account)).balance === before + down - spent
      )
      expect(accounts.developer.account).to.not.equal(shop.account)
      // Without paying, nothing.
      const body = JSON.stringify({ model: 'seam-chat', messages: [{ role: 'user', content: 'Hi' }] })
      const ask = (headers: Record<string, string>) => fetch(`${shop.url}/v1/chat/completions`, { method: 'POST', body, headers })
      expect((await ask({})).status).to.equal(402)
      expect((await ask({ authorization: 'Bearer none' })).status).to.equal(401)
    } finally {
      await shop.close()
    }
  })

  it('leave none out', () => {
    expect([...tried].sort()).to.deep.equal(
      readdirSync(folder)
        .filter((name) => name.endsWith('.js'))
        .sort()
    )
  })
})

/** A second gateway of this market, with an account of its own, that sells to whoever pays. */
const openShop = async ({ net }: Market): Promise<{ url: string; account: Address; close(): Promise<void> }> => {
  const home = mkdtempSync(join(tmpdir(), 'openseam-shop-'))
  const wallet = walletFromHex(fundedKeys()[6] as string)
  const rpc = new Rpc(net.rpc)
  const admin = new Sender(rpc, walletFromHex(fundedKeys()[0] as string).secretKey)
  await transfer(admin, net.deployment, wallet.address, parseOpen('100'))
  await new LedgerClient(rpc, net.deployment, new Sender(rpc, wallet.secretKey)).deposit(wallet.address, parseOpen('100'))
  const { passwordFile, deploymentFile } = net.accounts
  await createWalletFile(join(home, 'wallet.json'), readFileSync(passwordFile, 'utf8').trim(), { light: true, wallet })
  const flags = {
    home,
    rpc: net.rpc,
    deployment: deploymentFile,
    'password-file': passwordFile,
    bootstrap: net.bootstrap().join(','),
    port: '0'
  }
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value])
  const child: Child<{ url: string }> = await startChild(commandModule, ['gateway', ...args, '--x402'], join(home, 'gateway.log'))
  return {
    url: child.ready.url,
    account: wallet.address,
    async close() {
      await child.stop()
      rmSync(home, { recursive: true, force: true })
    }
  }
}
