/** What bad input gets: the daemon is unharmed, the peer is disconnected, scored, and in the end refused. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import fc from 'fast-check'
import { type Channel, silentLog, systemClock } from '../../../sdk/components.ts'
import { encodeLength } from '../../../sdk/net/frames.ts'
import type { Host } from '../../../sdk/net/host.ts'
import { createTransport } from '../../../sdk/net/libp2p/transport.ts'
import { watchPeer } from '../../../sdk/net/liveness.ts'
import { SCORE_REFUSE, scorePoints } from '../../../sdk/net/peer-scores.ts'
import { grantProtocol, kvProtocol, sessionProtocol } from '../../../sdk/net/protocols.ts'
import type { Transport, Wire } from '../../../sdk/net/wire.ts'
import { SeamError } from '../../../sdk/protocol/errors.ts'
import { until } from '../../support/until.ts'
import { bytesProtocol, closeHosts, failure, host, take } from './support/peers.ts'

const FAULTS_MAX = Math.ceil(SCORE_REFUSE / scorePoints.disconnect)
const transports: Transport[] = []

/** A peer without our engine: it can send any bytes. */
const rawPeer = async (): Promise<Transport> => {
  const raw = await createTransport({
    privateKey: crypto.getRandomValues(new Uint8Array(32)),
    listen: [],
    clock: systemClock,
    log: silentLog,
    refuses: () => false
  })
  transports.push(raw)
  return raw
}

const openRaw = (raw: Transport, to: Host, id: string): Promise<Wire> =>
  raw.open(to.peer, id, { signal: AbortSignal.timeout(5_000), outboundMax: 100, multiaddrs: to.multiaddrs() })

const ended = (wire: Wire): Promise<void> =>
  new Promise((resolve) => wire.attach({ onBytes() {}, onDrain() {}, onEnd() {}, onClose: () => resolve() }))

const echo = (server: Host, protocol = bytesProtocol()): void =>
  server.handle(protocol, async (channel) => {
    for await (const message of channel.receive()) await channel.send(message)
  })

