import { expect } from 'chai'
import fc from 'fast-check'
import { encodePrint, PRINT_BYTES } from 'openseam/protocol/fingerprint'
import { printRow } from '../../../node/engine/fingerprint.ts'

const value = fc.oneof(
  { weight: 5, arbitrary: fc.float({ min: -40, max: 40, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Infinity, -Infinity, 0, -0) }
)

describe('the entry of a row', () => {
  it('is that of its four largest values, wherever they stand', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 40 }), fc.nat(3), (values, offset) => {
        const sorted = values.filter((one) => !Number.isNaN(one)).sort((a, b) => b - a)
        const top = [...sorted, ...new Array(4).fill(-Infinity)].slice(0, 4)
        const expected = new Uint8Array(PRINT_BYTES + offset)
        encodePrint(top, expected, offset)
        const found = new Uint8Array(PRINT_BYTES + offset)
        printRow(Float32Array.from(values), found, offset)
        expect(Buffer.from(found)).to.deep.equal(Buffer.from(expected))
      }),
      { numRuns: 500 }
    )
  })
})
