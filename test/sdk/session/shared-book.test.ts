/** One channel, kept by two clients of a wallet over one store: in memory, and over two connections to PostgreSQL. */
import { expect } from 'chai'
import { type SharedStore, type StoreWrite, silentLog, systemClock } from 'openseam/components'
import { ChannelState } from 'openseam/protocol/channel'
import { receiptFromWire, voucherFromWire, voucherToWire } from 'openseam/protocol/convert'
import { bytesToHex, hexToBytes } from 'openseam/protocol/eth'
import { decodeJson } from 'openseam/protocol/json'
import { digest, type WorkReceipt } from 'openseam/protocol/typed-data'
import type { StoredReceipt } from 'openseam/session/book'
import { SharedBook } from 'openseam/session/shared-book'
import { WriteQueue } from 'openseam/session/write-queue'
import { openPostgresStore } from '../../../node/lib/postgres-store.ts'
import { postgresHere } from '../../node/lib/postgres.ts'
import { sharedMemoryStore } from '../../node/lib/shared-memory-store.ts'
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

const [a0, a1, a2, a3] = receiptsOf(legOpen({ sessionId: hash('one') }), [5, 3, 4, 2]) as WorkReceipt[] as Four
const [b0, b1, b2] = receiptsOf(legOpen({ sessionId: hash('two') }), [6, 2, 7]) as WorkReceipt[] as Four
type Four = [WorkReceipt, WorkReceipt, WorkReceipt, WorkReceipt]
const parties = { client: clientSigner.account, provider, modelId }

const load = (store: SharedStore): Promise<SharedBook> =>
  SharedBook.load({ domain, signer: clientSigner, queue: new WriteQueue(store), provider, modelId, peer: providerPeer })

const add = async (book: SharedBook, store: SharedStore, ...receipts: WorkReceipt[]): Promise<void> => {
  const { writes, stored } = book.append(receipts)
  await store.batch(writes)
  await stored()
}

/** What a provider that stored these receipts says of the channel. */
const stateOf = (list: WorkReceipt[]) => {
  const state = new ChannelState(parties)
  for (const receipt of list) state.append(domain, receipt)
  const voucher = state.voucher()
  const newest = voucherToWire({ voucher, signature: clientSigner.sign(digest(domain, 'Voucher', voucher)) })
  return { modelId: hexToBytes(modelId, 32), newest: list.length === 0 ? undefined : newest, tree: state.tree.toBytes() }
}

const sent = (book: SharedBook, from: number): { receipts: WorkReceipt[]; total: bigint; count: number } | null => {
  const ack = book.ack(from)
  if (ack === null) return null
  const { voucher } = voucherFromWire(ack.voucher!)
  return { receipts: ack.appended.map((draft) => receiptFromWire(draft, parties)), total: voucher.cumulative, count: ack.count }
}
const sum = (...receipts: WorkReceipt[]): bigint => receipts.reduce((wei, { amount }) => wei + amount, 0n)

