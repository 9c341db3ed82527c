import { expect } from 'chai'
import { silentLog } from 'openseam/components'
import { bytesToHex, ZERO_BYTES32 } from 'openseam/protocol/eth'
import { fingerprintOf, PRINT_BYTES, printBase } from 'openseam/protocol/fingerprint'
import { UNPAID_WAIT_MS } from 'openseam/protocol/limits'
import type { ClientFrame, ProviderFrame, SuccessorRef } from 'openseam/protocol/pb'
import { EndReason } from 'openseam/protocol/typed-data'
import { outputHash } from 'openseam/protocol/work'
import type { Engine, EngineEvent, EngineJob, Job } from '../../../node/engine/types.ts'
import type { Replicator } from '../../../node/kv/replicator.ts'
import { followClient, ServingLeg } from '../../../node/provider/serving-leg.ts'
import type { LegRow } from '../../../node/settle/legs.ts'
import { channelPair, codeOfRejection, key, legOpen, salt, settle, TestClock } from '../../sdk/session/support.ts'

const PROMPT = 4
const CREDIT = 8
const sampling = {} as Job['sampling']

/** An engine that does what the test says, and records what it is told. */
class TestEngine {
  emit!: (event: EngineEvent) => void
  readonly told: string[] = []
  at = PROMPT

  readonly engine = {
    start: (_job: Job, on: (event: EngineEvent) => void): EngineJob => {
      this.emit = on
      return {
        key: 'k',
        cancel: () => void this.told.push('cancel'),
        hold: (on) => void this.told.push(on ? 'hold' : 'go on'),
        emitBlocksFrom: (index) => void this.told.push(`blocks from ${index}`)
      }
    }
  } as Partial<Engine> as Engine

  tokens(count: number): void {
    const ids = Array.from({ length: count }, (_, i) => this.at + i)
    this.emit({ kind: 'tokens', from: this.at, ids })
    this.at += count
  }
}

class TestReplicator {
  blocks = 0
  readonly pushed: number[][] = []
  successors: SuccessorRef[] = []
  readonly stored = Promise.withResolvers<boolean>()
  readonly part = {
    push: (_index: number, ids: readonly number[]) => {
      this.pushed.push([...ids])
      this.blocks += 1
    },
    mark: () => ({ blocks: this.blocks, head: key(`head ${this.blocks}`) }),
    setSuccessors: (refs: readonly SuccessorRef[]) => void (this.successors = [...refs]),
    flushed: () => this.stored.promise
  } as Partial<Replicator> as Replicator
}

const setup = async () => {
  const [theirs, ours] = channelPair<ClientFrame, ProviderFrame>()
  const engine = new TestEngine()
  const replicator = new TestReplicator()
  const clock = new TestClock()
  const ids = Array.from({ length: PROMPT }, (_, i) => i)
  const job: Job = { key: 'k', ids: [...ids], from: 0, completionFrom: PROMPT, maxTo: 100, sampling, stopIds: [] }
  const leg = new ServingLeg(
    { channel: ours, engine: engine.engine, clock, log: silentLog },
    { open: legOpen(), ids, salt, credit: () => CREDIT, replicator: replicator.part, job }
  )
  leg.start(() => 'fresh')
  const acknowledge = (ackedTo: number, end: number = EndReason.running): void =>
    leg.acknowledged({ open: legOpen(), completionFrom: PROMPT, ackedTo, nextSeq: 1, end } satisfies LegRow)
  const frames: ProviderFrame[] = []
  void (async () => {
    for await (const frame of theirs.receive()) frames.push(frame)
  })().catch(() => undefined)
  return { leg, engine, replicator, clock, frames, theirs, ours, acknowledge }
}

