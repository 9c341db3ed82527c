/** The reader of receipts against the server that providers run, over real sockets, and against servers that lie. */
import { expect } from 'chai'
import { silentLog, systemClock } from 'openseam/components'
import { weiToBytes } from 'openseam/protocol/amounts'
import { receiptToWire } from 'openseam/protocol/convert'
import { type Bytes32, hexToBytes } from 'openseam/protocol/eth'
import { RECEIPTS_PER_PAGE_MAX, SESSION_RECEIPTS_MAX } from 'openseam/protocol/limits'
import type * as wire from 'openseam/protocol/pb'
import { receiptHash, type WorkReceipt } from 'openseam/protocol/typed-data'
import { verifyWork, workLeaf } from 'openseam/protocol/work-tree'
import { PendingVouchers } from '../../../node/settle/pending-vouchers.ts'
import { serveReceipts } from '../../../node/settle/receipt-server.ts'
import type { ChannelRow } from '../../../node/settle/voucher-book.ts'
import type { Host } from '../../../sdk/net/host.ts'
import { receiptProtocol } from '../../../sdk/net/protocols.ts'
import { type ReceiptReader, readReceipts } from '../../../sdk/net/receipt-fetch.ts'
import { ackOf, booksOver, rowOf, TestLeg } from '../../node/settle/support.ts'
import { clientSigner, domain, flakyStore, hash, legOpen, modelId, receiptsOf } from '../session/support.ts'
import { closeHosts, failure, host } from './support/peers.ts'

const client = clientSigner.account
const open = legOpen({ maxTo: 1_000_000 })
const all = receiptsOf(open, Array(300).fill(2))

