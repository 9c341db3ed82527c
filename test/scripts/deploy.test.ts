import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { fundedKeys } from '../../node/devnet/chain.ts'
import { type Child, chainModule, startChild } from '../../node/devnet/children.ts'
import { currencyBalance, type Deployment, LedgerClient, planDeploy, Rpc, Sender, walletFromHex } from '../../sdk/chain/index.ts'
import { createWalletFile } from '../../sdk/chain/wallet-file.ts'
import { systemClock } from '../../sdk/components.ts'

const OPEN = 10n ** 18n
const script = join(import.meta.dirname, '../../scripts/deploy.ts')
const wallet = walletFromHex(fundedKeys()[0] ?? '')
const WAIT_MS = 120_000

interface Run {
  code: number | null
  out: string
}

describe('scripts/deploy, against a chain in another process', function () {
  this.timeout(300_000)
  let dir: string
  let chain: Child<{ rpc: string }>
  let rpc: Rpc
  const processes = new Set<ChildProcess>()

  const startChain = async (chainId: number): Promise<void> => {
    dir = mkdtempSync(join(tmpdir(), 'openseam-deploy-'))
    chain = await startChild(chainModule, ['0', String(chainId)], join(dir, 'chain.log'))
    rpc = new Rpc(chain.ready.rpc)
    await createWalletFile(join(dir, 'wallet.json'), 'a password', { light: true, wallet })
  }
  afterEach(async () => {
    for (const child of processes) child.kill('SIGKILL')
    await chain.stop()
    rmSync(dir, { recursive: true, force: true })
  })

  const start = (args: string[], password = 'a password'): { child: ChildProcess; ended: Promise<Run>; soFar(): string } => {
    const out = join(dir, 'deployments')
    const all = ['--rpc', chain.ready.rpc, '--wallet', join(dir, 'wallet.json'), '--out', out, ...args]
    const env = { ...process.env, OPENSEAM_PASSWORD: password }
    const child = spawn(process.execPath, ['--conditions=source', script, ...all], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    processes.add(child)
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => void (text += chunk.toString()))
    const ended = new Promise<Run>((resolve) => child.once('close', (code) => resolve({ code, out: text })))
    return { child, ended: ended.finally(() => processes.delete(child)), soFar: () => text }
  }
  const run = (...args: string[]): Promise<Run> => start(args).ended
  const refused = async (args: string[], ...words: string[]): Promise<void> => {
    const { code, out } = await run(...args)
    expect(code, out).to.equal(1)
    for (const word of words) expect(out).to.include(word)
  }
  const succeeds = async (...args: string[]): Promise<string> => {
    const { code, out } = await run(...args)
    expect(code, out).to.equal(0)
    return out
  }
  const count = async (block: 'latest' | 'pending'): Promise<number> =>
    Number(await rpc.send('eth_getTransactionCount', [wallet.address, block]))
  const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
    const startedMs = systemClock.tickMs()
    while (!(await holds())) {
      if (systemClock.tickMs() - startedMs > WAIT_MS) throw new Error(`waited too long for ${what}`)
      await systemClock.sleep(20)
    }
  }
  const files = (): string[] => readdirSync(join(dir, 'deployments')).sort()
  const written = (chainId: number): Deployment =>
    JSON.parse(readFileSync(join(dir, 'deployments', `${chainId}.json`), 'utf8')) as Deployment
  const takesDeposits = async (deployment: Deployment): Promise<void> => {
    const ledger = new LedgerClient(rpc, deployment, new Sender(rpc, wallet.secretKey))
    await ledger.deposit(wallet.address, 7n * OPEN)
    expect((await ledger.account(wallet.address)).balance).to.equal(7n * OPEN)
    expect(await currencyBalance(rpc, deployment, deployment.ledger)).to.equal(7n * OPEN)
  }

  it('says what it would do, does it in coins with --send, and finds it again', async () => {
    await startChain(1612)
    const planned = planDeploy(wallet.address, 0, 1612, { token: '0x0000000000000000000000000000000000000000' })
    const plan = await succeeds('--chain', '1612')
    for (const { address } of planned.steps) expect(plan).to.include(address)
    expect(plan).to.include('the chain’s own coin').and.include('Nothing was sent')
    expect(await count('pending')).to.equal(0)
    expect(existsSync(join(dir, 'deployments')), 'nor written').to.equal(false)

    expect(await succeeds('--send')).to.include('Done')
    expect(files()).to.deep.equal(['1612.json'])
    const deployment = written(1612)
    expect(deployment).to.include({ ...planned.deployment, block: 3 })
    expect(await count('latest')).to.equal(5)
    await takesDeposits(deployment)
    expect(await count('latest')).to.equal(6)
    expect(await succeeds('--send')).to.include('all of it stands')
    expect(await count('latest'), 'nothing sent twice').to.equal(6)
    await refused(['--min-stake', '5'], 'CONFIG', 'other code', `registry at ${deployment.registry}`)
    await refused(['--chain', '1'], 'CONFIG', 'is chain 1612, not 1')
    await refused(['--currency', 'new'], 'CONFIG', 'worth nothing')
  })

  it('deploys for a token that exists, on a chain it does not know', async () => {
    await startChain(4242)
    await refused([], 'CONFIG', 'this chain is unknown')
    await refused(['--currency', wallet.address], 'CONFIG', 'no contract at')
    const [step] = planDeploy(wallet.address, 0, 4242).steps
    const sender = new Sender(rpc, wallet.secretKey)
    const made = await sender.send({ to: null, data: step?.data ?? '0x', gasLimit: 6_000_000, what: 'the $OPEN of this chain' })
    const token = made.contractAddress as string
    // An OP-stack chain's oracle that asks one thousandth of a coin for any data: return(0, 32) of 10^15.
    const asks = `0x66${(10n ** 15n).toString(16).padStart(14, '0')}5f5260205ff3`
    await rpc.send('hardhat_setCode', ['0x420000000000000000000000000000000000000f', asks])
    expect(await succeeds('--currency', token)).to.include('of which 0.005 coins for data')

    const { code, out } = await start(['--currency', token, '--send'], 'another password').ended
    expect(code).to.equal(1)
    expect(out).to.include('KEYSTORE').and.not.include('another password')
    expect(await count('latest')).to.equal(1)
    await succeeds('--currency', token, '--send')
    expect(written(4242)).to.include({ token, block: 4 })
    await takesDeposits(written(4242))
  })

  it('goes on after SIGKILL at any moment, and sends nothing twice', async () => {
    await startChain(31_337)
    await rpc.send('evm_setAutomine', [false])
    const send = (): ReturnType<typeof start> => start(['--send'])
    let life = send()
    await until('the beginning', () => existsSync(join(dir, 'deployments', '31337.begun.json')))
    life.child.kill('SIGKILL')
    await life.ended
    for (const late of [true, false, true]) {
      const before = await count('latest')
      life = send()
      const { ended, child } = life
      let over = false
      void ended.then(() => (over = true))
      await until('a transaction', async () => over || (await count('pending')) > before)
      expect(over, life.soFar()).to.equal(false)
      child.kill('SIGKILL') // sent, and nothing of it noted
      await ended
      if (!late) await rpc.send('evm_mine')
      life = send()
      await until('the plan', () => /at most/.test(life.soFar()))
      if (late) await rpc.send('evm_mine') // while this run waits for what the last one had sent
      await until('the next', async () => (await count('pending')) > before + 1)
      life.child.kill('SIGKILL')
      await life.ended
      await rpc.send('evm_mine')
    }
    await rpc.send('evm_setAutomine', [true])
    expect(await succeeds('--send')).to.match(/Done|stands/)
    expect(await count('latest'), 'six contracts, six transactions').to.equal(6)
    expect(files().filter((name) => !/\.tmp$|\.\d+$/.test(name))).to.deep.equal(['31337.json'])
    await takesDeposits(written(31_337))
  })

  it('run twice at once, ends as one deployment', async () => {
    await startChain(31_337)
    const ends = await Promise.all([run('--send'), run('--send')])
    expect(await succeeds('--send'), ends.map(({ out }) => out).join('\n')).to.match(/Done|all of it stands/)
    expect(await count('latest')).to.equal(6)
    expect(files()).to.deep.equal(['31337.json'])
  })

  it('says so when its places are taken, or its terms were changed half way', async () => {
    await startChain(31_337)
    await rpc.send('evm_setAutomine', [false])
    const life = start(['--send'])
    await until('a transaction', async () => (await count('pending')) === 1)
    life.child.kill('SIGKILL')
    await life.ended
    await rpc.send('evm_mine')
    await rpc.send('evm_setAutomine', [true])
    await refused(['--send', '--bond', '11'], 'CONFIG', 'another plan was begun')
    const other = { to: wallet.address, data: '0x' as const, gasLimit: 21_000, what: 'something else' }
    await new Sender(rpc, wallet.secretKey).send(other)
    await refused(['--send'], 'CONFIG', 'deploying Registry', 'begin a new one')
    expect(await count('latest')).to.equal(2)
  })
})
