import { expect } from 'chai'
import { memoryStore, silentLog } from 'openseam/components'
import { ChannelState } from 'openseam/protocol/channel'
import { voucherToWire } from 'openseam/protocol/convert'
import { hexToBytes } from 'openseam/protocol/eth'
import { REQUEST_MS } from 'openseam/protocol/limits'
import type { VoucherClientFrame, VoucherServerFrame } from 'openseam/protocol/pb'
import { digest, type WorkReceipt } from 'openseam/protocol/typed-data'
import { Payables } from 'openseam/session/payables'
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

const [first, second, third] = receiptsOf(legOpen(), [5, 3, 4]) as [WorkReceipt, WorkReceipt, WorkReceipt]

/** A client whose store is empty, and a provider that holds `stored` and says so when told to. */
const setup = (stored: WorkReceipt[], store = memoryStore()) => {
  const clock = new TestClock()
  const mayAnswer = Promise.withResolvers<void>()
  let hellos = 0
  const open = async () => {
    const [ours, theirs] = channelPair<VoucherClientFrame, VoucherServerFrame>()
    void (async () => {
      for await (const frame of theirs.receive()) {
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
    connected: () => false,
    clock,
    log: silentLog
  })
  return { payables, clock, store, answer: mayAnswer.resolve, hellos: () => hellos }
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
    await store.batch(route.book.append([first]).writes)

    const after = setup([first], store)
    const { book } = await after.payables.route(provider, providerPeer, modelId)
    await settle()
    expect(book.asking).to.equal(undefined)
    expect(after.hellos()).to.equal(0)
  })
})
