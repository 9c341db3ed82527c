import { expect } from 'chai'
import fc from 'fast-check'
import {
  formatOpen,
  parseOpen,
  priceOf,
  WEI_MAX,
  weiFromBytes,
  weiFromString,
  weiToBytes,
  weiToString
} from '../../../sdk/protocol/amounts.ts'
import { SeamError } from '../../../sdk/protocol/errors.ts'

const wei = fc.bigInt({ min: 0n, max: WEI_MAX })
const refused = (act: () => unknown, code: string): void => {
  expect(act).to.throw(SeamError).with.property('code', code)
}

describe('amounts', () => {
  it('go to bytes, strings and OPEN and back', () => {
    fc.assert(
      fc.property(wei, (amount) => {
        const bytes = weiToBytes(amount)
        expect(bytes.length).to.be.at.most(12)
        expect(bytes[0]).to.not.equal(0)
        expect(weiFromBytes(bytes)).to.equal(amount)
        expect(weiFromString(weiToString(amount))).to.equal(amount)
        expect(parseOpen(formatOpen(amount))).to.equal(amount)
      })
    )
  })

  it('have one encoding each', () => {
    expect(weiToBytes(0n)).to.deep.equal(new Uint8Array(0))
    expect(weiToBytes(256n)).to.deep.equal(new Uint8Array([1, 0]))
    refused(() => weiFromBytes(new Uint8Array([0])), 'WIRE_MALFORMED')
    refused(() => weiFromBytes(new Uint8Array([0, 1])), 'WIRE_MALFORMED')
    refused(() => weiFromBytes(new Uint8Array(13).fill(1)), 'WIRE_MALFORMED')
    for (const bad of ['', '-1', '+1', '01', '1.0', '1e3', '0x1', ' 1', (WEI_MAX + 1n).toString(), '9'.repeat(40)]) {
      refused(() => weiFromString(bad), 'BAD_REQUEST')
    }
  })

  it('stay inside a uint96', () => {
    refused(() => weiToBytes(-1n), 'WIRE_MALFORMED')
    refused(() => weiToBytes(WEI_MAX + 1n), 'WIRE_MALFORMED')
    refused(() => weiToString(1 as unknown as bigint), 'WIRE_MALFORMED')
  })

  it('multiply exactly or not at all', () => {
    expect(priceOf(3_000_000_007n, 417)).to.equal(3_000_000_007n * 417n)
    expect(priceOf(WEI_MAX, 1)).to.equal(WEI_MAX)
    expect(priceOf(0n, Number.MAX_SAFE_INTEGER)).to.equal(0n)
    refused(() => priceOf(WEI_MAX, 2), 'WIRE_MALFORMED')
    for (const units of [-1, 0.5, Number.NaN, 2 ** 53]) refused(() => priceOf(1n, units), 'WIRE_MALFORMED')
  })

  it('read as OPEN', () => {
    expect(formatOpen(0n)).to.equal('0')
    expect(formatOpen(1_500_000_000_000_000_000n)).to.equal('1.5')
    expect(formatOpen(1n)).to.equal('0.000000000000000001')
    expect(parseOpen('12')).to.equal(12n * 10n ** 18n)
    for (const bad of ['', '.5', '1.', '-1', '1e2', '1.0000000000000000001', '99999999999'])
      refused(() => parseOpen(bad), 'BAD_REQUEST')
  })
})
