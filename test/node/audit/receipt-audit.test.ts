import { expect } from 'chai'
import { SeamError } from 'openseam/protocol/errors'
import { type Proof, proofSteps } from 'openseam/protocol/proof'
import type { Books } from '../../../node/audit/books.ts'
import { printReceipt } from '../../../node/audit/print.ts'
import { auditReceipt } from '../../../node/audit/receipt-audit.ts'
import { proofSource, type ReceiptSource } from '../../../node/audit/source.ts'
import { noPaint } from '../../../node/lib/table.ts'
import { hashOf, type Market, OPEN, startMarket } from '../../contracts/market.ts'
import { booksOf, TestChannel } from './support.ts'

describe('the audit of a receipt', function () {
  this.timeout(120_000)
  let market: Market
  let books: Books
  let channel: TestChannel

  before(async () => {
    market = await startMarket()
    const client = await market.person('client')
    await client.ledger.deposit(client.wallet.address, 100n * OPEN)
    channel = new TestChannel(market, await market.person('provider'), client)
    channel.add({ leg: 0, seq: 0, from: 0, to: 32 })
    await channel.settle()
    channel.add({ leg: 0, seq: 1, from: 32, to: 64 }, false)
    channel.add({ leg: 0, seq: 2, from: 64, to: 64, end: 'finished' })
    await channel.settle()
    channel.add({ leg: 0, seq: 0, from: 0, to: 7, sessionId: hashOf('next session') })
    books = booksOf(market)
  })
  after(() => market.close())

  const away: ReceiptSource = {
    name: 'away',
    byHash: () => Promise.reject(new SeamError('NET_TIMEOUT', 'silent')),
    ofSession: () => Promise.reject(new SeamError('NET_TIMEOUT', 'silent')),
    close: () => Promise.resolve()
  }
  const audit = (at: number, ...sources: ReceiptSource[]) => auditReceipt(channel.rows[at]!.hash, sources, books)

  it('proves what was paid, every step, from a peer and the chain', async () => {
    const report = await audit(0, away, channel.source('peer'))
    expect(report).to.deep.include({ verdict: 'proved', reasons: [], silent: [{ source: 'away', code: 'NET_TIMEOUT' }] })
    expect(report.finding?.checks.map(({ step, outcome }) => [step, outcome])).to.deep.equal(
      proofSteps.map((step) => [step, 'holds'])
    )
    const text = printReceipt(report, noPaint)
    expect(text)
      .to.match(/signer +holds/)
      .and.to.include('proved: batch 0')
      .and.to.include('0.032 OPEN')
    expect(text).to.not.include('\x1b')
  })

  it('proves what its maker never signed, and an end that owns no money', async () => {
    const unsigned = await audit(1, channel.source('peer'))
    expect(unsigned).to.deep.include({ verdict: 'proved' })
    expect(unsigned.finding).to.include({ state: 'paid', signed: false })
    const end = await audit(2, channel.source('peer'))
    expect(end).to.deep.include({ verdict: 'proved' })
    expect(end.finding?.proof?.batch.number).to.equal(1)
  })

  it('cannot tell of what is not settled yet, or what nobody shows', async () => {
    const unsettled = await audit(3, channel.source('peer'))
    expect(unsettled).to.deep.include({ verdict: 'unknown', reasons: ['no batch has paid it yet'] })
    const nobody = await auditReceipt(hashOf('no receipt'), [channel.source('peer'), away], books)
    expect(nobody).to.deep.include({ verdict: 'unknown', finding: null })
    const mute = channel.source('peer', { prove: () => Promise.reject(new SeamError('RECEIPT_UNKNOWN', 'gone')) })
    expect((await audit(0, mute)).reasons).to.deep.equal(['nobody shows its place in the work tree (RECEIPT_UNKNOWN)'])
  })

  it('takes the siblings from another, where who showed the receipt has none', async () => {
    const mute = channel.source('mute', { prove: () => Promise.reject(new SeamError('RECEIPT_UNKNOWN', 'gone')) })
    const blind = channel.source('blind', { byHash: async () => undefined })
    expect(await audit(0, mute, blind)).to.deep.include({ verdict: 'proved' })
  })

  it('says at which step a lie fails', async () => {
    const row = channel.rows[1]!
    const showing = (changes: object): ReceiptSource => channel.source('liar', { byHash: async () => ({ ...row, ...changes }) })
    const lies: [step: string, source: ReceiptSource][] = [
      ['signer', showing({ signature: channel.rows[2]!.signature })],
      ['signature', showing({ signature: `0x${'00'.repeat(65)}` })],
      ['work', showing({ index: 0 })],
      ['work', showing({ cumAfter: row.cumAfter - 1n })],
      ['work', channel.source('liar', { prove: async () => [Array(32).fill(hashOf('made up'))] })]
    ]
    for (const [step, source] of lies) {
      const report = await audit(1, source)
      expect(report.verdict, step).to.equal('disproved')
      expect(report.reasons[0]).to.match(new RegExp(`^${step}: `))
      expect(printReceipt(report, noPaint)).to.match(new RegExp(`${step} +fails`))
    }
  })

  it('believes who tells the truth among liars', async () => {
    const liar = channel.source('liar', { byHash: async () => ({ ...channel.rows[0]!, index: 5 }) })
    expect(await audit(0, liar, channel.source('peer'))).to.deep.include({ verdict: 'proved' })
  })

  describe('from a file', () => {
    let proof: Proof
    before(async () => {
      proof = (await audit(0, channel.source('peer'))).finding?.proof as Proof
    })
    const of = (changed: Proof) => auditReceipt(changed.receiptHash, [proofSource('proof.json', changed)], books)

    it('asks nobody but the chain', async () => {
      expect(await of(proof)).to.deep.include({ verdict: 'proved', silent: [] })
    })

    it('names the step at which what was changed fails', async () => {
      const changes: [step: string, changed: Proof][] = [
        ['format', { ...proof, domain: { ...proof.domain, chainId: 1 } }],
        ['receipt', { ...proof, receipt: { ...proof.receipt, amount: 1n } }],
        ['work', { ...proof, work: { ...proof.work, siblings: proof.work.siblings.toReversed() } }],
        ['amount', { ...proof, batch: { ...proof.batch, leaf: { ...proof.batch.leaf, to: 1n } } }],
        ['batch', { ...proof, batch: { ...proof.batch, leaf: { ...proof.batch.leaf, units: 1 } } }],
        ['commit', { ...proof, batch: { ...proof.batch, number: 7 } }],
        ['transaction', { ...proof, transaction: { ...proof.transaction, hash: hashOf('another') } }]
      ]
      for (const [step, changed] of changes) {
        const report = await of(changed)
        expect(report.verdict, step).to.equal('disproved')
        expect(report.reasons[0]).to.match(new RegExp(`^${step}: `))
      }
    })
  })
})
