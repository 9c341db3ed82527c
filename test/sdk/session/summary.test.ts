import { expect } from 'chai'
import { memoryStore, silentLog } from 'openseam/components'
import { EndReason } from 'openseam/protocol/typed-data'
import { type LegRecord, newLegRecord, SessionStore } from 'openseam/session/record'
import { Session } from 'openseam/session/session'
import { Standbys } from 'openseam/session/standbys'
import { summaryOf } from 'openseam/session/summary'
import { WriteQueue } from 'openseam/session/write-queue'
import { hash, key, legOpen, modelId, TestClock } from './support.ts'

const PROMPT = 10

const leg = (number: number, from: number, to: number, end: EndReason, changes: Partial<LegRecord> = {}): LegRecord => ({
  ...newLegRecord(legOpen({ leg: number, from }), { peerId: `peer${number}`, numerics: hash('n') }, PROMPT, undefined),
  to,
  end,
  receipts: [hash(`receipt ${number}`)],
  ...changes
})

const sessionOf = (legs: LegRecord[], accepted: number, promptTo = PROMPT): Session => {
  const clock = new TestClock()
  const ids = Array.from({ length: Math.max(promptTo, accepted) }, (_, i) => i)
  const turn = {
    from: 0,
    promptTo,
    maxTo: 100,
    sampling: '0x',
    stop: [],
    successors: 1,
    cache: true,
    finish: 'stop' as const,
    text: 'so be it'
  }
  const record = {
    handle: 's_one',
    sessionId: hash('session'),
    model: 'seam-chat',
    modelId,
    root: hash('root'),
    nextLeg: legs.length,
    replicaLeg: 0,
    accepted,
    epochs: [],
    messages: [],
    stopEnded: true,
    turn,
    legs
  }
  return new Session(new SessionStore(new WriteQueue(memoryStore()), key('store')), clock, record, ids, 0)
}

const standbys = (): Standbys =>
  new Standbys({ open: () => Promise.reject(new Error('none')), clock: new TestClock(), log: silentLog })

describe('summary of a turn', () => {
  const { died, finished, refused } = EndReason
  const legs = [
    leg(0, 0, 17, died),
    leg(1, 17, 17, refused, { receipts: [] }),
    leg(2, 17, 30, finished, { resumed: 'warm', kept: 0, recomputed: 17 })
  ]
  const summary = summaryOf(sessionOf(legs, 30), standbys())

  it('legs tile the completion: half-open, from 0, without gap or overlap', () => {
    expect(summary.legs.map(({ from, to }) => [from, to])).to.deep.equal([
      [0, 7],
      [7, 7],
      [7, 20]
    ])
    expect(summary.legs[0]?.from).to.equal(0)
    for (const [i, { from }] of summary.legs.slice(1).entries()) expect(from).to.equal(summary.legs[i]?.to)
    expect(summary.legs.at(-1)?.to).to.equal(summary.tokenIds.length)
  })

  it('the prompt is charged once, to the leg that accepted it; a refused leg costs nothing', () => {
    expect(summary.legs.map(({ amount }) => amount)).to.deep.equal([10n * 3n + 7n * 7n, 0n, 13n * 7n])
    expect(summary.amount).to.equal(10n * 3n + 20n * 7n)
  })

  it('names ends, ids and receipts as they were', () => {
    expect(summary.legs.map(({ end }) => end)).to.deep.equal(['died', 'refused', 'finished'])
    expect(summary.tokenIds).to.deep.equal(Array.from({ length: 20 }, (_, i) => 10 + i))
    expect(summary.receipts).to.deep.equal([hash('receipt 0'), hash('receipt 2')])
    expect(summary).to.include({
      promptTokens: 10,
      running: false,
      finish: 'stop',
      text: 'so be it',
      session: 's_one',
      chainSession: hash('session')
    })
    expect(summary.legs[2]).to.include({ resumed: 'warm', recomputed: 17 })
  })

  it('a leg that died in the prompt has no completion token', () => {
    const early = summaryOf(sessionOf([leg(0, 0, 0, died), leg(1, 0, 12, finished)], 12), standbys())
    expect(early.legs.map(({ from, to, amount }) => [from, to, amount])).to.deep.equal([
      [0, 0, 0n],
      [0, 2, 44n]
    ])
  })

  it('a later turn counts its own tokens from 0', () => {
    const open = legOpen({ leg: 3, from: 30 })
    const next = { ...newLegRecord(open, { peerId: 'p', numerics: hash('n') }, 40, undefined), to: 46, end: finished }
    const { legs: shown, tokenIds } = summaryOf(sessionOf([next], 46, 40), standbys())
    expect(shown[0]).to.include({ from: 0, to: 6, amount: 10n * 3n + 6n * 7n })
    expect(tokenIds).to.have.length(6)
  })
})
