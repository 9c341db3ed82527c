import { expect } from 'chai'
import { memoryStore, type Store } from 'openseam/components'
import { ChannelState } from 'openseam/protocol/channel'
import { receiptFromWire, voucherFromWire, voucherToWire } from 'openseam/protocol/convert'
import { bytesToHex, hexToBytes } from 'openseam/protocol/eth'
import { decodeJson } from 'openseam/protocol/json'
import { RECEIPTS_PER_ACK_MAX } from 'openseam/protocol/limits'
import { digest, recoverTyped, type WorkReceipt } from 'openseam/protocol/typed-data'
import type { StoredReceipt } from 'openseam/session/book'
import { ChannelBook } from 'openseam/session/channel-book'
import { localSigner } from 'openseam/session/wallet'
import { WriteQueue } from 'openseam/session/write-queue'
import {
  clientSigner,
  codeOfRejection,
  domain,
  hash,
  key,
  legOpen,
  modelId,
  provider,
  providerPeer,
  receiptsOf
} from './support.ts'

const load = (store: Store): Promise<ChannelBook> =>
  ChannelBook.load({ domain, signer: clientSigner, queue: new WriteQueue(store), provider, modelId, peer: providerPeer })
const receipts = receiptsOf(legOpen(), [5, 3, 4, 2])
const [first, second, third, fourth] = receipts as [WorkReceipt, WorkReceipt, WorkReceipt, WorkReceipt]

/** Appends, writes and tells the book so. */
const add = async (book: ChannelBook, store: Store, ...list: WorkReceipt[]): Promise<void> => {
  const { writes, stored } = book.append(list)
  await store.batch(writes)
  stored()
}

/** What a provider that stored these receipts says of the channel. */
const stateOf = (list: WorkReceipt[], signer = clientSigner) => {
  const state = new ChannelState({ client: clientSigner.account, provider, modelId })
  for (const receipt of list) state.append(domain, receipt)
  const voucher = state.voucher()
  const signature = signer.sign(digest(domain, 'Voucher', voucher))
  const newest = list.length === 0 ? undefined : voucherToWire({ voucher, signature })
  return { modelId: hexToBytes(modelId, 32), newest, tree: state.tree.toBytes() }
}

describe('channel book of the client', () => {
  it('offers nothing before it is stored', async () => {
    const store = memoryStore()
    const book = await load(store)
    const { writes, stored } = book.append([first])
    expect(book.ack(0)).to.equal(null)
    await store.batch(writes)
    expect(book.ack(0)).to.equal(null)
    stored()
    expect(book.ack(0)?.count).to.equal(1)
  })

  it('offers what is stored while something newer is not', async () => {
    const store = memoryStore()
    const book = await load(store)
    await add(book, store, first)
    book.append([second])
    const ack = book.ack(0)
    expect(ack?.count).to.equal(1)
    expect(ack?.appended).to.have.length(1)
    expect(voucherFromWire(ack!.voucher!).voucher.cumulative).to.equal(first.amount)
  })

  it('one voucher covers everything appended, in its order, and bears the signature of the account', async () => {
    const store = memoryStore()
    const book = await load(store)
    await add(book, store, first)
    await add(book, store, second, third)
    const ack = book.ack(0)!
    const parties = { client: clientSigner.account, provider, modelId }
    expect(ack.appended.map((draft) => receiptFromWire(draft, parties))).to.deep.equal([first, second, third])
    const { voucher, signature } = voucherFromWire(ack.voucher!)
    expect(voucher).to.deep.equal(voucherFromWire(stateOf([first, second, third]).newest!).voucher)
    expect(voucher.cumulative).to.equal(first.amount + second.amount + third.amount)
    expect(voucher.units).to.equal(12)
    expect(recoverTyped(domain, 'Voucher', voucher, signature)).to.equal(clientSigner.account)
  })

  it('sends only what was not sent, and nothing twice', async () => {
    const store = memoryStore()
    const book = await load(store)
    await add(book, store, first, second)
    expect(book.ack(1)?.appended).to.have.length(1)
    expect(book.ack(2)).to.equal(null)
    await book.confirm(1, [key('s')])
    expect(book.ack(1)?.appended).to.have.length(1)
    expect(book.undelivered).to.equal(1)
  })

  it('keeps the provider’s signatures with the receipts they are for', async () => {
    const store = memoryStore()
    const book = await load(store)
    await add(book, store, first, second, third)
    await book.confirm(2, [key('a'), key('b')])
    await book.confirm(3, [key('c')])
    const rows: StoredReceipt[] = []
    for await (const [, value] of store.list('rc:')) rows.push(decodeJson<StoredReceipt>(value))
    expect(rows.map((row) => row.signature)).to.deep.equal(['a', 'b', 'c'].map((name) => bytesToHex(key(name))))
    expect(rows.map((row) => row.receipt)).to.deep.equal([first, second, third])
    expect(rows.map((row) => row.cumAfter)).to.deep.equal([
      first.amount,
      first.amount + second.amount,
      first.amount + second.amount + third.amount
    ])
  })

  it('believes no confirmation of what does not exist, and none twice', async () => {
    const store = memoryStore()
    const book = await load(store)
    await add(book, store, first, second)
    await book.confirm(3, [key('a')])
    expect(book.undelivered).to.equal(2)
    await book.confirm(1, [key('a')])
    await book.confirm(1, [key('b')])
    expect(book.undelivered).to.equal(1)
  })

  it('comes back from disk as it was stored: total, root, what waits', async () => {
    const store = memoryStore()
    const book = await load(store)
    await add(book, store, first, second, third)
    await book.confirm(1, [key('a')])
    book.append([fourth]) // never reached the disk
    const back = await load(store)
    expect(back.undelivered).to.equal(2)
    expect(back.state.count).to.equal(3)
    expect(back.ack(1)).to.deep.equal({ ...stateAck([first, second, third]), appended: book.ack(1)!.appended })
  })

  const stateAck = (list: WorkReceipt[]) => ({ voucher: stateOf(list).newest, count: list.length })

  it('remembers the peer that a voucher is to be brought to', async () => {
    const store = memoryStore()
    const book = await load(store)
    book.peer = hash('another peer of the provider') as typeof providerPeer
    await add(book, store, first)
    expect((await load(store)).peer).to.equal(book.peer)
  })

  it('sends a long queue in messages of bounded size, each under a voucher of its own', async () => {
    const store = memoryStore()
    const book = await load(store)
    const many = receiptsOf(legOpen({ maxTo: 10_000 }), new Array(RECEIPTS_PER_ACK_MAX + 3).fill(2))
    await add(book, store, ...many)
    const one = book.ack(0)!
    expect(one.appended).to.have.length(RECEIPTS_PER_ACK_MAX)
    expect(one.voucher).to.deep.equal(stateOf(many.slice(0, RECEIPTS_PER_ACK_MAX)).newest)
    await book.confirm(one.count, [])
    const two = book.ack(one.count)!
    expect(two.appended).to.have.length(3)
    expect(two.voucher).to.deep.equal(stateOf(many).newest)
  })

  it('refuses to go on when a receipt that waits is gone from the disk', async () => {
    const store = memoryStore()
    const book = await load(store)
    await add(book, store, first, second)
    const keys: string[] = []
    for await (const [name] of store.list('rc:')) keys.push(name)
    await store.batch([{ del: keys[1]! }])
    expect(await codeOfRejection(load(store))).to.equal('STORE_CORRUPT')
  })
})

