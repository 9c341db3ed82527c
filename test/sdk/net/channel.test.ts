/** Channels over real sockets: order, ends, bounds, back-pressure. */
import { expect } from 'chai'
import { type Channel, type Clock, systemClock } from '../../../sdk/components.ts'
import { INBOUND_BYTES_MAX } from '../../../sdk/net/channel.ts'
import { FIRST_FRAME_MS, type Host } from '../../../sdk/net/host.ts'
import type { Protocol } from '../../../sdk/net/protocol.ts'
import { until } from '../../support/until.ts'
import { bytesProtocol, closeHosts, failure, host, take } from './support/peers.ts'

type Bytes = Uint8Array

const pair = async (
  protocol: Protocol<Bytes, Bytes>,
  clock = systemClock
): Promise<{ client: Host; server: Host; ours: Channel<Bytes, Bytes>; theirs: Channel<Bytes, Bytes> }> => {
  const [server, client] = [await host({ clock }), await host({ listen: [] })]
  const accepted = Promise.withResolvers<Channel<Bytes, Bytes>>()
  server.handle(protocol, async (channel) => {
    accepted.resolve(channel)
    await channel.closed
  })
  const ours = await client.open(server.peer, protocol, { multiaddrs: server.multiaddrs() })
  return { client, server, ours, theirs: await accepted.promise }
}

/** A clock whose patience with whoever opens a stream is over when the test says so. */
const patient = (): { clock: Clock; lose: () => void } => {
  const lost = Promise.withResolvers<void>()
  const wait = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
      void lost.promise.then(resolve)
    })
  const sleep: Clock['sleep'] = (ms, signal) => (ms === FIRST_FRAME_MS ? wait(signal) : systemClock.sleep(ms, signal))
  return { clock: { ...systemClock, sleep }, lose: lost.resolve }
}

const numbered = (i: number): Bytes => Uint8Array.of(1, i & 0xff, i >> 8)

describe('channel', () => {
  afterEach(closeHosts)

  it('carries messages in order both ways, also those sent before anyone listens', async () => {
    const { ours, theirs, client } = await pair(bytesProtocol())
    const sent = Array.from({ length: 500 }, (_, i) => numbered(i))
    for (const message of sent) void ours.send(message)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(await take(theirs.receive(), 3)).to.deep.equal(sent.slice(0, 3))
    expect(await take(theirs.receive(), 497)).to.deep.equal(sent.slice(3)) // the next reader goes on where the last one left
    await theirs.send(numbered(9))
    expect(await take(ours.receive(), 1)).to.deep.equal([numbered(9)])
    expect(theirs.peer).to.equal(client.peer)
  })

  it('ends receive() on a graceful close, after what was sent before it, and the other way stays open', async () => {
    const { ours, theirs } = await pair(bytesProtocol())
    await ours.send(numbered(1))
    await ours.close()
    expect(await take(theirs.receive(), 10)).to.deep.equal([numbered(1)])
    await theirs.send(numbered(2))
    await theirs.close()
    expect(await take(ours.receive(), 10)).to.deep.equal([numbered(2)])
    await Promise.all([ours.closed, theirs.closed])
    expect((await failure(ours.send(numbered(3)))).code).to.equal('NET_CLOSED')
  })

  it('throws on a reset by the other side, and an ignored rejection harms nobody', async () => {
    const { ours, theirs } = await pair(bytesProtocol())
    theirs.abort(new Error('enough'))
    expect((await failure(take(ours.receive(), 1))).code).to.equal('NET_CLOSED')
    expect((await failure(take(theirs.receive(), 1))).code).to.equal('NET_CLOSED')
    await ours.closed
    void ours.send(numbered(1))
  })

  it('refuses to send what the other side would refuse', async () => {
    const { ours, theirs } = await pair(bytesProtocol({ clientFrameBytesMax: 100 }))
    expect((await failure(ours.send(new Uint8Array(101)))).code).to.equal('WIRE_TOO_LONG')
    await ours.send(new Uint8Array(100))
    expect((await take(theirs.receive(), 1))[0]?.length).to.equal(100)
  })

  it('holds a slow reader’s sender back, then delivers everything', async () => {
    const { ours, theirs } = await pair(bytesProtocol())
    const total = 400 // cells of 64 KiB: far more than queue and windows together
    let sent = 0
    const sending = (async () => {
      for (; sent < total; sent++) {
        const cell = new Uint8Array(65_536)
        cell[0] = sent & 0x7f
        await ours.send(cell)
      }
      await ours.close()
    })()
    let before = -1
    while (before !== sent) {
      before = sent
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    expect(sent).to.be.below(total)
    expect(sent * 65_536).to.be.above(INBOUND_BYTES_MAX)
    let received = 0
    for await (const cell of theirs.receive()) expect(cell[0]).to.equal(received++ & 0x7f)
    await sending
    expect(received).to.equal(total)
  })

  it('survives a reader that is always behind', async () => {
    const { ours, theirs } = await pair(bytesProtocol())
    const total = 480
    const sending = (async () => {
      for (let i = 0; i < total; i++) await ours.send(new Uint8Array(65_536))
      await ours.close()
    })()
    let received = 0
    for await (const _ of theirs.receive()) {
      received += 1
      if (received % 12 === 0) await new Promise((resolve) => setTimeout(resolve, 25)) // time for the sender to fill what it may
    }
    await sending
    expect(received).to.equal(total)
  })

  it('resets a stream that was opened and on which nothing comes, where silence is allowed later on', async () => {
    const first = patient()
    const { ours, theirs, server } = await pair(bytesProtocol(), first.clock)
    first.lose()
    expect((await failure(take(theirs.receive(), 1))).code).to.equal('NET_TIMEOUT')
    await ours.closed
    const second = patient()
    const spoken = await pair(bytesProtocol({ id: '/openseam/test/2' }), second.clock)
    await spoken.ours.send(numbered(1))
    await take(spoken.theirs.receive(), 1)
    second.lose()
    await spoken.ours.send(numbered(2))
    expect(await take(spoken.theirs.receive(), 1)).to.deep.equal([numbered(2)])
    expect(server.peers()).to.have.length(1) // an offence it is not
  })

  it('gives up on silence only while somebody waits', async () => {
    const { ours, theirs } = await pair(bytesProtocol({ idleMs: 60 }))
    await new Promise((resolve) => setTimeout(resolve, 120))
    await theirs.send(numbered(1)) // nobody was waiting, so the stream is still there
    expect(await take(ours.receive(), 1)).to.deep.equal([numbered(1)])
    expect((await failure(take(ours.receive(), 1))).code).to.equal('NET_TIMEOUT')
  })

  it('closes when the handler returns and aborts when it throws, and the host goes on', async () => {
    const protocol = bytesProtocol()
    const [server, client] = [await host(), await host({ listen: [] })]
    server.handle(protocol, async (channel) => {
      const [first] = await take(channel.receive(), 1)
      if (first?.[1] === 1) throw new Error('a bug in a handler')
      await channel.send(numbered(7))
    })
    const ask = async (i: number): Promise<Bytes[]> => {
      const channel = await client.open(server.peer, protocol, { multiaddrs: server.multiaddrs() })
      await channel.send(numbered(i))
      return take(channel.receive(), 9)
    }
    expect((await failure(ask(1))).code).to.equal('NET_CLOSED')
    expect(await ask(2)).to.deep.equal([numbered(7)])
    await until(() => client.connected(server.peer))
  })
})
