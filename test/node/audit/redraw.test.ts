/** An answer under a grammar is judged under the same one: what the schema forbids was never drawn. */
import { expect } from 'chai'
import { GrammarKind } from 'openseam/protocol/grammar'
import { Sampling } from 'openseam/protocol/pb'
import { redraw } from '../../../node/audit/redraw.ts'
import { Replay } from '../../../node/engine/replay.ts'
import { samplingOf } from '../../../node/engine/sampling.ts'
import { chat, END, job, MODEL, open, run } from '../engine/helpers.ts'

const prompt = chat('Describe a lamp.')
const schema = { type: 'object', properties: { colour: { enum: ['blue', 'red'] } }, required: ['colour'] }
const grammar = { kind: GrammarKind.strictSchema, source: JSON.stringify(schema) }
const asked = {
  ...{ temperature: 0.9, topP: 1, topK: 0, minP: 0, repetitionPenalty: 1.1, frequencyPenalty: 0.1, presencePenalty: 0 },
  ...{ logitBias: [], seed: 5n, logprobs: 0, stopIds: [END], completionFrom: prompt.length, grammar }
}
const sampling = Sampling.decode(Sampling.encode(asked)) // as the wire carries it: in single precision

describe('judging an answer under a grammar', function () {
  this.timeout(60_000)

  it('calls it the same id by id, from anywhere in it, and another letter wrong', async () => {
    const engine = await open({ slots: 1 })
    const opened = await engine.openGrammar({ grammar, stopIds: [END], log: [] })
    const rest = { sampling: samplingOf(sampling), grammar: opened, stopIds: [END], completionFrom: prompt.length }
    const { ids, end } = await run(engine, job(prompt, 200, rest)).finally(() => engine.close())
    expect(end.reason).to.equal('stop')
    const log = [...prompt, ...ids]
    const replay = new Replay({ modelDir: MODEL })
    const verdictsOf = async (altered: number[], from: number): Promise<string[]> =>
      (await redraw(replay, MODEL, { ids: altered, completionFrom: prompt.length, sampling }, from, log.length)).verdicts
    try {
      for (const from of [prompt.length, prompt.length + 6])
        expect(await verdictsOf(log, from)).to.deep.equal(new Array(log.length - from).fill('same'))
      const altered = log.with(prompt.length, 'x'.charCodeAt(0)) // no object begins so
      const [first, ...others] = await verdictsOf(altered, prompt.length)
      expect(first).to.equal('other')
      expect(others).to.have.length(ids.length - 1) // what follows a log that left its grammar is judged without it
    } finally {
      replay.close()
    }
  })
})
