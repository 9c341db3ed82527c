import { expect } from 'chai'
import { memoryStore, silentLog } from 'openseam/components'
import { ChannelState } from 'openseam/protocol/channel'
import { receiptFromWire, voucherToWire } from 'openseam/protocol/convert'
import type { SeamError } from 'openseam/protocol/errors'
import { addressOf, hexToBytes } from 'openseam/protocol/eth'
import { REQUEST_MS } from 'openseam/protocol/limits'
import type * as wire from 'openseam/protocol/pb'
import type { VoucherClientFrame, VoucherServerFrame } from 'openseam/protocol/pb'
import { digest, signTyped, type WorkReceipt } from 'openseam/protocol/typed-data'
import { Payables } from 'openseam/session/payables'
import { WriteQueue } from 'openseam/session/write-queue'
import {
  channelPair,
  clientSigner,
  domain,
  hash,
  key,
  legOpen,
  modelId,
  provider,
  providerKey,
  providerPeer,
  receiptsOf,
  settle,
  TestClock
} from './support.ts'

const namedKey = key('a key that the provider named')
const ZERO = `0x${'00'.repeat(20)}` as const
const [first, second, third] = receiptsOf(legOpen(), [5, 3, 4]) as [WorkReceipt, WorkReceipt, WorkReceipt]

/** A client whose store is empty, and a provider that holds `stored` and says so when told to. */
const setup = (stored: WorkReceipt[], store = memoryStore(), sign?: (receipt: wire.ReceiptDraft) => Uint8Array) => {
  const clock = new TestClock()
  const mayAnswer = Promise.withResolvers<void>()
  const chain = { down: false }
  const network = { connected: false, mute: false }
  let hellos = 0
  let acks = 0
  const open = async () => {
    const [ours, theirs] = channelPair<VoucherClientFrame, VoucherServerFrame>()
    void (async () => {
      for await (const frame of theirs.receive()) {
        if (frame.ack !== undefined) acks += 1
        if (frame.ack !== undefined && sign !== undefined && !network.mute) {
          const signatures = frame.ack.appended.map(sign) as Uint8Array<ArrayBuffer>[]
          await theirs.send({
            reply: { modelId: hexToBytes(modelId, 32), count: frame.ack.count, signatures, refused: undefined }
          })
        }
        if (frame.hello === undefined) continue
        hellos += 1
        await mayAnswer.promise
        const state = new ChannelState({ client: clientSigner.account, provider, modelId })
        for (const receipt of stored) state.append(domain, receipt)
        const voucher = state.voucher()
        const signature = clientSigner.sign(digest(domain, 'Voucher', voucher))
        const newest = stored.length === 0 ? undefined : voucherToWire({ voucher, signature })
        await theirs.send({ state: { channels: [{ modelId: hexToBytes(modelId, 32), newest, tree: state.tree.toBytes() }] } })
      }
    })()
    return ours
  }
  const payables = new Payables({
    domain,
    signer: clientSigner,
    queue: new WriteQueue(store),
    open,
    connected: () => network.connected,
    ownerOf: async (asked) => {
      if (chain.down) throw new Error('no answer')
      return asked === addressOf(namedKey) ? provider : ZERO
    },
    clock,
    log: silentLog
  })
  return { payables, clock, store, answer: mayAnswer.resolve, hellos: () => hellos, acks: () => acks, chain, network }
}

describe('what a client owes, when its store knows nothing of a channel', () => {
  it('asks the provider first, and builds on what it paid before', async () => {
    const { payables, answer } = setup([first, second])
    const { book } = await payables.route(provider, providerPeer, modelId)
    await settle()
    expect(book.asking).to.not.equal(undefined)
    answer()
    await book.asking
    expect(book.asking).to.equal(undefined)
    expect(book.state.cumulative).to.equal(first.amount + second.amount)
    book.append([third])
    expect(book.state.count).to.equal(3)
  })

  it('waits for no provider that does not say', async () => {
    const { payables, clock } = setup([first])
    const { book } = await payables.route(provider, providerPeer, modelId)
    const { asking } = book
    await clock.advance(REQUEST_MS)
    await asking
    expect(book.asking).to.equal(undefined)
  })

  it('does not ask for a channel that its store knows', async () => {
    const store = memoryStore()
    const before = setup([], store)
    const route = await before.payables.route(provider, providerPeer, modelId)
    before.answer()
    await route.book.asking
    await new WriteQueue(store).write(route.book.append([first]).writes)

    const after = setup([first], store)
    const { book } = await after.payables.route(provider, providerPeer, modelId)
    await settle()
    expect(book.asking).to.equal(undefined)
    expect(after.hellos()).to.equal(0)
  })
})

