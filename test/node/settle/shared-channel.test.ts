/** Two clients that share a store, and the provider they pay: whatever the order of committing, sending, confirming and dying. */
import { expect } from 'chai'
import fc from 'fast-check'
import { memoryStore, type SharedStore } from 'openseam/components'
import { ChannelState } from 'openseam/protocol/channel'
import { voucherFromWire } from 'openseam/protocol/convert'
import type { SeamError } from 'openseam/protocol/errors'
import { decodeJson } from 'openseam/protocol/json'
import type { Ack, AckReply } from 'openseam/protocol/pb'
import type { StoredReceipt } from 'openseam/session/book'
import { SharedBook } from 'openseam/session/shared-book'
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
import { sharedMemoryStore } from '../lib/shared-memory-store.ts'
import { booksOver, rowOf, TestLeg } from './support.ts'

const opens = ['one', 'two', 'three'].map((name) => legOpen({ sessionId: hash(name), maxTo: 100_000 }))
const parties = { client: clientSigner.account, provider, modelId }

/** One gateway: its way to the store, which commits when the test lets it, its book and its stream to the provider. */
class Gateway {
  readonly #uncommitted: (() => Promise<void>)[] = []
  readonly queue: WriteQueue
  book!: SharedBook
  /** Acknowledgements and answers that are on their way. */
  acks: Ack[] = []
  replies: AckReply[] = []
  sent = 0
  connected = false

  constructor(inner: SharedStore) {
    const batch: SharedStore['batch'] = (writes) => {
      const done = Promise.withResolvers<void>()
      this.#uncommitted.push(() => inner.batch(writes).then(done.resolve, done.reject))
      return done.promise
    }
    this.queue = new WriteQueue({ ...inner, batch } as SharedStore)
  }

  async start(): Promise<this> {
    this.book = await SharedBook.load({ domain, signer: clientSigner, queue: this.queue, provider, modelId, peer: providerPeer })
    return this
  }

  async commit(): Promise<void> {
    await this.#uncommitted.shift()?.()
    await settle()
  }

  async during(step: Promise<unknown>): Promise<void> {
    let over = false
    void step.finally(() => (over = true)).catch(() => undefined)
    while (!over) await this.commit()
    await step
  }

  disconnect(): void {
    this.connected = false
    this.acks = []
    this.replies = []
  }
}

class World {
  readonly store = sharedMemoryStore()
  readonly providerStore = memoryStore()
  gateways: [Gateway, Gateway] = [new Gateway(this.store), new Gateway(this.store)]
  theirs!: Awaited<ReturnType<typeof booksOver>>
  /** Sizes of each leg's receipts: drafted, and committed. */
  readonly drafted: number[][] = opens.map(() => [])
  readonly committed: number[][] = opens.map(() => [])
  /** Who has receipts of a leg under way: a session has one writer at a time. */
  readonly writer: (Gateway | undefined)[] = opens.map(() => undefined)
  readonly shown: { count: number; root: string; cumulative: bigint }[] = []

  async start(): Promise<void> {
    await this.startProvider()
    for (const open of opens) await this.theirs.legs.open(rowOf(open), new TestLeg(100_000))
    for (const gateway of this.gateways) await gateway.start()
  }

  async startProvider(): Promise<void> {
    for (const gateway of this.gateways) gateway.disconnect()
    this.theirs = await booksOver(this.providerStore)
  }

  /** What was not committed is gone with the process. */
  async restart(at: 0 | 1): Promise<void> {
    const dead = this.gateways[at]
    this.gateways[at] = await new Gateway(this.store).start()
    for (const [leg, writer] of this.writer.entries()) {
      if (writer !== dead) continue
      this.writer[leg] = undefined
      this.drafted[leg] = [...this.committed[leg]!]
    }
  }

  append(at: 0 | 1, leg: number, size: number): void {
    const gateway = this.gateways[at]
    if (this.drafted[leg]!.length > this.committed[leg]!.length && this.writer[leg] !== gateway) return
    this.writer[leg] = gateway
    this.drafted[leg]!.push(size)
    const receipt = receiptsOf(opens[leg]!, this.drafted[leg]!).at(-1)!
    const { writes, stored } = gateway.book.append([receipt])
    const told = async (): Promise<void> => {
      this.committed[leg]!.push(size)
      await stored()
    }
    void gateway.queue.write(writes).then(told)
  }

