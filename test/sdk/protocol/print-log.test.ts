import { expect } from 'chai'
import fc from 'fast-check'
import { bytesToHex, ZERO_BYTES32 } from 'openseam/protocol/eth'
import { absentPrints, fingerprintOf, PRINT_BYTES } from 'openseam/protocol/fingerprint'
import { PrintLog } from 'openseam/protocol/print-log'

const base = `0x${'1'.repeat(64)}` as const
const entries = (count: number, first = 0): Uint8Array =>
  Uint8Array.from({ length: count * PRINT_BYTES }, (_, i) => (first + i) & 127)

describe('print log', () => {
  it('gives back what was put, and silence elsewhere', () => {
    const log = new PrintLog(10)
    log.put(12, entries(2))
    const absent = absentPrints(2)
    expect(Buffer.from(log.slice(10, 16))).to.deep.equal(Buffer.concat([absent, entries(2), absent]))
    expect(Buffer.from(log.slice(0, 12))).to.deep.equal(Buffer.from(absentPrints(12)))
    expect(log.slice(13, 13)).to.have.length(0)
    expect([log.covers(0, 13), log.covers(14, 99), log.covers(0, 10)]).to.deep.equal([true, false, false])
  })

  it('leaves out what is said of positions that nobody drew', () => {
    const log = new PrintLog(10)
    log.put(0, entries(9))
    expect(log.covers(0, 100)).to.equal(false)
    log.put(8, entries(3))
    expect(Buffer.from(log.slice(10, 11))).to.deep.equal(Buffer.from(entries(3).subarray(2 * PRINT_BYTES)))
  })

  it('its fingerprint is over the drawn positions of a stretch, zero where there is none or one is missing', () => {
    const log = new PrintLog(10)
    log.put(10, entries(5))
    expect(log.fingerprint(base, 0, 15)).to.equal(fingerprintOf(base, entries(5)))
    expect(log.fingerprint(base, 0, 10)).to.equal(ZERO_BYTES32)
    expect(log.fingerprint(base, 12, 12)).to.equal(ZERO_BYTES32)
    expect(log.fingerprint(base, 12, 16)).to.equal(ZERO_BYTES32)
  })

  it('does not depend on how the entries were cut', () => {
    const all = entries(200)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 20 }), (sizes) => {
        const log = new PrintLog(3)
        let at = 0
        for (const size of [...sizes, 200]) {
          const to = Math.min(200, at + size)
          log.put(3 + at, all.subarray(at * PRINT_BYTES, to * PRINT_BYTES))
          at = to
        }
        expect(bytesToHex(log.slice(3, 203))).to.equal(bytesToHex(all))
      })
    )
  })
})
