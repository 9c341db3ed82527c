/** What is sent at once leaves at once. Every write that reaches a socket is a system call, and a packet. */

import { Socket } from 'node:net'
import { expect } from 'chai'
import type { Channel } from '../../../sdk/components.ts'
import { bytesProtocol, closeHosts, host, take } from './support/peers.ts'

const FRAMES = 50

describe('gathered TCP', () => {
  const { _write, _writev } = Socket.prototype
  let writes = 0
  beforeEach(() => {
    Socket.prototype._write = function (...args) {
      writes += 1
      return _write.apply(this, args)
    }
    Socket.prototype._writev = function (...args) {
      writes += 1
      return _writev?.apply(this, args)
    }
  })
  afterEach(async () => {
    Object.assign(Socket.prototype, { _write, _writev })
    await closeHosts()
  })

  const connected = async (): Promise<{ channel: Channel<Uint8Array, Uint8Array>; received: AsyncIterable<Uint8Array> }> => {
    const [far, near] = [await host(), await host({ listen: [] })]
    const accepted = Promise.withResolvers<AsyncIterable<Uint8Array>>()
    const protocol = bytesProtocol()
    far.handle(protocol, async (channel) => {
      accepted.resolve(channel.receive())
      await channel.closed
    })
    const channel = await near.open(far.peer, protocol, { multiaddrs: far.multiaddrs() })
    return { channel, received: await accepted.promise }
  }

  it('writes once a frame, and once for all frames of one turn', async () => {
    const { channel, received } = await connected()
    await channel.send(Uint8Array.of(0))
    await take(received, 1)
    await new Promise((resolve) => setTimeout(resolve, 300)) // identify and the like are over

    writes = 0
    for (let i = 0; i < FRAMES; i++) {
      await channel.send(Uint8Array.of(i))
      await take(received, 1)
    }
    expect(writes, 'frames one by one').to.be.within(FRAMES, FRAMES + 10) // a ping may come between

    writes = 0
    const all = Array.from({ length: FRAMES }, (_, i) => Uint8Array.of(i))
    for (const frame of all) void channel.send(frame)
    expect(await take(received, FRAMES)).to.deep.equal(all)
    expect(writes, 'frames at once').to.be.within(1, 10)
  })

  it('loses nothing of frames larger than a socket buffers', async () => {
    const { channel, received } = await connected()
    const large = Array.from({ length: 40 }, (_, i) => new Uint8Array(60_000).fill(i))
    const sending = (async () => {
      for (const frame of large) await channel.send(frame)
      await channel.close() // ends behind the last byte
    })()
    const got = await take(received, large.length)
    await sending
    expect(got).to.have.length(large.length)
    expect(got.every((frame, i) => frame.length === 60_000 && frame.every((byte) => byte === i))).to.equal(true)
  })
})
