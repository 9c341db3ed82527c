import { expect } from 'chai'
import fc from 'fast-check'
import { stopStrings } from '../../../sdk/text/index.ts'

/** Letter by letter: the first stop string to be complete ends the text, the longer one where two end together. */
function reference(text: string, stops: string[]): { text: string; stop: string | null } {
  for (let end = 1; end <= text.length; end++) {
    const found = stops.filter((stop) => stop && text.slice(0, end).endsWith(stop)).sort((a, b) => b.length - a.length)[0]
    if (found) return { text: text.slice(0, end - found.length), stop: found }
  }
  return { text, stop: null }
}

const letters = fc.constantFrom('a', 'b', 'c', '🎉')
const words = fc.array(letters, { maxLength: 4 }).map((parts) => parts.join(''))

describe('stop strings', () => {
  it('are found wherever the pieces are cut', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.array(letters, { maxLength: 5 }).map((parts) => parts.join('')),
          { maxLength: 12 }
        ),
        fc.array(words, { maxLength: 4 }),
        (pieces, stops) => {
          const matcher = stopStrings(stops)
          let shown = ''
          let stop: string | null = null
          for (const piece of pieces) {
            const step = matcher.push(piece)
            if (stop) expect(step).to.deep.equal({ text: '', stop: null })
            shown += step.text
            stop ??= step.stop
          }
          shown += matcher.flush()
          expect({ text: shown, stop }).to.deep.equal(reference(pieces.join(''), stops))
        }
      ),
      { numRuns: 2000 }
    )
  })

  it('hold back no more than the beginning of one', () => {
    const matcher = stopStrings(['\n\nUser:', 'END'])
    expect(matcher.push('Hello\n')).to.deep.equal({ text: 'Hello', stop: null })
    expect(matcher.push('\nUs')).to.deep.equal({ text: '', stop: null })
    expect(matcher.push('eful EN')).to.deep.equal({ text: '\n\nUseful ', stop: null })
    expect(matcher.push('D of it')).to.deep.equal({ text: '', stop: 'END' })
    expect(matcher.flush()).to.equal('')
  })
})
