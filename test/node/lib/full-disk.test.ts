/** What LevelDB itself would lose: everything that it said it stored after a write that failed. */
import { join } from 'node:path'
import { expect } from 'chai'
import { openLevelStore } from '../../../node/lib/level-store.ts'
import { onSmallDisk, tempDirs, whereFilesAreShort } from './full-disk.ts'

const writer = join(import.meta.dirname, 'fixtures/full-disk.ts')
const MORE = 100

interface Told {
  stored: number[]
  refused: number
  codes: string[]
  readable: boolean
  after: number
}

describe('a store whose disk does not take a write', function () {
  this.timeout(120_000)
  const dirs = tempDirs()
  after(() => dirs.remove())

  const expectAll = async (dir: string, { stored, codes, readable, after }: Told): Promise<void> => {
    expect(codes).to.deep.equal(['STORE_DOWN'])
    expect(readable, 'what was there can be read meanwhile').to.equal(true)
    expect(after, 'writes are taken again').to.equal(MORE)
    const store = await openLevelStore(dir)
    try {
      for (const row of stored) {
        const value = await store.get(`row ${row}`)
        if (value === undefined) expect.fail(`row ${row} was stored, and is gone`)
        expect(value).to.deep.equal(new Uint8Array(700 + row).fill(row))
      }
    } finally {
      await store.close()
    }
  }

  it('because a file may grow no more: it begins another, and keeps all that it said it stored', async () => {
    const dir = dirs.make()
    const told = whereFilesAreShort<Told>(400, writer, dir)
    expect(told.refused).to.be.within(1, 3) // those of one group
    await expectAll(dir, told)
  })

  it('because it is full: it takes no more until there is room, and keeps all that it said it stored', async function () {
    const isDone = await onSmallDisk<Told>(dirs.make(), writer, async (dir, told) => {
      expect(told.refused).to.be.at.least(5)
      await expectAll(dir, told)
    })
    if (!isDone) this.skip()
  })
})
