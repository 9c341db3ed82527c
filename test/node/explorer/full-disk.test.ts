import { join } from 'node:path'
import { expect } from 'chai'
import { onSmallDisk, tempDirs, whereFilesAreShort } from '../lib/full-disk.ts'
import { freshRows, fullDiskChain, openIndex, rowsOf } from './index-states.ts'

const writer = join(import.meta.dirname, 'fixtures/full-disk.ts')

interface Told {
  refused: number
  codes: string[]
  readable: boolean
  unread: number
  block: number
}

describe('an index whose disk does not take a write', function () {
  this.timeout(120_000)
  const dirs = tempDirs()
  after(() => dirs.remove())

  const expectWhole = async (dir: string, { codes, readable, unread, block }: Told): Promise<void> => {
    const chain = fullDiskChain()
    expect(codes).to.deep.equal(['STORE_DOWN'])
    expect(readable, 'what was there can be read meanwhile').to.equal(true)
    expect(unread, 'what a page reads is never cut off').to.equal(0)
    expect(block).to.equal(chain.head)
    const { store, indexer } = await openIndex(chain, dir)
    expect(indexer.cursor?.block, 'it is where it said it was').to.equal(chain.head)
    const rows = await rowsOf(store)
    await store.close()
    expect(rows).to.deep.equal(await freshRows(chain, dirs.make()))
  }

  it('because a file may grow no more: it begins another, and holds what a fresh one holds', async () => {
    const dir = dirs.make()
    const told = whereFilesAreShort<Told>(2_000, writer, dir)
    expect(told.refused).to.be.within(1, 3)
    await expectWhole(dir, told)
  })

  it('because it is full: it waits for room, goes on, and holds what a fresh one holds', async function () {
    const isDone = await onSmallDisk<Told>(dirs.make(), writer, async (dir, told) => {
      expect(told.refused).to.be.at.least(5)
      await expectWhole(dir, told)
    })
    if (!isDone) this.skip()
  })
})
