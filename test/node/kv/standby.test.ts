import { mkdtempSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import type { Channel } from 'openseam/components'
import { systemClock } from 'openseam/components'
import { codeOf, SeamError } from 'openseam/protocol/errors'
import { decodeGrant, openGrant } from 'openseam/protocol/grant'
import { CHAIN_START, encodeKvRecord, tokenHashOf } from 'openseam/protocol/kv-header'
import type { KvFrame, KvReply } from 'openseam/protocol/pb'
import { type SealedBlock, type SealInit, sealBlock } from '../../../node/kv/seal.ts'
import type { StandbyComponents, StandbyOptions } from '../../../node/kv/standby.ts'
import { until } from '../../support/until.ts'
import {
  bytes,
  channelPair,
  EPOCH_KEY,
  filled,
  idsOf,
  MODEL,
  NUMERICS,
  newPeer,
  newStandby,
  openGrantStream,
  PLAIN_BYTES,
  plainOf,
  requestFor,
  type TestStandby,
  takeRequest
} from './support.ts'

const serving = newPeer()
const client = newPeer()
const replica = filled(16, 1)

/** A chain as an honest serving peer makes it; `change` makes it a dishonest one. */
const chainOf = (count: number, change: (block: number) => Partial<SealInit> = () => ({})): SealedBlock[] => {
  const chain: SealedBlock[] = []
  for (let block = 0; block < count; block++) {
    chain.push(
      sealBlock({
        dtype: 1,
        replica,
        leg: 1,
        generation: 0,
        block,
        modelId: MODEL,
        numerics: NUMERICS,
        epochKey: EPOCH_KEY,
        plaintext: plainOf(block),
        tokenHash: tokenHashOf(filled(32, 13), idsOf(block)),
        prevHead: chain.at(-1)?.head ?? CHAIN_START,
        salt: bytes(24),
        sign: serving.sign,
        ...change(block)
      })
    )
  }
  return chain
}

type Header = NonNullable<KvFrame['header']>
const framesOf = (block: SealedBlock, change: Partial<Header> = {}): KvFrame[] => [
  {
    header: {
      header: encodeKvRecord(block.header, block.tokenHash),
      tag: block.tag,
      signature: block.signature,
      cells: block.cells.length,
      ...change
    } as Header
  },
  ...block.cells.map((body) => ({ cell: { body: body as Uint8Array<ArrayBuffer> } }))
]

describe('standby', () => {
  let at: TestStandby
  let grantId: Uint8Array<ArrayBuffer>

  const start = async (
    components: Partial<StandbyComponents> = {},
    options: Partial<StandbyOptions> = {},
    request = {}
  ): Promise<void> => {
    at = newStandby(components, options)
    const { first } = await openGrantStream(at, requestFor(serving, request), client)
    grantId = openGrant(first.grant as NonNullable<typeof first.grant>, at.peer.raw, requestFor(serving, request)).grantId
  }
  beforeEach(() => start())
  afterEach(() => at.standby.close())

  const connect = (from = serving): { channel: Channel<KvFrame, KvReply>; replies: AsyncIterator<KvReply> } => {
    const [ours, theirs] = channelPair<KvFrame, KvReply>(from.key, at.peer.key, { room: 1000 })
    void at.standby.serveKv(theirs)
    return { channel: ours, replies: ours.receive()[Symbol.asyncIterator]() }
  }

  /** Sends frames after a hello and returns the refusal, or 'none' once `blocks` are acknowledged. */
  const send = async (frames: KvFrame[], hello = {}, from = serving): Promise<string> => {
    const { channel, replies } = connect(from)
    const put = async (): Promise<void> => {
      await channel.send({ hello: { grantId, replica, leg: 1, fromBlock: 0, ...hello } })
      for (const frame of frames) await channel.send(frame)
    }
    put().catch(() => undefined)
    const announced = frames.filter((frame) => frame.header !== undefined).length
    const expected = announced + ((hello as { fromBlock?: number }).fromBlock ?? 0)
    try {
      for (let reply = await replies.next(); reply.done !== true; reply = await replies.next()) {
        if (reply.value.refused !== undefined) return reply.value.refused.code
        if (reply.value.ack?.blocks === expected && (announced > 0 || frames.length === 0)) return 'none'
      }
      return 'closed'
    } finally {
      channel.abort(new Error('done'))
    }
  }

  const store = async (count: number): Promise<SealedBlock[]> => {
    const chain = chainOf(count)
    expect(await send(chain.flatMap((block) => framesOf(block)))).to.equal('none')
    return chain
  }
  const file = (): string => join(at.dir, readdirSync(at.dir)[0] as string)

  describe('a block counts only when everything fits', () => {
    const refusedAfter = async (good: number, frames: KvFrame[], code: string): Promise<void> => {
      const chain = chainOf(good)
      expect(await send([...chain.flatMap((block) => framesOf(block)), ...frames])).to.equal(code)
      expect(at.standby.stats().blocks).to.equal(good)
      expect(at.faults).to.include(code)
    }

    it('a changed byte in the body, the tag’s header, the token hash, the signature', async () => {
      const [first] = chainOf(1) as [SealedBlock]
      const cells = [Uint8Array.from(first.cells[0] as Uint8Array, (byte, i) => (i === 777 ? byte ^ 1 : byte))]
      await refusedAfter(0, framesOf({ ...first, cells }), 'KV_SIGNATURE')
      await refusedAfter(0, framesOf({ ...first, tokenHash: filled(32, 1) }), 'KV_SIGNATURE')
      await refusedAfter(0, framesOf({ ...first, signature: bytes(64) }), 'KV_SIGNATURE')
      await refusedAfter(0, framesOf({ ...first, signature: new Uint8Array(0) }), 'KV_SIGNATURE')
      await refusedAfter(
        0,
        framesOf({ ...first, header: Uint8Array.from(first.header, (byte, i) => (i === 170 ? byte ^ 1 : byte)) }),
        'KV_SIGNATURE'
      )
    })

    it('signed by another peer', async () => {
      await refusedAfter(
        0,
        chainOf(1, () => ({ sign: newPeer().sign })).flatMap((block) => framesOf(block)),
        'KV_SIGNATURE'
      )
    })

    it('out of order, replayed, of another chain', async () => {
      const chain = chainOf(3)
      await refusedAfter(0, framesOf(chain[1] as SealedBlock), 'KV_CHAIN')
      expect(await send([0, 1, 1].flatMap((i) => framesOf(chain[i] as SealedBlock)))).to.equal('KV_CHAIN')
      expect(await send([0, 2].flatMap((i) => framesOf(chain[i] as SealedBlock)))).to.equal('KV_CHAIN')
      const other = chainOf(2)
      expect(await send([...framesOf(chain[0] as SealedBlock), ...framesOf(other[1] as SealedBlock)])).to.equal('KV_CHAIN')
      expect(at.standby.stats().blocks).to.equal(1)
    })

    it('of another session, model, leg, or in another form than the first', async () => {
      for (const change of [{ replica: filled(16, 2) }, { modelId: filled(32, 1) }, { leg: 2 }]) {
        await refusedAfter(
          0,
          chainOf(1, () => change).flatMap((block) => framesOf(block)),
          'KV_CHAIN'
        )
      }
      for (const change of [{ dtype: 2 }, { numerics: filled(32, 1) }, { plaintext: plainOf(1, 100) }]) {
        const chain = chainOf(2, (block) => (block === 1 ? change : {}))
        expect(await send(chain.flatMap((block) => framesOf(block)))).to.equal('KV_CHAIN')
      }
    })

    it('malformed: wrong cell count, short cell, cell without header, header too early, no hello', async () => {
      const [first] = chainOf(1) as [SealedBlock]
      await refusedAfter(0, framesOf(first, { cells: 2 }), 'WIRE_MALFORMED')
      await refusedAfter(0, framesOf(first, { tag: new Uint8Array(12) }), 'WIRE_MALFORMED')
      await refusedAfter(0, framesOf(first, { header: new Uint8Array(10) }), 'WIRE_MALFORMED')
      await refusedAfter(0, framesOf({ ...first, cells: [new Uint8Array(PLAIN_BYTES - 1)] }, { cells: 1 }), 'WIRE_MALFORMED')
      await refusedAfter(0, [{ cell: { body: new Uint8Array(PLAIN_BYTES) } }], 'WIRE_ORDER')
      await refusedAfter(0, [...framesOf(first).slice(0, 1), ...framesOf(first)], 'WIRE_ORDER')
      await refusedAfter(0, [{}], 'WIRE_ORDER')
    })

    it('over the grant’s bytes', async () => {
      await at.standby.close()
      await start({}, {}, { bytesMax: 2 * PLAIN_BYTES })
      await refusedAfter(
        2,
        chainOf(3)
          .slice(2)
          .flatMap((block) => framesOf(block)),
        'KV_CHAIN'
      )
      expect(await send(chainOf(3).flatMap((block) => framesOf(block)))).to.equal('KV_QUOTA')
      expect(at.standby.stats().blocks).to.equal(2)
    })
  })

  describe('who may write', () => {
    it('the serving peer of the grant, for its session only', async () => {
      const frames = chainOf(1).flatMap((block) => framesOf(block))
      expect(await send(frames, {}, newPeer())).to.equal('GRANT_UNKNOWN')
      expect(await send(frames, { grantId: bytes(16) })).to.equal('GRANT_UNKNOWN')
      expect(await send(frames, { grantId: new Uint8Array(0) })).to.equal('GRANT_UNKNOWN')
      expect(await send(frames, { replica: filled(16, 2) })).to.equal('GRANT_UNKNOWN')
      expect(await send(frames)).to.equal('none')
    })

    it('no leg below the fence; what is stored stays', async () => {
      const { channel, done } = await openGrantStream(at, requestFor(serving), client)
      await store(2)
      await channel.send({ fence: { leg: 2 } })
      await systemClock.sleep(5)
      expect(await send([], { fromBlock: 2 })).to.equal('KV_FENCED')
      expect((await at.standby.take(grantId, takeRequest())).blocks.length).to.equal(2)
      await channel.close()
      await done
    })

    it('a fence between header and last cell stops the block', async () => {
      const [first] = chainOf(1) as [SealedBlock]
      const { channel, replies } = connect()
      await channel.send({ hello: { grantId, replica, leg: 1, fromBlock: 0 } })
      await channel.send(framesOf(first)[0] as KvFrame)
      await replies.next()
      at.standby.fence(grantId, 2)
      await channel.send(framesOf(first)[1] as KvFrame)
      expect((await replies.next()).value.refused.code).to.equal('KV_FENCED')
      expect(at.standby.stats().blocks).to.equal(0)
    })

    it('an older leg cannot come back after a newer one began', async () => {
      await store(3)
      const next = chainOf(1, () => ({ leg: 2 }))
      expect(
        await send(
          next.flatMap((block) => framesOf(block)),
          { leg: 2 }
        )
      ).to.equal('none')
      expect(at.standby.stats().blocks).to.equal(1)
      expect(await send([], { leg: 1 })).to.equal('KV_FENCED')
      const keys = [{ leg: 2, generation: 0, key: Uint8Array.from(EPOCH_KEY) }]
      expect((await at.standby.take(grantId, takeRequest({ keys }))).blocks.length).to.equal(1)
    })

    it('nobody once a takeover has begun', async () => {
      await store(1)
      await at.standby.take(grantId, takeRequest())
      expect(await send([], { leg: 9 })).to.equal('KV_FENCED')
    })

    it('one stream at a time: the newer one goes on, the older one is dropped', async () => {
      const chain = chainOf(2)
      const old = connect()
      await old.channel.send({ hello: { grantId, replica, leg: 1, fromBlock: 0 } })
      for (const frame of framesOf(chain[0] as SealedBlock)) await old.channel.send(frame)
      await until(() => at.standby.stats().blocks === 1)
      expect(await send(framesOf(chain[1] as SealedBlock), { fromBlock: 1 })).to.equal('none')
      expect(codeOf(await old.channel.send({}).catch((error: unknown) => error))).to.equal('NET_CLOSED')
      expect(await send([], { fromBlock: 3 })).to.equal('KV_CHAIN')
    })
  })

  describe('takeover', () => {
    const expectPrefix = async (count: number, failedAt: number | undefined): Promise<void> => {
      const taken = await at.standby.take(grantId, takeRequest())
      expect(taken.failedAt).to.equal(failedAt)
      expect(taken.code).to.equal(failedAt === undefined ? undefined : 'KV_CORRUPT')
      expect(taken.blocks.length).to.equal(count)
      for (const [i, block] of taken.blocks.entries()) expect(Buffer.compare(block, plainOf(i))).to.equal(0)
    }

    it('a flipped byte on disk costs that block and those after it', async () => {
      await store(6)
      const content = readFileSync(file())
      content[3 * PLAIN_BYTES + 5] = (content[3 * PLAIN_BYTES + 5] as number) ^ 1
      writeFileSync(file(), content)
      await expectPrefix(3, 3)
    })

    it('a truncated file costs what is missing', async () => {
      await store(6)
      truncateSync(file(), 4 * PLAIN_BYTES + 100)
      await expectPrefix(4, 4)
      truncateSync(file(), 0)
      await expectPrefix(0, 0)
    })

    it('an empty standby gives no blocks', async () => {
      expect(await at.standby.take(grantId, takeRequest())).to.deep.include({ blocks: [], stored: 0, headKnown: false })
    })

    it('a wrong or missing key opens nothing, and is zeroed all the same', async () => {
      await store(2)
      for (const keys of [
        [],
        [{ leg: 1, generation: 0, key: bytes(32) }],
        [{ leg: 2, generation: 0, key: Uint8Array.from(EPOCH_KEY) }]
      ]) {
        expect(await at.standby.take(grantId, takeRequest({ keys }))).to.deep.include({
          blocks: [],
          failedAt: 0,
          code: 'KV_CORRUPT',
          stored: 2
        })
        expect(keys.every(({ key }) => key.every((byte) => byte === 0))).to.equal(true)
      }
    })

    it('a chain that contradicts the client’s head is not used', async () => {
      const chain = await store(3)
      const head = (blocks: number): Uint8Array => (chain[blocks - 1] as SealedBlock).head
      const take = (knownHead: Uint8Array, knownBlocks?: number) =>
        at.standby.take(grantId, takeRequest({ knownHead, knownBlocks }))
      expect(await take(head(2), 2)).to.deep.include({ stored: 3, headKnown: true })
      expect(await take(bytes(32), 2)).to.deep.include({ blocks: [], failedAt: 0, code: 'KV_CHAIN', headKnown: false })
      expect((await take(bytes(32), 9)).blocks.length).to.equal(3) // the client knows of blocks that never got here
      expect((await take(bytes(32))).headKnown).to.equal(false)
    })

    it('only the grant’s client', async () => {
      await store(1)
      const code = async (id: Uint8Array, change: object): Promise<string> =>
        at.standby.take(id, takeRequest({ ...change })).then(() => 'none', codeOf)
      expect(await code(grantId, { client: filled(20, 6) })).to.equal('GRANT_UNKNOWN')
      expect(await code(grantId, { servingPeer: newPeer().raw })).to.equal('GRANT_UNKNOWN')
      expect(await code(bytes(16), {})).to.equal('GRANT_UNKNOWN')
      expect(await code(grantId, { servingPeer: serving.raw })).to.equal('none')
    })
  })

  describe('grants', () => {
    it('signs what was asked, with locked prices, and finds it again', async () => {
      const grant = at.standby.find(grantId)
      expect(grant?.bytesMax).to.equal(64 * PLAIN_BYTES)
      expect([...(grant?.completionWei ?? [])]).to.deep.equal([2])
      expect(grant?.lockedUntilMs).to.be.above(Date.now())
      const again = await openGrantStream(at, requestFor(serving), client)
      expect(again.first.grant).to.deep.equal((await openGrantStream(at, requestFor(serving), client)).first.grant)
      expect(at.standby.stats().grants).to.equal(1)
      expect(at.standby.find(bytes(16))).to.equal(undefined)
    })

    const refusal = async (request = {}, by = newPeer()): Promise<string> =>
      (await openGrantStream(at, requestFor(serving, request), by)).first.refused?.code ?? 'none'

    it('refuses over quota: in all, per client peer, in number', async () => {
      await at.standby.close()
      await start(
        {},
        { bytesMax: 10 * PLAIN_BYTES, bytesPerPeerMax: 6 * PLAIN_BYTES, grantsMax: 3, grantsPerPeerMax: 2 },
        { bytesMax: 4 * PLAIN_BYTES }
      )
      expect(await refusal({ bytesMax: 3 * PLAIN_BYTES }, client)).to.equal('GRANT_QUOTA')
      expect(await refusal({ bytesMax: 7 * PLAIN_BYTES })).to.equal('GRANT_QUOTA')
      expect(await refusal({ bytesMax: PLAIN_BYTES }, client)).to.equal('none')
      expect(await refusal({ bytesMax: 1, replica: filled(16, 9) }, client)).to.equal('GRANT_QUOTA')
      expect(await refusal({ bytesMax: 1 })).to.equal('none')
      expect(await refusal({ bytesMax: 1 })).to.equal('GRANT_QUOTA')
      await at.standby.release(grantId)
      expect(await refusal({ bytesMax: 1 })).to.equal('none')
    })

    it('refuses malformed requests, a first frame that asks for nothing, and what the provider refuses', async () => {
      expect(await refusal({ replica: new Uint8Array(3) })).to.equal('WIRE_MALFORMED')
      expect(await refusal({ bytesMax: 0 })).to.equal('WIRE_MALFORMED')
      const [ours, theirs] = channelPair<object, { refused?: { code: string } }>(client.key, at.peer.key)
      void at.standby.serveGrant(theirs as never)
      await ours.send({ release: {} })
      const { value } = await ours.receive()[Symbol.asyncIterator]().next()
      expect(value.refused.code).to.equal('WIRE_ORDER')
      await at.standby.close()
      at = newStandby({
        terms: () => {
          throw new SeamError('DRAINING', 'leaving')
        }
      })
      expect(await refusal()).to.equal('DRAINING')
    })

    it('outlives its streams by keepMs, then its file is gone', async () => {
      await at.standby.close()
      at = newStandby({}, { sweepMs: 5 })
      const stream = await openGrantStream(at, requestFor(serving, { keepMs: 60 }), client)
      grantId = decodeGrant(stream.first.grant?.body as Uint8Array).grantId
      await store(2)
      expect(statSync(file()).mode & 0o777).to.equal(0o600)
      await systemClock.sleep(120)
      expect(at.standby.stats().grants).to.equal(1)
      await stream.channel.close()
      const closedMs = performance.now()
      await until(() => at.standby.stats().grants === 0)
      expect(performance.now() - closedMs).to.be.above(55)
      await until(() => readdirSync(at.dir).length === 0)
    })

    it('expires when nobody ever connects', async () => {
      await at.standby.close()
      at = newStandby({}, { sweepMs: 5 })
      at.standby.grant(requestFor(serving, { keepMs: 30 }), client.key)
      expect(at.standby.stats().grants).to.equal(1)
      await until(() => at.standby.stats().grants === 0)
    })

    it('a release on the stream ends it at once', async () => {
      const { channel, done } = await openGrantStream(at, requestFor(serving), client)
      await store(1)
      await channel.send({ release: {} })
      await done
      expect(at.standby.stats()).to.include({ grants: 0, blocks: 0, bytesStored: 0 })
      expect(await send([])).to.equal('GRANT_UNKNOWN')
    })

    it('deletes what an earlier run left, and nothing else', async () => {
      const dir = mkdtempSync(join(tmpdir(), 'openseam-standby-'))
      writeFileSync(join(dir, '00ff.kv'), 'old')
      writeFileSync(join(dir, 'notes.txt'), 'mine')
      await newStandby({ dir }).standby.close()
      expect(readdirSync(dir)).to.deep.equal(['notes.txt'])
    })
  })

  it('holds no key, plaintext or id before a takeover', async () => {
    await store(2)
    const content = readFileSync(file())
    expect(content.length).to.equal(2 * PLAIN_BYTES)
    for (const secret of [EPOCH_KEY, plainOf(0).subarray(0, 32), plainOf(1).subarray(1000, 1032)])
      expect(content.indexOf(secret)).to.equal(-1)
  })

  it('random frames are refused and leave the stored chain alone', async () => {
    const good = await store(2)
    const body = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constant(new Uint8Array(PLAIN_BYTES)))
    const header = fc.record({
      header: fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ minLength: 226, maxLength: 226 })),
      tag: fc.uint8Array({ maxLength: 20 }),
      signature: fc.uint8Array({ maxLength: 70 }),
      cells: fc.nat()
    })
    const frame = fc.oneof(
      header.map((value) => ({ header: value })),
      body.map((value) => ({ cell: { body: value } })),
      fc.constant({})
    )
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 4 }), async (frames) => {
        const code = await send(frames as KvFrame[], { fromBlock: 2 })
        expect(['WIRE_MALFORMED', 'WIRE_ORDER', 'KV_CHAIN']).to.include(code)
        expect(at.standby.stats().blocks).to.equal(2)
      }),
      { numRuns: 60 }
    )
    const taken = await at.standby.take(grantId, takeRequest({ knownHead: good[1]?.head, knownBlocks: 2 }))
    expect(taken.blocks.length).to.equal(2)
  })
})
