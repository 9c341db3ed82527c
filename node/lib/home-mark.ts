/**
 * Tells a home from a copy of it. A daemon's home holds keys that sign for money; two daemons on copies of one could sign against each other
 * without knowing. The mark is a file that says which file it is, by inode and time of birth: a copy is another file that says the same.
 * A snapshot of a whole disk keeps both, and cannot be told from its original.
 */
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomic } from './atomic.ts'

const fileOf = (home: string): string => join(home, 'mark')

const describe = async (file: string): Promise<{ inode: string; bornNs: string }> => {
  const { ino, birthtimeNs } = await stat(file, { bigint: true })
  return { inode: String(ino), bornNs: String(birthtimeNs) }
}

/** `new`: no daemon has started here yet. A home that was moved within its disk, or whose disk was moved, is the `same`. */
export const readMark = async (home: string): Promise<'new' | 'same' | 'copy'> => {
  const file = fileOf(home)
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  if (text === '') return 'new' // or it died while it made its mark
  const here = await describe(file)
  const { inode, bornNs } = JSON.parse(text) as Partial<typeof here>
  // One of them may change by itself where a file system has no such thing; both do only in a copy.
  return inode === here.inode || bornNs === here.bornNs ? 'same' : 'copy'
}

/** From now on this is the home. */
export const writeMark = async (home: string): Promise<void> => {
  const file = fileOf(home)
  await writeFileAtomic(file, '')
  await writeFile(file, `${JSON.stringify(await describe(file))}\n`, { flag: 'r+', flush: true })
}
