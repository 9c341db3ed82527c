import { expect } from 'chai'
import type { ReceiptReader, ShownReceipt } from 'openseam/net/receipt-fetch'
import type { Address, Bytes32 } from 'openseam/protocol/eth'
import { Collector, createExplorer, Indexer, openIndexStore, Publisher } from '../../../node/explorer/index.ts'
import type { IndexStore } from '../../../node/explorer/index-store.ts'
import { type Clock, type StoreWrite, silentLog, systemClock } from '../../../sdk/components.ts'
import { SeamError } from '../../../sdk/protocol/errors.ts'
import { encodeJson } from '../../../sdk/protocol/json.ts'
import { EXPLORER_RECEIPTS_PER_BATCH_MAX } from '../../../sdk/protocol/limits.ts'
import { hashOf, type Market, OPEN, type Person, startMarket } from '../../contracts/market.ts'
import { until } from '../../e2e/lib/until.ts'
import { model, PRICE, TestChannel } from '../audit/support.ts'
import { randomOf } from './fake-chain.ts'
import { dying, folders, followToHead, PowerCut } from './index-states.ts'

/** A hundred times as fast, so that what is tried again is tried soon. */
const hurried: Clock = {
  nowMs: () => Date.now(),
  tickMs: () => performance.now() * 100,
  sleep: (ms, signal) => systemClock.sleep(ms / 100, signal)
}

/** Who is online, and what they show. */
class TestPeers {
  readonly readers = new Map<Address, ReceiptReader>()
  readonly #listeners = new Set<() => void>()
  opened = 0

  accounts(): Address[] {
    return [...this.readers.keys()]
  }

