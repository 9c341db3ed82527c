import { expect } from 'chai'
import { type Channel, silentLog, systemClock } from 'openseam/components'
import { weiFromBytes } from 'openseam/protocol/amounts'
import { bytesToHex, hexToBytes } from 'openseam/protocol/eth'
import { RECEIPTS_PER_PAGE_MAX, VOUCHER_FRAME_BYTES_MAX, WORK_PROOFS_PER_REPLY_MAX } from 'openseam/protocol/limits'
import * as pb from 'openseam/protocol/pb'
import { receiptHash } from 'openseam/protocol/typed-data'
import { verifyWork, workLeaf } from 'openseam/protocol/work-tree'
import { PendingVouchers } from '../../../node/settle/pending-vouchers.ts'
import { serveReceipts } from '../../../node/settle/receipt-server.ts'
import { channelPair, clientSigner, domain, flakyStore, hash, legOpen, modelId, receiptsOf } from '../../sdk/session/support.ts'
import { ackOf, booksOver, rowOf, TestLeg } from './support.ts'

const client = clientSigner.account
const name = { client: hexToBytes(client, 20), modelId: hexToBytes(modelId, 32) }

describe('receipts for everyone', () => {
  let ask: (request: pb.ReceiptRequest) => Promise<pb.ReceiptReply>
  let root: `0x${string}`
  let served: Promise<void>
  const open = legOpen({ maxTo: 1_000_000 })
  const all = receiptsOf(open, Array(400).fill(2))

  beforeEach(async () => {
    const { legs, book, receipts } = await booksOver(flakyStore())
    await legs.open(rowOf(open), new TestLeg(1_000_000))
    await book.accept(ackOf([], all.slice(0, 200)), client)
    await book.accept(ackOf(all.slice(0, 200), all.slice(200)), client)
    root = book.channel(modelId, client)!.newest!.voucher.workRoot
    const [ours, theirs] = channelPair<pb.ReceiptRequest, pb.ReceiptReply>()
    const pending = new PendingVouchers(() => book.channels(), systemClock)
    served = serveReceipts({ receipts, pending, log: silentLog }, theirs as Channel<pb.ReceiptReply, pb.ReceiptRequest>)
    served.catch(() => undefined)
    const replies = ours.receive()[Symbol.asyncIterator]()
    ask = async (request) => {
      await ours.send(request)
      return (await replies.next()).value as pb.ReceiptReply
    }
  })

  it('gives a session in pages, each within its frame', async () => {
    const session = { sessionId: hexToBytes(open.sessionId), leg: 0, seq: 0, max: 10_000 }
    const first = await ask({ session })
    expect(first.page?.receipts).to.have.length(RECEIPTS_PER_PAGE_MAX)
    expect(first.page?.more).to.equal(true)
    expect(pb.ReceiptReply.encode(first).length).to.be.below(VOUCHER_FRAME_BYTES_MAX)
    const second = await ask({ session: { ...session, seq: RECEIPTS_PER_PAGE_MAX } })
    expect(second.page?.receipts.map(({ index }) => index)).to.deep.equal(Array.from({ length: 144 }, (_, i) => 256 + i))
    expect(second.page?.more).to.equal(false)
  })

  it('gives a channel from any place, and one receipt by its name', async () => {
    const { page } = await ask({ channel: { ...name, index: 398, max: 5 } })
    expect(page?.receipts.map(({ index, receipt }) => [index, receipt?.seq])).to.deep.equal([
      [398, 398],
      [399, 399]
    ])
    expect(page?.receipts.every(({ signature }) => signature.length === 65)).to.equal(true)
  })

  it('proves what it gives, under the root of a voucher', async () => {
    const { page } = await ask({ channel: { ...name, index: 0, max: 64 } })
    const { proofs } = await ask({
      prove: { ...name, workRoot: hexToBytes(root), indexes: page!.receipts.map(({ index }) => index) }
    })
    expect(proofs?.count).to.equal(400)
    for (const [i, row] of page!.receipts.entries()) {
      const state = ackOf(all.slice(0, i), [all[i]!])
      expect(weiFromBytes(row.cumAfter)).to.equal(weiFromBytes(state.voucher!.cumulative))
      const siblings = Array.from({ length: 32 }, (_, k) => bytesToHex(proofs!.paths[i]!.siblings.slice(32 * k, 32 * k + 32)))
      expect(verifyWork(root, workLeaf(receiptHash(domain, all[i]!), weiFromBytes(row.cumAfter)), i, siblings)).to.equal(true)
    }
  })

  it('refuses what it does not have, and what is too much, and goes on', async () => {
    const refusals: [pb.ReceiptRequest, string][] = [
      [{ hash: { hash: hexToBytes(hash('none')) } }, 'RECEIPT_UNKNOWN'],
      [{ prove: { ...name, workRoot: hexToBytes(hash('none')), indexes: [0] } }, 'RECEIPT_UNKNOWN'],
      [{ prove: { ...name, workRoot: hexToBytes(root), indexes: [400] } }, 'BAD_REQUEST'],
      [{ prove: { ...name, workRoot: hexToBytes(root), indexes: Array(WORK_PROOFS_PER_REPLY_MAX + 1).fill(0) } }, 'BAD_REQUEST']
    ]
    for (const [request, code] of refusals) expect((await ask(request)).refused?.code).to.equal(code)
    const empty = await ask({ session: { sessionId: hexToBytes(hash('other session')), leg: 0, seq: 0, max: 1 } })
    expect(empty.page).to.deep.equal({ receipts: [], more: false })
    expect((await ask({ channel: { ...name, index: 0, max: 0 } })).page?.receipts).to.have.length(1)
  })

  for (const [what, request] of [
    ['nothing', {}],
    ['a short hash', { hash: { hash: new Uint8Array(31) } }],
    ['a long account', { channel: { ...name, client: new Uint8Array(21), index: 0, max: 1 } }]
  ] as [string, pb.ReceiptRequest][]) {
    it(`a request with ${what} ends the stream`, async () => {
      void ask(request)
      expect(await served.catch((error) => error.code)).to.equal('WIRE_MALFORMED')
    })
  }
})
