import { expect } from 'chai'
import { memoryStore, silentLog } from 'openseam/components'
import { SeamError } from 'openseam/protocol/errors'
import { bytesToHex, hexToBytes } from 'openseam/protocol/eth'
import type { Ack, AckReply, VoucherClientFrame, VoucherServerFrame } from 'openseam/protocol/pb'
import { WorkTree } from 'openseam/protocol/work-tree'
import { ChannelBook } from 'openseam/session/channel-book'
import { ACKS_IN_FLIGHT_MAX, Courier } from 'openseam/session/courier'
import { WriteQueue } from 'openseam/session/write-queue'
import {
  channelPair,
  clientSigner,
  domain,
  legOpen,
  modelId,
  provider,
  providerPeer,
  receiptsOf,
  settle,
  TestClock
} from './support.ts'

/** A provider's end of the voucher stream that stores counts, and can be away. */
class Desk {
  away = false
  dials = 0
  hellos: string[][] = []
  acks: Ack[] = []
  refuse: AckReply['refused']
  refuseOnce = false
  /** While it has no time to reply. */
  busy: Promise<void> | undefined
  #stored = 0
  #hangUp: (() => void)[] = []

  open = async () => {
    this.dials += 1
    if (this.away) throw new SeamError('NET_DIAL', 'nobody is there')
    const [ours, theirs] = channelPair<VoucherClientFrame, VoucherServerFrame>()
    this.#hangUp.push(() => theirs.abort(new SeamError('NET_CLOSED', 'the peer is gone')))
    void this.#serve(theirs)
    return ours
  }

