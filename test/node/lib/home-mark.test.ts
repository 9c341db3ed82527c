import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { readMark, writeMark } from '../../../node/lib/home-mark.ts'

describe('the mark of a home', () => {
  let dir: string
  let home: string
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'openseam-mark-'))
    home = join(dir, 'home')
    cpSync(import.meta.dirname, home, { recursive: true })
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  it('is the same at every start, and after a move', async () => {
    expect(await readMark(home)).to.equal('new')
    await writeMark(home)
    expect(await readMark(home)).to.equal('same')
    renameSync(home, join(dir, 'elsewhere'))
    expect(await readMark(join(dir, 'elsewhere'))).to.equal('same')
  })

  it('gives a copy away, also when the original is gone, until the copy has a mark of its own', async () => {
    await writeMark(home)
    const copy = join(dir, 'copy')
    cpSync(home, copy, { recursive: true, preserveTimestamps: true })
    expect([await readMark(home), await readMark(copy)]).to.deep.equal(['same', 'copy'])
    rmSync(home, { recursive: true })
    expect(await readMark(copy)).to.equal('copy')
    await writeMark(copy)
    expect(await readMark(copy)).to.equal('same')
  })

  it('that was cut off in the making counts as none', async () => {
    writeFileSync(join(home, 'mark'), '')
    expect(await readMark(home)).to.equal('new')
    await writeMark(home)
    expect(readFileSync(join(home, 'mark'), 'utf8')).to.match(/^\{"inode":"\d+","bornNs":"\d+"\}\n$/)
  })
})
