/** Both books of one channel, against each other: whatever gets lost on the way, they end with one root and one amount. */
import { expect } from 'chai'
import fc from 'fast-check'
import { memoryStore, type Store } from 'openseam/components'
import type { AckReply } from 'openseam/protocol/pb'
import { ChannelBook } from 'openseam/session/channel-book'
import { WriteQueue } from 'openseam/session/write-queue'
import {
  clientSigner,
  domain,
  hash,
  legOpen,
  modelId,
  provider,
  providerPeer,
  receiptsOf,
  settle
} from '../../sdk/session/support.ts'
import { booksOver, rowOf, TestLeg } from './support.ts'

const client = clientSigner.account
const opens = ['one', 'two'].map((name) => legOpen({ sessionId: hash(name), maxTo: 100_000 }))

/** One process's way to the disk, which takes a batch when the test lets it. What waits here is gone with the process. */
class SlowDisk {
  readonly inner: Store
  readonly #waiting: (() => Promise<void>)[] = []

  constructor(inner = memoryStore()) {
    this.inner = inner
  }

  get store(): Store {
    return {
      ...this.inner,
      batch: (writes) =>
        new Promise((resolve) => {
          this.#waiting.push(() => this.inner.batch(writes).then(resolve))
        })
    }
  }

  async write(): Promise<void> {
    await this.#waiting.shift()?.()
    await settle()
  }

  async during(step: Promise<unknown>): Promise<void> {
    let over = false
    void step.finally(() => (over = true)).catch(() => undefined)
    while (!over) await this.write()
    await step
  }
}

/** A client, a provider and what is under way between them. */
class World {
  disk = new SlowDisk()
  providerStore = memoryStore()
  queue!: WriteQueue
  book!: ChannelBook
  theirs!: Awaited<ReturnType<typeof booksOver>>
  replies: AckReply[] = []
  /** Sizes of the receipts of each leg: in memory, and on the client's disk. */
  drafted: number[][] = [[], []]
  durable: number[][] = [[], []]
  sent = 0
  connected = false

  async start(): Promise<void> {
    await this.startProvider()
    for (const open of opens) await this.theirs.legs.open(rowOf(open), new TestLeg(100_000))
    await this.startClient()
  }

  /** What was not on disk is gone with the process. */
  async startClient(): Promise<void> {
    this.disconnect()
    this.disk = new SlowDisk(this.disk.inner)
    this.queue = new WriteQueue(this.disk.store)
    this.drafted = this.durable.map((sizes) => [...sizes])
    this.book = await ChannelBook.load({ domain, signer: clientSigner, queue: this.queue, provider, modelId, peer: providerPeer })
  }

  async startProvider(): Promise<void> {
    this.disconnect()
    this.theirs = await booksOver(this.providerStore)
  }

  disconnect(): void {
    this.connected = false
    this.replies = []
  }

  append(leg: number, size: number): void {
    this.drafted[leg]!.push(size)
    const receipt = receiptsOf(opens[leg]!, this.drafted[leg]!).at(-1)!
    const { writes, stored } = this.book.append([receipt])
    void this.queue.write(writes).then(() => {
      stored()
      this.durable[leg]!.push(size)
    })
  }

  write(): Promise<void> {
    return this.disk.write()
  }

  async connect(): Promise<void> {
    this.disconnect()
    const [state] = this.theirs.book.state(client, [modelId]).channels
    await this.disk.during(this.book.reconcile(state!).then((from) => (this.sent = from)))
    this.connected = true
  }

  async flush(): Promise<void> {
    if (!this.connected) return
    const ack = this.book.ack(this.sent)
    if (ack === null) return
    this.sent = ack.count
    this.replies.push(await this.theirs.book.accept(ack, client))
  }

  async confirm(): Promise<void> {
    const reply = this.replies.shift()
    if (reply !== undefined) void this.book.confirm(reply.count, reply.signatures)
  }

  async comeToRest(): Promise<void> {
    await this.disk.during(this.queue.write([]))
    await this.connect()
    await this.flush()
    while (this.replies.length > 0) await this.confirm()
    await this.disk.during(this.queue.write([]))
  }
}

const command = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('append' as const), leg: fc.nat(1), size: fc.integer({ min: 1, max: 9 }) })
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('write' as const, 'flush' as const, 'confirm' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('connect' as const, 'startClient' as const, 'startProvider' as const) })
  }
)

describe('both books of a channel', () => {
  it('agree at rest, whatever the order of writing, sending, confirming, crashing and coming back', async function () {
    this.timeout(60_000)
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 30 }), async (commands) => {
        const world = new World()
        await world.start()
        await world.connect()
        for (const at of commands) {
          if (at.kind === 'append') world.append(at.leg, at.size)
          else await world[at.kind]()
          const shown = world.theirs.book.channel(modelId, client)?.state.count ?? 0
          expect(shown, 'nothing is shown before it is stored').to.be.at.most(world.durable.flat().length)
        }
        await world.comeToRest()

        const receipts = world.durable.flatMap((sizes, leg) => receiptsOf(opens[leg]!, sizes))
        const theirs = world.theirs.book.channel(modelId, client)?.newest?.voucher
        expect(world.book.undelivered).to.equal(0)
        expect(world.book.state.count).to.equal(receipts.length)
        expect(theirs?.cumulative ?? 0n).to.equal(receipts.reduce((sum, { amount }) => sum + amount, 0n))
        if (receipts.length > 0) expect(world.book.state.voucher()).to.deep.equal(theirs)
      }),
      { numRuns: 40, endOnFailure: true }
    )
  })

  it('agree again after the client lost its disk, and go on', async () => {
    const world = new World()
    await world.start()
    for (const size of [5, 3]) world.append(0, size)
    await world.comeToRest()
    const lost = new World()
    lost.providerStore = world.providerStore
    lost.durable = world.durable
    await lost.startProvider()
    await lost.startClient()
    await lost.connect()
    lost.append(0, 4)
    await lost.comeToRest()
    expect(lost.book.state.count).to.equal(3)
    expect(lost.theirs.book.channel(modelId, client)?.newest?.voucher).to.deep.equal(lost.book.state.voucher())
    expect(lost.book.state.units).to.equal(12)
  })

  it('agree again after the provider lost its disk: it is paid for all of it', async () => {
    const world = new World()
    await world.start()
    for (const size of [5, 3, 7]) world.append(0, size)
    await world.comeToRest()
    const before = world.book.state.voucher()
    world.theirs = await booksOver(memoryStore())
    await world.comeToRest()
    expect(world.theirs.book.channel(modelId, client)?.newest?.voucher).to.deep.equal(before)
    expect(world.book.undelivered).to.equal(0)
  })
})