  async connect(at: 0 | 1): Promise<void> {
    const gateway = this.gateways[at]
    gateway.disconnect()
    const [state] = this.theirs.book.state(clientSigner.account, [modelId]).channels
    await gateway.during(gateway.book.reconcile(state!).then((from) => (gateway.sent = from)))
    gateway.connected = true
  }

  flush(at: 0 | 1): void {
    const gateway = this.gateways[at]
    const ack = gateway.connected ? gateway.book.ack(gateway.sent) : null
    if (ack === null) return
    gateway.sent = ack.count
    gateway.acks.push(ack)
    const { voucher } = voucherFromWire(ack.voucher!)
    this.shown.push({ count: ack.count, root: voucher.workRoot, cumulative: voucher.cumulative })
    expect(ack.count, 'nothing is shown before it is committed').to.be.at.most(this.committed.flat().length)
  }

  /** One acknowledgement reaches the provider. Two that crossed are the only reason to refuse any. */
  async arrive(at: 0 | 1): Promise<void> {
    const gateway = this.gateways[at]
    const ack = gateway.acks.shift()
    if (ack === undefined) return
    try {
      gateway.replies.push(await this.theirs.book.accept(ack, clientSigner.account))
    } catch (error) {
      expect((error as SeamError).code).to.equal('VOUCHER_REGRESSED')
      await this.connect(at)
    }
  }

  confirm(at: 0 | 1): void {
    const { replies, book } = this.gateways[at]
    const reply = replies.shift()
    if (reply !== undefined) void book.confirm(reply.count, reply.signatures)
  }

  async receipts(): Promise<StoredReceipt[]> {
    const rows: StoredReceipt[] = []
    for await (const [, value] of this.store.list('rc:')) rows.push(decodeJson<StoredReceipt>(value))
    return rows
  }

  async comeToRest(): Promise<void> {
    for (const at of [0, 1] as const) {
      const gateway = this.gateways[at]
      await gateway.during(gateway.queue.settled)
      await settle()
      await gateway.during(gateway.book.refresh())
      await this.connect(at)
      this.flush(at)
      await this.arrive(at)
      while (gateway.replies.length > 0) this.confirm(at)
      await settle()
      await gateway.during(gateway.queue.settled)
    }
  }
}

const at = fc.constantFrom(0 as const, 1 as const)
const command = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('append' as const), at, leg: fc.nat(2), size: fc.integer({ min: 1, max: 9 }) })
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constantFrom('commit', 'flush', 'arrive', 'confirm'), at }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('connect', 'restart', 'startProvider'), at }) }
)

describe('a channel that two gateways share', () => {
  it('has one order: no receipt is lost or there twice, and of two vouchers one covers the other', async function () {
    this.timeout(120_000)
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 10, maxLength: 60 }), async (commands) => {
        const world = new World()
        await world.start()
        for (const gateway of [0, 1] as const) await world.connect(gateway)
        for (const step of commands) {
          if ('leg' in step) world.append(step.at, step.leg, step.size)
          else if (step.kind === 'commit') await world.gateways[step.at].commit()
          else await world[step.kind as 'flush'](step.at)
        }
        await world.comeToRest()

        const stored = await world.receipts()
        for (const [leg, sizes] of world.committed.entries()) {
          const ofLeg = stored.map(({ receipt }) => receipt).filter(({ sessionId }) => sessionId === opens[leg]!.sessionId)
          expect(ofLeg).to.deep.equal(receiptsOf(opens[leg]!, sizes))
        }
        const state = new ChannelState(parties)
        const roots = [{ root: state.voucher().workRoot as string, cumulative: 0n }]
        for (const row of stored) {
          state.append(domain, row.receipt)
          roots.push({ root: state.voucher().workRoot, cumulative: state.cumulative })
          expect(row.cumAfter).to.equal(state.cumulative)
        }
        for (const { count, ...voucher } of world.shown) expect(voucher, 'a prefix of the one order').to.deep.equal(roots[count])
        const theirs = world.theirs.book.channel(modelId, clientSigner.account)
        expect(theirs?.state.count ?? 0).to.equal(stored.length)
        if (stored.length > 0) expect(theirs?.newest?.voucher).to.deep.equal(state.voucher())
        expect(world.gateways[1].book.undelivered).to.equal(0)
      }),
      { numRuns: 60, endOnFailure: true }
    )
  })
})