describe('channel book: what the provider has', () => {
  it('a prefix of ours: the rest is sent', async () => {
    const store = memoryStore()
    const book = await load(store)
    await add(book, store, first, second, third)
    expect(await book.reconcile(stateOf([first, second]))).to.equal(2)
    expect(book.undelivered).to.equal(1)
    expect(book.ack(2)?.appended).to.have.length(1)
    expect((await load(store)).undelivered).to.equal(1)
  })

  it('nothing yet: all is sent', async () => {
    const store = memoryStore()
    const book = await load(store)
    await add(book, store, first, second)
    expect(await book.reconcile(stateOf([]))).to.equal(0)
    expect(book.ack(0)?.appended).to.have.length(2)
  })

  it('more than ours, since our disk is gone: it is adopted, stored, and built upon', async () => {
    const store = memoryStore()
    const book = await load(store)
    expect(await book.reconcile(stateOf([first, second, third]))).to.equal(3)
    expect(book.undelivered).to.equal(0)
    expect(book.ack(3)).to.equal(null)
    const back = await load(store)
    await add(back, store, fourth)
    const ack = back.ack(3)!
    expect(ack.appended).to.have.length(1)
    expect(ack.voucher).to.deep.equal(stateOf(receipts).newest)
  })

  it('less than it had confirmed, since its disk is gone: it gets everything again', async () => {
    const store = memoryStore()
    const book = await load(store)
    await add(book, store, first, second, third)
    await book.confirm(3, [key('a'), key('b'), key('c')])
    await add(book, store, fourth)
    const back = await load(store)
    expect(await back.reconcile(stateOf([first]))).to.equal(1)
    expect(back.undelivered).to.equal(3)
    const ack = back.ack(1)!
    expect(ack.appended).to.have.length(3)
    expect(ack.voucher).to.deep.equal(stateOf(receipts).newest)
  })

  it('adopts nothing that we did not sign', async () => {
    const other = localSigner(key('somebody'))
    const theirs = stateOf([first, second])
    const cases = {
      'another key': stateOf([first, second], other),
      'another tree': { ...theirs, tree: stateOf([second, first]).tree },
      'another model': { ...theirs, newest: { ...theirs.newest!, modelId: hexToBytes(hash('other model'), 32) } },
      'another amount': { ...theirs, newest: { ...theirs.newest!, cumulative: Uint8Array.of(1) } },
      'another client': { ...theirs, newest: { ...theirs.newest!, client: hexToBytes(other.account, 20) } }
    }
    for (const [name, state] of Object.entries(cases)) {
      const store = memoryStore()
      const book = await load(store)
      expect(await codeOfRejection(book.reconcile(state)), name).to.equal('VOUCHER_SIGNATURE')
      expect(book.state.count, name).to.equal(0)
      expect(await store.get(`ch:${provider}:${modelId}`), name).to.equal(undefined)
    }
    expect(await codeOfRejection((await load(memoryStore())).reconcile({ ...theirs, newest: undefined }))).to.equal(
      'VOUCHER_MISSING'
    )
  })
})
