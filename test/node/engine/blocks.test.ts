import { expect } from 'chai'
import type { Engine } from '../../../node/engine/index.ts'
import { greedy, inOrder, job, longChat, open, run, sampled } from './helpers.ts'

describe('engine: KV blocks', () => {
  let first: Engine
  let second: Engine
  before(async () => {
    ;[first, second] = await Promise.all([open(), open()])
  })
  after(() => Promise.all([first.close(), second.close()]))
  const drop = () => {
    for (const engine of [first, second]) engine.drop('a')
  }
  beforeEach(drop)

  for (const [name, sampling] of [
    ['greedy', greedy],
    ['sampled', sampled]
  ] as const) {
    it(`lets another engine continue the same text from any block, ${name}`, async () => {
      const prompt = longChat(200)
      const whole = await run(first, job(prompt, 120, { sampling, emitBlocksFrom: 0 }))
      const log = [...prompt, ...whole.ids]
      expect([...whole.blocks.keys()]).to.deep.equal(Array.from({ length: Math.floor((log.length - 1) / 32) }, (_, i) => i))
      for (const [seen, held] of [
        [230, 7],
        [256, 8],
        [257, 8],
        [290, 5],
        [300, 0]
      ] as const) {
        drop()
        const spec = job(log.slice(0, seen), log.length - seen, {
          sampling,
          from: seen,
          completionFrom: prompt.length,
          blocks: inOrder(whole.blocks).slice(0, held)
        })
        const { ids, resume } = await run(second, spec)
        const kept = Math.min(held * 32, seen - 1)
        expect(resume).to.deep.equal({ kind: 'resume', kept, recomputed: seen - kept, tier: held ? 'blocks' : 'none' })
        expect(ids).to.deep.equal(log.slice(seen))
      }
    })
  }

  it('restores the same bits with the original run boundaries, and close ones with a single chunk', async () => {
    const prompt = longChat(200)
    const sampling = { ...greedy, logprobs: 1 }
    const whole = await run(first, job(prompt, 100, { sampling, emitBlocksFrom: 0 }))
    const log = [...prompt, ...whole.ids]
    const seen = prompt.length + 60
    const held = Math.floor(prompt.length / 32)
    const rest = (exactTail: boolean) => {
      drop()
      return run(
        second,
        job(log.slice(0, seen), log.length - seen, {
          sampling,
          from: seen,
          completionFrom: prompt.length,
          exactTail,
          promptTo: prompt.length,
          emitBlocksFrom: 0,
          blocks: inOrder(whole.blocks).slice(0, held)
        })
      )
    }
    const exact = await rest(true)
    expect(exact.ids).to.deep.equal(log.slice(seen))
    expect(exact.logprobs).to.deep.equal(whole.logprobs.slice(60))
    expect(inOrder(exact.blocks).map((block) => Buffer.from(block).toString('hex'))).to.deep.equal(
      inOrder(whole.blocks).map((block) => Buffer.from(block).toString('hex'))
    )

    const close = await rest(false)
    expect(close.ids).to.deep.equal(log.slice(seen))
    for (const [i, { logprob }] of close.logprobs.entries()) expect(logprob).to.be.closeTo(whole.logprobs[60 + i]!.logprob, 1e-3)
  })

  it('starts emitting in the middle: what has filled already follows, and nothing twice', async () => {
    const prompt = longChat(300)
    const whole = await run(first, job(prompt, 100, { emitBlocksFrom: 0 }))
    drop()
    let asked = false
    const order: number[] = []
    const late = await run(first, job(prompt, 100), (event, running, ids) => {
      if (event.kind === 'block') order.push(event.index)
      if (asked || ids.length < 20) return
      asked = true
      running.emitBlocksFrom(2)
    })
    expect(order).to.deep.equal([...whole.blocks.keys()].slice(2))
    for (const [index, bytes] of late.blocks) expect(Buffer.from(bytes).equals(whole.blocks.get(index)!)).to.equal(true)
  })

  it('refuses a block of the wrong size and more blocks than fit', () => {
    const { blockBytes } = first.info
    const short = job([1, 2, 3], 5, { blocks: [new Uint8Array(blockBytes - 1)] })
    expect(() => first.start(short, () => undefined))
      .to.throw()
      .with.property('code', 'BAD_BLOCK')
    const many = Array.from({ length: 33 }, () => new Uint8Array(blockBytes))
    expect(() => first.start(job([1, 2, 3], 5, { blocks: many }), () => undefined))
      .to.throw()
      .with.property('code', 'BAD_JOB')
  })

  it('copies a block that is a view of a larger buffer instead of taking the buffer away', async () => {
    const prompt = longChat(100)
    const whole = await run(first, job(prompt, 10, { emitBlocksFrom: 0 }))
    const block = whole.blocks.get(0)!
    const larger = new Uint8Array(2 * block.length)
    larger.set(block, 64)
    const { ids } = await run(second, job(prompt, 10, { blocks: [larger.subarray(64, 64 + block.length)] }))
    expect(ids).to.deep.equal(whole.ids)
    expect(larger.length).to.equal(2 * block.length)
  })
})
