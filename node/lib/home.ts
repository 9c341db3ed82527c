/** The folder that holds a process's state: private, and open to one process at a time. */
import { chmod, mkdir, readFile, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { Level } from 'level'
import { SeamError } from 'openseam/protocol/errors'
import { writeFileAtomic } from './atomic.ts'

export interface Home {
  readonly dir: string
  path(...parts: string[]): string
  /** Lets the next process in. */
  release(): Promise<void>
}

export const defaultHome = (): string => join(homedir(), '.openseam')

/** Makes the folder and closes it to others. For readers that need no lock. */
export const ensureHome = async (home: string): Promise<string> => {
  const dir = resolve(home)
  await mkdir(dir, { recursive: true, mode: 0o700 })
  await chmod(dir, 0o700)
  return dir
}

/**
 * Takes the folder for this process. The lock is the operating system's own, taken by LevelDB on a file: it goes with the process
 * however that ends, so there is nothing stale to detect and no pid that another program may wear by now. The pid file only names the holder.
 */
export const openHome = async (home: string): Promise<Home> => {
  const dir = await ensureHome(home)
  const lock = new Level(join(dir, 'lock'))
  const pidFile = join(dir, 'pid')
  try {
    await lock.open()
  } catch (cause) {
    if (!isLocked(cause))
      throw new SeamError('STORE_CORRUPT', `cannot open ${join(dir, 'lock')}; if its disk is well, remove that folder`, { cause })
    throw await lockedError(dir, pidFile, cause)
  }
  await writeFileAtomic(pidFile, `${process.pid}\n`)
  return {
    dir,
    path: (...parts) => join(dir, ...parts),
    async release() {
      await rm(pidFile, { force: true })
      await lock.close()
    }
  }
}

const isLocked = (error: unknown): boolean => {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause && cause.code === 'LEVEL_LOCKED'
}

const lockedError = async (dir: string, pidFile: string, cause: unknown): Promise<SeamError> => {
  const pid = Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10)
  const who = Number.isInteger(pid) ? `process ${pid}` : 'another process'
  const message = `${dir} is in use by ${who}; stop it, or choose another folder with --home`
  return new SeamError('HOME_LOCKED', message, { cause, detail: { dir, pid: Number.isInteger(pid) ? pid : null } })
}