  die(): void {
    this.away = true
    for (const hangUp of this.#hangUp.splice(0)) hangUp()
  }

  async #serve(channel: ReturnType<typeof channelPair<VoucherClientFrame, VoucherServerFrame>>[1]): Promise<void> {
    try {
      for await (const frame of channel.receive()) {
        if (frame.hello !== undefined) {
          this.hellos.push(frame.hello.modelIds.map((id) => bytesToHex(id)))
          const tree = new WorkTree()
          for (let i = 0; i < this.#stored; i++) tree.append(`0x${'00'.repeat(32)}`)
          await channel.send({
            state: { channels: [{ modelId: hexToBytes(modelId, 32), newest: undefined, tree: tree.toBytes() }] }
          })
        } else if (frame.ack !== undefined) {
          this.acks.push(frame.ack)
          const signatures = frame.ack.appended.map(() => new Uint8Array(65))
          await this.busy
          const { refuse } = this
          if (this.refuseOnce) this.refuse = undefined
          if (refuse === undefined) this.#stored = frame.ack.count
          const count = refuse === undefined ? frame.ack.count : 0
          await channel.send({ reply: { modelId: hexToBytes(modelId, 32), count, signatures, refused: refuse } })
        }
      }
    } catch {
      // the stream is gone: so is this desk's end of it
    }
  }
}

const setup = async (crossing = false) => {
  const store = memoryStore()
  const book = await ChannelBook.load({
    domain,
    signer: clientSigner,
    queue: new WriteQueue(store),
    provider,
    modelId,
    peer: providerPeer
  })
  const clock = new TestClock()
  const desk = new Desk()
  const refused: string[] = []
  const components = {
    open: desk.open,
    clock,
    log: silentLog,
    account: clientSigner.account,
    crossing,
    onRefused: (_: unknown, error: SeamError) => void refused.push(error.code),
    onConfirmed: () => undefined
  }
  const courier = new Courier(components, provider, providerPeer)
  courier.add(book, providerPeer)
  const receipts = receiptsOf(legOpen(), [5, 3, 4, 2, 6, 1, 2, 3, 1, 2, 3, 4, 1])
  const add = async (): Promise<void> => {
    const { writes, stored } = book.append([receipts.shift()!])
    await store.batch(writes)
    stored()
    courier.flush()
  }
  return { book, clock, desk, courier, refused, add }
}

describe('courier', () => {
  it('opens ahead of the first acknowledgement, then sends each receipt once', async () => {
    const { book, desk, courier, add } = await setup()
    await courier.ready()
    expect(desk.hellos).to.deep.equal([[modelId]])
    for (let i = 0; i < 3; i++) await add()
    await settle()
    expect(desk.acks.map((ack) => [ack.count, ack.appended.length])).to.deep.equal([
      [1, 1],
      [2, 1],
      [3, 1]
    ])
    expect(courier.owes).to.equal(false)
    expect(book.undelivered).to.equal(0)
    expect(desk.dials).to.equal(1)
  })

  it('asks a provider that is slow for few signatures: what came meanwhile goes under one voucher', async () => {
    const { desk, courier, add } = await setup()
    await courier.ready()
    const rested = Promise.withResolvers<void>()
    desk.busy = rested.promise
    const total = 3 * ACKS_IN_FLIGHT_MAX
    for (let i = 0; i < total; i++) await add()
    await settle()
    rested.resolve()
    await settle()
    expect(desk.acks.map((ack) => ack.count)).to.deep.equal([
      ...Array.from({ length: ACKS_IN_FLIGHT_MAX }, (_, i) => i + 1),
      total
    ])
    expect(courier.owes).to.equal(false)
  })

  it('keeps trying, ever less often, until the provider is back; then all that waited goes at once', async () => {
    const { clock, desk, courier, add } = await setup()
    desk.away = true
    for (let i = 0; i < 3; i++) await add()
    await clock.advance(60_000)
    expect(courier.owes).to.equal(true)
    expect(desk.dials).to.be.within(10, 30) // 250 ms doubling to 4 s
    desk.away = false
    await clock.advance(4_000)
    expect(desk.acks.map((ack) => [ack.count, ack.appended.length])).to.deep.equal([[3, 3]])
    expect(courier.owes).to.equal(false)
  })

  it('tries at once when it is told that the peer is back', async () => {
    const { clock, desk, courier, add } = await setup()
    desk.away = true
    await add()
    await clock.advance(60_000)
    desk.away = false
    courier.wake()
    await settle()
    expect(courier.owes).to.equal(false)
  })

  it('a provider that dies in mid-stream gets what it did not confirm, once it is back', async () => {
    const { clock, desk, courier, add } = await setup()
    await courier.ready()
    await add()
    await settle()
    desk.die()
    await settle()
    await add()
    await add()
    await clock.advance(10_000)
    expect(courier.owes).to.equal(true)
    desk.away = false
    await clock.advance(10_000)
    expect(desk.acks.map((ack) => [ack.count, ack.appended.length])).to.deep.equal([
      [1, 1],
      [3, 2]
    ])
    expect(courier.owes).to.equal(false)
  })

  it('does not dial for nothing', async () => {
    const { clock, desk, courier, add } = await setup()
    await courier.ready()
    await add()
    await settle()
    desk.die()
    await clock.advance(60_000)
    expect(desk.dials).to.equal(1)
    expect(courier.owes).to.equal(false)
  })

  it('says when an acknowledgement was refused, and still owes it', async () => {
    const { desk, courier, refused, add } = await setup()
    await courier.ready()
    desk.refuse = { code: 'RECEIPT_MISMATCH', message: 'not what was served', amount: new Uint8Array(0) }
    await add()
    await settle()
    expect(refused).to.deep.equal(['RECEIPT_MISMATCH'])
    expect(courier.owes).to.equal(true)
  })

  it('a refusal that may pass is asked again from where the provider stands', async () => {
    const { clock, desk, courier, refused, add } = await setup()
    await courier.ready()
    desk.refuse = { code: 'INTERNAL', message: 'could not store the voucher', amount: new Uint8Array(0) }
    await add()
    await settle()
    expect(refused).to.deep.equal(['INTERNAL'])
    desk.refuse = undefined
    await clock.advance(10_000)
    expect(courier.owes).to.equal(false)
    expect(desk.acks.map((ack) => [ack.count, ack.appended.length])).to.deep.equal([
      [1, 1],
      [1, 1]
    ])
  })

  it('a refusal that will not pass is not asked again on the same stream', async () => {
    const { clock, desk, courier, add } = await setup()
    await courier.ready()
    desk.refuse = { code: 'VOUCHER_SIGNATURE', message: 'not a key of this account', amount: new Uint8Array(0) }
    await add()
    await clock.advance(60_000)
    expect(desk.acks).to.have.length(1)
    expect(desk.dials).to.equal(1)
  })

  it('of two that share a wallet, the one whose voucher comes too late says hello again and blames nobody', async () => {
    const { desk, courier, refused, add } = await setup(true)
    await courier.ready()
    desk.refuse = { code: 'VOUCHER_REGRESSED', message: 'a newer voucher is stored', amount: new Uint8Array(0) }
    desk.refuseOnce = true
    await add()
    await settle()
    expect([desk.dials, desk.hellos.length, desk.acks.length]).to.deep.equal([1, 2, 2])
    expect(refused).to.deep.equal([])
    expect(courier.owes).to.equal(false)
  })

  it('is quiet once closed', async () => {
    const { clock, desk, courier, add } = await setup()
    desk.away = true
    await add()
    await courier.close()
    const { dials } = desk
    await clock.advance(60_000)
    expect(desk.dials).to.equal(dials)
    expect(clock.sleeping).to.equal(0)
  })
})
