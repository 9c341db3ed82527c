import { expect } from 'chai'
import { systemRng } from 'openseam/components'
import { Sampling } from 'openseam/protocol/pb'
import { endOf, samplingOf } from 'openseam/session/request'
import type { SamplingOptions } from 'openseam/session/types'
import { codeThrown, countingRng } from './support.ts'

const sampling = (options: SamplingOptions): Sampling => samplingOf(options, [2], 7, systemRng)

describe('a request made exact', () => {
  it('defaults are greedy and without penalties', () => {
    const { seed, ...rest } = samplingOf({}, [2, 3], 7, countingRng())
    expect(rest).to.deep.equal({
      temperature: 0,
      topP: 1,
      topK: 0,
      minP: 0,
      repetitionPenalty: 1,
      frequencyPenalty: 0,
      presencePenalty: 0,
      logitBias: [],
      logprobs: 0,
      stopIds: [2, 3],
      completionFrom: 7
    })
    expect(seed).to.equal(0x0101010101010101n)
  })

  it('numbers are those that the wire carries, so both sides hash and sample the same', () => {
    const made = sampling({ temperature: 0.7, topP: 0.95, minP: 0.1, logitBias: [{ id: 4, bias: 0.3 }], seed: 2n ** 64n - 1n })
    expect(Sampling.decode(Sampling.encode(made))).to.deep.equal(made)
    expect(made.temperature).to.equal(Math.fround(0.7))
  })

  const bounds: [keyof SamplingOptions, number, number][] = [
    ['temperature', 0, 2],
    ['topP', 0, 1],
    ['topK', 0, 1_000_000],
    ['minP', 0, 1],
    ['frequencyPenalty', -2, 2],
    ['presencePenalty', -2, 2],
    ['logprobs', 0, 20]
  ]
  for (const [name, min, max] of bounds) {
    it(`${name} is ${min} to ${max}`, () => {
      for (const value of [min, max]) expect(sampling({ [name]: value })[name as 'topP']).to.equal(value)
      for (const value of [min - 1, max + 1, Number.NaN, Number.POSITIVE_INFINITY]) {
        expect(
          codeThrown(() => sampling({ [name]: value })),
          String(value)
        ).to.equal('BAD_REQUEST')
      }
    })
  }

  it('a repetition penalty is never zero, a bias at most 100, a seed 64 bits, logprobs whole', () => {
    expect(codeThrown(() => sampling({ repetitionPenalty: 0 }))).to.equal('BAD_REQUEST')
    expect(codeThrown(() => sampling({ logitBias: [{ id: 1, bias: -101 }] }))).to.equal('BAD_REQUEST')
    for (const seed of [-1n, 2n ** 64n]) expect(codeThrown(() => sampling({ seed }))).to.equal('BAD_REQUEST')
    expect(codeThrown(() => sampling({ logprobs: 1.5 }))).to.equal('BAD_REQUEST')
  })

  it('an answer ends at max_tokens or at the end of the context', () => {
    expect(endOf(100, 1_024, undefined)).to.equal(1_024)
    expect(endOf(100, 1_024, 24)).to.equal(124)
    expect(endOf(100, 1_024, 924)).to.equal(1_024)
    expect(endOf(1_023, 1_024, undefined)).to.equal(1_024)
  })

  it('what does not fit is refused before anything is spent', () => {
    expect(codeThrown(() => endOf(1_024, 1_024, undefined))).to.equal('CONTEXT_TOO_LONG')
    expect(codeThrown(() => endOf(100, 1_024, 925))).to.equal('CONTEXT_TOO_LONG')
    for (const tokens of [0, -1, 1.5]) expect(codeThrown(() => endOf(100, 1_024, tokens))).to.equal('BAD_REQUEST')
  })
})
