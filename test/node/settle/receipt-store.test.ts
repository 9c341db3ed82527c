import { expect } from 'chai'
import { memoryStore, silentLog } from 'openseam/components'
import { bytesToHex, hexToBytes } from 'openseam/protocol/eth'
import { EVIDENCE_AGE_MS, RECEIPT_KEEP_MS } from 'openseam/protocol/limits'
import { EndReason, recoverTyped, type WorkReceipt } from 'openseam/protocol/typed-data'
import { verifyWork, WorkTree, workLeaf } from 'openseam/protocol/work-tree'
import { keepRetention } from '../../../node/settle/retention.ts'
import {
  clientSigner,
  codeOfRejection,
  domain,
  flakyStore,
  hash,
  legOpen,
  modelId,
  provider,
  receiptsOf,
  TestClock
} from '../../sdk/session/support.ts'
import { ackOf, booksOver, NOW_MS, rowOf, TestLeg } from './support.ts'

const client = clientSigner.account
const channel = { modelId, client }
const DAY_MS = 24 * 3600_000

const setup = async (sizes: number[], store = flakyStore()) => {
  let nowMs = NOW_MS
  const books = await booksOver(store, undefined, () => nowMs)
  const open = legOpen({ maxTo: 1_000_000 })
  const all = receiptsOf(open, sizes)
  await books.legs.open(rowOf(open), new TestLeg(1_000_000))
  return { ...books, store, open, all, pass: (ms: number) => (nowMs += ms) }
}

