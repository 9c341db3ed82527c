import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { walletCommand } from '../../../node/cli/wallet.ts'
import { transfer } from '../../../sdk/chain/index.ts'
import type { Address } from '../../../sdk/protocol/eth.ts'
import { type Market, OPEN, startMarket } from '../../contracts/market.ts'
import { type Ran, runCommand } from '../lib/run-command.ts'

const DAY = 86_400

describe('openseam wallet', function () {
  this.timeout(120_000)
  let market: Market
  let home: string
  let account: Address

  before(async () => {
    market = await startMarket()
    home = mkdtempSync(join(tmpdir(), 'openseam-wallet-'))
    writeFileSync(join(home, 'deployment.json'), JSON.stringify(market.deployment))
    writeFileSync(join(home, 'password'), 'a password\n', { mode: 0o600 })
    const { code, out, err } = await runCommand(walletCommand, ['wallet', 'new', ...key()])
    expect(code, err).to.equal(0)
    account = out.trim() as Address
    await market.rpc.send('hardhat_setBalance', [account, `0x${(10n * OPEN).toString(16)}`])
    await transfer(market.admin.sender, market.deployment, account, 5_000n * OPEN)
  })
  after(async () => {
    await market.close()
    rmSync(home, { recursive: true, force: true })
  })

  const key = (): string[] => ['--wallet', join(home, 'wallet.json'), '--password-file', join(home, 'password')]
  const run = (...args: string[]): Promise<Ran> =>
    runCommand(walletCommand, [
      'wallet',
      ...args,
      ...key(),
      '--rpc',
      market.rpc.url,
      '--deployment',
      join(home, 'deployment.json')
    ])
  const does = async (...args: string[]): Promise<string> => {
    const { code, out, err } = await run(...args)
    expect(code, err).to.equal(0)
    return out
  }
  const state = async (): Promise<any> => JSON.parse(await does('show', '--json'))

  it('makes a key that only its owner can read, and never over another; folders stay as they are', async () => {
    const shared = join(home, 'shared')
    mkdirSync(shared)
    chmodSync(shared, 0o755)
    const at = ['--wallet', join(shared, 'key.json'), '--password-file', join(home, 'password')]
    expect((await runCommand(walletCommand, ['wallet', 'new', ...at])).code).to.equal(0)
    expect(statSync(shared).mode & 0o777).to.equal(0o755)
    expect(statSync(join(home, 'wallet.json')).mode & 0o777).to.equal(0o600)
    const again = await runCommand(walletCommand, ['wallet', 'new', ...key()])
    expect(again.code).to.equal(1)
    expect(again.err).to.include('it exists')
    writeFileSync(join(home, 'empty'), '\n')
    const none = await runCommand(walletCommand, [
      'wallet',
      'new',
      '--wallet',
      join(home, 'none.json'),
      '--password-file',
      join(home, 'empty')
    ])
    expect(none.code).to.equal(1)
    expect(none.err).to.include('an empty password protects nothing')
  })

  it('says what it would do, and does it with --send', async () => {
    expect(await does('deposit', '100'))
      .to.include('puts 100 OPEN into the escrow')
      .and.include('Nothing was sent')
    expect(await state()).to.include({ account, escrow: '0', held: String(5_000n * OPEN) })
    const told = JSON.parse(await does('deposit', '100', '--send', '--json'))
    expect(told)
      .to.include({ sent: true, account })
      .and.have.property('transaction')
      .that.matches(/^0x[0-9a-f]{64}$/)
    expect(await state()).to.include({ escrow: String(100n * OPEN), held: String(4_900n * OPEN) })
  })

  it('takes escrow out in two steps', async () => {
    expect((await run('withdraw')).err).to.include('how much? The escrow has 100 OPEN')
    expect((await run('withdraw', '101')).err).to.include('100 OPEN, not 101')
    await does('withdraw', '40', '--send')
    expect(await does('withdraw', '--send')).to.include('40 OPEN can be taken out from')
    expect((await run('withdraw', '5', '--send')).err).to.include('40 OPEN are on their way out of the escrow, not 5')
    await does('withdraw', '--cancel', '--send')
    expect(await state()).to.include({ escrow: String(100n * OPEN), leavingReadyAt: 0 })
    await does('withdraw', '40', '--send')
    await market.passSeconds(30 * DAY)
    expect(await does('withdraw', '--send')).to.include('takes out up to 40 OPEN')
    expect(await state()).to.include({ escrow: String(60n * OPEN), held: String(4_940n * OPEN) })
  })

  it('makes a provider, which can leave again', async () => {
    const few = await run('stake', '1')
    expect(few.code).to.equal(1)
    expect(few.err).to.include('at least 1000 OPEN')
    const payout = `0x${'ab'.repeat(20)}`
    expect(await does('stake', '1500', '--payout', payout, '--send')).to.include('registers')
    expect((await state()).provider).to.include({ registered: true, active: true, payout })
    expect(await does('show')).to.match(/stake +1500/)
    await does('stake', '100', '--send')
    expect(await state()).to.include({ stake: String(1_600n * OPEN) })
    await does('payout', account, '--send')
    expect((await state()).provider).to.include({ payout: account })

    await does('unstake', '600', '--send')
    expect(await does('unstake', '--send')).to.include('can be taken out from')
    await does('unstake', '--cancel', '--send')
    expect(await does('unstake', '--cancel')).to.include('no stake is on its way out')
    await does('unstake', '600', '--send')
    await market.passSeconds(60 * DAY)
    expect(await does('unstake', '--send')).to.include('takes 600 OPEN out of the stake')
    expect(await state()).to.include({ stake: String(1_000n * OPEN) })
  })

  it('claims what was earned', async () => {
    expect(await does('claim', '--send')).to.include('nothing that was earned')
  })

  it('shows any account without a password, and refuses what cannot be', async () => {
    const { address } = market.admin.wallet
    const shown = await does('show', address)
    expect(shown).to.include(address).and.include('wallet stake registers it')
    for (const args of [
      ['deposit', '0'],
      ['deposit', 'all'],
      ['stake', '1e3']
    ]) {
      const { code, err } = await run(...args)
      expect(code, args.join(' ')).to.equal(2)
      expect(err).to.include('no amount of OPEN')
    }
    const much = await run('deposit', '1000000', '--send')
    expect(much.code).to.equal(1)
    expect(much.err).to.include('WALLET_UNFUNDED')
    writeFileSync(join(home, 'password'), 'another\n')
    const wrong = await run('deposit', '1', '--send')
    writeFileSync(join(home, 'password'), 'a password\n')
    expect(wrong.code).to.equal(1)
    expect(wrong.err).to.include('KEYSTORE').and.not.include('another')
  })
})
