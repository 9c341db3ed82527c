import { expect } from 'chai'
import { eventTopic, type LedgerClient } from 'openseam/chain/index'
import type { Bytes32 } from 'openseam/protocol/eth'
import { modelIdOf } from 'openseam/protocol/typed-data'
import { auditBatch, auditProvider } from '../../../node/audit/provider-audit.ts'
import { hashOf, type Market, named, OPEN, type Person, startMarket } from '../../contracts/market.ts'
import { lyingAbout } from './support.ts'

interface Log {
  topics: string[]
  data: string
}

describe('an audit of royalties', function () {
  this.timeout(120_000)
  const payees = [named('owner').address, named('data').address]
  const terms = { manifestHash: hashOf('manifest'), payees, bps: [1_000, 333] }
  let market: Market
  let provider: Person
  let other: Person
  let client: Person
  let royal: Bytes32
  let late: Bytes32
  const free = hashOf('free')

  before(async () => {
    market = await startMarket()
    ;[provider, other] = [await market.person('provider'), await market.person('other')]
    client = await market.person('client')
    await client.ledger.deposit(client.wallet.address, 100n * OPEN)
    royal = await other.models.register(terms)
    const lateTerms = { ...terms, manifestHash: hashOf('late manifest') }
    late = modelIdOf(lateTerms.manifestHash, lateTerms.payees, lateTerms.bps)
    await settle(provider, [royal, 17n], [late, 1_000_003n]) // nobody gets royalties of `late` yet
    await settle(other, [royal, 10_029n], [late, 5_000n])
    await provider.models.register(lateTerms)
    await settle(provider, [late, 1_003_002n], [free, 77n], [royal, 30_002n], [royal, 30_005n])
    await settle(other, [late, 6_001n])
    await settle(provider, [late, 1_003_007n])
  })
  after(() => market.close())

  const settle = (to: Person, ...rows: [modelId: Bytes32, cumulative: bigint][]): Promise<unknown> =>
    to.ledger.settle(
      rows.map(([modelId, cumulative]) => ({
        modelId,
        items: [market.voucher(client.wallet, to.wallet, modelId, cumulative)]
      }))
    )

  const changed = (change: (logs: Log[]) => Log[]): LedgerClient =>
    lyingAbout(market, 'eth_getLogs', (result) => change(result as Log[]))
  const isGroup = ({ topics }: Log): boolean => topics[0] === eventTopic('GroupSettled')
  const isOf = ({ wallet }: Person, { topics }: Log): boolean => topics[1] === `0x${wallet.address.slice(2).padStart(64, '0')}`

  it('holds over every provider, from the registration of each model on', async () => {
    for (const person of [provider, other]) {
      const report = await auditProvider(market.admin.ledger, person.wallet.address)
      expect(report.reasons).to.deep.equal([])
      expect(report.verdict).to.equal('proved')
      expect(report.checks.find(({ step }) => step === 'royalties')?.detail).to.match(/^[23] models, /)
    }
    const { batch } = await auditBatch(market.admin.ledger, provider.wallet.address, 1)
    // 2 999 for `late` on top of nothing: 299 + 99. 29 988 for `royal` on top of 17 + 10 029: 2 999 + 999.
    expect(batch?.checks.find(({ step }) => step === 'royalties')).to.include({ outcome: 'holds' })
    expect(batch?.royalty).to.equal(4_396n)
    expect((await auditBatch(market.admin.ledger, provider.wallet.address, 0)).batch?.royalty).to.equal(1n)
  })

  it('fails where an event says that payees got more, or less', async () => {
    for (const wei of [4_000n, 0n]) {
      const more = changed((logs) =>
        logs.map((log) => {
          const ours = isGroup(log) && isOf(provider, log) && log.topics[2] === royal && Number(log.topics[3]) === 1
          return ours ? { ...log, data: `0x${wei.toString(16).padStart(64, '0')}${log.data.slice(66)}` } : log
        })
      )
      const report = await auditProvider(more, provider.wallet.address)
      expect(report.verdict).to.equal('disproved')
      expect(report.reasons[0]).to.match(/^batch 1, royalties: \d+ wei went to the payees of 0x.*; due were \d+$/)
      expect((await auditBatch(more, provider.wallet.address, 1)).verdict).to.equal('disproved')
    }
  })

  it('fails where what another provider was paid is hidden', async () => {
    const hiding = changed((logs) => logs.filter((log) => !(isGroup(log) && isOf(other, log) && log.topics[2] === royal)))
    const report = await auditProvider(hiding, provider.wallet.address)
    expect(report.verdict).to.equal('disproved')
    expect(report.reasons.at(-1)).to.match(/^royalties: paid for 0x.* since it was registered: \d+; the ledger's total: \d+$/)
  })

  it('cannot tell where nobody shows when a model was registered, or only with other payees', async () => {
    const isRegistration = ({ topics }: Log): boolean => topics[0] === eventTopic('ModelRegistered')
    const hiding = changed((logs) => logs.filter((log) => !isRegistration(log)))
    const greedier = changed((logs) =>
      logs.map((log) => (isRegistration(log) ? { ...log, data: log.data.replace(/3e8/, '3e9') } : log))
    )
    for (const ledger of [hiding, greedier]) {
      const report = await auditProvider(ledger, provider.wallet.address)
      expect(report.verdict).to.equal('unknown')
      expect(report.reasons).to.have.length(1)
      expect(report.reasons[0]).to.match(/^royalties: the chain does not show when 0x.* was registered/)
      expect((await auditBatch(ledger, provider.wallet.address, 2)).batch?.checks.map(({ outcome }) => outcome)).to.include(
        'missing'
      )
    }
  })
})
