import { expect } from 'chai'
import { SeamError } from 'openseam/protocol/errors'
import { EndReason } from 'openseam/protocol/typed-data'
import type { Books } from '../../../node/audit/books.ts'
import { printSession } from '../../../node/audit/print-session.ts'
import { auditSession, type SessionReport } from '../../../node/audit/session-audit.ts'
import type { ReceiptSource } from '../../../node/audit/source.ts'
import { noPaint } from '../../../node/lib/table.ts'
import { hashOf, type Market, OPEN, type Person, startMarket } from '../../contracts/market.ts'
import { booksOf, PRICE, session, TestChannel } from './support.ts'

const unsettled = hashOf('unsettled session')
const shared = hashOf('shared id')

describe('the audit of a session', function () {
  this.timeout(120_000)
  let market: Market
  let books: Books
  let client: Person
  let stranger: TestChannel
  const channels: TestChannel[] = []

  /** Moved twice: the first provider died and never signed its last words, the second drained, the third finished. */
  before(async () => {
    market = await startMarket()
    client = await market.person('client')
    await client.ledger.deposit(client.wallet.address, 100n * OPEN)
    for (const name of ['first', 'second', 'third']) channels.push(new TestChannel(market, await market.person(name), client))
    const [first, second, third] = channels as [TestChannel, TestChannel, TestChannel]
    first.add({ leg: 0, seq: 0, from: 0, to: 32 })
    await first.settle()
    first.add({ leg: 0, seq: 1, from: 32, to: 64 })
    first.add({ leg: 0, seq: 2, from: 64, to: 71, end: 'died' }, false)
    first.add({ leg: 0, seq: 0, from: 0, to: 9, sessionId: hashOf('another session') })
    second.add({ leg: 1, seq: 0, from: 71, to: 96 })
    second.add({ leg: 1, seq: 1, from: 96, to: 96, end: 'drained' })
    third.add({ leg: 3, seq: 0, from: 96, to: 128 })
    third.add({ leg: 3, seq: 1, from: 128, to: 150, end: 'finished' })
    for (const channel of channels) await channel.settle()
    third.add({ leg: 0, seq: 0, from: 0, to: 32, sessionId: unsettled })

    const other = await market.person('another client')
    await other.ledger.deposit(other.wallet.address, 100n * OPEN)
    stranger = new TestChannel(market, await market.person('stranger'), other)
    stranger.add({ leg: 0, seq: 0, from: 0, to: 5, end: 'finished', sessionId: shared })
    await stranger.settle()
    first.add({ leg: 0, seq: 0, from: 0, to: 40, end: 'finished', sessionId: shared })
    await first.settle()
    books = booksOf(market)
  })
  after(() => market.close())

  const honest = (): ReceiptSource[] => channels.map((channel, i) => channel.source(`peer ${i}`))
  const audit = (sources: ReceiptSource[], id = session): Promise<SessionReport> => auditSession(id, sources, books)
  const [first, second, third] = [0, 1, 2].map((i) => () => channels[i] as TestChannel) as [
    () => TestChannel,
    () => TestChannel,
    () => TestChannel
  ]

  it('proves every position of a session that moved twice, and says who made it and why each leg ended', async () => {
    const report = await audit(honest())
    expect(report).to.deep.include({ verdict: 'proved', reasons: [], silent: [], left: [], client: client.wallet.address })
    expect(
      report.story.legs.map(({ leg, from, to, amount, paid, end, endBy }) => [leg, from, to, amount, paid, end, endBy])
    ).to.deep.equal([
      [0, 0, 71, 71n * PRICE, 71n * PRICE, 'died', 'paid'],
      [1, 71, 96, 25n * PRICE, 25n * PRICE, 'drained', 'paid'],
      [3, 96, 150, 54n * PRICE, 54n * PRICE, 'finished', 'paid']
    ])
    expect(report.story.handOvers.map(({ at, from, to }) => [at, from.leg, from.end, to.leg])).to.deep.equal([
      [71, 0, 'died', 1],
      [96, 1, 'drained', 3]
    ])
    expect(report.story.legs[0]?.batches).to.deep.equal([0, 1])
    const text = printSession(report, noPaint)
    expect(text).to.include('at 71 leg 0 ended (died), and leg 1 went on').and.to.include('proved: 150 positions, 0.15 OPEN')
  })

  it('cannot tell while a provider is away: the gap is named', async () => {
    const away = second().source('away', { ofSession: () => Promise.reject(new SeamError('NET_TIMEOUT', 'silent')) })
    const report = await audit([first().source('a'), away, third().source('c')])
    expect(report.verdict).to.equal('unknown')
    expect(report.reasons).to.deep.equal(['cover: nobody shows who made positions 71 to 96'])
    expect(report.silent).to.deep.equal([{ source: 'away', code: 'NET_TIMEOUT' }])
  })

  it('cannot tell where the end is not shown, and says an end to be unknown where nobody has to show it', async () => {
    const hiding = (channel: TestChannel, count: number): ReceiptSource =>
      channel.source('hiding', {
        ofSession: async (id) => channel.rows.filter(({ receipt }) => receipt.sessionId === id).slice(0, count)
      })
    const open = await audit([first().source('a'), second().source('b'), hiding(third(), 1)])
    expect([open.verdict, open.reasons]).to.deep.equal(['unknown', ['end: nobody shows the end of leg 3: there may be more']])
    const moved = await audit([first().source('a'), hiding(second(), 1), third().source('c')])
    expect(moved).to.deep.include({ verdict: 'proved' })
    expect(moved.story.legs[1]).to.include({ end: null, endBy: null })
    expect(printSession(moved, noPaint)).to.include('for a reason that nobody shows')
  })

  it('cannot tell of what is not settled yet, or what nobody knows', async () => {
    const report = await audit(honest(), unsettled)
    expect(report.verdict).to.equal('unknown')
    expect(report.reasons[0]).to.equal('receipt 0/0 is unsettled: no batch has paid it yet')
    const nobody = await audit(honest(), hashOf('no session'))
    expect([nobody.verdict, nobody.reasons]).to.deep.equal(['unknown', ['nobody who was asked shows a receipt of this session']])
  })

  /** What `second` shows with one of its receipts changed; nobody else shows that one. */
  const lying = (changes: (row: TestChannel['rows'][number]) => object, lie: object = {}): Promise<SessionReport> => {
    const [row, ...rest] = second().rows
    const shown = second().altered(row!, changes(row!))
    return audit([
      first().source('a'),
      second().source('liar', { ofSession: async () => [shown, ...rest], ...lie }),
      third().source('c')
    ])
  }

  it('names the step at which a lie fails, and who told it', async () => {
    const receiptWith = (changes: object) => (row: TestChannel['rows'][number]) => ({
      receipt: { ...row.receipt, ...changes },
      signature: null
    })
    const lies: [step: string, report: Promise<SessionReport>][] = [
      ['signature', lying(() => ({ signature: `0x${'00'.repeat(65)}` }))],
      ['signer', lying(() => ({ signature: first().rows[0]!.signature }))],
      ['work', lying(() => ({ index: 1 }))],
      ['work', lying(({ cumAfter }) => ({ cumAfter: cumAfter - 1n }))],
      ['work', lying(receiptWith({ amount: 1n }))],
      ['work', lying(receiptWith({ provider: first().provider.wallet.address, from: 70 }))],
      ['work', lying(() => ({}), { prove: async () => [Array(32).fill(hashOf('made up'))] })]
    ]
    for (const [step, told] of lies) {
      const report = await told
      expect(report.verdict, step).to.equal('disproved')
      expect(report.reasons[0]).to.match(new RegExp(`^receipt 1/0, as liar shows it: ${step}: `))
      expect(printSession(report, noPaint)).to.include('disproved: receipt 1/0')
    }
  })

  it('proves what is true beside any lie, and tells of the lie', async () => {
    const row = third().rows[1]!
    const made = (changes: object, signature: typeof row.signature = null) =>
      third().altered(row, { receipt: { ...row.receipt, ...changes }, signature })
    const lies = [
      made({ amount: 1n }), // in the place of one that is proved
      made({ leg: 4, seq: 0, from: 150, to: 180 }), // goes on where it ended, unsigned
      made({ leg: 1, seq: 2, from: 96, to: 96, amount: 0n, end: EndReason.died }), // after the end of its leg
      made({ leg: 9, seq: 0, from: 500, to: 600 }, row.signature) // signed by nobody it could be of
    ]
    const liar = third().source('liar', { ofSession: async () => lies })
    const report = await audit([liar, ...honest()])
    expect(report).to.deep.include({ verdict: 'proved', reasons: [] })
    expect(report.left.map(({ source }) => source)).to.deep.equal(lies.map(() => 'liar'))
    expect(report.left.at(-1)?.detail ?? '').to.match(/^signer: /)
    expect(printSession(report, noPaint)).to.include('is no part of it')
  })

  it('cannot be told that a session is over by who is no part of it', async () => {
    const row = third().rows[1]!
    const receipt = { ...row.receipt, from: 128, to: 128, amount: 0n }
    const end = third().altered(row, { receipt, signature: null, cumAfter: row.cumAfter + 1n })
    const liar = third().source('liar', { ofSession: async () => [third().rows[0]!, end] })
    const report = await audit([first().source('a'), second().source('b'), liar])
    expect(report.verdict).to.equal('unknown')
    expect(report.reasons[0]).to.match(/^end: that leg 3 ended \(finished\) is neither paid nor signed/)
    expect(report.story.legs[2]?.endBy).to.equal('shown')
  })

  it('disproves a session of which one stretch was paid twice', async () => {
    const again = new TestChannel(market, await market.person('fourth'), client)
    again.add({ leg: 4, seq: 0, from: 140, to: 160, end: 'finished' })
    await again.settle()
    const report = await auditSession(session, [...honest(), again.source('d')], booksOf(market))
    expect(report.verdict).to.equal('disproved')
    expect(report.reasons).to.deep.equal(['cover: receipt 4/0 is about positions that another receipt has'])
  })

  it('asks whose session it is, where two clients paid under one id', async () => {
    const sources = [first().source('a'), stranger.source('s')]
    const report = await audit(sources, shared)
    expect(report).to.deep.include({ verdict: 'unknown', client: null })
    expect(report.reasons[0]).to.include('name one with --client')
    const named = await auditSession(shared, sources, books, client.wallet.address)
    expect(named).to.deep.include({ verdict: 'proved', client: client.wallet.address })
    expect(named.left.map(({ receipt }) => receipt.client)).to.deep.equal([stranger.client.wallet.address])
  })
})
