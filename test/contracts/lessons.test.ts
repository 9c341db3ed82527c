import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'

/** Thirty-two ways in which others lost money (docs/spec/money.md, "Lessons"), each with a test that bears its letter and number. */
const LESSONS = { A: 6, B: 3, C: 7, D: 5, E: 4, F: 7 }
describe('lessons', () => {
  it('each has a test named after it', () => {
    const root = join(import.meta.dirname, '../..')
    const names = globSync('test/**/*.{t.sol,test.ts}', { cwd: root }).flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/\bfunction test(?:Fuzz)?_([A-F]\d)_|\bit\('([A-F]\d): /g)].map(
        (match) => match[1] ?? match[2]!
      )
    )
    const wanted = Object.entries(LESSONS).flatMap(([letter, count]) =>
      Array.from({ length: count }, (_, i) => `${letter}${i + 1}`)
    )
    expect(wanted).to.have.length(32)
    expect(wanted.filter((code) => !names.includes(code))).to.deep.equal([])
  })
})
