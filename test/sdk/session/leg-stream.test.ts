import { expect } from 'chai'
import { SeamError } from 'openseam/protocol/errors'
import type { ClientFrame, Open, ProviderFrame } from 'openseam/protocol/pb'
import { LegStream } from 'openseam/session/leg-stream'
import { channelPair, codeOfRejection, providerPeer, settle, TestClock } from './support.ts'

const open = { ids: new Uint8Array(4) } as Open
const opened = { slots: 1_024, credit: 64 }
const refused = { code: 'NO_SLOT', message: 'all slots are taken', amount: new Uint8Array(0) }
const end = { reason: 1, to: 5, mark: undefined, detail: '' }
const tokens = { from: 3, ids: [1, 2], logprobs: [], mark: undefined, resume: undefined }

const setup = () => {
  const [ours, theirs] = channelPair<ClientFrame, ProviderFrame>()
  return { stream: new LegStream(ours), theirs, clock: new TestClock() }
}

const openWith = async (...frames: ProviderFrame[]) => {
  const parts = setup()
  for (const frame of [{ opened }, ...frames]) await parts.theirs.send(frame)
  await parts.stream.open(open, parts.clock, 300)
  return parts
}

describe('leg stream', () => {
  it('opens with the opening frame, and gives what the peer answered', async () => {
    const { stream, theirs, clock } = setup()
    const answer = stream.open(open, clock, 300)
    const first = await theirs.receive()[Symbol.asyncIterator]().next()
    expect(first.value).to.deep.equal({ open })
    await theirs.send({ opened })
    expect(await answer).to.deep.equal(opened)
    expect(stream.peer).to.equal(providerPeer)
    await settle()
    expect(clock.sleeping).to.equal(0)
  })

  it('fails with the peer’s refusal', async () => {
    const { stream, theirs, clock } = setup()
    await theirs.send({ refused })
    expect(await codeOfRejection(stream.open(open, clock, 300))).to.equal('NO_SLOT')
  })

  it('fails when the peer is silent, leaves, or says something else', async () => {
    const late = setup()
    const waiting = codeOfRejection(late.stream.open(open, late.clock, 300))
    await late.clock.advance(300)
    expect(await waiting).to.equal('NET_TIMEOUT')

    const gone = setup()
    await gone.theirs.close()
    expect(await codeOfRejection(gone.stream.open(open, gone.clock, 300))).to.equal('NET_CLOSED')

    const odd = setup()
    await odd.theirs.send({ tokens })
    expect(await codeOfRejection(odd.stream.open(open, odd.clock, 300))).to.equal('WIRE_ORDER')

    for (const { theirs } of [gone, odd]) await theirs.closed
    // A slow peer may have opened the leg all the same: its answer can be waited for.
    const answer = late.stream.opened(late.clock, 300)
    await late.theirs.send({ opened })
    expect(await answer).to.deep.equal(opened)
  })

  it('tells each frame from the others, in order', async () => {
    const { stream } = await openWith({ progress: { done: 1, total: 2 } }, { tokens }, { drain: { withinMs: 9 } }, { end })
    expect(await stream.next()).to.deep.equal({ kind: 'progress', done: 1, total: 2 })
    expect(await stream.next()).to.deep.equal({ kind: 'tokens', tokens })
    expect(await stream.next()).to.deep.equal({ kind: 'drain' })
    expect(await stream.next()).to.deep.equal({ kind: 'end', end })
  })

  it('a refusal in mid-leg and a frame that does not belong there both end it', async () => {
    const { stream } = await openWith({ refused }, { opened })
    const first = await stream.next()
    expect(first.kind === 'refused' && first.error.code).to.equal('NO_SLOT')
    const second = await stream.next()
    expect(second.kind === 'refused' && second.error.code).to.equal('WIRE_ORDER')
  })

  it('a stream that ends without a final frame is closed, however it ended', async () => {
    const closed = await openWith({ tokens })
    await closed.theirs.close()
    expect((await closed.stream.next()).kind).to.equal('tokens')
    expect((await closed.stream.next()).kind).to.equal('closed')

    const aborted = await openWith()
    aborted.theirs.abort(new SeamError('NET_CLOSED', 'reset'))
    expect((await aborted.stream.next()).kind).to.equal('closed')
  })

  it('silence ends the wait for a frame that does not come', async () => {
    const { stream } = await openWith()
    const next = stream.next()
    stream.silence()
    expect((await next).kind).to.equal('silent')
  })

  it('what cannot be sent any more harms nobody', async () => {
    const { stream, theirs } = await openWith()
    await theirs.close()
    stream.send({ cancel: { reason: 6, to: 3 } })
    await settle()
    expect((await stream.next()).kind).to.equal('closed')
  })
})