describe('a client that closes', () => {
  /** One that has just accepted an answer, when the provider has not said a word yet. */
  const owing = async () => {
    const all = setup([], memoryStore(), () => new Uint8Array(0))
    const { book, courier } = await all.payables.route(provider, providerPeer, modelId)
    const { writes, stored } = book.append([first, second])
    await new WriteQueue(all.store).write(writes)
    stored()
    courier.flush()
    await settle()
    const closed = { yet: false }
    const closing = all.payables.close().then(() => {
      closed.yet = true
    })
    await settle()
    return { ...all, book, closed, closing }
  }

  it('first brings what it owes to a provider that is slow to take it', async () => {
    const { clock, network, answer, book, closed, closing, acks } = await owing()
    network.connected = true
    await clock.advance(8_000)
    expect([closed.yet, acks(), book.undelivered]).to.deep.equal([false, 0, 2])
    answer()
    await clock.advance(1_000)
    await closing
    expect([acks(), book.undelivered]).to.deep.equal([1, 0])
  })

  it('does not wait long for one that is there and says nothing, and hardly for one that is gone', async () => {
    for (const connected of [true, false]) {
      const { clock, network, book, closed, closing } = await owing()
      network.connected = connected
      await clock.advance(connected ? 9_000 : 500)
      expect(closed.yet).to.equal(false)
      await clock.advance(2_000)
      await closing
      expect(book.undelivered, 'the next run brings it').to.equal(2)
    }
  })

  it('does not wait for a provider that signs something else than it was paid for', async () => {
    const { payables, network, answer, clock, store } = setup([], memoryStore(), () => new Uint8Array(65))
    answer()
    const { book, courier } = await payables.route(provider, providerPeer, modelId)
    await book.asking
    const add = async (receipt: WorkReceipt): Promise<void> => {
      const { writes, stored } = book.append([receipt])
      await new WriteQueue(store).write(writes)
      stored()
      courier.flush()
      await settle()
    }
    await add(first)
    await clock.advance(1)
    expect(payables.refusal(provider)?.code).to.equal('RECEIPT_MISMATCH')
    network.connected = true
    network.mute = true
    await add(second)
    await payables.close() // on a clock that stands still
    expect(book.undelivered).to.equal(1)
  })
})

describe('what a provider signs', () => {
  const signedBy =
    (secret: Uint8Array, changes: Partial<WorkReceipt> = {}) =>
    (draft: wire.ReceiptDraft) =>
      signTyped(
        domain,
        'WorkReceipt',
        { ...receiptFromWire(draft, { client: clientSigner.account, provider, modelId }), ...changes },
        secret
      )
  /** What the client holds against the provider once that has signed two receipts. */
  const refusalAfter = async (sign: (draft: wire.ReceiptDraft) => Uint8Array, down = false): Promise<SeamError | undefined> => {
    const { payables, answer, clock, store, chain } = setup([], memoryStore(), sign)
    chain.down = down
    answer()
    const { book, courier } = await payables.route(provider, providerPeer, modelId)
    await book.asking
    const { writes, stored } = book.append([first, second])
    await new WriteQueue(store).write(writes)
    stored()
    courier.flush()
    await settle()
    await clock.advance(1)
    expect(book.undelivered, 'paid all the same').to.equal(0)
    return payables.refusal(provider)
  }

  it('is the receipt that the client drafted, by a key of the provider: it goes on', async () => {
    expect(await refusalAfter(signedBy(providerKey))).to.equal(undefined)
    expect(await refusalAfter(signedBy(namedKey))).to.equal(undefined)
    expect(await refusalAfter(() => new Uint8Array(0)), 'not yet').to.equal(undefined)
  })

  it('is something else: nothing more is bought there, and the reason names the place', async () => {
    const other = await refusalAfter(signedBy(providerKey, { outputHash: hash('other words') }))
    expect(other?.code).to.equal('RECEIPT_MISMATCH')
    expect(other?.message).to.include('receipt 0/0').and.include('positions 0 to 5')
    const later = await refusalAfter((draft) => signedBy(providerKey, Number(draft.seq) === 1 ? { amount: 1n } : {})(draft))
    expect(later?.message).to.include('receipt 0/1').and.include('positions 5 to 8')
  })

  it('is signed by a stranger’s key, or is no signature: the same', async () => {
    expect((await refusalAfter(signedBy(key('stranger'))))?.code).to.equal('RECEIPT_MISMATCH')
    expect((await refusalAfter(() => new Uint8Array(65)))?.code).to.equal('RECEIPT_MISMATCH')
    expect((await refusalAfter(() => new Uint8Array(10_000)))?.code).to.equal('RECEIPT_MISMATCH')
  })

  it('by a key that the chain cannot be asked about: no judgement', async () => {
    expect(await refusalAfter(signedBy(namedKey), true)).to.equal(undefined)
  })
})