describe('receipt store of the provider', () => {
  it('finds a receipt by its name, its session and its place, signed', async () => {
    const { book, receipts, all, open } = await setup([10, 5, 8])
    await book.accept(ackOf([], all.slice(0, 2)), client)
    await book.accept(ackOf(all.slice(0, 2), all.slice(2)), client)
    const third = await receipts.at(channel, 2)
    expect(third).to.include({ index: 2, cumAfter: all.reduce((sum, { amount }) => sum + amount, 0n) })
    expect(await receipts.byHash(third!.hash)).to.deep.equal(third)
    expect(await receipts.byHash(hash('none'))).to.equal(undefined)
    const seqs: number[] = []
    for await (const kept of receipts.ofSession(open.sessionId, 0, 1)) seqs.push(kept.receipt.seq)
    expect(seqs).to.deep.equal([1, 2])
    expect(recoverTyped(domain, 'WorkReceipt', third!.receipt, hexToBytes(third!.signature!))).to.equal(provider)
  })

  it('begins a page of a session where it is asked for, and reads nothing that lies before', async () => {
    const inner = memoryStore()
    let read = 0
    const counting: typeof inner = {
      ...inner,
      async *list(prefix, from) {
        for await (const row of inner.list(prefix, from)) {
          read += 1
          yield row
        }
      }
    }
    const { book, receipts, all, open } = await setup(Array(50).fill(3), flakyStore(counting))
    await book.accept(ackOf([], all), client)
    read = 0
    const seqs: number[] = []
    for await (const kept of receipts.ofSession(open.sessionId, 0, 47)) seqs.push(kept.receipt.seq)
    expect(seqs).to.deep.equal([47, 48, 49])
    expect(read).to.equal(3)
  })

  it('proves every receipt under every root that a voucher ever had', async () => {
    const { book, receipts, all } = await setup(Array(21).fill(3))
    for (let at = 0; at < all.length; at += 4) await book.accept(ackOf(all.slice(0, at), all.slice(at, at + 4)), client)
    const tree = new WorkTree()
    let total = 0n
    for (let count = 1; count <= all.length; count++) {
      const kept = await receipts.at(channel, count - 1)
      total += all[count - 1]!.amount
      tree.append(workLeaf(kept!.hash, total))
      const indexes = Array.from({ length: count }, (_, i) => i)
      const proved = receipts.prove(channel, tree.root(), indexes)
      if (count % 4 !== 0 && count !== all.length) {
        expect(await codeOfRejection(proved)).to.equal('RECEIPT_UNKNOWN') // no voucher had this root
        continue
      }
      const { count: stored, paths } = await proved
      expect(stored).to.equal(count)
      for (const [index, path] of paths.entries()) {
        const { hash: name, cumAfter } = (await receipts.at(channel, index))!
        expect(verifyWork(tree.root(), workLeaf(name, cumAfter), index, path)).to.equal(true)
      }
      expect(await codeOfRejection(receipts.prove(channel, tree.root(), [count]))).to.equal('BAD_REQUEST')
    }
  })

  it('is written before it is signed: a crash in between loses a signature, not its place', async () => {
    const store = flakyStore()
    const { book, all } = await setup([10, 5], store)
    let onDisk = false
    const inner = store.batch.bind(store)
    store.batch = async (writes, options) => {
      if (onDisk) throw new Error('killed') // the second write, of the signature, never lands
      await inner(writes, options)
      onDisk = true
    }
    const reply = await book.accept(ackOf([], all.slice(0, 1)), client)
    expect(reply.signatures[0]?.length).to.equal(0)
    store.batch = inner
    const again = await booksOver(store)
    const kept = await again.receipts.at(channel, 0)
    expect(kept?.signature).to.equal(undefined)
    const signature = await again.receipts.signatureOf(kept!)
    expect(recoverTyped(domain, 'WorkReceipt', all[0]!, signature)).to.equal(provider)
    expect((await again.receipts.at(channel, 0))?.signature).to.equal(bytesToHex(signature))
  })

  it('a place that is taken is refused to any other receipt, and a stranger cannot take those of another session', async () => {
    const { book, receipts, open, all } = await setup([10, 5])
    const stray: WorkReceipt = { ...all[0]!, leg: 9, seq: 0 } // a leg that is not known here: paid, not signed
    await book.accept(ackOf([], [stray]), client)
    expect(await codeOfRejection(receipts.requireFree({ ...stray, to: 3 }, hash('another')))).to.equal('none')
    await book.accept(ackOf([stray], [all[0]!]), client)
    expect(await codeOfRejection(receipts.requireFree({ ...all[0]!, end: EndReason.died }, hash('another')))).to.equal(
      'RECEIPT_MISMATCH'
    )
    const legs: number[] = []
    for await (const kept of receipts.ofSession(open.sessionId, 0, 0)) legs.push(kept.receipt.leg)
    expect(legs).to.deep.equal([0, 9])
  })

  it('drops whole runs once they are old and were settled for the evidence age, and proves the rest', async () => {
    const { book, receipts, store, all, pass } = await setup(Array(600).fill(1))
    for (let at = 0; at < all.length; at += 200) await book.accept(ackOf(all.slice(0, at), all.slice(at, at + 200)), client)
    const total = all.reduce((sum, { amount }) => sum + amount, 0n)
    const rows = async (): Promise<number> => {
      let count = 0
      for await (const _ of store.list('rc:')) count++
      return count
    }
    const prune = (settled: bigint): Promise<number> => receipts.prune(channel, settled, all.length)
    pass(RECEIPT_KEEP_MS)
    expect(await prune(total), 'seen settled for the first time').to.equal(0)
    pass(EVIDENCE_AGE_MS - 1)
    expect(await prune(total), 'too early').to.equal(0)
    pass(1)
    expect(await prune(total)).to.equal(512)
    expect(await rows()).to.equal(88)
    pass(DAY_MS * 100)
    expect(await prune(total), 'an unfinished run stays').to.equal(0)

    expect(await receipts.at(channel, 511)).to.equal(undefined)
    const { workRoot } = book.channel(modelId, client)!.newest!.voucher
    const { paths } = await receipts.prove(channel, workRoot, [512, 599])
    for (const [i, index] of [512, 599].entries()) {
      const { hash: name, cumAfter } = (await receipts.at(channel, index))!
      expect(verifyWork(workRoot, workLeaf(name, cumAfter), index, paths[i]!)).to.equal(true)
    }
    expect(await codeOfRejection(receipts.prove(channel, workRoot, [3]))).to.equal('RECEIPT_UNKNOWN')
    expect(
      (await book.accept(ackOf(all, receiptsOf(legOpen({ maxTo: 1e6 }), [...Array(600).fill(1), 5]).slice(600)), client)).count
    ).to.equal(601)
  })

  it('is looked over every hour, and a chain that is away only delays it', async () => {
    const { book, receipts, all, pass } = await setup(Array(256).fill(1))
    await book.accept(ackOf([], all), client)
    const clock = new TestClock()
    const stop = new AbortController()
    const total = all.reduce((sum, { amount }) => sum + amount, 0n)
    let asked = 0
    const settledOf = (): Promise<bigint> => (++asked === 2 ? Promise.reject(new Error('away')) : Promise.resolve(total))
    const done = keepRetention({ book, receipts, settledOf, clock, log: silentLog }, stop.signal)
    for (let hour = 0; hour < 3; hour++) {
      await clock.advance(3600_000)
      await new Promise((resolve) => setTimeout(resolve, 20))
      pass(RECEIPT_KEEP_MS)
    }
    stop.abort()
    await done
    expect(asked).to.equal(3)
    expect(await receipts.at(channel, 0)).to.equal(undefined)
  })

  it('drops nothing that is young or was not paid', async () => {
    const { book, receipts, all, pass } = await setup(Array(300).fill(1), flakyStore(memoryStore()))
    await book.accept(ackOf([], all.slice(0, 200)), client)
    await book.accept(ackOf(all.slice(0, 200), all.slice(200)), client)
    const total = all.reduce((sum, { amount }) => sum + amount, 0n)
    await receipts.prune(channel, total, 300)
    pass(EVIDENCE_AGE_MS)
    expect(await receipts.prune(channel, total, 300), 'young').to.equal(0)
    pass(RECEIPT_KEEP_MS)
    await receipts.prune(channel, 5n, 300)
    pass(RECEIPT_KEEP_MS)
    expect(await receipts.prune(channel, total, 300), 'an earlier pass saw only 5 wei settled').to.equal(0)
  })
})
