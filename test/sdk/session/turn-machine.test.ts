import { expect } from 'chai'
import fc from 'fast-check'
import { ACK_MS, ACK_POSITIONS } from 'openseam/protocol/limits'
import { acceptTokens, ackDelay, type TurnState } from 'openseam/session/turn-machine'
import { codeThrown } from './support.ts'

const state = (changes: Partial<TurnState> = {}): TurnState => ({
  promptTo: 10,
  maxTo: 20,
  accepted: 0,
  leg: 1,
  ackedTo: 0,
  stopIds: new Set([99]),
  ...changes
})

describe('turn machine: accepting tokens', () => {
  it('takes the first frame where the prompt ends, and the next where it stopped', () => {
    const turn = state()
    expect(acceptTokens(turn, 1, 10, [5, 6])).to.deep.equal({ ids: [5, 6], from: 10, finish: null })
    expect(turn.accepted).to.equal(12)
    expect(acceptTokens(turn, 1, 12, [7])).to.deep.equal({ ids: [7], from: 12, finish: null })
    expect(turn.accepted).to.equal(13)
  })

  it('ignores an older and a newer leg, whatever they say, and changes nothing', () => {
    const turn = state({ accepted: 12 })
    expect(acceptTokens(turn, 0, 12, [5])).to.equal(null)
    expect(acceptTokens(turn, 2, 12, [5])).to.equal(null)
    expect(acceptTokens(turn, 0, 3, [5])).to.equal(null)
    expect(turn.accepted).to.equal(12)
  })

  it('refuses a gap, a repeat and a token inside the prompt', () => {
    for (const from of [14, 12, 11, 0]) {
      const turn = state({ accepted: 13 })
      expect(codeThrown(() => acceptTokens(turn, 1, from, [5]))).to.equal('WIRE_ORDER')
      expect(turn.accepted).to.equal(13)
    }
    expect(codeThrown(() => acceptTokens(state(), 1, 9, [5]))).to.equal('WIRE_ORDER')
  })

  it('a stop id ends the answer, is itself accepted, and nothing after it is', () => {
    const turn = state()
    expect(acceptTokens(turn, 1, 10, [5, 99, 6, 7])).to.deep.equal({ ids: [5, 99], from: 10, finish: 'stop' })
    expect(turn.accepted).to.equal(12)
  })

  it('the end of the room ends the answer, and nothing past it is accepted', () => {
    const turn = state({ accepted: 18 })
    expect(acceptTokens(turn, 1, 18, [1, 2, 3])).to.deep.equal({ ids: [1, 2], from: 18, finish: 'length' })
    expect(turn.accepted).to.equal(20)
  })

  it('a stop id in the last position is a stop, not a lack of room', () => {
    expect(acceptTokens(state({ accepted: 19 }), 1, 19, [99])?.finish).to.equal('stop')
  })

  it('accepts the same ids however they are cut into frames', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 30 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 5 })),
        (ids, sizes) => {
          const whole = acceptTokens(state(), 1, 10, ids)
          const turn = state()
          const got: number[] = []
          let finish: string | null = null
          for (let at = 0; at < ids.length && finish === null; ) {
            const frame = ids.slice(at, at + sizes.next().value)
            const accepted = acceptTokens(turn, 1, 10 + at, frame)
            got.push(...(accepted?.ids ?? []))
            finish = accepted?.finish ?? null
            at += frame.length
          }
          expect(got).to.deep.equal(whole?.ids)
          expect(finish).to.equal(whole?.finish)
          expect(turn.accepted).to.equal(ids.length === 0 ? 0 : 10 + got.length)
        }
      )
    )
  })
})

describe('turn machine: acknowledging', () => {
  it('owes nothing: waits', () => {
    expect(ackDelay(state({ accepted: 12, ackedTo: 12 }), 1_000, 0)).to.equal(null)
  })

  it('the first token, which covers the prompt, is acknowledged at once, also on a busy channel', () => {
    expect(ackDelay(state({ accepted: 11 }), 1_000, 1_000)).to.equal(0)
  })

  it('then every 32 positions: not at 31', () => {
    const acked = { ackedTo: 11, maxTo: 1_000 }
    expect(ackDelay(state({ ...acked, accepted: 11 + ACK_POSITIONS - 1 }), 1_000_000, 0)).to.equal(null)
    expect(ackDelay(state({ ...acked, accepted: 11 + ACK_POSITIONS }), 1_000_000, 0)).to.equal(0)
  })

  it('or 100 ms after the last voucher of the channel, whichever is later', () => {
    const due = state({ ackedTo: 11, accepted: 11 + ACK_POSITIONS, maxTo: 1_000 })
    expect(ackDelay(due, 1_000, 1_000)).to.equal(ACK_MS)
    expect(ackDelay(due, 1_000 + ACK_MS - 1, 1_000)).to.equal(1)
    expect(ackDelay(due, 1_000 + ACK_MS, 1_000)).to.equal(0)
  })

  it('a leg that takes over past the prompt owes nothing for the prompt', () => {
    expect(ackDelay(state({ accepted: 15, ackedTo: 14 }), 1_000, 0)).to.equal(null)
  })
})