describe('serving leg: credit', () => {
  it('holds decoding once W completion positions are out, not one sooner, and not for the prompt', async () => {
    const { engine } = await setup()
    engine.tokens(CREDIT - 1)
    expect(engine.told).to.deep.equal([])
    engine.tokens(1)
    expect(engine.told).to.deep.equal(['hold'])
  })

  it('goes on with the acknowledgement, by as much as it covers', async () => {
    const { engine, acknowledge } = await setup()
    engine.tokens(CREDIT)
    acknowledge(PROMPT)
    expect(engine.told).to.deep.equal(['hold'])
    acknowledge(PROMPT + 1)
    expect(engine.told).to.deep.equal(['hold', 'go on'])
    engine.tokens(1)
    expect(engine.told).to.deep.equal(['hold', 'go on', 'hold'])
  })

  it('ends as unpaid after ten seconds of waiting, and says so', async () => {
    const { leg, engine, clock, frames } = await setup()
    engine.tokens(CREDIT)
    await clock.advance(UNPAID_WAIT_MS - 1)
    expect(engine.told).to.deep.equal(['hold'])
    await clock.advance(1)
    expect(engine.told).to.deep.equal(['hold', 'cancel'])
    expect(await leg.ended).to.deep.equal({ reason: EndReason.unpaid, sentTo: PROMPT + CREDIT })
    expect(frames.at(-1)?.end).to.include({ reason: EndReason.unpaid, to: PROMPT + CREDIT, detail: 'UNPAID_LEG' })
  })

  it('a wait that was ended in time counts for nothing later', async () => {
    const { engine, clock, acknowledge } = await setup()
    engine.tokens(CREDIT)
    await clock.advance(UNPAID_WAIT_MS - 1)
    acknowledge(PROMPT + CREDIT)
    engine.tokens(CREDIT)
    await clock.advance(UNPAID_WAIT_MS - 1)
    expect(engine.told).to.deep.equal(['hold', 'go on', 'hold'])
    await clock.advance(1)
    expect(engine.told.at(-1)).to.equal('cancel')
  })
})

describe('serving leg: frames', () => {
  it('tells how it began with the first tokens, and only then', async () => {
    const { engine, frames } = await setup()
    engine.emit({ kind: 'resume', kept: 2, recomputed: 1, tier: 'blocks' })
    engine.tokens(1)
    engine.tokens(2)
    await settle()
    expect(frames.map((frame) => frame.tokens?.resume)).to.deep.equal([{ tier: 'warm', kept: 2, recomputed: 1 }, undefined])
    expect(frames.map((frame) => [frame.tokens?.from, frame.tokens?.ids])).to.deep.equal([
      [4, [4]],
      [5, [5, 6]]
    ])
  })

  it('tells from which logits each id was drawn, and binds itself to just that', async () => {
    const { leg, engine, frames } = await setup()
    const prints = Uint8Array.from({ length: 3 * PRINT_BYTES }, (_, i) => i)
    engine.emit({ kind: 'tokens', from: 4, ids: [4], prints: prints.slice(0, PRINT_BYTES) })
    engine.emit({ kind: 'tokens', from: 5, ids: [5, 6], prints: prints.slice(PRINT_BYTES) })
    await settle()
    expect(Buffer.concat(frames.map((frame) => frame.tokens?.prints ?? prints))).to.deep.equal(Buffer.from(prints))
    const base = printBase(salt, legOpen().requestHash, outputHash(salt, [0, 1, 2, 3]))
    expect(leg.fingerprint(0, 7)).to.equal(fingerprintOf(base, prints))
    expect(leg.fingerprint(5, 7)).to.equal(fingerprintOf(base, prints.subarray(PRINT_BYTES)))
    engine.emit({ kind: 'tokens', from: 7, ids: [7] })
    expect(leg.fingerprint(5, 8)).to.equal(ZERO_BYTES32)
  })

  it('knows what it sent: the yardstick of receipts', async () => {
    const { leg, engine } = await setup()
    expect(leg.sentTo()).to.equal(0)
    engine.tokens(3)
    expect(leg.sentTo()).to.equal(7)
    expect(leg.ids(2, 6)).to.deep.equal([2, 3, 4, 5])
  })

  it('seals a full block with its ids, and marks it in the next frame', async () => {
    const { leg, engine, replicator, frames } = await setup()
    engine.tokens(1)
    engine.emit({ kind: 'block', index: 0, bytes: new Uint8Array(8) })
    engine.tokens(1)
    engine.tokens(1)
    await settle()
    expect(replicator.pushed[0]?.slice(0, 5)).to.deep.equal([0, 1, 2, 3, 4])
    expect(frames.map((frame) => frame.tokens?.mark?.blocks)).to.deep.equal([undefined, 1, undefined])
    expect(leg.announced(bytesToHex(key('head 1')))).to.equal(true)
    expect(leg.announced(bytesToHex(key('head 2')))).to.equal(false)
  })

  it('shows the first token when the successors hold the prompt, and seals a block meanwhile with all its ids', async () => {
    const { leg, engine, replicator, frames } = await setup()
    leg.setSuccessors([{ grantId: new Uint8Array(16), peer: new Uint8Array(32), multiaddrs: [] }])
    engine.tokens(1)
    engine.tokens(27)
    engine.emit({ kind: 'block', index: 0, bytes: new Uint8Array(8) })
    await settle()
    expect(frames).to.deep.equal([])
    expect(leg.sentTo()).to.equal(0)
    expect(replicator.pushed[0]).to.deep.equal(Array.from({ length: 32 }, (_, i) => i))
    replicator.stored.resolve(true)
    await settle()
    expect(frames.flatMap((frame) => frame.tokens?.ids ?? [])).to.deep.equal(Array.from({ length: 28 }, (_, i) => PROMPT + i))
    expect(engine.told.filter((word) => word !== 'blocks from 0')).to.deep.equal(['hold', 'go on', 'hold'])
  })

  it('asks the engine for blocks from the first successor on', async () => {
    const { leg, engine, replicator } = await setup()
    leg.setSuccessors([])
    expect(engine.told).to.deep.equal([])
    const ref = { grantId: new Uint8Array(16), peer: new Uint8Array(32), multiaddrs: [] }
    leg.setSuccessors([ref])
    leg.setSuccessors([ref, ref])
    expect(engine.told).to.deep.equal(['blocks from 0'])
    expect(replicator.successors).to.have.length(2)
  })

  it('ends with the engine: finished, or died with a code and no detail of ours', async () => {
    const good = await setup()
    good.engine.tokens(2)
    good.engine.emit({ kind: 'end', reason: 'stop', to: 6 })
    expect(await good.leg.ended).to.deep.equal({ reason: EndReason.finished, sentTo: 6 })
    await settle()
    expect(good.frames.at(-1)?.end).to.include({ reason: EndReason.finished, to: 6, detail: 'stop' })

    const bad = await setup()
    bad.engine.emit({ kind: 'end', reason: 'failed', to: 4, error: 'secret of the machine' })
    expect((await bad.leg.ended).reason).to.equal(EndReason.died)
    await settle()
    expect(bad.frames.at(-1)?.end?.detail).to.equal('ENGINE_FAILED')
  })

  it('says nothing after its end', async () => {
    const { leg, engine, frames } = await setup()
    engine.tokens(1)
    leg.end(EndReason.finished)
    engine.tokens(1)
    leg.end(EndReason.died)
    leg.drain(5)
    await settle()
    expect(frames).to.have.length(2)
    expect(leg.sentTo()).to.equal(5)
  })

  it('stops when the client’s stream is gone', async () => {
    const { leg, engine, theirs } = await setup()
    await theirs.close()
    engine.tokens(1)
    expect((await leg.ended).reason).to.equal(EndReason.cancelled)
    expect(engine.told).to.deep.equal(['cancel'])
  })
})

