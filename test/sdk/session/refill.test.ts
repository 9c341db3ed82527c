import { expect } from 'chai'
import { Refill } from 'openseam/session/refill'
import type { SuccessorRef } from '../../../sdk/protocol/pb/messages.js'
import { TestClock } from './support.ts'

const ref = (byte: number): SuccessorRef => ({
  grantId: new Uint8Array(16).fill(byte),
  peer: new Uint8Array(32).fill(byte),
  multiaddrs: []
})

describe('making up for successors', () => {
  const clock = new TestClock()
  const told: SuccessorRef[][] = []
  const fresh = (): Refill => {
    told.length = 0
    const refill = new Refill(clock)
    refill.opens([ref(1)], false)
    return refill
  }
  const look = (refill: Refill, found: SuccessorRef[]): Promise<void> =>
    refill.run(
      async () => found,
      (successors) => told.push(successors)
    )

  it('looks less and less often while nothing changes, and tells nobody', async () => {
    const refill = fresh()
    const waits: number[] = []
    for (let count = 0; count < 6; count++) {
      let waited = 0
      while (!refill.due) {
        await clock.advance(500)
        waited += 500
      }
      waits.push(waited)
      await look(refill, [ref(1)])
    }
    expect(waits).to.deep.equal([1_000, 2_000, 4_000, 8_000, 16_000, 16_000])
    expect(told).to.deep.equal([])
  })

  it('looks at once when a leg opens without one that was wanted, then less and less often', async () => {
    const refill = fresh()
    refill.opens([], true)
    expect(refill.due).to.equal(true)
    await look(refill, [])
    expect(refill.due).to.equal(false)
    await clock.advance(2_000)
    expect(refill.due).to.equal(true)
    await look(refill, [ref(2)])
    expect(told).to.deep.equal([[ref(2)]])
  })

  it('looks at once when one is lost, and a second later when that found nobody', async () => {
    const refill = fresh()
    for (let count = 0; count < 4; count++) await look(refill, [ref(1)])
    expect(refill.due).to.equal(false)
    refill.lost()
    expect(refill.due).to.equal(true)
    await look(refill, [])
    expect(refill.due).to.equal(false)
    await clock.advance(1_000)
    expect(refill.due).to.equal(true)
    await look(refill, [ref(2)])
    expect(told).to.deep.equal([[ref(2)]])
  })

  it('does not look twice at once, and looks again for one that is lost meanwhile', async () => {
    const refill = fresh()
    const asked = Promise.withResolvers<SuccessorRef[]>()
    const looking = refill.run(
      () => asked.promise,
      (successors) => told.push(successors)
    )
    await clock.advance(5_000)
    expect(refill.due).to.equal(false)
    refill.lost()
    expect(refill.due).to.equal(false)
    asked.resolve([ref(2)])
    await looking
    expect(told).to.deep.equal([[ref(2)]])
    expect(refill.due).to.equal(true)
  })
})
