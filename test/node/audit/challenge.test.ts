import { expect } from 'chai'
import { CaseState, CourtClient } from 'openseam/chain/index'
import { challengeReceipt, printChallenge } from '../../../node/audit/challenge.ts'
import { auditReceipt, type ReceiptReport } from '../../../node/audit/receipt-audit.ts'
import { noPaint } from '../../../node/lib/table.ts'
import { type Market, OPEN, type Person, startMarket } from '../../contracts/market.ts'
import { booksOf, TestChannel } from './support.ts'

describe('a challenge to a receipt', function () {
  this.timeout(120_000)
  let market: Market
  let client: Person
  let channel: TestChannel
  const courtOf = ({ sender }: Person): CourtClient => new CourtClient(market.rpc, market.deployment, sender)
  const audit = (at: number): Promise<ReceiptReport> =>
    auditReceipt(channel.rows[at]!.hash, [channel.source('peer')], booksOf(market))

  before(async () => {
    market = await startMarket()
    client = await market.person('client')
    await client.ledger.deposit(client.wallet.address, 100n * OPEN)
    const provider = await market.person('provider')
    await provider.registry.register(provider.wallet.address, 2_000n * OPEN)
    channel = new TestChannel(market, provider, client)
    channel.add({ leg: 0, seq: 0, from: 0, to: 32 })
    channel.add({ leg: 0, seq: 1, from: 32, to: 32, end: 'finished' })
    await channel.settle()
    channel.add({ leg: 0, seq: 0, from: 0, to: 5, sessionId: `0x${'7'.repeat(64)}` })
  })
  after(() => market.close())

  it('says what it would cost, and sends nothing', async () => {
    const report = await challengeReceipt(await audit(0), courtOf(client), null)
    expect(report).to.deep.include({ verdict: 'proved', bond: 10n * OPEN, client: client.wallet.address, transaction: null })
    expect(printChallenge(report, noPaint)).to.include('10 OPEN of bond').and.to.include('nothing was sent')
    expect((await courtOf(client).caseOf(report.case!)).state).to.equal(CaseState.none)
  })

  it('is not opened for what is not paid, what has no positions, or by another than its client', async () => {
    const unpaid = await challengeReceipt(await audit(2), courtOf(client), client.sender)
    expect(unpaid).to.deep.include({ verdict: 'unknown', case: null, transaction: null })
    const empty = await challengeReceipt(await audit(1), courtOf(client), client.sender)
    expect(empty.reasons[0]).to.match(/^work: /)
    const other = await market.person('other')
    const foreign = await challengeReceipt(await audit(0), courtOf(other), other.sender)
    expect(foreign).to.deep.include({ verdict: 'disproved', transaction: null })
    expect(foreign.reasons[0]).to.match(/^client: /)
  })

  it('opens a case with the proof and the bond, once', async () => {
    const report = await challengeReceipt(await audit(0), courtOf(client), client.sender)
    expect(report.verdict).to.equal('proved')
    expect(report.transaction).to.match(/^0x[0-9a-f]{64}$/)
    const opened = await courtOf(client).caseOf(report.case!)
    expect(opened).to.include({ state: CaseState.open, client: client.wallet.address })
    const again = await challengeReceipt(await audit(0), courtOf(client), client.sender)
    expect(again).to.deep.include({ verdict: 'disproved', transaction: null })
    expect(again.reasons[0]).to.match(/^case: /)
  })
})
