import { expect } from 'chai'
import { GAPS_KEPT, SilenceDetector } from '../../../sdk/net/silence.ts'
import { BEAT_MS, COMMIT_MS, SUSPECT_MS } from '../../../sdk/protocol/limits.ts'

const beating = (gapsMs: number[]): { detector: SilenceDetector; nowMs: number } => {
  const detector = new SilenceDetector(0)
  let nowMs = 0
  detector.beat(nowMs)
  for (const gapMs of gapsMs) detector.beat((nowMs += gapMs))
  return { detector, nowMs }
}

describe('silence', () => {
  it('goes from alive to suspect to dead, and back with any sign of life', () => {
    const detector = new SilenceDetector(1_000)
    expect(detector.verdict(1_000 + SUSPECT_MS - 1)).to.equal('alive')
    expect(detector.verdict(1_000 + SUSPECT_MS)).to.equal('suspect')
    expect(detector.verdict(1_000 + COMMIT_MS)).to.equal('dead')
    detector.alive(2_000)
    expect(detector.verdict(2_000 + SUSPECT_MS - 1)).to.equal('alive')
  })

  it('learns the gaps of a line: half as much again as its rare ones', () => {
    const { detector } = beating(Array.from({ length: GAPS_KEPT }, () => BEAT_MS))
    expect(detector.suspectMs).to.equal(1.5 * BEAT_MS)
    const poor = beating(Array.from({ length: GAPS_KEPT }, (_, i) => (i % 100 === 0 ? 800 : BEAT_MS)))
    expect(poor.detector.suspectMs).to.equal(1_200)
  })

  it('forgets a bad line after as many good gaps', () => {
    const { detector } = beating([
      ...Array.from({ length: GAPS_KEPT }, () => 900),
      ...Array.from({ length: GAPS_KEPT }, () => 100)
    ])
    expect(detector.suspectMs).to.equal(SUSPECT_MS)
  })

  it('is never later to suspect than to give up', () => {
    const { detector, nowMs } = beating(Array.from({ length: 50 }, () => 5_000))
    expect(detector.suspectMs).to.equal(COMMIT_MS)
    expect(detector.verdict(nowMs + COMMIT_MS)).to.equal('dead')
  })

  it('does not blame the peer for our own standstill', () => {
    const { detector, nowMs } = beating([BEAT_MS])
    detector.forgive(3_000)
    expect(detector.verdict(nowMs + 3_000 + BEAT_MS)).to.equal('alive')
    detector.beat(nowMs + 3_000 + BEAT_MS)
    expect(detector.suspectMs).to.equal(1.5 * BEAT_MS) // nor learns from it
  })

  it('says when to look again', () => {
    const detector = new SilenceDetector(0)
    expect(detector.waitMs(0)).to.equal(SUSPECT_MS)
    expect(detector.waitMs(SUSPECT_MS)).to.equal(COMMIT_MS - SUSPECT_MS)
  })
})