describe('serving leg: the client', () => {
  const follow = async (...sent: ClientFrame[]) => {
    const parts = await setup()
    const heard: string[] = []
    const following = followClient(parts.leg, parts.ours.receive()[Symbol.asyncIterator](), {
      successors: (refs) => void heard.push(`successors ${refs.length}`),
      epochKey: async () => void heard.push('key')
    })
    for (const frame of sent) await parts.theirs.send(frame)
    return { ...parts, heard, following }
  }

  it('may name successors and keys, and ends the leg by its closing receipt', async () => {
    const secret = { enc: new Uint8Array(32), ciphertext: new Uint8Array(16) }
    const { leg, heard, following, theirs, acknowledge } = await follow(
      { successors: { successors: [] } },
      { epochKey: { secret } }
    )
    await settle()
    expect(heard).to.deep.equal(['successors 0', 'key'])
    acknowledge(5, EndReason.finished)
    expect((await leg.ended).reason).to.equal(EndReason.finished)
    await leg.acknowledgedAll
    await theirs.close()
    await following
  })

  it('ends it by a cancel, and by leaving', async () => {
    const cancelled = await follow({ cancel: { reason: EndReason.cancelled, to: 4 } })
    expect((await cancelled.leg.ended).reason).to.equal(EndReason.cancelled)
    const left = await follow()
    await left.theirs.close()
    await left.following
    expect((await left.leg.ended).reason).to.equal(EndReason.cancelled)
  })

  it('cannot open a second leg on the stream', async () => {
    const { following } = await follow({ open: undefined, epochKey: { secret: undefined } })
    expect(await codeOfRejection(following)).to.equal('WIRE_ORDER')
  })
})
