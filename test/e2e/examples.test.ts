/** The examples do what they say, as files that a reader starts. */
import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { parseOpen } from 'openseam'
import { LedgerClient, Rpc } from 'openseam/chain/index'
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
  const run = (name: string, ...flags: string[]): Promise<{ stdout: string; stderr: string }> => {
    tried.add(name)
    const env = {
      ...process.env,
      OPENSEAM_DEVNET: market.net.file,
      OPENAI_BASE_URL: `${market.gateway}/v1`,
      OPENAI_API_KEY: 'examples'
    }
    return promisify(execFile)(process.execPath, [...flags, join(folder, name)], { env, timeout: CHILD_MS })
  }

  it('chat.js pays providers from an escrow that it filled itself', async () => {
    const { stdout, stderr } = await run('chat.js', '--conditions=source')
    expect(stdout).to.match(/Ada/)
    const paid = parseOpen(/([\d.]+) OPEN/.exec(stderr)?.[1] ?? expect.fail(stderr))
    const { rpc, deployment, accounts, providers } = market.net
    const ledger = new LedgerClient(new Rpc(rpc), deployment)
    await until('the bill on the ledger', async () => {
      const settled = await Promise.all(providers.map(async ({ account }) => (await ledger.earned(account)).lifetime))
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

  it('leave none out', () => {
    expect([...tried].sort()).to.deep.equal(
      readdirSync(folder)
        .filter((name) => name.endsWith('.js'))
        .sort()
    )
  })
})
