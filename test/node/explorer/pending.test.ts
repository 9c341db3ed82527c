import { expect } from 'chai'
import type { SignedVoucher } from 'openseam/protocol/convert'
import { createExplorer, Indexer, openIndexStore, Pending, Publisher } from '../../../node/explorer/index.ts'
import type { IndexStore } from '../../../node/explorer/index-store.ts'
import { domainOf } from '../../../sdk/chain/index.ts'
import { type Clock, silentLog, systemClock } from '../../../sdk/components.ts'
import { EXPLORER_PENDING_CHECKS_MAX, EXPLORER_PENDING_PER_PROVIDER_MAX } from '../../../sdk/protocol/limits.ts'
import { signTyped, type Voucher } from '../../../sdk/protocol/typed-data.ts'
import { hashOf, type Market, named, OPEN, type Person, startMarket } from '../../contracts/market.ts'
import { folders, followToHead } from './index-states.ts'

const model = hashOf('model')

describe('what is not settled yet', function () {
  this.timeout(180_000)
  const dirs = folders()
  let market: Market
  let people = 0
  let client: Person
  let provider: Person
  let store: IndexStore
  let indexer: Indexer
  let pending: Pending
  let app: ReturnType<typeof createExplorer>['app']
  let close: () => Promise<void>
  let tickMs = 0
  const clock: Clock = { ...systemClock, tickMs: () => tickMs }

  before(async () => {
    market = await startMarket()
  })
  beforeEach(async () => {
    client = await market.person(`owing ${people}`)
    provider = await market.person(`owed ${people++}`)
    await client.ledger.deposit(client.wallet.address, 10n * OPEN)
    const { rpc, deployment } = market
    store = await openIndexStore(dirs.make())
    indexer = new Indexer({ rpc, deployment, store, clock: systemClock, log: silentLog })
    await indexer.open()
    await followToHead(indexer)
    pending = new Pending({ store, indexer, deployment, clock })
    const publisher = new Publisher(store, deployment)
    app = createExplorer({ store, indexer, publisher, pending, rpc, deployment, clock, log: silentLog, version: '0' }).app
    close = () => store.close()
  })
  afterEach(() => close())
  after(async () => {
    await market.close()
    dirs.remove()
  })

  const voucher = (cumulative: bigint, changes: Partial<Voucher> = {}, key = client.wallet.secretKey): SignedVoucher => {
    const parties = { client: client.wallet.address, provider: provider.wallet.address, modelId: model }
    const signed = { ...parties, cumulative, units: 7, workRoot: hashOf(`root ${cumulative}`), ...changes }
    return { voucher: signed, signature: signTyped(domainOf(market.deployment), 'Voucher', signed, key) }
  }
  const take = (...shown: SignedVoucher[]): Promise<void> => pending.take(provider.wallet.address, shown)
  const settle = async ({ voucher: { modelId, client: account, cumulative, units, workRoot }, signature }: SignedVoucher) => {
    await provider.ledger.settle([{ modelId, items: [{ client: account, cumulative, units, workRoot, signature }] }])
    await followToHead(indexer)
  }
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const response = await app.request(path, { headers })
    return { status: response.status, etag: response.headers.get('etag'), body: (await response.json().catch(() => null)) as any }
  }
  const postedLast = async (): Promise<number> =>
    (await get(`/api/batches/${provider.wallet.address}`)).body.items[0].header.postedAt
  const owed = async (): Promise<string[]> => (await get('/api/pending')).body.items.map(({ pending: wei }: any) => wei)

  it('is what a client signed above what the chain paid, with whether its escrow covers it', async () => {
    await settle(voucher(2n * OPEN))
    const newest = voucher(5n * OPEN)
    await take(newest)
    const { body } = await get('/api/pending')
    const { seenAt, rhythm, ...row } = body.items[0]
    expect(rhythm).to.deep.equal({ lastAt: await postedLast(), intervals: [] })
    expect(seenAt).to.be.closeTo(Date.now() / 1_000, 5)
    expect(row).to.deep.equal({
      provider: provider.wallet.address,
      client: client.wallet.address,
      modelId: model,
      total: String(5n * OPEN),
      settled: String(2n * OPEN),
      pending: String(3n * OPEN),
      units: 7,
      workRoot: newest.voucher.workRoot,
      signature: `0x${Buffer.from(newest.signature).toString('hex')}`,
      signer: client.wallet.address,
      covered: true
    })
    expect(body.sums).to.deep.equal({ channels: 1, pending: String(3n * OPEN), covered: String(3n * OPEN) })
    // 8 OPEN are left: enough for either channel, and not for both.
    await take(newest, voucher(6n * OPEN, { modelId: hashOf('another model') }))
    const both = (await get('/api/pending')).body
    expect(both.items.map(({ covered }: any) => covered)).to.deep.equal([false, false])
    expect(both.sums).to.deep.equal({ channels: 2, pending: String(9n * OPEN), covered: '0' })
  })

  it('goes with the batch that pays it, and is back when a reorganisation takes that back', async () => {
    const newest = voucher(3n * OPEN)
    await take(newest)
    const snapshot = await market.rpc.send('evm_snapshot')
    await settle(newest)
    expect(await owed()).to.deep.equal([])
    await market.rpc.send('evm_revert', [snapshot])
    await market.rpc.send('evm_mine')
    await market.rpc.send('evm_mine')
    await followToHead(indexer)
    expect(await owed()).to.deep.equal([String(3n * OPEN)])
  })

  it('takes no voucher that another key signed, that is another provider’s, or that was changed', async () => {
    const good = voucher(OPEN)
    await take(
      voucher(OPEN, {}, provider.wallet.secretKey),
      voucher(OPEN, { provider: named('another').address, modelId: hashOf('2') }),
      { ...good, voucher: { ...good.voucher, modelId: hashOf('3') } },
      { ...good, voucher: { ...good.voucher, modelId: hashOf('4') }, signature: new Uint8Array(65) }
    )
    expect(await owed()).to.deep.equal([])
    await take(good)
    await take(voucher(9n * OPEN, {}, provider.wallet.secretKey))
    expect(await owed(), 'a forged one hides none that was shown').to.deep.equal([String(OPEN)])
  })

  it('keeps the newest that was shown, until the provider shows none', async () => {
    await take(voucher(3n * OPEN))
    const { changes } = pending
    await take(voucher(2n * OPEN))
    await take(voucher(3n * OPEN))
    expect(await owed()).to.deep.equal([String(3n * OPEN)])
    expect(pending.changes, 'nothing new').to.equal(changes)
    await take()
    expect(await owed()).to.deep.equal([])
    await take(voucher(OPEN))
    expect(await owed()).to.deep.equal([String(OPEN)])
    tickMs += 3_700_000
    expect(await owed(), 'an hour of silence').to.deep.equal([])
    expect(pending.answered).to.equal(0)
  })

  it('goes by the keys that the ledger would take', async () => {
    const session = named('session key')
    await take(voucher(OPEN, {}, session.secretKey))
    expect(await owed()).to.deep.equal([])
    await client.ledger.setSigner(session.address)
    await followToHead(indexer)
    await take(voucher(OPEN, {}, session.secretKey), voucher(2n * OPEN, { modelId: hashOf('older key') }))
    const { items } = (await get('/api/pending')).body
    expect(items.map(({ signer }: any) => signer)).to.have.members([session.address, client.wallet.address])
    // The key before is good for a day.
    const inThreeDays = { ...clock, nowMs: () => Date.now() + 3 * 86_400_000 }
    const later = new Pending({ store, indexer, deployment: market.deployment, clock: inThreeDays })
    await later.take(provider.wallet.address, [
      voucher(OPEN, {}, session.secretKey),
      voucher(2n * OPEN, { modelId: hashOf('2') })
    ])
    expect((await later.rows()).map(({ signer }) => signer)).to.deep.equal([session.address])
  })

  it('checks, keeps and pages no more than its bounds', async () => {
    const many = Array.from({ length: EXPLORER_PENDING_PER_PROVIDER_MAX + 10 }, (_, i) =>
      voucher(1n, { modelId: hashOf(`model ${i}`), workRoot: model })
    )
    await take(...many)
    expect(await pending.rows()).to.have.length(EXPLORER_PENDING_CHECKS_MAX)
    for (let i = 1; i <= 8; i++) await take(...many)
    expect(await pending.rows()).to.have.length(EXPLORER_PENDING_PER_PROVIDER_MAX)
    const read: any[] = []
    let next: string | null = ''
    while (next !== null) {
      const { body }: any = await get(`/api/pending?limit=200${next === '' ? '' : `&cursor=${next}`}`)
      read.push(...body.items)
      next = body.next
    }
    expect(read).to.have.length(EXPLORER_PENDING_PER_PROVIDER_MAX)
    expect(new Set(read.map(({ modelId }) => modelId))).to.have.length(EXPLORER_PENDING_PER_PROVIDER_MAX)
    for (const [path, status] of [
      ['?limit=201', 400],
      ['?provider=0x12', 400],
      ['?client=nobody', 400],
      ['/providers?cursor=%20', 400]
    ] as const) {
      expect((await get(`/api/pending${path}`)).status, path).to.equal(status)
    }
  })

  it('carries from when its provider settled before, read when that has changed', async () => {
    const ranges: string[] = []
    const range = store.range.bind(store)
    store.range = (query) => {
      ranges.push(query.prefix)
      return range(query)
    }
    const rhythmNow = async () => {
      const [{ rhythm }] = (await get('/api/pending/providers')).body.items
      expect((await get('/api/pending?limit=1')).body.items[0].rhythm, 'as by channel').to.deep.equal(rhythm)
      return rhythm
    }
    await take(voucher(9n * OPEN))
    expect(await rhythmNow(), 'it never settled').to.equal(null)
    for (const [i, seconds] of [0, 600, 660, 540].entries()) {
      await market.passSeconds(seconds)
      await settle(voucher(BigInt(i + 1)))
    }
    const { items } = (await get(`/api/batches/${provider.wallet.address}`)).body
    const posted: number[] = items.map(({ header }: any) => header.postedAt).reverse()
    const intervals = posted.slice(1).map((at, i) => at - posted[i]!)
    for (const [i, seconds] of [600, 660, 540].entries()) expect(intervals[i]).to.be.within(seconds, seconds + 60)
    ranges.length = 0
    for (let asked = 0; asked < 3; asked++) expect(await rhythmNow()).to.deep.equal({ lastAt: posted[3], intervals })
    await market.rpc.send('evm_mine')
    await followToHead(indexer)
    expect((await rhythmNow()).lastAt).to.equal(posted[3])
    const behind = await market.rpc.send('evm_snapshot')
    await market.rpc.send('evm_mine')
    await followToHead(indexer)
    await market.rpc.send('evm_revert', [behind])
    await market.passSeconds(7)
    await market.rpc.send('evm_mine')
    await followToHead(indexer)
    expect((await rhythmNow()).lastAt, 'no batch of it was taken back').to.equal(posted[3])
    expect(
      ranges.filter((prefix) => prefix.startsWith('ba:')),
      'one read'
    ).to.have.length(1)

    const snapshot = await market.rpc.send('evm_snapshot')
    await market.passSeconds(300)
    await settle(voucher(5n))
    const { lastAt } = await rhythmNow()
    await market.rpc.send('evm_revert', [snapshot])
    await market.passSeconds(900)
    await settle(voucher(5n)) // another batch of that number, and no look between
    expect((await rhythmNow()).lastAt).to.be.at.least(lastAt + 500)
    expect((await rhythmNow()).intervals).to.have.length(4)
  })

  it('is told by provider and by client, under a tag that changes with it', async () => {
    const other = await market.person(`owed too ${people}`)
    const unasked = await get('/api/pending')
    expect(unasked.body).to.deep.equal({ items: [], next: null, sums: { channels: 0, pending: '0', covered: '0' }, answered: 0 })
    await take()
    const none = await get('/api/pending', { 'if-none-match': unasked.etag! })
    expect(none.body, 'an answer of nothing says something').to.deep.include({ items: [], answered: 1 })
    await take(voucher(2n * OPEN))
    const before = await get('/api/pending')
    expect((await get('/api/pending', { 'if-none-match': before.etag! })).status).to.equal(304)
    const summary = await get('/api/summary')
    await pending.take(other.wallet.address, [voucher(3n * OPEN, { provider: other.wallet.address })])
    expect((await get('/api/pending', { 'if-none-match': before.etag! })).status).to.equal(200)
    expect((await get('/api/summary', { 'if-none-match': summary.etag! })).status, 'no part of it').to.equal(304)
    const { items } = (await get('/api/pending/providers')).body
    const told = items.map(({ provider: account, channels, pending: wei, covered }: any) => [account, channels, wei, covered])
    expect(told).to.have.deep.members([
      [provider.wallet.address, 1, String(2n * OPEN), String(2n * OPEN)],
      [other.wallet.address, 1, String(3n * OPEN), String(3n * OPEN)]
    ])
    const of = async (query: string) => (await get(`/api/pending?limit=1&${query}`)).body.sums
    expect(await of(`client=${client.wallet.address}`)).to.deep.include({ channels: 2, pending: String(5n * OPEN) })
    expect(await of(`provider=${other.wallet.address.toUpperCase().replace('0X', '0x')}`)).to.deep.include({ channels: 1 })
    expect(await of(`client=${other.wallet.address}`)).to.deep.equal({ channels: 0, pending: '0', covered: '0' })
  })
})
