/**
 * One signature a place: (session, leg, seq) is signed for one receipt and never for another, whatever stores a provider's replicas have
 * (docs/spec/receipt.md). Two signed receipts for one place are evidence that costs stake, even when a client caused them.
 */
import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bytes32 } from 'openseam/protocol/eth'

export interface Place {
  sessionId: Bytes32
  leg: number
  seq: number
}

export interface SignFence {
  /** True once the place belongs to this receipt for good; false when it is another's. Rejects when that cannot be known. */
  claim(place: Place, hash: Bytes32): Promise<boolean>
}

/** For a provider whose store is the only one: the store itself keeps places, and the operating system keeps the store to one process. */
export const ownFence: SignFence = { claim: () => Promise.resolve(true) }

const FOLDER_LETTERS = 2 // 256 folders, so that none grows large

/**
 * For replicas that share a folder. A claim is written aside and then linked to its name, which succeeds once and is never half a file. What
 * it says is on the disk before anyone signs.
 */
export const folderFence = (dir: string): SignFence => ({
  async claim({ sessionId, leg, seq }, hash) {
    const folder = join(dir, sessionId.slice(2, 2 + FOLDER_LETTERS))
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const name = join(folder, `${sessionId.slice(2)}-${leg}-${seq}`)
    const draft = join(folder, `.${randomUUID()}`)
    await writeSynced(draft, hash)
    try {
      await link(draft, name)
      await syncFolder(folder)
      return true
    } catch (error) {
      // A file server may have linked it and lost its answer: then the draft has two names.
      if ((await stat(draft)).nlink === 2) return true
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      return (await readFile(name, 'utf8')) === hash
    } finally {
      await rm(draft, { force: true })
    }
  }
})

const writeSynced = async (path: string, text: string): Promise<void> => {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

const syncFolder = async (dir: string): Promise<void> => {
  const folder = await open(dir, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