const sharedBooks = (open: () => Promise<[SharedStore, SharedStore]>): void => {
  let ours: SharedStore
  let theirs: SharedStore
  beforeEach(async () => {
    ;[ours, theirs] = await open()
  })
  afterEach(async () => {
    await ours.close()
    await theirs.close()
  })
  const rows = async (): Promise<StoredReceipt[]> => {
    const found: StoredReceipt[] = []
    for await (const [, value] of ours.list('rc:')) found.push(decodeJson<StoredReceipt>(value))
    return found
  }

  it('signs and offers nothing before it is committed', async () => {
    const book = await load(ours)
    const { writes, hashes, stored } = book.append([a0])
    expect(hashes).to.have.length(1)
    expect(book.ack(0)).to.equal(null)
    await ours.batch(writes)
    expect(book.ack(0)).to.equal(null)
    await stored()
    expect(sent(book, 0)).to.deep.equal({ receipts: [a0], total: sum(a0), count: 1 })
  })

  it('appends behind what the other stored, and brings along what the provider has not confirmed', async () => {
    const mine = await load(ours)
    const other = await load(theirs)
    await add(mine, ours, a0)
    await add(other, theirs, b0)
    await add(mine, ours, a1)
    expect(sent(other, 0)).to.deep.equal({ receipts: [a0, b0], total: sum(a0, b0), count: 2 })
    expect(sent(mine, 1)).to.deep.equal({ receipts: [b0, a1], total: sum(a0, b0, a1), count: 3 })
    const stored = await rows()
    expect(stored.map(({ receipt }) => receipt)).to.deep.equal([a0, b0, a1])
    expect(stored.map(({ cumAfter }) => cumAfter)).to.deep.equal([sum(a0), sum(a0, b0), sum(a0, b0, a1)])
  })

  it('goes on from what the other delivered, and keeps the signatures that come late', async () => {
    const mine = await load(ours)
    const other = await load(theirs)
    await add(mine, ours, a0)
    await add(other, theirs, b0)
    await other.confirm(2, [key('b0')]) // the first was signed to us, and that answer is still on its way
    await add(mine, ours, a1)
    expect(mine.undelivered).to.equal(1)
    expect(sent(mine, 0)).to.deep.equal({ receipts: [a1], total: sum(a0, b0, a1), count: 3 })
    expect((await mine.confirm(1, [key('a0')])).map(({ receipt }) => receipt)).to.deep.equal([a0])
    await mine.confirm(3, [key('a1')])
    expect((await rows()).map(({ signature }) => signature)).to.deep.equal(
      ['a0', 'b0', 'a1'].map((name) => bytesToHex(key(name)))
    )
    const later = await load(theirs)
    expect([later.undelivered, later.state.count]).to.deep.equal([0, 3])
  })

  it('believes no confirmation of what does not exist', async () => {
    const mine = await load(ours)
    await add(mine, ours, a0)
    expect(await mine.confirm(2, [key('x')])).to.deep.equal([])
    expect(mine.undelivered).to.equal(1)
  })

  it('a batch that was refused leaves no receipt and no voucher behind', async () => {
    const mine = await load(ours)
    const other = await load(theirs)
    const { writes } = mine.append([a0])
    const fence = { update: 'fence', decide: (): StoreWrite[] => { throw new Error('not yours') } } // biome-ignore format: one line
    expect(await codeOfRejection(ours.batch([...writes, fence]))).to.contain('not yours')
    await add(other, theirs, b0)
    await add(mine, ours, a0)
    expect(sent(mine, 0)?.receipts).to.deep.equal([b0, a0])
  })

  it('what the provider holds more than we knew is read again before it is believed', async () => {
    const mine = await load(ours)
    await add(await load(theirs), theirs, a0, b0)
    expect(await mine.reconcile(stateOf([a0, b0]))).to.equal(2)
    expect([mine.state.count, mine.undelivered]).to.deep.equal([2, 0])
    const longer = { ...stateOf([a0, b0, a1]), newest: undefined }
    expect(await codeOfRejection(mine.reconcile(longer))).to.equal('VOUCHER_MISSING')
    expect(mine.state.count).to.equal(2)
  })

  it('adopts what bears our signature where the store lost it, once', async () => {
    const mine = await load(ours)
    const other = await load(theirs)
    expect(await mine.reconcile(stateOf([a0, b0, a1]))).to.equal(3)
    await add(mine, ours, a2)
    expect(await other.reconcile(stateOf([a0, b0, a1]))).to.equal(3)
    expect(sent(other, 3)).to.deep.equal({ receipts: [a2], total: sum(a0, b0, a1, a2), count: 4 })
  })

  it('a provider that lost its store is sent everything again, by whoever speaks to it', async () => {
    const mine = await load(ours)
    const other = await load(theirs)
    await add(mine, ours, a0, a1, a2)
    await mine.confirm(3, [])
    expect(await other.reconcile(stateOf([a0]))).to.equal(1)
    await add(other, theirs, b0)
    expect(sent(other, 1)).to.deep.equal({ receipts: [a1, a2, b0], total: sum(a0, a1, a2, b0), count: 4 })
  })

  it('a server that lost what it had confirmed is told again by who still knows', async () => {
    const mine = await load(ours)
    await add(mine, ours, a0)
    const before = (await ours.get(`ch:${provider}:${modelId}`)) as Uint8Array
    await add(mine, ours, a1, a2)
    const backTo1 = [1, 2].map((index) => ({ del: `rc:${provider}:${modelId}:${String(index).padStart(10, '0')}` }))
    await ours.batch([{ put: `ch:${provider}:${modelId}`, value: before }, ...backTo1])
    await add(mine, ours, a3)
    expect((await rows()).map(({ receipt }) => receipt)).to.deep.equal([a0, a1, a2, a3])
    expect(sent(await load(theirs), 0)).to.deep.equal({ receipts: [a0, a1, a2, a3], total: sum(a0, a1, a2, a3), count: 4 })
  })

  it('many appends of two at once take one place each', async () => {
    const mine = await load(ours)
    const other = await load(theirs)
    const many = (name: string) => receiptsOf(legOpen({ sessionId: hash(name), maxTo: 10_000 }), new Array(40).fill(2))
    await Promise.all([
      ...many('mine').map((receipt) => add(mine, ours, receipt)),
      ...many('other').map((receipt) => add(other, theirs, receipt))
    ])
    const stored = (await rows()).map(({ receipt }) => receipt)
    expect(stored).to.have.length(80)
    for (const name of ['mine', 'other'])
      expect(stored.filter(({ sessionId }) => sessionId === hash(name))).to.deep.equal(many(name))
    await mine.refresh()
    expect(sent(mine, 0)).to.deep.equal({ receipts: stored, total: sum(...stored), count: 80 })
    await add(other, theirs, b1, b2)
    expect(sent(other, 80)?.receipts).to.deep.equal([b1, b2])
  })
}

describe('a channel book that two share, in memory', () => {
  sharedBooks(() => {
    const store = sharedMemoryStore()
    return Promise.resolve([store, store])
  })
})

describe('a channel book that two share, in PostgreSQL', function () {
  this.timeout(60_000)
  const server = postgresHere(this)
  let spaces = 0
  sharedBooks(async () => {
    spaces += 1
    const { url, password } = server()
    const open = () => openPostgresStore({ url, password, space: `space ${spaces}`, clock: systemClock, log: silentLog })
    return [await open(), await open()]
  })
})
