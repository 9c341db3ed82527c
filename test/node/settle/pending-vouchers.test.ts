import { expect } from 'chai'
import { voucherFromWire } from 'openseam/protocol/convert'
import { VOUCHER_FRAME_BYTES_MAX, VOUCHERS_PER_PAGE_MAX } from 'openseam/protocol/limits'
import * as pb from 'openseam/protocol/pb'
import { PendingVouchers } from '../../../node/settle/pending-vouchers.ts'
import type { ChannelRow } from '../../../node/settle/voucher-book.ts'
import { clientSigner, flakyStore, hash, legOpen, modelId, provider, receiptsOf, TestClock } from '../../sdk/session/support.ts'
import { ackOf, booksOver, rowOf, TestLeg } from './support.ts'

const client = clientSigner.account
const rowAt = (place: number): ChannelRow => {
  const voucher = {
    client,
    provider,
    modelId: hash(`model ${place}`),
    cumulative: 2n ** 96n - 1n,
    units: Number.MAX_SAFE_INTEGER
  }
  const newest = { voucher: { ...voucher, workRoot: modelId }, signature: new Uint8Array(65).fill(1) }
  return { state: {} as ChannelRow['state'], newest, place: Number.MAX_SAFE_INTEGER - 1_000 + place }
}
const places = (page: pb.PendingPage): number[] => page.vouchers.map(({ place }) => place - Number.MAX_SAFE_INTEGER + 1_000)

describe('vouchers that are not settled yet', () => {
  it('come newest first, in pages that fit their frame', () => {
    const rows = Array.from({ length: 400 }, (_, i) => rowAt(800 - 2 * i))
    const pending = new PendingVouchers(() => rows, new TestClock())
    const first = pending.page({ before: 0, max: 10_000 })
    expect(first.vouchers).to.have.length(VOUCHERS_PER_PAGE_MAX)
    expect(first.more).to.equal(true)
    expect(pb.ReceiptReply.encode({ pending: first }).length).to.be.below(VOUCHER_FRAME_BYTES_MAX)
    const second = pending.page({ before: first.vouchers.at(-1)!.place, max: VOUCHERS_PER_PAGE_MAX })
    expect([...places(first), ...places(second)]).to.deep.equal(rows.map((_, i) => 800 - 2 * i))
    expect(second.more).to.equal(false)
    expect(pending.page({ before: second.vouchers.at(-1)!.place, max: 1 })).to.deep.equal({ vouchers: [], more: false })
    expect(pending.page({ before: 0, max: 0 }).vouchers).to.have.length(1)
  })

  it('are looked up once a second, however many ask', async () => {
    const clock = new TestClock()
    let looks = 0
    const pending = new PendingVouchers(() => (looks++ === 0 ? [] : [rowAt(1)]), clock)
    for (let i = 0; i < 100; i++) expect(pending.page({ before: 0, max: 1 }).vouchers).to.have.length(0)
    await clock.advance(1_000)
    expect(places(pending.page({ before: 0, max: 1 }))).to.deep.equal([1])
    expect(looks).to.equal(2)
  })

  it('have a place that rises with each voucher that is taken', async () => {
    const { legs, book } = await booksOver(flakyStore())
    const open = legOpen({ maxTo: 1_000 })
    const [first, second] = receiptsOf(open, [2, 2])
    await legs.open(rowOf(open), new TestLeg(1_000))
    const taken: pb.PendingPage[] = []
    for (const [before, receipt] of [
      [[], first!],
      [[first!], second!]
    ] as const) {
      await book.accept(ackOf([...before], [receipt]), client)
      taken.push(new PendingVouchers(() => book.channels(), new TestClock()).page({ before: 0, max: 9 }))
    }
    expect(taken.map(({ vouchers }) => vouchers.map(({ place }) => place))).to.deep.equal([[1], [2]])
    const [shown] = taken[1]!.vouchers
    expect(voucherFromWire(shown!.voucher!)).to.deep.equal(book.channel(modelId, client)!.newest)
  })
})
