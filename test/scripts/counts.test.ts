import { expect } from 'chai'
import { countsOf, countsOfCheck, hasSum } from '../../scripts/testing/counts.ts'

describe('test counts', () => {
  it('reads a summary, colours and times included', () => {
    const output =
      '  flags\n    ✔ 7 passing flags\n\n\x1b[92m \x1b[0m\x1b[32m 85 passing\x1b[0m\x1b[90m (2s)\x1b[0m\n  1 pending\n  2 failing\n'
    expect(countsOf(output, 2)).to.deep.equal({ passed: 85, failed: 2 })
    expect(countsOf('  163 passing (1m)\n', 0)).to.deep.equal({ passed: 163, failed: 0 })
  })

  it('a runner that crashed, or ran nothing, is a failure', () => {
    expect(countsOf('SyntaxError', 1)).to.deep.equal({ passed: 0, failed: 1 })
    expect(countsOf('', 0)).to.deep.equal({ passed: 0, failed: 1 })
    expect(countsOf('  5 passing (1s)\n', 1)).to.deep.equal({ passed: 5, failed: 1 })
  })

  it('tells a summary from a test’s name', () => {
    expect(hasSum('\n\x1b[32m 85 passing\x1b[0m\x1b[90m (2s)\x1b[0m\n')).to.equal(true)
    expect(hasSum('    ✔ 7 passing flags\n    8 of 9 passing\n')).to.equal(false)
  })

  it('a check holds or does not', () => {
    expect(countsOfCheck('', 0)).to.deep.equal({ passed: 1, failed: 0 })
    expect(countsOfCheck('', 3)).to.deep.equal({ passed: 0, failed: 1 })
  })
})
