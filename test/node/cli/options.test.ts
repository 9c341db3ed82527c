import { expect } from 'chai'
import { royalties } from '../../../node/cli/options.ts'
import { parseAddress } from '../../../sdk/protocol/eth.ts'

const [one, other] = [parseAddress(`0x${'a1'.repeat(20)}`), parseAddress(`0x${'b2'.repeat(20)}`)]

describe('--royalties', () => {
  it('takes accounts with their shares, or nobody', () => {
    expect(royalties.parse('')).to.deep.equal({ payees: [], bps: [] })
    expect(royalties.parse(`${one}=500, ${other}=1`)).to.deep.equal({ payees: [one, other], bps: [500, 1] })
  })

  it('says what is none', () => {
    for (const bad of [one, `${one}=`, `${one}=2.5`, `${one}=-1`, `=5`, `${one.slice(0, -1)}=5`, `${one}=5;${other}=5`])
      expect(() => royalties.parse(bad), bad).to.throw('no account=share')
  })
})
