import { expect } from 'chai'
import { FINGERPRINT_STEPS_MAX, FINGERPRINT_STEPS_MEAN } from 'openseam/protocol/limits'
import { faultOf } from '../../../node/audit/verdict.ts'

const drawn = { same: 30, near: 2, other: 0 }
const prints = { compared: 32, absent: 0, max: FINGERPRINT_STEPS_MAX, mean: FINGERPRINT_STEPS_MEAN }

describe('the fault of a block', () => {
  it('there is none up to the tolerances, nor where nothing was said', () => {
    expect(faultOf(drawn, prints)).to.equal(null)
    expect(faultOf({ ...drawn, same: 0, near: 32 }, { compared: 0, absent: 32, max: 0, mean: 0 })).to.equal(null)
  })

  it('is one id that is not drawn, one entry too far off, or a block that is off in the mean', () => {
    expect(faultOf({ ...drawn, other: 1 }, prints)).to.contain('1 of 33 ids')
    expect(faultOf(drawn, { ...prints, max: FINGERPRINT_STEPS_MAX + 1 })).to.contain(String(FINGERPRINT_STEPS_MAX + 1))
    expect(faultOf(drawn, { ...prints, mean: FINGERPRINT_STEPS_MEAN + 0.1 })).to.contain('in the mean')
  })
})
