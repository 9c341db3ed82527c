/** `openseam doctor` beside real daemons: a rig that earns, and what it says of one that does not. */
import { join } from 'node:path'
import { expect } from 'chai'
import { createWalletFile } from 'openseam/chain/wallet-file'
import { doctorCommand } from '../../node/cli/doctor.ts'
import type { Finding } from '../../node/doctor/finding.ts'
import { runCommand } from '../node/lib/run-command.ts'
import { type Market, modelDir, startMarket } from './lib/market.ts'
import { until } from './lib/until.ts'

describe('openseam doctor', () => {
  let market: Market
  before(async () => {
    market = await startMarket({ providers: 2, gateway: false })
    const metrics = market.net.providers[0]?.ready?.metrics ?? ''
    await until('the daemon to know the other', async () =>
      /^openseam_peers(\{.*\})? [1-9]/m.test(await (await fetch(metrics)).text())
    )
  })
  after(() => market?.stop())

  const argsOf = (changes: Record<string, string> = {}): string[] => {
    const { net } = market
    const [p1, p2] = net.providers
    const flags = {
      home: net.accounts.providers[0]?.home ?? '',
      rpc: net.rpc,
      deployment: net.accounts.deploymentFile,
      model: modelDir,
      bootstrap: p2?.ready?.multiaddrs[0] ?? '',
      metrics: p1?.ready?.metrics ?? '',
      ...changes
    }
    return ['doctor', ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value])]
  }
  const examine = async (changes: Record<string, string> = {}): Promise<{ code: number; findings: Map<string, Finding> }> => {
    const { code, out, err } = await runCommand(doctorCommand, [...argsOf(changes), '--json'])
    expect(out, err).to.include('findings')
    const { findings } = JSON.parse(out) as { findings: Finding[] }
    return { code, findings: new Map(findings.map((finding) => [finding.name.replace(/^peer .*/, 'peer'), finding])) }
  }
  const bad = (findings: Map<string, Finding>): string[] =>
    [...findings.values()].filter(({ state }) => state === 'bad').map(({ name }) => name.replace(/^peer .*/, 'peer'))

  it('finds nothing in the way of a rig that serves', async () => {
    const { code, findings } = await examine()
    expect(bad(findings)).to.deep.equal([])
    expect(code).to.equal(0)
    const names = [
      'chain',
      'stake',
      'key',
      'gas',
      'earned',
      'model',
      'engine',
      'disk',
      'daemon',
      'market',
      'peer',
      'price',
      'successors',
      'slots'
    ]
    expect([...findings.keys()]).to.deep.equal(names)
    expect(findings.get('successors')?.says).to.include('1 other peers')
    expect(findings.get('peer')?.says, 'this market is on one machine').to.include('private addresses')
    const { out } = await runCommand(doctorCommand, argsOf())
    expect(out)
      .to.include('Nothing keeps this rig from earning')
      .and.match(/ok +stake +1000 OPEN/)
  })

  it('says of each thing that is wrong what to do', async () => {
    const wallet = join(market.net.accounts.providers[0]?.home ?? '', 'stranger.json')
    await createWalletFile(wallet, 'a password', { light: true })
    const stranger = await examine({ wallet })
    expect(stranger.code).to.equal(1)
    expect(bad(stranger.findings)).to.deep.equal(['stake', 'gas', 'market'])
    expect(stranger.findings.get('stake')?.help).to.include('openseam wallet stake 1000 --send')

    expect(bad((await examine({ model: '/nowhere' })).findings)).to.deep.equal(['model'])
    expect(bad((await examine({ rpc: 'http://127.0.0.1:1' })).findings)).to.deep.equal(['chain'])
    expect(bad((await examine({ wallet: '/nowhere' })).findings)).to.deep.equal(['wallet'])
    expect(bad((await examine({ bootstrap: '/ip4/127.0.0.1/tcp/1' })).findings)).to.deep.equal(['market'])
    expect(bad((await examine({ royalties: `0x${'ab'.repeat(20)}=1` })).findings)).to.deep.equal(['offer'])
  })

  it('misses a daemon that died, whose offer is still about', async () => {
    await market.net.kill('p1')
    const { code, findings } = await examine()
    expect(code).to.equal(1)
    expect(bad(findings)).to.deep.equal(['daemon', 'peer'])
    expect(findings.get('peer')?.help).to.include('Open the port')
  })
})