  onNews(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async open(account: Address): Promise<ReceiptReader> {
    this.opened++
    const reader = this.readers.get(account)
    if (reader === undefined) throw new SeamError('NET_DIAL', 'nobody there')
    return reader
  }

  join(account: Address, reader: ReceiptReader): void {
    this.readers.set(account, reader)
    for (const listener of this.#listeners) listener()
  }
}

describe('collecting receipts from providers', function () {
  this.timeout(180_000)
  const dirs = folders()
  const closing: (() => Promise<unknown>)[] = []
  let market: Market
  let people = 0
  let first: TestChannel
  let second: TestChannel
  let sessionId: Bytes32

  before(async () => {
    market = await startMarket()
  })
  beforeEach(async () => {
    const person = (): Promise<Person> => market.person(`collected ${people++}`)
    const client = await person()
    await client.ledger.deposit(client.wallet.address, 100n * OPEN)
    first = new TestChannel(market, await person(), client)
    second = new TestChannel(market, await person(), client)
    sessionId = hashOf(`session ${people}`)
  })
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })
  after(async () => {
    await market.close()
    dirs.remove()
  })

  const accountOf = ({ provider }: TestChannel): Address => provider.wallet.address

  const open = async (dir = dirs.make(), wrap = (store: IndexStore) => store) => {
    const { rpc, deployment } = market
    const disk = await openIndexStore(dir)
    const store = wrap(disk)
    const indexer = new Indexer({ rpc, deployment, store: disk, clock: systemClock, log: silentLog })
    await indexer.open()
    await followToHead(indexer)
    const publisher = new Publisher(store, deployment)
    const peers = new TestPeers()
    const stop = new AbortController()
    const components = { store, indexer, publisher, deployment, log: silentLog }
    const running = new Collector({ ...components, peers, rpc, clock: hurried }).run(stop.signal)
    const { app } = createExplorer({ ...components, rpc, clock: systemClock, version: '0' })
    const legs = async (): Promise<any[]> => ((await (await app.request(`/api/sessions/${sessionId}`)).json()) as any).legs ?? []
    const close = async (): Promise<void> => {
      stop.abort()
      await running
      await disk.close()
    }
    closing.push(close)
    const wanted = async (channel: TestChannel): Promise<number> =>
      (await disk.range({ prefix: `wa:${accountOf(channel)}:`, limit: 100 })).length
    const done = (channel: TestChannel): Promise<unknown> =>
      until('nothing to be wanted', async () => (await wanted(channel)) === 0)
    const join = (channel: TestChannel, lie: Partial<ReceiptReader> = {}): void =>
      peers.join(accountOf(channel), channel.reader(lie))
    return { disk, indexer, app, peers, legs, wanted, done, join, close: () => closing.splice(closing.indexOf(close), 1)[0]!() }
  }

  it('draws a session from what its providers show, and nobody publishes', async () => {
    first.add({ leg: 0, seq: 0, from: 0, to: 30, sessionId })
    first.add({ leg: 0, seq: 1, from: 30, to: 41, end: 'died', sessionId })
    second.add({ leg: 1, seq: 0, from: 41, to: 60, sessionId })
    await first.settle()
    await second.settle()
    const { join, done, legs } = await open()
    join(first)
    join(second)
    await done(first)
    await done(second)
    const [client, modelId] = [first.client.wallet.address, model]
    const common = { client, modelId, promptUnits: 0, gapMs: null }
    const shown = (await legs()).map(({ paidFrom: _from, paidTo: _to, ...rest }) => rest)
    expect(shown).to.deep.equal([
      {
        ...common,
        ...{ leg: 0, provider: accountOf(first), from: 0, to: 41, completionUnits: 41, receipts: 2 },
        ...{ amount: String(41n * PRICE), end: 'died' }
      },
      {
        ...common,
        ...{ leg: 1, provider: accountOf(second), from: 41, to: 60, completionUnits: 19, receipts: 1 },
        ...{ amount: String(19n * PRICE), end: null }
      }
    ])
  })

  it('goes on where the batch before ended, and takes what closes a leg with the batch that covers it', async () => {
    first.add({ leg: 0, seq: 0, from: 0, to: 10, sessionId })
    await first.settle()
    first.add({ leg: 0, seq: 1, from: 10, to: 10, end: 'finished', sessionId }) // no money, and no voucher yet
    const { indexer, join, done, legs } = await open()
    const asked: number[] = []
    const reader = first.reader()
    const ofChannel: ReceiptReader['ofChannel'] = (channel, index, max) => {
      asked.push(index)
      return reader.ofChannel(channel, index, max)
    }
    join(first, { ofChannel })
    await done(first)
    expect((await legs()).map(({ to, end, receipts }) => [to, end, receipts])).to.deep.equal([[10, null, 1]])
    first.add({ leg: 2, seq: 0, from: 20, to: 25, sessionId })
    await first.settle()
    await followToHead(indexer)
    await until('the second batch', async () => (await legs()).length === 2)
    await done(first)
    expect((await legs()).map(({ leg, to, end }) => [leg, to, end])).to.deep.equal([
      [0, 10, 'finished'],
      [2, 25, null]
    ])
    expect(asked).to.deep.equal([0, 1])
  })

  it('waits for who is away, and asks again who breaks off', async () => {
    first.add({ leg: 0, seq: 0, from: 0, to: 10, sessionId })
    await first.settle()
    const { join, done, legs, wanted, peers } = await open()
    expect(await wanted(first)).to.equal(1)
    let broken = 0
    join(first, {
      prove: async () => {
        broken++
        throw new SeamError('NET_CLOSED', 'gone')
      }
    })
    await until('three tries', () => broken >= 3)
    expect(await wanted(first)).to.equal(1)
    peers.readers.delete(accountOf(first))
    join(first)
    await done(first)
    expect((await legs())[0].to).to.equal(10)
  })

  it('stores nothing that the chain did not pay, and gives up on who shows nothing else', async () => {
    first.add({ leg: 0, seq: 0, from: 0, to: 10, sessionId })
    await first.settle()
    const [row] = first.rows as [ShownReceipt]
    const fake = first.altered(row, { receipt: { ...row.receipt, to: 11 } })
    const lies: Partial<ReceiptReader>[] = [
      { ofChannel: async () => [fake] },
      { ofChannel: async () => [] },
      { prove: async () => [first.rows.map(() => row.hash)] }
    ]
    for (const lie of lies) {
      const { join, done, legs, close } = await open()
      join(first, lie)
      await done(first)
      expect(await legs()).to.deep.equal([])
      await close()
    }
  })

  it('leaves who does not come to an end', async () => {
    const row = first.add({ leg: 0, seq: 0, from: 0, to: 10, sessionId })
    await first.settle()
    const { join, close } = await open()
    let places = 0
    join(first, {
      ofChannel: async (_channel, index, max) => {
        places = Math.max(places, index + max)
        return Array.from({ length: max }, (_, i) => ({ ...row, cumAfter: 0n, index: index + i }))
      }
    })
    await until('as many as a batch may have', () => places >= EXPLORER_RECEIPTS_PER_BATCH_MAX)
    await close()
    expect(places).to.equal(EXPLORER_RECEIPTS_PER_BATCH_MAX)
  })

  it('counts a signature that does not hold as none, and takes the one that does when it is shown', async () => {
    const row = first.add({ leg: 0, seq: 0, from: 0, to: 10, sessionId })
    await first.settle()
    const { join, done, app, disk } = await open()
    const signed = async (): Promise<boolean> => ((await (await app.request(`/api/receipts/${row.hash}`)).json()) as any).signed
    const [key] = (await disk.range({ prefix: `wa:${accountOf(first)}:`, limit: 1 }))[0]!
    join(first, { ofChannel: async () => [{ ...row, signature: `0x${'11'.repeat(65)}` }] })
    await done(first)
    expect(await signed()).to.equal(false)
    await disk.batch([{ put: key, value: encodeJson(0) }])
    join(first)
    await done(first)
    expect(await signed()).to.equal(true)
  })

  it('takes the rest of a receipt that was paid in two parts with the second', async () => {
    const poor = await market.person(`poor ${people++}`)
    await poor.ledger.deposit(poor.wallet.address, 15n * PRICE)
    first = new TestChannel(market, first.provider, poor)
    first.add({ leg: 0, seq: 0, from: 0, to: 10, sessionId })
    first.add({ leg: 0, seq: 1, from: 10, to: 20, sessionId })
    await first.settle()
    const { indexer, join, done, legs } = await open()
    join(first)
    await done(first)
    expect((await legs()).map(({ to }) => to)).to.deep.equal([10])
    await poor.ledger.deposit(poor.wallet.address, 15n * PRICE)
    await first.settle()
    await followToHead(indexer)
    await until('the rest', async () => (await legs())[0].to === 20)
  })

  it('forgets nothing when it dies', async () => {
    for (let i = 0; i < 300; i++) first.add({ leg: 0, seq: i, from: i, to: i + 1, sessionId }, false)
    await first.settle()
    const dir = dirs.make()
    const seed = Number(process.env['SEED'] ?? Date.now() % 100_000)
    const random = randomOf(seed)
    for (let deaths = 0; deaths < 3; deaths++) {
      let dead = false
      const dies = dying(random, 2)
      const { join, wanted, close } = await open(dir, (store) => {
        const mortal = dies(store)
        const batch = async (writes: StoreWrite[]): Promise<void> => {
          if (dead) throw new PowerCut()
          await mortal.batch(writes).catch((error) => {
            dead = true
            throw error
          })
        }
        return { ...store, batch }
      })
      join(first)
      await until('death or the end', async () => dead || (await wanted(first)) === 0)
      await close()
    }
    const { join, done, legs } = await open(dir)
    join(first)
    await done(first)
    expect((await legs())[0], `SEED=${seed}`).to.include({ from: 0, to: 300, receipts: 300, amount: String(300n * PRICE) })
  })
})
