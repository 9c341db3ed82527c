import { expect } from 'chai'
import { memoryStore } from 'openseam/components'
import { ZERO_BYTES32 } from 'openseam/protocol/eth'
import { PRINT_BYTES } from 'openseam/protocol/fingerprint'
import { EndReason, type WorkReceipt } from 'openseam/protocol/typed-data'
import { LegBook, unpaidOf } from '../../../node/settle/legs.ts'
import { codeThrown, hash, legOpen, receiptsOf } from '../../sdk/session/support.ts'
import { PROMPT, rowOf, TestLeg } from './support.ts'

const open = legOpen()
const [first, second] = receiptsOf(open, [10, 5]) as [WorkReceipt, WorkReceipt]

const serving = async (sent = 15) => {
  const store = memoryStore()
  const legs = new LegBook(store)
  const live = new TestLeg(sent)
  await legs.open(rowOf(open), live)
  return { store, legs, live, row: (await legs.row(open.sessionId, open.leg))! }
}

describe('leg book: a drafted receipt', () => {
  it('of what was served is taken, and moves the row', async () => {
    const { legs, row } = await serving()
    expect(legs.check(row, first)).to.deep.equal({ ...row, ackedTo: 10, nextSeq: 1, end: 0 })
    expect(row.ackedTo).to.equal(0)
    expect(legs.check(legs.check(row, first), second)).to.deep.equal({ ...row, ackedTo: 15, nextSeq: 2, end: 0 })
  })

  const flips: [name: string, change: Partial<WorkReceipt>][] = [
    ['client', { client: `0x${'11'.repeat(20)}` }],
    ['model', { modelId: hash('another model') }],
    ['seq', { seq: 1 }],
    ['seq going back', { seq: -1 }],
    ['from', { from: 1 }],
    ['to beyond what was sent', { to: 16, amount: 96n }],
    ['to with the amount of less', { to: 11 }],
    ['to below from', { to: -1 }],
    ['to beyond maxTo', { to: 1_001 }],
    ['promptUnits', { promptUnits: 3 }],
    ['amount, one wei less', { amount: first.amount - 1n }],
    ['amount, one wei more', { amount: first.amount + 1n }],
    ['outputHash', { outputHash: hash('other words') }],
    ['kvHead', { kvHead: hash('never announced') }],
    ['fingerprint', { fingerprint: hash('fingerprint') }]
  ]
  for (const [name, change] of flips) {
    it(`is refused for its ${name}`, async () => {
      const { legs, row } = await serving()
      expect(codeThrown(() => legs.check(row, { ...first, ...change }))).to.equal('RECEIPT_MISMATCH')
    })
  }

  it('is refused when it is empty, unless it closes the leg', async () => {
    const { legs, row } = await serving()
    const [empty] = receiptsOf(open, [0]) as [WorkReceipt]
    expect(codeThrown(() => legs.check(row, empty))).to.equal('RECEIPT_MISMATCH')
    expect(legs.check(row, { ...empty, end: EndReason.cancelled })).to.include({ ackedTo: 0, end: EndReason.cancelled })
  })

  it('may name a chain head that was announced', async () => {
    const { legs, live, row } = await serving()
    live.heads.add(hash('head'))
    expect(legs.check(row, { ...first, kvHead: hash('head') }).ackedTo).to.equal(10)
    expect(legs.check(row, { ...first, kvHead: ZERO_BYTES32 }).ackedTo).to.equal(10)
  })

  it('may name the fingerprint of what was sent, which a client without prints leaves at zero', async () => {
    const { legs, live, row } = await serving()
    live.prints.put(PROMPT, new Uint8Array(PRINT_BYTES * 11))
    const fingerprint = live.fingerprint(first.from, first.to)
    expect(fingerprint).to.not.equal(ZERO_BYTES32)
    expect(legs.check(row, { ...first, fingerprint }).ackedTo).to.equal(10)
    expect(legs.check(row, first).ackedTo).to.equal(10)
    const next = legs.check(row, first)
    const another = { ...second, fingerprint } // of other positions
    expect(codeThrown(() => legs.check(next, another))).to.equal('RECEIPT_MISMATCH')
  })

  it('of a leg that is over pays, but is not to be signed when it accuses', async () => {
    const { legs, row } = await serving()
    const accusing = { ...first, outputHash: hash('never served'), fingerprint: hash('nor this') }
    expect(codeThrown(() => legs.check(row, accusing))).to.equal('RECEIPT_MISMATCH')
    expect(legs.signable(row, first)).to.equal(true)
    legs.retire(open.sessionId, open.leg)
    expect(legs.check(row, accusing).ackedTo).to.equal(10)
    expect([legs.signable(row, accusing), legs.signable(row, first)]).to.deep.equal([false, true])
  })

  it('after the closing one is refused', async () => {
    const { legs, row } = await serving()
    const closed = legs.check(row, { ...first, end: EndReason.finished })
    expect(codeThrown(() => legs.check(closed, second))).to.equal('RECEIPT_MISMATCH')
  })

  it('of an earlier run is held to all that is still known: range, units and price, not the words', async () => {
    const { store } = await serving()
    const legs = new LegBook(store)
    const row = (await legs.row(open.sessionId, open.leg))!
    expect(legs.check(row, { ...first, outputHash: hash('forgotten') }).ackedTo).to.equal(10)
    for (const change of [{ amount: 1n }, { promptUnits: 0 }, { from: 2 }, { to: 1_001 }, { seq: 4 }, { modelId: hash('x') }]) {
      expect(
        codeThrown(() => legs.check(row, { ...first, ...change })),
        JSON.stringify(Object.keys(change))
      ).to.equal('RECEIPT_MISMATCH')
    }
  })
})

describe('leg book: rows', () => {
  it('an acknowledgement reaches the running leg; one that closes is told to whoever listens', async () => {
    const { legs, live, row } = await serving()
    const closed: number[] = []
    legs.onClosed((at) => closed.push(at.end))
    const running = legs.check(row, first)
    legs.commit(running)
    expect(live.acknowledgements).to.deep.equal([running])
    expect(await legs.row(open.sessionId, open.leg)).to.deep.equal(running)
    expect(closed).to.deep.equal([])
    legs.commit({ ...running, end: EndReason.died })
    expect(closed).to.deep.equal([EndReason.died])
  })

  it('a closing voucher that comes after the leg was given up is told too', async () => {
    const { store, legs, row } = await serving()
    legs.retire(open.sessionId, open.leg)
    const closed: number[] = []
    legs.onClosed((at) => closed.push(at.ackedTo))
    const last = { ...legs.check(row, first), end: EndReason.silent }
    await store.batch([legs.write(last)])
    legs.commit(last)
    expect(closed).to.deep.equal([10])
    expect(await legs.row(open.sessionId, open.leg)).to.deep.equal(last)
  })

  it('what a leg still owes: from the last receipt to the last position sent, nothing once closed', () => {
    const row = rowOf(open)
    expect(unpaidOf(row, 0)).to.equal(0n)
    expect(unpaidOf(row, 10)).to.equal(4n * 3n + 6n * 7n)
    expect(unpaidOf({ ...row, ackedTo: 10 }, 12)).to.equal(14n)
    expect(unpaidOf({ ...row, ackedTo: 12 }, 10)).to.equal(0n)
    expect(unpaidOf({ ...row, end: EndReason.cancelled }, 10)).to.equal(0n)
  })
})
