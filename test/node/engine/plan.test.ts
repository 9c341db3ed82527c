import { expect } from 'chai'
import fc from 'fast-check'
import { type PlanJob, plan } from '../../../node/engine/plan.ts'

const limits = { chunk: 256, chunkBusy: 64 }
const jobAt = (slot: number, known: number, computed: number, singleFrom = known): PlanJob => ({
  slot,
  known,
  computed,
  singleFrom
})

describe('engine: planner', () => {
  it('runs slots next to each other together', () => {
    const jobs = [5, 0, 1, 3, 6].map((slot) => jobAt(slot, 10, 9))
    expect(plan(jobs, limits)).to.deep.equal({
      decode: [
        { slot: 0, count: 2 },
        { slot: 3, count: 1 },
        { slot: 5, count: 2 }
      ]
    })
  })

  it('prefills one job at a time, the one with the least left, in shorter chunks while others decode', () => {
    expect(plan([jobAt(1, 900, 0), jobAt(0, 500, 0)], limits)).to.deep.equal({
      decode: [],
      prefill: { slot: 0, from: 0, to: 256 }
    })
    const busy = plan([jobAt(2, 10, 9), jobAt(1, 900, 70)], limits)
    expect(busy).to.deep.equal({ decode: [{ slot: 2, count: 1 }], prefill: { slot: 1, from: 70, to: 128 } })
  })

  it('runs a tail that was made one by one in the same way', () => {
    expect(plan([jobAt(0, 100, 64, 80)], limits).prefill).to.deep.equal({ slot: 0, from: 64, to: 80 })
    expect(plan([jobAt(0, 100, 80, 80)], limits).decode).to.deep.equal([{ slot: 0, count: 1 }])
  })

  it('covers every position once, whatever the chunk size, and leaves the same positions alone', () => {
    const alone = (known: number, kept: number, singleFrom: number, size: number): number[] => {
      const job = jobAt(0, known, kept, singleFrom)
      const single: number[] = []
      while (job.computed < known) {
        const step = plan([job], { chunk: size, chunkBusy: size })
        expect(step.decode.length + (step.prefill ? 1 : 0)).to.equal(1)
        const to = step.prefill?.to ?? job.computed + 1
        if (step.prefill) expect(step.prefill.from).to.equal(job.computed)
        expect(to).to.be.within(job.computed + 1, Math.min(known, job.computed + size))
        if (to - job.computed === 1) single.push(job.computed)
        job.computed = to
      }
      return single
    }
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 700 }),
        fc.nat(20),
        fc.nat(60),
        fc.constantFrom(64, 96, 256, 1024),
        (known, block, tail, size) => {
          const kept = Math.min(32 * block, known - 1)
          const singleFrom = Math.max(0, known - tail)
          expect(alone(known, kept, singleFrom, size)).to.deep.equal(alone(known, kept, singleFrom, 32))
        }
      ),
      { numRuns: 500 }
    )
  })
})
