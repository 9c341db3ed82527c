/** The two streams of a standby: /openseam/grant/1 with the client, /openseam/kv/1 with the serving peer. */
import type { Channel } from 'openseam/components'
import { codeOf, SeamError } from 'openseam/protocol/errors'
import type { GrantAck, GrantClientFrame, GrantServerFrame, KvFrame, KvHello, KvReply } from 'openseam/protocol/pb'
import { peerKeyOf } from 'openseam/protocol/peer-id'
import type { Replica } from './replica.ts'
import type { StandbyStore } from './standby.ts'
import type { Held } from './standby-types.ts'

/** The client plans with these, nobody waits for them; for a fast model each block's own would cost three peers as much as storing it. */
const GRANT_ACK_EVERY_MS = 100

const ackOf = (replica: Replica): GrantAck => ({ blocks: replica.blocks, head: Uint8Array.from(replica.head) })

/** Sends the newest acknowledgement, and skips those that grew old while the one before was under way, or during the `rest` after it. */
const ackSender = (replica: Replica, send: (ack: GrantAck) => Promise<void>, rest?: () => Promise<void>): (() => void) => {
  let wanted = false
  let sending = false
  const pump = async (): Promise<void> => {
    if (sending) return
    sending = true
    try {
      while (wanted) {
        wanted = false
        await send(ackOf(replica))
        await rest?.()
      }
    } catch {
      wanted = false // the stream ended; its receive loop says so
    }
    sending = false
  }
  return () => {
    wanted = true
    void pump()
  }
}

type Refusable = { refused?: { code: string; message: string; amount: Uint8Array<ArrayBuffer> } }

/** Tells the peer why, then closes. What the transport itself threw has ended the stream already. */
const refuse = async <Frame extends Refusable>(
  store: StandbyStore,
  channel: Channel<Frame, unknown>,
  error: unknown
): Promise<void> => {
  if (codeOf(error).startsWith('NET_')) return
  const known = error instanceof SeamError ? error : new SeamError('INTERNAL', 'the standby failed', { cause: error })
  store.refused(channel.peer, known)
  const refused = { code: known.code, message: known.message, amount: new Uint8Array(0) }
  await channel.send({ refused } as Frame).catch(() => undefined)
  await channel.close().catch(() => undefined)
}

/** One grant a stream. It reports what is stored, a few times a second at most, until either side closes. */
export const serveGrant = async (store: StandbyStore, channel: Channel<GrantServerFrame, GrantClientFrame>): Promise<void> => {
  const frames = channel.receive()[Symbol.asyncIterator]()
  try {
    const first = await frames.next()
    if (first.done === true) return
    if (first.value.request === undefined) throw new SeamError('WIRE_ORDER', 'the first frame asks for a grant')
    const signed = store.grant(first.value.request, channel.peer)
    const held = store.granted(signed)
    await store.using(held, async () => {
      await channel.send({ grant: signed })
      const watcher = ackSender(
        held.replica,
        (ack) => channel.send({ ack }),
        () => store.rest(GRANT_ACK_EVERY_MS)
      )
      if (held.replica.blocks > 0) watcher() // the client came back
      held.watchers.add(watcher)
      try {
        await followGrant(store, held, frames)
      } finally {
        held.watchers.delete(watcher)
      }
    })
    await channel.close().catch(() => undefined)
  } catch (error) {
    await refuse(store, channel, error)
  }
}

const followGrant = async (store: StandbyStore, held: Held, frames: AsyncIterator<GrantClientFrame>): Promise<void> => {
  for (let next = await frames.next(); next.done !== true; next = await frames.next()) {
    const { fence, release } = next.value
    if (fence !== undefined) held.replica.fence(fence.leg)
    else if (release !== undefined) return store.release(held.replica.grant.grantId)
    else throw new SeamError('WIRE_ORDER', 'after the request come only fences and a release')
  }
}

/** Blocks of one leg, from the serving peer that the grant names. */
export const serveKv = async (store: StandbyStore, channel: Channel<KvReply, KvFrame>): Promise<void> => {
  const frames = channel.receive()[Symbol.asyncIterator]()
  try {
    const first = await frames.next()
    if (first.done === true) return
    const held = admit(store, channel, first.value.hello)
    await store.using(held, () => receiveBlocks(held, channel, frames))
    await channel.close().catch(() => undefined)
  } catch (error) {
    await refuse(store, channel, error)
  }
}

const admit = (store: StandbyStore, channel: Channel<KvReply, KvFrame>, hello: KvHello | undefined): Held => {
  if (hello === undefined) throw new SeamError('WIRE_ORDER', 'the first frame names the grant')
  const held = store.held(hello.grantId)
  const { servingPeer, replica } = held.replica.grant
  if (peerKeyOf(servingPeer) !== channel.peer || Buffer.compare(replica, hello.replica) !== 0) {
    throw new SeamError('GRANT_UNKNOWN', 'this grant is for another serving peer')
  }
  held.replica.begin(hello.leg, hello.fromBlock)
  held.writer?.abort(new SeamError('NET_CLOSED', 'the serving peer opened a newer stream'))
  held.writer = channel
  return held
}

const receiveBlocks = async (held: Held, channel: Channel<KvReply, KvFrame>, frames: AsyncIterator<KvFrame>): Promise<void> => {
  const { replica } = held
  const acknowledge = ackSender(replica, (ack) => channel.send({ ack }))
  try {
    acknowledge() // where the chain stands: the sender compares before it sends anything
    for (let next = await frames.next(); next.done !== true && held.writer === channel; next = await frames.next()) {
      const { header, cell } = next.value
      if (header !== undefined) replica.header(header)
      else if (cell === undefined) throw new SeamError('WIRE_ORDER', 'after the hello come headers and cells')
      else if (await replica.cell(cell.body)) {
        acknowledge()
        for (const watcher of held.watchers) watcher()
      }
    }
  } finally {
    if (held.writer === channel) held.writer = undefined
  }
}
