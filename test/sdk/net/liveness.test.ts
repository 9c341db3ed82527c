/** Beats over real sockets, with short limits; the detector's own arithmetic is tested in silence.test.ts. */
import { expect } from 'chai'
import type { Channel } from '../../../sdk/components.ts'
import type { Host } from '../../../sdk/net/host.ts'
import { serveBeats, watchPeer } from '../../../sdk/net/liveness.ts'
import { beatProtocol } from '../../../sdk/net/protocols.ts'
import type { Beat, BeatRequest } from '../../../sdk/protocol/pb/messages.js'
import { until } from '../../support/until.ts'
import { closeHosts, host } from './support/peers.ts'

const connected = async (): Promise<{ server: Host; client: Host }> => {
  const [server, client] = [await host(), await host({ listen: [] })]
  await client.connect(server.multiaddrs())
  return { server, client }
}

describe('liveness', () => {
  afterEach(closeHosts)

  it('hears beats and what they tell, on one stream for all who watch', async () => {
    const { server, client } = await connected()
    let draining = false
    serveBeats(server, () => ({ sessions: 2, draining }))
    const heard: Beat[] = []
    const watches = [1, 2].map(() => watchPeer(client, server.peer, { onBeat: (beat) => void heard.push(beat) }))
    await until(() => heard.length >= 4)
    draining = true
    await until(() => heard.at(-1)?.draining === true)
    expect(heard[0]).to.deep.include({ seq: 0, sessions: 2, draining: false })
    expect(heard.filter(({ seq }) => seq === 1).length).to.equal(2) // each listener, one stream
    for (const watch of watches) watch.stop()
    const count = heard.length
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(heard.length).to.equal(count)
  })

  it('suspects a silent peer, then gives it up, once', async () => {
    const { server, client } = await connected()
    server.handle(beatProtocol, async (channel: Channel<Beat, BeatRequest>) => {
      await channel.send({ seq: 0, sessions: 0, draining: false })
      await channel.closed // and never again
    })
    const events: string[] = []
    watchPeer(
      client,
      server.peer,
      { onSuspect: () => void events.push('suspect'), onDead: (reason) => void events.push(reason) },
      { suspectMs: 60, commitMs: 200 }
    )
    await until(() => events.length === 2)
    expect(events).to.deep.equal(['suspect', 'silent'])
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(events.length).to.equal(2)
    expect(client.connected(server.peer)).to.equal(true) // silence of the peer is not the end of the connection
  })

  it('takes tokens as signs of life where beats cannot be had', async () => {
    const { server, client } = await connected() // serves no beats: every stream is refused
    const events: string[] = []
    const watch = watchPeer(
      client,
      server.peer,
      { onDead: (reason) => void events.push(reason) },
      { suspectMs: 500, commitMs: 1_500 }
    )
    for (let i = 0; i < 100; i++) {
      watch.alive()
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(events).to.deep.equal([])
    await until(() => events.length === 1)
    expect(events).to.deep.equal(['silent'])
  })

  it('survives its own stream limit, and hears beats once there is a stream', async () => {
    const { server, client } = await connected()
    serveBeats(server, () => ({ sessions: 0, draining: false }))
    const limit = { ...beatProtocol, outboundStreamsPerPeerMax: 1 }
    const held = await client.open(server.peer, limit) // waits for a request at the server
    const crowded = Object.create(client) as Host
    crowded.open = ((peer: Host['peer'], protocol: typeof beatProtocol, options: object) =>
      client.open(peer, { ...protocol, outboundStreamsPerPeerMax: 1 }, options)) as Host['open']
    const events: string[] = []
    const beat = Promise.withResolvers<void>()
    watchPeer(
      crowded,
      server.peer,
      { onBeat: () => beat.resolve(), onDead: (reason) => void events.push(reason) },
      { commitMs: 10_000 }
    )
    await new Promise((resolve) => setTimeout(resolve, 150))
    held.abort(new Error('makes room'))
    await beat.promise
    expect(events).to.deep.equal([])
  })

  it('opens the stream again when it ends, and reports the end of the connection', async () => {
    const { server, client } = await connected()
    let streams = 0
    server.handle(beatProtocol, async (channel: Channel<Beat, BeatRequest>) => {
      streams += 1
      await channel.send({ seq: streams, sessions: 0, draining: false }) // then returns: the stream ends
    })
    const dead = Promise.withResolvers<string>()
    watchPeer(client, server.peer, { onDead: dead.resolve }, { commitMs: 10_000 })
    await until(() => streams >= 3)
    await server.close()
    expect(await dead.promise).to.equal('closed')
  })
})
