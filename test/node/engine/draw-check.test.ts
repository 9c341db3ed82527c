import { expect } from 'chai'
import fc from 'fast-check'
import { FINGERPRINT_NOISE } from 'openseam/protocol/limits'
import { DrawCheck } from '../../../node/engine/draw-check.ts'
import { LogCounts, Sampler } from '../../../node/engine/sampler.ts'
import type { Sampling } from '../../../node/engine/types.ts'
import { greedy } from './helpers.ts'

const VOCABULARY = 24
const check = new DrawCheck(VOCABULARY, FINGERPRINT_NOISE)
const sampler = new Sampler(VOCABULARY)

/** Spread out, and in heaps that lie within the noise of each other: there a cut-off runs through the middle of one. */
const value = fc.oneof(
  fc.double({ min: -6, max: 6, noNaN: true }),
  fc.tuple(fc.constantFrom(-2, 1, 3), fc.integer({ min: 0, max: 4 })).map(([heap, step]) => heap + step * 0.01)
)
const row = fc.array(value, { minLength: VOCABULARY, maxLength: VOCABULARY }).map((values) => Float32Array.from(values))
const shift = fc.oneof(fc.double({ min: -1, max: 1, noNaN: true }), fc.constantFrom(-1, 1))
const shifts = fc.array(shift, { minLength: VOCABULARY, maxLength: VOCABULARY })
const samplings: fc.Arbitrary<Sampling> = fc.record({
  temperature: fc.constantFrom(0, 0.2, 0.8, 1, 1.7),
  topP: fc.constantFrom(1, 0.99, 0.9, 0.5, 0.01),
  topK: fc.constantFrom(0, 1, 3, 10, 23),
  minP: fc.constantFrom(0, 0.02, 0.3),
  repetitionPenalty: fc.constantFrom(1, 1.3, 0.7),
  frequencyPenalty: fc.constantFrom(0, 0.4),
  presencePenalty: fc.constantFrom(0, 0.3),
  logitBias: fc.constantFrom([], [{ id: 3, bias: 2 }]),
  seed: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  logprobs: fc.constant(0)
})
const logs = fc.array(fc.integer({ min: 0, max: VOCABULARY - 1 }), { minLength: 2, maxLength: 30 })

const countsOf = (log: number[]): LogCounts => {
  const counts = new LogCounts(1)
  counts.update(log)
  return counts
}

describe('judging what somebody else drew', () => {
  it('what is drawn here is the same', () => {
    fc.assert(
      fc.property(row, samplings, logs, (logits, sampling, log) => {
        const counts = countsOf(log)
        const id = sampler.draw(logits, sampling, log.length, counts)
        expect(check.judge(logits, sampling, log.length, id, counts)).to.equal('same')
      })
    )
  })

  it('what is drawn from logits within the noise is never called wrong', () => {
    fc.assert(
      fc.property(row, shifts, samplings, logs, (logits, shift, sampling, log) => {
        const counts = countsOf(log)
        const theirs = logits.map((value, i) => value + FINGERPRINT_NOISE * 0.999 * (shift[i] as number))
        const id = sampler.draw(theirs, sampling, log.length, counts)
        expect(check.judge(logits, sampling, log.length, id, counts)).to.not.equal('other')
      }),
      { numRuns: Number(process.env['FC_RUNS'] ?? 2_000) }
    )
  })

  it('an id that the noise cannot bring in is called wrong', () => {
    const logits = new Float32Array(VOCABULARY).fill(-9)
    logits[5] = 3
    logits[6] = 3 - 3 * FINGERPRINT_NOISE
    logits[7] = 3 - FINGERPRINT_NOISE
    expect([5, 7, 6, 0].map((id) => check.judge(logits, greedy, 9, id))).to.deep.equal(['same', 'near', 'other', 'other'])
    const top = { ...greedy, temperature: 1, topK: 1 }
    expect([5, 7, 6, 0].map((id) => check.judge(logits, top, 9, id))).to.deep.equal(['same', 'near', 'other', 'other'])
    const mask = new Int32Array(1).fill(1 << 5)
    expect(check.judge(logits, { ...greedy, temperature: 1 }, 9, 7, undefined, mask)).to.equal('other')
  })

  it('another seed is found out within a few draws from a flat row', () => {
    const logits = new Float32Array(VOCABULARY)
    const theirs = { ...greedy, temperature: 1, seed: 1n }
    const verdicts = Array.from({ length: 32 }, (_, position) =>
      check.judge(logits, { ...theirs, seed: 2n }, position, sampler.draw(logits, theirs, position))
    )
    expect(verdicts.filter((verdict) => verdict === 'other').length).to.be.above(20)
  })
})
