import { expect } from 'chai'
import {
  FAILURE_HALF_LIFE_MS,
  failuresOf,
  observeFailure,
  observeFirstToken,
  observeRoundTrip,
  observeTokens
} from '../../../sdk/market/observe.ts'
import { planCostMs, planTakeover, RATES_UNKNOWN, type Takeover } from '../../../sdk/market/plan.ts'
import { hex, NOW_MS } from './support/offers.ts'

const [S1, S2, S3] = [hex(1, 32), hex(2, 32), hex(3, 32)]
const takeover = (changes: Partial<Takeover>): Takeover => ({
  from: 1_000,
  warm: [],
  candidates: [],
  rates: new Map(),
  prefer: 'warm',
  ...changes
})

describe('takeover plan', () => {
  it('prefers blocks wherever there are some, the most complete first', () => {
    const warm = [
      { peer: S1, blocks: 20 },
      { peer: S2, blocks: 31 }
    ]
    expect(planTakeover(takeover({ warm, candidates: [S3] }))).to.deep.equal({ tier: 'warm', peer: S2, blocks: 31 })
  })

  it('counts no block beyond the log', () => {
    expect(planTakeover(takeover({ from: 100, warm: [{ peer: S1, blocks: 9 }] }))).to.deep.equal({
      tier: 'warm',
      peer: S1,
      blocks: 3
    })
  })

  it('falls back to the token log, at a successor before anyone else', () => {
    const plan = planTakeover(takeover({ from: 20, warm: [{ peer: S1, blocks: 0 }], candidates: [S2] }))
    expect(plan).to.deep.equal({ tier: 'prefill', peer: S1, blocks: 0 })
    expect(planTakeover(takeover({ candidates: [S2] }))).to.deep.equal({ tier: 'prefill', peer: S2, blocks: 0 })
    expect(planTakeover(takeover({}))).to.equal(null)
  })

  it('can be told to ignore blocks', () => {
    expect(planTakeover(takeover({ warm: [{ peer: S1, blocks: 31 }], prefer: 'prefill' }))?.tier).to.equal('prefill')
  })

  it('auto takes whatever measured rates make quicker', () => {
    const warm = [{ peer: S1, blocks: 4 }]
    const fast = new Map([[S2, { prefillPerSecond: 100_000, blocksPerSecond: 1, roundTripMs: 1 }]])
    expect(planTakeover(takeover({ warm, candidates: [S2], rates: fast, prefer: 'auto' }))).to.deep.equal({
      tier: 'prefill',
      peer: S2,
      blocks: 0
    })
    const slow = new Map([[S2, { prefillPerSecond: 10, blocksPerSecond: 1, roundTripMs: 1 }]])
    expect(planTakeover(takeover({ warm, candidates: [S2], rates: slow, prefer: 'auto' }))?.tier).to.equal('warm')
  })

  it('estimates blocks plus tail, or everything', () => {
    const rates = { prefillPerSecond: 1_000, blocksPerSecond: 100, roundTripMs: 10 }
    expect(planCostMs({ tier: 'warm', peer: S1, blocks: 30 }, 1_000, rates)).to.equal(10 + 300 + 40)
    expect(planCostMs({ tier: 'prefill', peer: S1, blocks: 0 }, 1_000, rates)).to.equal(10 + 1_000)
    expect(planCostMs({ tier: 'prefill', peer: S1, blocks: 0 }, 0)).to.equal(RATES_UNKNOWN.roundTripMs)
  })
})

describe('observations', () => {
  it('are weighted towards the newest', () => {
    let row = observeTokens(undefined, 100, 1_000, NOW_MS)
    expect(row.decodePerSecond).to.equal(100)
    row = observeTokens(row, 200, 1_000, NOW_MS)
    expect(row.decodePerSecond).to.equal(130)
    expect(observeTokens(row, 5, 0, NOW_MS)).to.equal(row)
    row = observeRoundTrip(observeFirstToken(row, 40, NOW_MS), 10, NOW_MS)
    expect([row.firstTokenMs, row.roundTripMs, row.decodePerSecond]).to.deep.equal([40, 10, 130])
  })

  it('let failures fade', () => {
    let row = observeFailure(undefined, NOW_MS)
    row = observeFailure(row, NOW_MS + FAILURE_HALF_LIFE_MS)
    expect(failuresOf(row, NOW_MS + FAILURE_HALF_LIFE_MS)).to.equal(1.5)
    expect(failuresOf(row, NOW_MS + 2 * FAILURE_HALF_LIFE_MS)).to.equal(0.75)
  })
})
