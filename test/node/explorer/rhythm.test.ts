import { expect } from 'chai'
import fc from 'fast-check'
import { expectedOf, type Rhythm, rhythmOf, trackRecordOf } from '../../../node/explorer/rhythm.ts'

const LAST = 10_000
const steady: Rhythm = { lastAt: LAST, intervals: [600, 600, 660, 600, 540] }

describe('when a provider is expected to settle', () => {
  it('is in the middle of the intervals that were longer than the one that is running', () => {
    const told = (elapsed: number) => expectedOf(steady, LAST + elapsed)
    expect(told(0)).to.deep.equal({ at: 10_600, from: 10_540, to: 10_660, of: 5 })
    expect(told(539)).to.deep.equal(told(0))
    expect(told(540), 'one of them is over').to.deep.equal({ at: 10_600, from: 10_600, to: 10_660, of: 4 })
    expect(told(600), 'one is left').to.deep.equal({ at: 10_660, from: 10_660, to: 10_660, of: 1 })
    expect(told(659)).to.deep.equal(told(600))
    expect(told(660), 'later than ever').to.equal('late')
    expect(told(-30), 'the chain’s clock is ahead').to.deep.equal(told(0))
  })

  it('leaves out a tenth at either end by the nearest rank', () => {
    const ten = { lastAt: 0, intervals: [100, 10, 90, 20, 80, 30, 70, 40, 60, 50] }
    expect(expectedOf(ten, 0)).to.deep.equal({ at: 50, from: 10, to: 90, of: 10 })
    expect(expectedOf({ lastAt: 0, intervals: [...ten.intervals, 110] }, 0)).to.deep.equal({ at: 60, from: 20, to: 100, of: 11 })
  })

  it('is not told from fewer than four intervals', () => {
    expect(rhythmOf([])).to.equal(null)
    expect(rhythmOf([7])).to.deep.equal({ lastAt: 7, intervals: [] })
    expect(expectedOf({ lastAt: 0, intervals: [] }, 9)).to.equal(undefined)
    expect(expectedOf({ lastAt: 0, intervals: [5, 5, 5] }, 9)).to.equal(undefined)
    expect(expectedOf({ lastAt: 0, intervals: [5, 5, 5, 5] }, 4)).to.deep.equal({ at: 5, from: 5, to: 5, of: 4 })
  })

  it('takes batches of one block for one settlement', () => {
    expect(rhythmOf([100, 100, 700, 700, 700, 1_360])).to.deep.equal({ lastAt: 1_360, intervals: [600, 660] })
    expect(rhythmOf([100, 100])).to.deep.equal({ lastAt: 100, intervals: [] })
  })

  it('counts how often it would have held', () => {
    // 40 is within 10 to 40; 41 is above that; 5 is below 10 to 41; 30 is within 5 to 41.
    expect(trackRecordOf({ lastAt: 0, intervals: [10, 20, 30, 40, 40, 41, 5, 30] })).to.deep.equal({ held: 2, told: 4 })
    expect(trackRecordOf({ lastAt: 0, intervals: [10, 20, 30, 40] })).to.deep.equal({ held: 0, told: 0 })
    expect(trackRecordOf({ lastAt: 0, intervals: Array(32).fill(600) })).to.deep.equal({ held: 16, told: 16 })
    // Ever slower: each is longer than all before it.
    expect(trackRecordOf({ lastAt: 0, intervals: Array.from({ length: 32 }, (_, i) => i + 1) })).to.deep.equal({
      held: 0,
      told: 16
    })
  })

  it('always lies ahead, and never comes nearer than it was', () => {
    const rhythms = fc.record({
      lastAt: fc.nat(2 ** 32),
      intervals: fc.array(fc.integer({ min: 1, max: 2 ** 20 }), { minLength: 4, maxLength: 32 })
    })
    fc.assert(
      fc.property(rhythms, fc.nat(2 ** 21), fc.nat(2 ** 10), (rhythm, elapsed, more) => {
        const now = rhythm.lastAt + elapsed
        const told = expectedOf(rhythm, now)
        if (told === undefined) throw new Error('four intervals are enough')
        expect(told === 'late').to.equal(elapsed >= Math.max(...rhythm.intervals))
        expect(expectedOf({ ...rhythm, intervals: rhythm.intervals.toReversed() }, now)).to.deep.equal(told)
        const later = expectedOf(rhythm, now + more)
        if (told === 'late') {
          expect(later).to.equal('late')
          return
        }
        expect(told.from).to.be.above(now)
        expect(told.at).to.be.within(told.from, told.to)
        for (const at of [told.at, told.from, told.to]) expect(rhythm.intervals).to.include(at - rhythm.lastAt)
        if (later === undefined || later === 'late') return
        for (const which of ['at', 'from', 'to'] as const) expect(later[which]).to.be.at.least(told[which])
      })
    )
  })

  it('holds about 8 times in 10 for a provider that waits from 300 to 900 s at random', () => {
    let state = 1
    const wait = (): number => {
      state = (state * 48_271) % 2_147_483_647
      return 300 + (state % 601)
    }
    const sum = { held: 0, told: 0 }
    for (let run = 0; run < 500; run++) {
      const { held, told } = trackRecordOf({ lastAt: 0, intervals: Array.from({ length: 32 }, wait) })
      sum.held += held
      sum.told += told
    }
    expect(sum.held / sum.told).to.be.within(0.74, 0.81) // the nearest rank of few is a little narrow
  })

  it('comes of the times alone: they add up, and sixteen at most are tried', () => {
    const times = fc.array(fc.nat(2 ** 16), { minLength: 1, maxLength: 33 }).map((posted) => posted.toSorted((a, b) => a - b))
    fc.assert(
      fc.property(times, (posted) => {
        const { lastAt, intervals } = rhythmOf(posted) as Rhythm
        expect(lastAt).to.equal(posted.at(-1))
        expect(intervals.reduce((sum, interval) => sum + interval, posted[0] as number)).to.equal(lastAt)
        expect(intervals.every((interval) => interval > 0)).to.equal(true)
        const { held, told } = trackRecordOf({ lastAt, intervals })
        expect(told).to.equal(Math.min(16, Math.max(0, intervals.length - 4)))
        expect(held).to.be.within(0, told)
      })
    )
  })
})
