/** Scores and quotas under a clock that the test moves. */
import { expect } from 'chai'
import { type Clock, systemClock } from '../../../sdk/components.ts'
import { PeerScores, SCORE_HALF_LIFE_MS, SCORE_REFUSE, scorePoints } from '../../../sdk/net/peer-scores.ts'
import { RateLimit } from '../../../sdk/net/rate-limit.ts'

const clockAt = (time: { ms: number }): Clock => ({ ...systemClock, nowMs: () => time.ms, tickMs: () => time.ms })
const peer = `0x${'22'.repeat(32)}` as const

describe('peer scores', () => {
  it('follow the table of consequences', () => {
    const scores = new PeerScores(clockAt({ ms: 0 }))
    expect(scores.add(peer, 'NO_SLOT')).to.equal('exclude')
    expect(scores.value(peer)).to.equal(0)
    expect(scores.add(peer, 'WIRE_ORDER')).to.equal('score')
    expect(scores.add(peer, 'WIRE_MALFORMED')).to.equal('disconnect')
    expect(scores.value(peer)).to.equal(scorePoints.score + scorePoints.disconnect)
  })

  it('halve with time, so that a peer is refused for a while and not for ever', () => {
    const time = { ms: 0 }
    const scores = new PeerScores(clockAt(time))
    while (!scores.refused(peer)) scores.add(peer, 'WIRE_TOO_LONG')
    const value = scores.value(peer)
    time.ms += SCORE_HALF_LIFE_MS
    expect(scores.value(peer)).to.be.closeTo(value / 2, 1e-9)
    expect(value).to.be.at.least(SCORE_REFUSE)
    expect(scores.refused(peer)).to.equal(false)
  })

  it('stay bounded whatever the number of peers', () => {
    const scores = new PeerScores(clockAt({ ms: 0 }))
    scores.add(peer, 'WIRE_MALFORMED')
    for (let i = 0; i < 10_001; i++) scores.add(`0x${i.toString(16).padStart(64, '0')}`, 'WIRE_ORDER')
    expect(scores.value(peer)).to.equal(scorePoints.disconnect) // the worst are remembered longest
  })
})

describe('rate limit', () => {
  it('lets a burst of the quota through, then its steady rate, by key', () => {
    const time = { ms: 5_000 }
    const limit = new RateLimit(clockAt(time), { count: 10, windowMs: 1_000 })
    const burst = (key: string): number => Array.from({ length: 30 }, () => limit.take(key)).filter(Boolean).length
    expect(burst('a')).to.equal(10)
    expect(burst('b')).to.equal(10)
    time.ms += 100
    expect(burst('a')).to.equal(1)
    time.ms += 1_000
    expect(burst('a')).to.equal(10)
  })

  it('never lets more than twice the quota through in any window', () => {
    const time = { ms: 0 }
    const limit = new RateLimit(clockAt(time), { count: 100, windowMs: 1_000 })
    const taken: number[] = []
    for (; time.ms < 5_000; time.ms += 1) if (limit.take('a')) taken.push(time.ms)
    for (const start of taken) expect(taken.filter((at) => at >= start && at < start + 1_000).length).to.be.at.most(200)
    expect(taken.length).to.be.within(590, 610) // the burst, and five windows at the steady rate
  })
})
