import { expect } from 'chai'
import fc from 'fast-check'
import { tokenLogprob } from '../../../node/engine/logprobs.ts'
import { philox, uniform } from '../../../node/engine/philox.ts'
import { argmax, LogCounts, Sampler } from '../../../node/engine/sampler.ts'
import type { Sampling } from '../../../node/engine/types.ts'
import { greedy } from './helpers.ts'

const VOCABULARY = 40

/** The sampler as one would write it without a thought for speed. */
function reference(logits: Float32Array, s: Sampling, position: number, log: number[], completionFrom: number): number {
  const row = Float32Array.from(logits)
  if (s.repetitionPenalty !== 1) {
    for (const id of new Set(log)) row[id] = row[id]! > 0 ? row[id]! / s.repetitionPenalty : row[id]! * s.repetitionPenalty
  }
  const completion = log.slice(completionFrom)
  for (const id of new Set(completion)) {
    row[id]! -= completion.filter((other) => other === id).length * s.frequencyPenalty + s.presencePenalty
  }
  for (const { id, bias } of s.logitBias) row[id]! += bias
  const max = Math.max(...row)
  if (s.temperature === 0) return row.indexOf(max)
  const weights = Array.from(row, (value) => Math.exp((value - max) / s.temperature))
  let ids = weights
    .map((_, id) => id)
    .sort((a, b) => weights[b]! - weights[a]! || a - b)
    .filter((id) => weights[id]! > 0)
  if (s.topK > 0) ids = ids.slice(0, s.topK)
  if (s.topP < 1) {
    const total = ids.reduce((sum, id) => sum + weights[id]!, 0)
    let reached = 0
    const count = ids.findIndex((id) => (reached += weights[id]!) >= s.topP * total)
    if (count >= 0) ids = ids.slice(0, count + 1)
  }
  ids = ids.filter((id) => weights[id]! >= s.minP).sort((a, b) => a - b)
  const target = uniform(s.seed, position) * ids.reduce((sum, id) => sum + weights[id]!, 0)
  let running = 0
  return ids.find((id) => (running += weights[id]!) > target) ?? ids.at(-1)!
}

const logit = fc.double({ min: -12, max: 12, noNaN: true }).map(Math.fround)
const rows = fc.array(logit, { minLength: VOCABULARY, maxLength: VOCABULARY }).map((values) => Float32Array.from(values))
const ids = fc.array(fc.integer({ min: 0, max: VOCABULARY - 1 }), { minLength: 1, maxLength: 60 })
const samplings: fc.Arbitrary<Sampling> = fc.record({
  temperature: fc.constantFrom(0, 0.2, 0.8, 1, 1.7),
  topP: fc.constantFrom(1, 0.99, 0.9, 0.5, 0.01, 0),
  topK: fc.constantFrom(0, 1, 3, 20, 39, 40, 1000),
  minP: fc.constantFrom(0, 0.02, 0.3, 1),
  repetitionPenalty: fc.constantFrom(1, 1.3, 0.7),
  frequencyPenalty: fc.constantFrom(0, 0.5, -0.5),
  presencePenalty: fc.constantFrom(0, 1, -1),
  logitBias: fc.array(fc.record({ id: fc.integer({ min: 0, max: VOCABULARY - 1 }), bias: fc.constantFrom(-100, -1, 3, 100) }), {
    maxLength: 3
  }),
  seed: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  logprobs: fc.constant(0)
})

describe('sampler', () => {
  it('Philox gives the published vectors', () => {
    const hex = (words: number[]) => words.map((word) => word.toString(16).padStart(8, '0')).join(' ')
    const F = 0xffffffff
    expect(hex(philox([0, 0, 0, 0], [0, 0]))).to.equal('6627e8d5 e169c58d bc57ac4c 9b00dbd8')
    expect(hex(philox([F, F, F, F], [F, F]))).to.equal('408f276d 41c83b0e a20bc7c6 6d5451fd')
    const pi = philox([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])
    expect(hex(pi)).to.equal('d16cfe09 94fdcceb 5001e420 24126ea1')
  })

  it('draws numbers in [0, 1) that depend on every bit of the seed and on the position', () => {
    const seen = new Set([uniform(0n, 0)])
    for (let bit = 0n; bit < 64n; bit++) seen.add(uniform(1n << bit, 0))
    for (let position = 1; position <= 200; position++) seen.add(uniform(0n, position))
    expect(seen.size).to.equal(265)
    const draws = Array.from({ length: 20_000 }, (_, position) => uniform(7n, position))
    expect(Math.min(...draws)).to.be.at.least(0)
    expect(Math.max(...draws)).to.be.below(1)
    expect(draws.reduce((a, b) => a + b) / draws.length).to.be.closeTo(0.5, 0.01)
  })

  it('agrees with the plain reference under any parameters', () => {
    const sampler = new Sampler(VOCABULARY)
    fc.assert(
      fc.property(rows, samplings, ids, fc.nat(100_000), fc.nat(70), (logits, sampling, log, position, completionFrom) => {
        const counts = new LogCounts(completionFrom)
        counts.update(log.slice(0, 5)) // counting in two goes is counting once
        counts.update(log)
        const before = Float32Array.from(logits)
        expect(sampler.draw(logits, sampling, position, counts)).to.equal(
          reference(logits, sampling, position, log, completionFrom)
        )
        expect(logits).to.deep.equal(before)
      }),
      { numRuns: 2000 }
    )
  })

  it('draws ids as often as they are probable', () => {
    const sampler = new Sampler(4)
    const logits = Float32Array.from([0.1, 0.2, 0.3, 0.4], Math.log)
    const counts = [0, 0, 0, 0]
    const draws = 40_000
    for (let position = 0; position < draws; position++)
      counts[sampler.draw(logits, { ...greedy, temperature: 1, seed: 3n }, position)]!++
    for (const [id, count] of counts.entries()) expect(count / draws).to.be.closeTo((id + 1) / 10, 0.01)
  })

  it('takes the lowest id on ties and survives what is not a number', () => {
    expect(argmax(Float32Array.of(1, 3, 3, 2))).to.equal(1)
    expect(argmax(Float32Array.of(Number.NaN, -5, Number.NaN))).to.equal(1)
    const sampler = new Sampler(3)
    for (let position = 0; position < 50; position++) {
      expect(
        sampler.draw(Float32Array.of(Number.NaN, 1, -Infinity), { ...greedy, temperature: 1, topP: 0.9 }, position)
      ).to.equal(1)
    }
  })

  it('reports logarithms of probabilities that add up, best first', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 0, max: VOCABULARY - 1 }), fc.integer({ min: 1, max: 20 }), (logits, id, count) => {
        const all = tokenLogprob(logits, id, VOCABULARY)
        expect(all.top.reduce((sum, { logprob }) => sum + Math.exp(logprob), 0)).to.be.closeTo(1, 1e-9)
        const sorted = Array.from(logits.keys()).sort((a, b) => logits[b]! - logits[a]! || a - b)
        expect(tokenLogprob(logits, id, count).top.map((entry) => entry.id)).to.deep.equal(sorted.slice(0, count))
        expect(all.logprob).to.equal(all.top.find((entry) => entry.id === id)?.logprob)
      })
    )
  })
})
