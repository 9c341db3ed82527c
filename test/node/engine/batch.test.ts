import { expect } from 'chai'
import type { Engine } from '../../../node/engine/index.ts'
import { chat, greedy, job, longChat, type Outcome, open, run, sampled } from './helpers.ts'

const prompts = [chat('Hello, my name is Ada.'), longChat(400), chat('Count from 3 to 20.'), longChat(150), chat('x')]
// logarithms of probabilities are compared bit by bit: equal ones mean equal logits
const alone = { ...greedy, logprobs: 3 }
const bits = ({ ids, logprobs }: Outcome) => ({ ids, logprobs })

describe('engine: batches', () => {
  let engine: Engine
  before(async () => {
    engine = await open({ slots: 5 })
  })
  after(() => engine.close())

  it('gives every row of a ragged batch the bits it has alone', async () => {
    for (const sampling of [alone, { ...sampled, logprobs: 3 }]) {
      const single: Outcome[] = []
      for (const [i, prompt] of prompts.entries()) {
        single.push(await run(engine, job(prompt, 60, { key: `s${i}`, sampling })))
        engine.drop(`s${i}`)
      }
      const together = await Promise.all(prompts.map((prompt, i) => run(engine, job(prompt, 60, { key: `t${i}`, sampling }))))
      for (const i of prompts.keys()) engine.drop(`t${i}`)
      expect(together.map(bits)).to.deep.equal(single.map(bits))
    }
  })

  it('keeps the bits when jobs come and go in the middle', async () => {
    const [first, second, third] = prompts.slice(1, 4) as [number[], number[], number[]]
    const expected = await run(engine, job(third, 120, { key: 'quiet', sampling: alone }))
    engine.drop('quiet')
    const others: Promise<Outcome>[] = []
    const busy = await run(engine, job(third, 120, { key: 'busy', sampling: alone }), (event, _, ids) => {
      if (event.kind !== 'tokens' || others.length >= 3 || ids.length < 20 * others.length) return
      others.push(run(engine, job(others.length % 2 ? first : second, 25, { key: `o${others.length}` })))
    })
    await Promise.all(others)
    expect(others).to.have.length(3)
    expect(bits(busy)).to.deep.equal(bits(expected))
  })

  it('computes the same with other chunk sizes, capacities and thread counts', async () => {
    const spec = () => job(longChat(333), 40, { sampling: alone })
    const expected = await run(engine, spec())
    for (const options of [{ prefillChunk: 32 }, { capacity: 608 }, { threads: 2 }]) {
      const other = await open({ slots: 1, ...options })
      const outcome = await run(other, spec())
      await other.close()
      expect(bits(outcome)).to.deep.equal(bits(expected))
    }
  })
})
