import { expect } from 'chai'
import { ledgerAbi } from 'openseam/chain/abi'
import type { LedgerClient } from 'openseam/chain/index'
import { printBatch, printProvider } from '../../../node/audit/print-books.ts'
import { auditBatch, auditProvider } from '../../../node/audit/provider-audit.ts'
import { noPaint } from '../../../node/lib/table.ts'
import { hashOf, type Market, named, OPEN, type Person, startMarket } from '../../contracts/market.ts'
import { type Change, lyingAbout } from './support.ts'

const model = hashOf('model')

describe('the audit of a provider', function () {
  this.timeout(120_000)
  let market: Market
  let provider: Person
  let other: Person
  let royal: `0x${string}`
  const lying = (method: string, change: Change): LedgerClient => lyingAbout(market, method, change)
  const payee = named('payee').address

  before(async () => {
    market = await startMarket()
    ;[provider, other] = [await market.person('provider'), await market.person('other')]
    const clients = [await market.person('rich'), await market.person('poor')]
    await clients[0]!.ledger.deposit(clients[0]!.wallet.address, 100n * OPEN)
    await clients[1]!.ledger.deposit(clients[1]!.wallet.address, 5n * OPEN)
    royal = await provider.models.register({ manifestHash: hashOf('manifest'), payees: [payee], bps: [1_000] })
    const item = (who: number, modelId: `0x${string}`, open: bigint, to = provider) =>
      market.voucher(clients[who]!.wallet, to.wallet, modelId, open * OPEN)
    await provider.ledger.settle([{ modelId: model, items: [item(0, model, 3n)] }])
    await other.ledger.settle([{ modelId: model, items: [item(0, model, 7n, other)] }])
    await provider.ledger.claim(provider.wallet.address)
    await provider.ledger.settle([
      { modelId: model, items: [item(0, model, 4n), item(1, model, 9n)] }, // the poor pay 5 of 9
      { modelId: royal, items: [item(0, royal, 10n)] }
    ])
  })
  after(() => market.close())

  it('recomputes what it earned, royalties and claims told apart, to the wei of the ledger', async () => {
    const report = await auditProvider(market.admin.ledger, provider.wallet.address)
    expect(report).to.deep.include({ verdict: 'proved', reasons: [], gross: 19n * OPEN, royalties: OPEN })
    expect(report).to.deep.include({ earned: 18n * OPEN, claimed: 3n * OPEN })
    expect(report.ledger).to.deep.equal({ lifetime: 18n * OPEN, amount: 15n * OPEN, batches: 2 })
    expect(report.batches.map(({ number, total, payments }) => [number, total, payments.length])).to.deep.equal([
      [0, 3n * OPEN, 1],
      [1, 16n * OPEN, 3]
    ])
    expect(report.checks.map(({ outcome }) => outcome)).to.deep.equal(report.checks.map(() => 'holds'))
    expect(printProvider(report, noPaint)).to.include('proved: 18 OPEN earned in 2 batches')
  })

  it('proves that who earned nothing earned nothing', async () => {
    const report = await auditProvider(market.admin.ledger, payee)
    expect(report).to.deep.include({ verdict: 'proved', earned: 0n, batches: [] })
  })

  it('shows one batch, and that the ledger holds it', async () => {
    const report = await auditBatch(market.admin.ledger, provider.wallet.address, 1)
    expect(report).to.deep.include({ verdict: 'proved', reasons: [] })
    expect(report.batch?.payments.map(({ from, to }) => [from / OPEN, to / OPEN])).to.deep.equal([
      [3n, 4n],
      [0n, 5n],
      [0n, 10n]
    ])
    expect(printBatch(report, noPaint))
      .to.include('proved: 16 OPEN in 3 payments')
      .and.to.match(/commit +holds/)
    const none = await auditBatch(market.admin.ledger, provider.wallet.address, 2)
    expect(none).to.deep.include({ verdict: 'unknown', batch: null })
    expect(none.reasons[0]).to.include('shows 2 batches')
  })

  it('cannot tell where the transaction does not show its vouchers; what was earned stands all the same', async () => {
    const hiding = lying('eth_getTransactionByHash', (result) => ({ ...(result as object), input: '0x1234' }))
    const batch = await auditBatch(hiding, provider.wallet.address, 0)
    expect(batch.verdict).to.equal('unknown')
    expect(batch.reasons[0]).to.match(/^vouchers: /)
    expect(printBatch(batch, noPaint))
      .to.include('not shown')
      .and.to.match(/could not tell: vouchers/)
    const report = await auditProvider(hiding, provider.wallet.address)
    expect(report.verdict).to.equal('proved')
    expect(report.checks[1]?.detail).to.include('2 of them in transactions that do not show their vouchers')
  })

  it('names the step at which an endpoint contradicts itself', async () => {
    const logs = (change: (all: unknown[]) => unknown[]) => lying('eth_getLogs', (result) => change(result as unknown[]))
    const times = lying('eth_getBlockByNumber', (result) => ({ ...(result as object), timestamp: '0x1' }))
    const view = (name: string) => {
      const selector = ledgerAbi.getFunction(name)?.selector ?? ''
      return lying('eth_call', (result, [call]) =>
        (call as { data: string }).data.startsWith(selector) ? otherEnd(String(result)) : result
      )
    }
    const otherEnd = (hex: string): string => `${hex.slice(0, -1)}${hex.endsWith('1') ? 2 : 1}`
    const cases: [step: RegExp, ledger: LedgerClient][] = [
      [/^batches: /, logs((all) => all.slice(0, -1))], // hides the newest
      [/^batches: /, logs((all) => all.slice(2))], // hides the first
      [/^batch 0, commit: /, times],
      [/^batch 0, commit: /, view('batchCommit')],
      [/^lifetime: /, view('earned')]
    ]
    for (const [step, ledger] of cases) {
      const report = await auditProvider(ledger, provider.wallet.address)
      expect(report.verdict, String(step)).to.equal('disproved')
      expect(report.reasons[0]).to.match(step)
      expect(printProvider(report, noPaint)).to.match(/\ndisproved: /)
    }
  })
})
