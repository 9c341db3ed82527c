import { expect } from 'chai'
import { type Channel, silentLog, systemClock, systemRng } from 'openseam/components'
import { codeOf, SeamError } from 'openseam/protocol/errors'
import { decodeGrant } from 'openseam/protocol/grant'
import type { KvFrame, KvReply, SuccessorRef } from 'openseam/protocol/pb'
import { createReplicator, type Replicator } from '../../../node/kv/replicator.ts'
import { until } from '../../support/until.ts'
import {
  chainInit,
  idsOf,
  kvOpener,
  newPeer,
  newStandby,
  openGrantStream,
  PLAIN_BYTES,
  plainOf,
  refOf,
  requestFor,
  type TestPeer,
  type TestStandby,
  takeRequest
} from './support.ts'

const options = { retryMs: 5, backfillMs: 50 }

describe('replicator and standby', () => {
  let serving: TestPeer
  let standbys: TestStandby[]
  let replicators: Replicator[]
  /** How the serving peer reaches each successor, by peer key. */
  let routes: Map<string, () => Promise<Channel<KvFrame, KvReply>>>

  beforeEach(() => {
    serving = newPeer()
    standbys = []
    replicators = []
    routes = new Map()
  })
  afterEach(async () => {
    for (const replicator of replicators) await replicator.close()
    for (const { standby } of standbys) await standby.close()
  })

  const successor = async (room?: number): Promise<{ to: TestStandby; ref: SuccessorRef; grantId: Uint8Array }> => {
    const to = newStandby()
    standbys.push(to)
    routes.set(to.peer.key, kvOpener(serving, to, room === undefined ? {} : { room }))
    const { first } = await openGrantStream(to, requestFor(serving))
    const { grantId } = decodeGrant(first.grant?.body as Uint8Array)
    return { to, ref: refOf(grantId, to.peer), grantId }
  }

  const replicator = (change = {}, init = {}): Replicator => {
    const openKv = async (ref: SuccessorRef): Promise<Channel<KvFrame, KvReply>> => {
      const key = [...routes.keys()].find((peer) => peer === `0x${Buffer.from(ref.peer).toString('hex')}`) as string
      return (routes.get(key) as () => Promise<Channel<KvFrame, KvReply>>)()
    }
    const made = createReplicator(
      { openKv, sign: serving.sign, clock: systemClock, log: silentLog, rng: systemRng },
      chainInit(init),
      { ...options, ...change }
    )
    replicators.push(made)
    return made
  }

  /** An engine that emits blocks [from, upTo()) again whenever it is asked. */
  const engine =
    (target: Replicator, upTo: () => number, asked: [number, number][] = []) =>
    (from: number, to: number): void => {
      asked.push([from, to])
      void (async () => {
        for (let i = from; i < upTo(); i++) {
          await systemClock.sleep(0)
          target.push(i, idsOf(i), plainOf(i))
        }
      })()
    }

  const pushAll = (target: Replicator, from: number, to: number): void => {
    for (let i = from; i < to; i++) target.push(i, idsOf(i), plainOf(i))
  }

  const expectBlocks = async (at: { to: TestStandby; grantId: Uint8Array }, count: number): Promise<void> => {
    const taken = await at.to.standby.take(at.grantId, takeRequest())
    expect(taken.code).to.equal(undefined)
    expect(taken.blocks.length).to.equal(count)
    taken.blocks.forEach((block, i) => {
      expect(Buffer.compare(block, plainOf(i)), `block ${i}`).to.equal(0)
      expect(block.buffer.byteLength).to.equal(PLAIN_BYTES)
    })
  }

  it('streams blocks in order and opens them at takeover', async () => {
    const a = await successor()
    const r = replicator()
    r.setSuccessors(
      [a.ref],
      engine(r, () => 0)
    )
    pushAll(r, 0, 12)
    expect(await r.flushed(3000)).to.equal(true)
    expect(r.mark().blocks).to.equal(12)
    expect(r.acked().get(a.to.peer.key)).to.equal(12)
    expect(r.stats).to.include({ cellsSent: 12, bytesSent: 12 * PLAIN_BYTES, seals: 12 })
    const keys = takeRequest().keys
    const taken = await a.to.standby.take(
      a.grantId,
      takeRequest({ keys, knownHead: r.mark().head, knownBlocks: 12, positionsMax: 5 * 32 + 31 })
    )
    expect(taken).to.include({ stored: 12, headKnown: true, dtype: 1 })
    expect(taken.blocks.length).to.equal(5)
    expect(
      keys[0]?.key.every((byte) => byte === 0),
      'keys are zeroed'
    ).to.equal(true)
    await expectBlocks(a, 12)
  })

  it('acknowledges to the client what the serving peer signed', async () => {
    const to = newStandby()
    standbys.push(to)
    routes.set(to.peer.key, kvOpener(serving, to))
    const { first, frames } = await openGrantStream(to, requestFor(serving))
    const r = replicator()
    r.setSuccessors([refOf(decodeGrant(first.grant?.body as Uint8Array).grantId, to.peer)], () => undefined)
    pushAll(r, 0, 4)
    let ack = { blocks: 0, head: new Uint8Array(0) }
    while (ack.blocks < 4) ack = (await frames.next()).value.ack
    expect(Buffer.from(ack.head)).to.deep.equal(Buffer.from(r.mark().head))
  })

  it('keeps two successors, sealing each block once', async () => {
    const [a, b] = [await successor(), await successor()]
    const r = replicator()
    r.setSuccessors(
      [a.ref, b.ref],
      engine(r, () => 0)
    )
    pushAll(r, 0, 6)
    expect(await r.flushed(3000)).to.equal(true)
    expect(r.stats).to.include({ seals: 6, cellsSent: 12 })
    await expectBlocks(a, 6)
    await expectBlocks(b, 6)
  })

  it('seals again, byte for byte, for a successor that comes late; the mark never falls', async () => {
    const a = await successor()
    const r = replicator()
    r.setSuccessors([a.ref], () => undefined)
    pushAll(r, 0, 8)
    await r.flushed(3000)
    const mark = r.mark()
    const b = await successor()
    r.setSuccessors(
      [b.ref],
      engine(r, () => r.mark().blocks)
    )
    pushAll(r, 8, 9)
    expect(await r.flushed(3000)).to.equal(true)
    expect(r.mark().blocks).to.equal(9)
    const taken = await b.to.standby.take(b.grantId, takeRequest({ knownHead: mark.head, knownBlocks: 8 }))
    expect(taken).to.include({ stored: 9, headKnown: true })
    await expectBlocks(b, 9)
  })

  it('never sends a block that reads differently the second time', async () => {
    const a = await successor()
    const r = replicator()
    pushAll(r, 0, 3)
    r.setSuccessors([a.ref], (from, to) => {
      for (let i = from; i < to; i++) r.push(i, idsOf(i), i === 1 ? plainOf(99) : plainOf(i))
    })
    await until(() => r.acked().size === 0)
    expect(await r.flushed(10)).to.equal(false)
    expect(r.mark().blocks).to.equal(3)
    expect((await a.to.standby.take(a.grantId, takeRequest())).stored).to.be.at.most(1)
  })

  it('a slow successor costs its window and nothing else, and catches up', async () => {
    const [slow, quick] = [await successor(0), await successor()]
    let open = false
    const direct = routes.get(slow.to.peer.key) as () => Promise<Channel<KvFrame, KvReply>>
    routes.set(slow.to.peer.key, async () => {
      const channel = await direct()
      const send = async (frame: KvFrame): Promise<void> => {
        while (!open && frame.cell !== undefined) await systemClock.sleep(2)
        return channel.send(frame)
      }
      return { ...channel, send }
    })
    const r = replicator({ windowBytesMax: 3 * PLAIN_BYTES })
    const asked: [number, number][] = []
    r.setSuccessors(
      [slow.ref, quick.ref],
      engine(r, () => 20, asked)
    )
    for (let i = 0; i < 20; i++) {
      r.push(i, idsOf(i), plainOf(i))
      await until(() => r.acked().get(quick.to.peer.key) === i + 1)
    }
    expect(r.acked().get(slow.to.peer.key)).to.equal(0)
    expect(asked).to.deep.equal([])
    open = true
    expect(await r.flushed(5000)).to.equal(true)
    expect(asked.every(([from, to]) => to - from <= 3)).to.equal(true)
    await expectBlocks(slow, 20)
  })

  it('goes on from the acknowledged block after a broken stream', async () => {
    const a = await successor()
    const direct = routes.get(a.to.peer.key) as () => Promise<Channel<KvFrame, KvReply>>
    let breaks = 3
    routes.set(a.to.peer.key, async () => {
      const channel = await direct()
      let sent = 0
      const send = async (frame: KvFrame): Promise<void> => {
        if (sent++ > 6 && breaks-- > 0) channel.abort(new Error('cut'))
        return channel.send(frame)
      }
      return { ...channel, send }
    })
    const r = replicator()
    r.setSuccessors(
      [a.ref],
      engine(r, () => 0)
    )
    pushAll(r, 0, 30)
    expect(await r.flushed(5000)).to.equal(true)
    expect(r.stats.reconnects).to.equal(3)
    await expectBlocks(a, 30)
  })

  it('gives a dead successor up, and keeps the other', async () => {
    const [dead, alive] = [await successor(), await successor()]
    routes.set(dead.to.peer.key, () => Promise.reject(new SeamError('NET_DIAL', 'gone')))
    const r = replicator({ attemptsMax: 3 })
    r.setSuccessors(
      [dead.ref, alive.ref],
      engine(r, () => 0)
    )
    pushAll(r, 0, 5)
    expect(await r.flushed(3000)).to.equal(true)
    expect([...r.acked().keys()]).to.deep.equal([alive.to.peer.key])
  })

  it('gives a successor up that refuses: fenced, unknown grant, over quota', async () => {
    const a = await successor()
    a.to.standby.fence(a.grantId, 2)
    const r = replicator()
    r.setSuccessors(
      [a.ref],
      engine(r, () => 0)
    )
    pushAll(r, 0, 2)
    expect(await r.flushed(3000)).to.equal(false)
    expect(r.acked().size).to.equal(0)
    expect(a.to.faults).to.deep.equal(['KV_FENCED'])
  })

  it('starts the chain anew when the successor lost it', async () => {
    const a = await successor()
    const r = replicator()
    let channel: Channel<KvFrame, KvReply> | undefined
    const direct = routes.get(a.to.peer.key) as () => Promise<Channel<KvFrame, KvReply>>
    routes.set(a.to.peer.key, async () => (channel = await direct()))
    r.setSuccessors(
      [a.ref],
      engine(r, () => 5)
    )
    pushAll(r, 0, 5)
    await r.flushed(3000)
    // Another writer of the same peer, as after a mix-up, takes the chain back to its start.
    const other = await direct()
    await other.send({
      hello: {
        grantId: Uint8Array.from(a.grantId),
        replica: chainInit().replica as Uint8Array<ArrayBuffer>,
        leg: 1,
        fromBlock: 0
      }
    })
    await until(() => a.to.standby.stats().blocks === 0)
    channel?.abort(new Error('cut'))
    expect(await r.flushed(3000).then(() => until(() => a.to.standby.stats().blocks === 5))).to.equal(undefined)
    await expectBlocks(a, 5)
  })

  it('gives a successor up that keeps losing the chain', async () => {
    const a = await successor()
    const direct = routes.get(a.to.peer.key) as () => Promise<Channel<KvFrame, KvReply>>
    let connections = 0
    routes.set(a.to.peer.key, async () => {
      connections += 1
      if (connections > 1) {
        const eraser = await direct()
        await eraser.send({
          hello: {
            grantId: Uint8Array.from(a.grantId),
            replica: chainInit().replica as Uint8Array<ArrayBuffer>,
            leg: 1,
            fromBlock: 0
          }
        })
        await until(() => a.to.standby.stats().blocks === 0)
      }
      const channel = await direct()
      void until(() => a.to.standby.stats().blocks > 0).then(
        () => systemClock.sleep(20).then(() => channel.abort(new Error('cut'))),
        () => undefined
      )
      return channel
    })
    const r = replicator({ attemptsMax: 100 })
    const asked: [number, number][] = []
    r.setSuccessors(
      [a.ref],
      engine(r, () => r.mark().blocks, asked)
    )
    pushAll(r, 0, 3)
    await until(() => r.acked().size === 0)
    expect(asked.length).to.be.at.most(4)
    expect(connections).to.be.at.most(8)
  })

  it('says at the timeout that not everything arrived, and closes in the middle of a block', async () => {
    const a = await successor()
    const direct = routes.get(a.to.peer.key) as () => Promise<Channel<KvFrame, KvReply>>
    const stuck = Promise.withResolvers<void>()
    routes.set(a.to.peer.key, async () => {
      const channel = await direct()
      const send = (frame: KvFrame): Promise<void> => (frame.cell === undefined ? channel.send(frame) : stuck.promise)
      const close = (): Promise<void> => {
        stuck.reject(new SeamError('NET_CLOSED', 'closed'))
        return channel.close()
      }
      return { ...channel, send, close }
    })
    const r = replicator()
    r.setSuccessors(
      [a.ref],
      engine(r, () => 0)
    )
    pushAll(r, 0, 2)
    expect(await r.flushed(40)).to.equal(false)
    await r.close()
    pushAll(r, 2, 3)
    expect(r.mark().blocks).to.equal(2)
    expect(await r.flushed(1000)).to.equal(false)
  })

  it('takes only whole blocks of the right size', () => {
    const r = replicator()
    const code = (act: () => void): string => {
      try {
        act()
        return 'none'
      } catch (error) {
        return codeOf(error)
      }
    }
    expect(code(() => r.push(0, idsOf(0), plainOf(0, 100)))).to.equal('INTERNAL')
    expect(code(() => r.push(0, idsOf(0).slice(1), plainOf(0)))).to.equal('INTERNAL')
    expect(r.mark().blocks).to.equal(0)
  })

  it('rotates keys inside a leg', async () => {
    const a = await successor()
    const r = replicator()
    r.setSuccessors(
      [a.ref],
      engine(r, () => 0)
    )
    pushAll(r, 0, 2)
    const next = new Uint8Array(32).fill(77)
    r.rotate(1, next)
    pushAll(r, 2, 4)
    await r.flushed(3000)
    expect(() => r.rotate(1, next))
      .to.throw(SeamError)
      .with.property('code', 'LEG_STALE')
    const keys = [...takeRequest().keys, { leg: 1, generation: 1, key: next }]
    const missing = await a.to.standby.take(a.grantId, takeRequest())
    expect(missing).to.include({ failedAt: 2, code: 'KV_CORRUPT' })
    const taken = await a.to.standby.take(a.grantId, takeRequest({ keys }))
    expect(taken.blocks.length).to.equal(4)
  })

  it('asks the engine for what it missed when blocks begin in mid-leg', async () => {
    const a = await successor()
    const r = replicator()
    r.setSuccessors(
      [a.ref],
      engine(r, () => 7)
    )
    r.push(6, idsOf(6), plainOf(6))
    await until(() => r.mark().blocks === 7)
    expect(await r.flushed(3000)).to.equal(true)
    await expectBlocks(a, 7)
  })
})
