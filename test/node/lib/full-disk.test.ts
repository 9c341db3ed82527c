/** What LevelDB itself would lose: everything that it said it stored after a write that failed. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { openLevelStore } from '../../../node/lib/level-store.ts'

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
  const dirs: string[] = []
  const tempDir = (): string => {
    const dir = mkdtempSync(join(tmpdir(), 'openseam-full-'))
    dirs.push(dir)
    return dir
  }
  after(() => {
    for (const dir of dirs) rmSync(dir, { recursive: true, force: true })
  })

  /** Runs the writer under a shell that sets its limits; it ends by its own SIGKILL. */
  const write = (shell: string, ...args: string[]): Told => {
    const node = [process.execPath, '--conditions=source', writer]
    const { stdout, stderr } = spawnSync('sh', ['-c', shell, 'sh', ...node, ...args], { encoding: 'utf8', timeout: 100_000 })
    if (stdout === '') expect.fail(`the writer failed: ${stderr}`)
    return JSON.parse(stdout) as Told
  }

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
    const dir = tempDir()
    const told = write('trap "" XFSZ; ulimit -S -f 400; exec "$@"', dir)
    expect(told.refused).to.be.within(1, 3) // those of one group
    await expectAll(dir, told)
  })

  it('because it is full: it takes no more until there is room, and keeps all that it said it stored', async function () {
    if (process.platform !== 'linux') this.skip()
    const disk = tempDir()
    const mount = (dir: string): void =>
      void execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', dir], { stdio: 'pipe' })
    try {
      mount(disk)
    } catch {
      process.stdout.write('        skipped: no disk of one’s own can be mounted here\n')
      this.skip()
    }
    try {
      const dir = join(disk, 'store')
      mkdirSync(dir)
      const told = write('exec "$@"', dir, join(disk, 'ballast'))
      expect(told.refused).to.be.at.least(5)
      await expectAll(dir, told)
    } finally {
      execFileSync('umount', [disk])
    }
  })
})
