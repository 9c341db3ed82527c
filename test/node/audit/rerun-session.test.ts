import { expect } from 'chai'
import { drawnRange } from '../../../node/audit/rerun-session.ts'

describe('the range that is run again', () => {
  const rng = (word: bigint) => ({ bytes: () => new Uint8Array(new BigUint64Array([word]).buffer) })
  const of = (completionFrom: number, length: number, blocks: number) => (word: number) =>
    drawnRange({ completionFrom, ids: new Array<number>(length).fill(0) }, blocks, rng(BigInt(word)))

  it('is the whole answer where that is short', () => {
    for (const word of [0, 1, 7]) expect(of(40, 200, 64)(word)).to.deep.equal({ from: 40, to: 200 })
    expect(of(0, 1, 1)(3)).to.deep.equal({ from: 0, to: 1 })
  })

  it('is whole blocks of the answer, every start once, from its first position to its last', () => {
    // Blocks 1 (from 40) to 6 (to 200): five starts of two blocks each.
    expect([0, 1, 2, 3, 4].map(of(40, 200, 2))).to.deep.equal([
      { from: 40, to: 96 },
      { from: 64, to: 128 },
      { from: 96, to: 160 },
      { from: 128, to: 192 },
      { from: 160, to: 200 }
    ])
    expect(of(40, 200, 2)(5)).to.deep.equal(of(40, 200, 2)(0))
  })
})