describe('reading receipts', () => {
  afterEach(closeHosts)

  describe('from a provider', () => {
    let reader: ReceiptReader
    let root: Bytes32
    let owing: (row: ChannelRow) => ChannelRow[]

    beforeEach(async () => {
      const { legs, book, receipts } = await booksOver(flakyStore())
      await legs.open(rowOf(open), new TestLeg(1_000_000))
      await book.accept(ackOf([], all.slice(0, 200)), client)
      await book.accept(ackOf(all.slice(0, 200), all.slice(200)), client)
      owing = (row) => [row]
      root = book.channel(modelId, client)!.newest!.voucher.workRoot
      const pending = new PendingVouchers(() => owing(book.channel(modelId, client)!), systemClock)
      const server = await host()
      server.handle(receiptProtocol, (channel) => serveReceipts({ receipts, pending, log: silentLog }, channel))
      reader = await readReceipts(await host({ listen: [] }), server.peer, { domain, multiaddrs: server.multiaddrs() })
    })

    it('takes a session over several pages', async () => {
      const shown = await reader.ofSession(open.sessionId)
      expect(shown.map(({ receipt }) => receipt)).to.deep.equal(all)
      expect(shown.map((row) => row.hash)).to.deep.equal(all.map((receipt) => receiptHash(domain, receipt)))
      expect(await reader.ofSession(hash('another session'))).to.deep.equal([])
    })

    it('takes one by its name, or learns that it is not there, and goes on', async () => {
      const name = receiptHash(domain, all[7]!)
      expect(await reader.byHash(hash('no receipt'))).to.equal(undefined)
      const shown = await reader.byHash(name)
      expect(shown).to.include({ hash: name, index: 7 })
      expect(shown?.signature).to.match(/^0x[0-9a-f]{130}$/)
    })

    it('takes a channel from any place, and no more than it asks for', async () => {
      const of = async (index: number, max: number): Promise<number[]> =>
        (await reader.ofChannel({ client, modelId }, index, max)).map((row) => row.index)
      expect(await of(298, 10)).to.deep.equal([298, 299])
      expect(await of(3, 2)).to.deep.equal([3, 4])
      expect(await of(0, 299)).to.have.length(299)
      expect(await of(300, 1)).to.deep.equal([])
    })

    it('takes proofs that lead to the root, however many, with calls that overlap', async () => {
      const shown = await reader.ofChannel({ client, modelId }, 0, 150)
      const indexes = shown.map(({ index }) => index)
      const [paths, again] = await Promise.all([
        reader.prove({ client, modelId }, root, indexes),
        reader.prove({ client, modelId }, root, [149])
      ])
      for (const [i, row] of shown.entries()) {
        expect(verifyWork(root, workLeaf(row.hash, row.cumAfter), row.index, paths[i]!), `place ${i}`).to.equal(true)
      }
      expect(again[0]).to.deep.equal(paths[149])
      expect((await failure(reader.prove({ client, modelId }, hash('no root'), [0]))).code).to.equal('RECEIPT_UNKNOWN')
      expect((await failure(reader.prove({ client, modelId }, root, [300]))).code).to.equal('BAD_REQUEST')
      expect(await reader.byHash(shown[0]!.hash)).to.deep.equal(shown[0])
    })

    it('takes the newest voucher of each channel over several pages, and no more than it asks for', async () => {
      const inModel = (row: ChannelRow, place: number): ChannelRow => {
        const { voucher, signature } = row.newest!
        return { ...row, newest: { voucher: { ...voucher, modelId: hash(`model ${place}`) }, signature }, place }
      }
      owing = (row) => Array.from({ length: 300 }, (_, i) => inModel(row, 900 - 3 * i))
      const shown = await reader.pendingVouchers(1_000)
      expect(shown.map(({ voucher }) => voucher.modelId)).to.deep.equal(shown.map((_, i) => hash(`model ${900 - 3 * i}`)))
      expect(shown).to.have.length(300)
      expect(shown[0]?.voucher).to.include({ client, workRoot: root })
      expect(await reader.pendingVouchers(258)).to.deep.equal(shown.slice(0, 258))
    })

    it('does not outrun the quota', async () => {
      const found = await Promise.all(Array.from({ length: 120 }, () => reader.byHash(hash('no receipt'))))
      expect(found.every((row) => row === undefined)).to.equal(true)
    })
  })

  describe('from a peer that lies', () => {
    const row = (receipt: WorkReceipt, changes: Partial<wire.ServedReceipt> = {}): wire.ServedReceipt => ({
      client: hexToBytes(receipt.client),
      provider: hexToBytes(receipt.provider),
      modelId: hexToBytes(receipt.modelId),
      receipt: receiptToWire(receipt),
      signature: new Uint8Array(0),
      index: receipt.seq,
      cumAfter: weiToBytes(receipt.amount),
      ...changes
    })
    const page = (...receipts: wire.ServedReceipt[]): wire.ReceiptReply => ({ page: { receipts, more: false } })
    const [first, second] = all as [WorkReceipt, WorkReceipt]
    const other = { ...second, sessionId: hash('another session') }

    let server: Host
    let reader: ReceiptReader
    const answering = async (answer: (request: wire.ReceiptRequest) => wire.ReceiptReply): Promise<void> => {
      server = await host()
      server.handle(receiptProtocol, async (channel) => {
        for await (const request of channel.receive()) await channel.send(answer(request))
      })
      reader = await readReceipts(await host({ listen: [] }), server.peer, { domain, multiaddrs: server.multiaddrs() })
    }

    const session = (): Promise<unknown> => reader.ofSession(open.sessionId)
    const channel = (): Promise<unknown> => reader.ofChannel({ client, modelId }, 0, 2)
    const pending = (): Promise<unknown> => reader.pendingVouchers(2)
    const { voucher } = ackOf([], all.slice(0, 1)) as { voucher: wire.Voucher }
    const held = (place: number, changes: Partial<wire.Voucher> = {}): wire.PendingVoucher => ({
      voucher: { ...voucher, ...changes },
      place
    })
    const vouchers = (...shown: wire.PendingVoucher[]): wire.ReceiptReply => ({ pending: { vouchers: shown, more: false } })
    const elsewhere = { modelId: hexToBytes(hash('another model')) }
    const lies: [what: string, reply: wire.ReceiptReply, code: string, asking: () => Promise<unknown>][] = [
      ['another receipt than the one named', page(row(second)), 'WIRE_ORDER', () => reader.byHash(receiptHash(domain, first))],
      ['two for one', page(row(first), row(second)), 'WIRE_ORDER', () => reader.byHash(receiptHash(domain, first))],
      ['a receipt of another session', page(row(first), row(other)), 'WIRE_ORDER', session],
      ['a session out of order', page(row(second), row(first)), 'WIRE_ORDER', session],
      ['a receipt twice', page(row(first), row(first)), 'WIRE_ORDER', session],
      ['a channel with a hole', page(row(first), row(second, { index: 2 })), 'WIRE_ORDER', channel],
      ['more than was asked for', page(row(first), row(second), row(all[2]!)), 'WIRE_ORDER', channel],
      ['receipts of another client', page(row({ ...first, client: open.provider })), 'WIRE_ORDER', channel],
      ['proofs for a page', { proofs: { count: 1, paths: [] } }, 'WIRE_ORDER', session],
      ['a page for vouchers', page(row(first)), 'WIRE_ORDER', pending],
      ['vouchers for a page', vouchers(held(1)), 'WIRE_ORDER', session],
      ['vouchers out of order', vouchers(held(1), held(2, elsewhere)), 'WIRE_ORDER', pending],
      ['a channel’s voucher twice', vouchers(held(2), held(1)), 'WIRE_ORDER', pending],
      ['a voucher without a place', vouchers(held(0)), 'WIRE_ORDER', pending],
      ['more vouchers than were asked for', vouchers(held(3), held(2, elsewhere), held(1)), 'WIRE_ORDER', pending],
      ['a place without a voucher', vouchers({ place: 1 }), 'WIRE_MALFORMED', pending],
      ['half a signature under a voucher', vouchers(held(1, { signature: new Uint8Array(64) })), 'WIRE_MALFORMED', pending],
      ['a voucher of too much', vouchers(held(1, { cumulative: new Uint8Array(13).fill(1) })), 'WIRE_MALFORMED', pending],
      ['nothing at all', {}, 'WIRE_ORDER', session],
      ['no receipt in a receipt', page({ ...row(first), receipt: undefined }), 'WIRE_MALFORMED', session],
      ['a short account', page(row(first, { client: new Uint8Array(19) })), 'WIRE_MALFORMED', session],
      ['half a signature', page(row(first, { signature: new Uint8Array(64) })), 'WIRE_MALFORMED', session],
      ['an end that there is not', page(row({ ...first, end: 9 })), 'WIRE_MALFORMED', session],
      ['too much money', page(row(first, { cumAfter: new Uint8Array(13).fill(1) })), 'WIRE_MALFORMED', session],
      ['too few proofs', { proofs: { count: 1, paths: [] } }, 'WIRE_ORDER', () => reader.prove(open, hash('root'), [0])],
      [
        'a short path',
        { proofs: { count: 1, paths: [{ siblings: new Uint8Array(31 * 32) }] } },
        'WIRE_MALFORMED',
        () => reader.prove(open, hash('root'), [0])
      ]
    ]

    for (const [what, reply, code, asking] of lies) {
      it(`${what} is ${code}, and ends the stream`, async () => {
        await answering(() => reply)
        expect((await failure(asking())).code).to.equal(code)
        expect((await failure(reader.ofSession(open.sessionId))).code).to.equal(code)
      })
    }

    it('a session without an end is left', async () => {
      let served = 0
      await answering(({ session: asked }) => {
        const from = asked?.seq ?? 0
        const receipts = Array.from({ length: RECEIPTS_PER_PAGE_MAX }, (_, i) => row({ ...first, seq: from + i * 2 ** 20 }))
        served += receipts.length
        return { page: { receipts, more: true } }
      })
      expect((await failure(session())).code).to.equal('WIRE_TOO_LONG')
      expect(served).to.equal(SESSION_RECEIPTS_MAX)
    })

    it('a page that promises more and brings nothing is the last', async () => {
      await answering(({ session: asked }) => ({ page: { receipts: asked?.seq === 0 ? [row(first)] : [], more: true } }))
      expect(await session()).to.have.length(1)
    })

    it('a peer that says nothing is given up on', async () => {
      server = await host()
      server.handle(receiptProtocol, (stream) => stream.closed)
      const stop = new AbortController()
      const dialler = await host({ listen: [] })
      reader = await readReceipts(dialler, server.peer, { domain, multiaddrs: server.multiaddrs(), signal: stop.signal })
      const asking = failure(session())
      stop.abort()
      expect((await asking).code).to.equal('CANCELLED')
    })

    it('a peer that closes is said to have closed', async () => {
      server = await host()
      server.handle(receiptProtocol, async () => {})
      reader = await readReceipts(await host({ listen: [] }), server.peer, { domain, multiaddrs: server.multiaddrs() })
      expect((await failure(session())).code).to.equal('NET_CLOSED')
    })
  })
})
