/** Bytes that really leave for a successor, counted on a TCP relay between two peers: framing, encryption and handshake included. */
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog, systemClock, systemRng } from 'openseam/components'
import { createHost } from 'openseam/net/host'
import { kvProtocol } from 'openseam/net/protocols'
import { hexToBytes } from 'openseam/protocol/eth'
import { decodeGrant } from 'openseam/protocol/grant'
import { KvDtype } from 'openseam/protocol/kv-header'
import { BLOCK_TOKENS, CELL_BYTES, STANDBY_KEEP_MS } from 'openseam/protocol/limits'
import { peerKeyOf } from 'openseam/protocol/peer-id'
import { signerOf } from '../../node/kv/ed25519.ts'
import { createReplicator } from '../../node/kv/replicator.ts'
import { createStandby } from '../../node/kv/standby.ts'

const FLUSH_MS = 60_000

export interface WireFigures {
  /** All bytes sent / (cells x 65 536). */
  wireRatio: number
  /** Cells x 65 536 / bytes of KV. */
  padRatio: number
}

export const measureWire = async (blockBytes: number, blocks: number): Promise<WireFigures> => {
  const dir = mkdtempSync(join(tmpdir(), 'openseam-wire-'))
  const base = { clock: systemClock, log: silentLog, rng: systemRng }
  const undo: (() => Promise<unknown> | unknown)[] = [() => rmSync(dir, { recursive: true, force: true })]
  try {
    const successorSeed = systemRng.bytes(32)
    const successor = await createHost({ privateKey: successorSeed, listen: ['/ip4/127.0.0.1/tcp/0'], dht: 'off' })
    undo.push(() => successor.close())
    const servingSeed = systemRng.bytes(32)
    const serving = await createHost({ privateKey: servingSeed, listen: [], dht: 'off' })
    undo.push(() => serving.close())
    const address = successor.multiaddrs().find((text) => /\/tcp\/\d+\/p2p\//.test(text))
    if (address === undefined) throw new Error('the successor has no TCP address')
    const relay = await countingRelay(Number(/\/tcp\/(\d+)/.exec(address)?.[1]))
    undo.push(() => relay.close())

    const modelId = systemRng.bytes(32)
    const numerics = systemRng.bytes(32)
    const zero = { promptWei: 0n, completionWei: 0n, standbyWei: 0n, resumeWei: 0n }
    const terms = { provider: systemRng.bytes(20), peer: hexToBytes(successor.peer, 32), numerics, prices: zero }
    const standby = createStandby({ ...base, dir, sign: signerOf(successorSeed), terms: () => terms })
    undo.push(() => standby.close())
    successor.handle(kvProtocol, (channel) => standby.serveKv(channel))

    const cells = Math.ceil(blockBytes / CELL_BYTES)
    const replica = systemRng.bytes(16)
    const bytesMax = blocks * (cells * CELL_BYTES + 1024)
    const request = {
      replica,
      servingPeer: hexToBytes(serving.peer, 32),
      modelId,
      client: systemRng.bytes(20),
      bytesMax,
      keepMs: STANDBY_KEEP_MS
    }
    const { grantId } = decodeGrant(standby.grant(request, serving.peer).body)
    const replicator = createReplicator(
      {
        ...base,
        sign: signerOf(servingSeed),
        openKv: (ref) => serving.open(peerKeyOf(ref.peer), kvProtocol, { multiaddrs: ref.multiaddrs })
      },
      {
        replica,
        leg: 0,
        modelId,
        numerics,
        dtype: KvDtype.f32,
        epochKey: systemRng.bytes(32),
        generation: 0,
        auditSalt: systemRng.bytes(32),
        blockBytes
      }
    )
    undo.push(() => replicator.close())
    const multiaddrs = [address.replace(/\/tcp\/\d+/, `/tcp/${relay.port}`)]
    replicator.setSuccessors([{ grantId, peer: terms.peer, multiaddrs }], () => undefined)
    for (let index = 0; index < blocks; index++) {
      const ids = Array.from({ length: BLOCK_TOKENS }, (_, i) => index * BLOCK_TOKENS + i)
      replicator.push(index, ids, new Uint8Array(blockBytes))
      await replicator.flushed(FLUSH_MS)
    }
    if (replicator.stats.cellsSent !== blocks * cells || !(await replicator.flushed(FLUSH_MS))) {
      throw new Error(`${replicator.stats.cellsSent} cells were sent, ${blocks * cells} expected`)
    }
    return { wireRatio: relay.sent() / (blocks * cells * CELL_BYTES), padRatio: (cells * CELL_BYTES) / blockBytes }
  } finally {
    for (const step of undo.reverse()) await step()
  }
}

/** Forwards to a port of this machine and counts what the dialling side sends. */
const countingRelay = async (to: number): Promise<{ port: number; sent(): number; close(): void }> => {
  let bytes = 0
  const open = new Set<Socket>()
  const server = createServer((from) => {
    const onward = dial(to, '127.0.0.1')
    for (const socket of [from, onward]) {
      open.add(socket)
      socket.on('error', () => undefined).on('close', () => open.delete(socket))
    }
    from.on('data', (part) => (bytes += part.length))
    from.pipe(onward)
    onward.pipe(from)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    sent: () => bytes,
    close() {
      server.close()
      for (const socket of open) socket.destroy()
    }
  }
}
