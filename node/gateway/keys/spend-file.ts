/** Spending on disk: a line an answer, so that a report can be read beside a running gateway; summed up at every start. */
import { type FileHandle, open, readFile } from 'node:fs/promises'
import type { Clock } from 'openseam/components'
import { SeamError } from 'openseam/protocol/errors'
import { writeFileAtomic } from '../../lib/atomic.ts'
import { type SpendBook, SpendSums, spendBook } from './spend.ts'

export const readSpending = async (path: string): Promise<SpendSums> => {
  const sums = new SpendSums()
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  try {
    sums.read(text)
  } catch (cause) {
    throw new SeamError('STORE_CORRUPT', `${path} holds a line that no gateway wrote; mend it, or quotas would begin anew`, {
      cause
    })
  }
  return sums
}

export interface SpendFile extends SpendBook {
  /** After what was added is written. */
  close(): Promise<void>
}

export const openSpending = async (path: string, clock: Clock): Promise<SpendFile> => {
  const sums = await readSpending(path)
  await writeFileAtomic(path, sums.text())
  const file: FileHandle = await open(path, 'a', 0o600)
  let { size } = await file.stat()
  let last: Promise<void> = Promise.resolve()
  const append = async (line: string): Promise<void> => {
    try {
      await file.appendFile(line)
      size += Buffer.byteLength(line)
    } catch (error) {
      // A full disk may take half of a line: the next one must not be glued to it.
      await file.truncate(size)
      throw error
    }
  }
  // One after the other: two halves of lines must not mix.
  const write = (line: string): Promise<void> => {
    const written = last.then(() => append(line))
    last = written.catch(() => undefined)
    return written
  }
  const book = spendBook(clock, sums, write)
  return {
    ...book,
    async close() {
      await last
      await file.close()
    }
  }
}
