import { expect } from 'chai'
import { SlotTable } from '../../../node/engine/slots.ts'

describe('engine: slots', () => {
  it('gives a conversation its own slot back, with what still agrees', () => {
    const slots = new SlotTable(3)
    const { slot } = slots.take('a', [1, 2, 3])
    slots.park(slot, [1, 2, 3, 4])
    expect(slots.take('a', [1, 2, 9, 9])).to.deep.equal({ slot, kept: 2 })
  })

  it('never lets another key see parked KV', () => {
    const slots = new SlotTable(1)
    slots.park(slots.take('a', [1, 2, 3]).slot, [1, 2, 3])
    expect(slots.take('b', [1, 2, 3])).to.deep.equal({ slot: 0, kept: 0 })
  })

  it('gives up the longest unused conversation first, and only when no slot is free', () => {
    const slots = new SlotTable(3)
    const at = new Map(['a', 'b'].map((key) => [key, slots.take(key, [1]).slot]))
    slots.park(at.get('b')!, [1])
    slots.park(at.get('a')!, [1])
    slots.park(slots.take('c', [1]).slot, [1])
    expect(slots.parked).to.equal(3)
    expect(slots.take('d', [1]).slot).to.equal(at.get('b'))
    slots.drop('c')
    expect(slots.parked).to.equal(1)
    slots.take('e', [1])
    expect(slots.take('a', [1])).to.deep.equal({ slot: at.get('a'), kept: 1 })
  })

  it('places jobs side by side', () => {
    const slots = new SlotTable(6)
    const taken = ['a', 'b', 'c'].map((key) => slots.take(key, [1]).slot)
    expect(taken).to.deep.equal([0, 1, 2])
    slots.park(1, [])
    slots.park(0, [])
    expect(slots.take('d', [1]).slot).to.equal(1)
  })

  it('frees the slot of a job whose KV is worth nothing', () => {
    const slots = new SlotTable(1)
    slots.park(slots.take('a', [1]).slot, [])
    expect(slots.parked).to.equal(0)
    expect(slots.take('a', [1]).kept).to.equal(0)
  })
})
