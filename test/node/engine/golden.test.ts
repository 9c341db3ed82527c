import { expect } from 'chai'
import type { Engine } from '../../../node/engine/index.ts'
import { golden, greedy, job, open, run } from './helpers.ts'

describe('engine: agreement with the trained model', () => {
  let engine: Engine
  before(async () => {
    engine = await open()
  })
  after(() => engine.close())

  it('continues every reference prompt as PyTorch does', async function () {
    const reference = golden()
    if (!reference) return this.skip()
    for (const { prompt, greedy: expected } of reference.cases) {
      const { ids } = await run(engine, job(prompt, expected.length, { key: `golden ${prompt.length}` }))
      expect(ids).to.deep.equal(expected)
    }
  })

  it('reports the probabilities of the reference', async function () {
    const reference = golden()
    if (!reference) return this.skip()
    for (const { prompt, top5 } of reference.cases) {
      if (!top5) continue
      const { logprobs } = await run(engine, job(prompt, 1, { key: 'probabilities', sampling: { ...greedy, logprobs: 5 } }))
      const top = logprobs[0]!.top
      expect(top.map(({ id }) => id)).to.deep.equal(top5.map(([id]) => id))
      // the reference holds logits: their differences are those of the logarithms
      for (const [i, [, logit]] of top5.entries())
        expect(top[i]!.logprob - top[0]!.logprob).to.be.closeTo(logit - top5[0]![1], 2e-3)
    }
  })
})
