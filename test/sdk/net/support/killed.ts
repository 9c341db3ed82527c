/** A peer in a process of its own, to be killed: serves the test protocol, says where it is, sends what it is asked for. */
import { createHost } from '../../../../sdk/net/host.ts'
import { serveBeats } from '../../../../sdk/net/liveness.ts'
import { bytesProtocol, LOOPBACK } from './peers.ts'

const peer = await createHost({ privateKey: crypto.getRandomValues(new Uint8Array(32)), listen: [LOOPBACK] })
serveBeats(peer, () => ({ sessions: 1, draining: false }))
peer.handle(bytesProtocol(), async (channel) => {
  for await (const message of channel.receive()) await channel.send(message)
})
process.stdout.write(`${JSON.stringify(peer.multiaddrs())}\n`)