describe('host', () => {
  afterEach(async () => {
    await Promise.all(transports.splice(0).map((raw) => raw.close()))
    await closeHosts()
  })

  const stillServes = async (server: Host): Promise<void> => {
    const honest = await host({ listen: [] })
    const channel = await honest.open(server.peer, bytesProtocol(), { multiaddrs: server.multiaddrs() })
    await channel.send(Uint8Array.of(5))
    expect(await take(channel.receive(), 1)).to.deep.equal([Uint8Array.of(5)])
  }

  it('says which address it cannot listen on, and why', async () => {
    const [taken = ''] = (await host()).multiaddrs()
    const address = taken.replace(/\/p2p\/.*/, '')
    const error = await failure(host({ listen: [address] }))
    expect(error.code).to.equal('CONFIG')
    expect(error.message).to.include(address).and.include('EADDRINUSE').and.not.include('    at ')
  })

  it('disconnects a peer for a malformed frame, refuses it after some, and serves on', async () => {
    const server = await host()
    echo(server)
    const raw = await rawPeer()
    for (let i = 0; i < FAULTS_MAX; i++) {
      const wire = await openRaw(raw, server, '/openseam/test/1')
      const end = ended(wire)
      wire.send(encodeLength(3), Uint8Array.of(0xff, 1, 2))
      await end
      await until(() => !server.connected(raw.peer) && !raw.connected(server.peer))
    }
    // the handshake itself may still succeed; whatever it opens then is gone at once
    const wire = await openRaw(raw, server, '/openseam/test/1').catch(() => null)
    if (wire !== null) await ended(wire)
    await until(() => !server.connected(raw.peer))
    expect((await failure(server.open(raw.peer, bytesProtocol()))).code).to.equal('NET_DIAL')
    await stillServes(server)
  })

  it('books what a protocol finds wrong as well, each fault once, and nothing for errors of its own', async () => {
    const server = await host()
    const protocol = bytesProtocol()
    const codes = ['WIRE_ORDER', 'WIRE_TOO_LONG', 'INTERNAL', 'WIRE_MALFORMED'] as const // too long may be an answer of ours
    server.handle(protocol, async (channel) => {
      for await (const message of channel.receive()) throw new SeamError(codes[message[0] ?? 0] ?? 'INTERNAL', 'as it is told')
    })
    const peer = await host({ listen: [] })
    const send = async (byte: number): Promise<void> => {
      const channel = await peer.open(server.peer, protocol, { multiaddrs: server.multiaddrs() })
      await channel.send(Uint8Array.of(byte))
      await channel.closed
    }
    for (let i = 0; i < 3 * FAULTS_MAX; i++) await send(1 + (i % 2))
    expect(server.connected(peer.peer)).to.equal(true)
    for (let points = 0; points + scorePoints.score < SCORE_REFUSE; points += scorePoints.score) await send(0)
    expect(server.connected(peer.peer)).to.equal(true)
    await send(3)
    await until(() => !server.connected(peer.peer))
    expect((await failure(server.open(peer.peer, protocol))).code).to.equal('NET_DIAL')
  })

  it('disconnects for an oversize frame before its bytes are there', async () => {
    const server = await host()
    echo(server)
    const raw = await rawPeer()
    const wire = await openRaw(raw, server, '/openseam/test/1')
    const end = ended(wire)
    wire.send(encodeLength(70_001), new Uint8Array(0))
    await end
    await until(() => !server.connected(raw.peer))
    await stillServes(server)
  })

  it('survives garbage on its real protocols', async () => {
    const server = await host()
    echo(server)
    const read = async <S, C>(channel: Channel<S, C>): Promise<void> => {
      for await (const _ of channel.receive());
    }
    server.handle(sessionProtocol, read)
    server.handle(grantProtocol, read)
    server.handle(kvProtocol, read)
    const ids = [sessionProtocol.id, grantProtocol.id, kvProtocol.id]
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...ids), fc.uint8Array({ minLength: 1, maxLength: 3_000 }), async (id, garbage) => {
        const raw = await rawPeer()
        const wire = await openRaw(raw, server, id)
        const end = ended(wire)
        wire.send(garbage, new Uint8Array(0))
        await wire.close(AbortSignal.timeout(5_000)).catch(() => {})
        await end // answered by a reset, a disconnect, or, where garbage happened to parse, a graceful end
      }),
      { numRuns: 12 }
    )
    await stillServes(server)
  })

  it('keeps a peer to its streams over all of its connections', async () => {
    const server = await host()
    echo(server)
    const raw = await rawPeer()
    const wires = await Promise.all(Array.from({ length: 4 }, () => openRaw(raw, server, '/openseam/test/1')))
    const surplus = await openRaw(raw, server, '/openseam/test/1')
    await ended(surplus)
    for (const wire of wires) wire.send(encodeLength(1), Uint8Array.of(1))
    const first = new Promise<Uint8Array>((resolve) =>
      wires[0]?.attach({ onBytes: resolve, onDrain() {}, onEnd() {}, onClose() {} })
    )
    expect(Buffer.from(await first)).to.deep.equal(Buffer.from([1, 1])) // the streams within the limit live on
  })

  it('says when our own stream limit is reached', async () => {
    const [server, client] = [await host(), await host({ listen: [] })]
    const protocol = bytesProtocol({ outboundStreamsPerPeerMax: 1 })
    echo(server)
    const first = await client.open(server.peer, protocol, { multiaddrs: server.multiaddrs() })
    expect((await failure(client.open(server.peer, protocol))).code).to.equal('RATE_LIMITED')
    await first.send(Uint8Array.of(1))
    expect((await take(first.receive(), 1)).length).to.equal(1)
  })

  it('ends a stream that exceeds its quota, and only that', async () => {
    const server = await host()
    echo(server)
    const limited = bytesProtocol({ id: '/openseam/test-quota/1', quota: { count: 10, windowMs: 60_000 } })
    let seen = 0
    server.handle(limited, async (channel) => {
      for await (const _ of channel.receive()) seen += 1
    })
    const client = await host({ listen: [] })
    const channel = await client.open(server.peer, limited, { multiaddrs: server.multiaddrs() })
    for (let i = 0; i < 20; i++) void channel.send(Uint8Array.of(1))
    await channel.closed
    expect(seen).to.equal(10)
    expect(client.connected(server.peer)).to.equal(true) // one breach is an offence, not yet a reason to part
    await stillServes(server)
  })

  it('tells a peer that cannot be reached from one that does not speak the protocol', async () => {
    const [server, client] = [await host(), await host({ listen: [] })]
    await client.connect(server.multiaddrs())
    expect((await failure(client.open(server.peer, bytesProtocol()))).code).to.equal('NET_DIAL')
    const nobody = `0x${'11'.repeat(32)}` as const
    expect((await failure(client.open(nobody, bytesProtocol(), { multiaddrs: ['/ip4/127.0.0.1/tcp/1'] }))).code).to.equal(
      'NET_DIAL'
    )
    const cancelled = failure(client.open(nobody, bytesProtocol(), { signal: AbortSignal.abort(new Error('never mind')) }))
    expect((await cancelled).message).to.equal('never mind')
  })

  it('ends receive() and reports death when the remote process is killed', async () => {
    const child = spawn(process.execPath, ['--conditions=source', fileURLToPath(new URL('./support/killed.ts', import.meta.url))])
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    const client = await host({ listen: [] })
    const peer = await client.connect(JSON.parse(String(line)) as string[])
    const channel = await client.open(peer, bytesProtocol())
    await channel.send(Uint8Array.of(3))
    const messages = channel.receive()[Symbol.asyncIterator]()
    expect((await messages.next()).value).to.deep.equal(Uint8Array.of(3))
    const beat = Promise.withResolvers<void>()
    const dead = Promise.withResolvers<string>()
    watchPeer(client, peer, { onBeat: () => beat.resolve(), onDead: dead.resolve })
    await beat.promise
    child.kill('SIGKILL')
    expect((await messages.next()).done).to.equal(true)
    await channel.closed
    expect(await dead.promise).to.equal('closed')
    expect(client.connected(peer)).to.equal(false)
  })
})
