/** Disks that take no more: a limit on the size of files, or a small disk of one's own. Who writes runs in a process that ends by SIGKILL. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'

const FREE_BYTES = 60_000

export const tempDirs = () => {
  const dirs: string[] = []
  return {
    make: (): string => {
      const dir = mkdtempSync(join(tmpdir(), 'openseam-full-'))
      dirs.push(dir)
      return dir
    },
    remove: (): void => {
      for (const dir of dirs) rmSync(dir, { recursive: true, force: true })
    }
  }
}

/** What `writer DIR [BALLAST]` prints as JSON before it dies. */
const run = <Told>(shell: string, writer: string, ...args: string[]): Told => {
  const node = [process.execPath, '--conditions=source', writer]
  const { stdout, stderr } = spawnSync('sh', ['-c', shell, 'sh', ...node, ...args], { encoding: 'utf8', timeout: 100_000 })
  if (stdout === '') expect.fail(`the writer failed: ${stderr}`)
  return JSON.parse(stdout) as Told
}

/** No file may have more than that many blocks of 512 bytes, as often as one is begun. */
export const whereFilesAreShort = <Told>(blocks: number, writer: string, dir: string): Told =>
  run(`trap "" XFSZ; ulimit -S -f ${blocks}; exec "$@"`, writer, dir)

/** Calls `look` with the writer's folder while its disk is there. False where none can be mounted. */
export const onSmallDisk = async <Told>(
  disk: string,
  writer: string,
  look: (dir: string, told: Told) => Promise<void>
): Promise<boolean> => {
  if (process.platform !== 'linux') return false
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', disk], { stdio: 'pipe' })
  } catch {
    process.stdout.write('        skipped: no disk of one’s own can be mounted here\n')
    return false
  }
  try {
    const dir = join(disk, 'store')
    mkdirSync(dir)
    await look(dir, run('exec "$@"', writer, dir, join(disk, 'ballast')))
  } finally {
    execFileSync('umount', [disk])
  }
  return true
}

/** Leaves no more on a disk than a few writes. */
export const fillUp = (ballast: string): void => {
  const { bavail, bsize } = statfsSync(join(ballast, '..'))
  writeFileSync(ballast, new Uint8Array(bavail * bsize - FREE_BYTES))
}
