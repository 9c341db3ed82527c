import { expect } from 'chai'
import { shortId, shortOpen } from '../../../node/web/short.ts'

describe('what pages show short', () => {
  it('amounts are cut after six digits that say something, never rounded up', () => {
    const shown: [wei: bigint, text: string][] = [
      [0n, '0'],
      [1n, '0.000000000000000001'],
      [1_234_567_899_999n, '0.00000123456'],
      [999_999_999_999_999_999n, '0.999999'],
      [10n ** 18n, '1'],
      [12_345_678_999_999_999_999n, '12.3456'],
      [1_234_567n * 10n ** 18n + 1n, '1234567'],
      [1_360_000_000_000_000n, '0.00136']
    ]
    for (const [wei, text] of shown) expect(shortOpen(wei), `${wei}`).to.equal(text)
  })

  it('peer ids keep their end, since all begin alike', () => {
    expect(shortId('12D3KooWEx3BqiphMj3vYZtUCZnv6MBe44kRHjfEDfWAuspTL9od')).to.equal('…pTL9od')
    expect(shortId(`0x${'ab'.repeat(32)}`)).to.equal('0xabab…abab')
    expect(shortId('p1')).to.equal('p1')
  })
})
