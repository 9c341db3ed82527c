import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { codeOf, type SeamError } from 'openseam/protocol/errors'
import { writeFileAtomic } from '../../../node/lib/atomic.ts'
import { openHome } from '../../../node/lib/home.ts'

describe('home', () => {
  let dir = ''
  const holders: ChildProcess[] = []
  beforeEach(async () => {
    dir = join(await mkdtemp(join(tmpdir(), 'openseam-home-')), 'home')
  })
  afterEach(async () => {
    for (const holder of holders.splice(0)) holder.kill('SIGKILL')
    await rm(join(dir, '..'), { recursive: true, force: true })
  })

  const hold = async (): Promise<ChildProcess> => {
    const child = fork(join(import.meta.dirname, 'fixtures/hold-home.ts'), [dir], { execArgv: ['--conditions=source'] })
    holders.push(child)
    expect(await once(child, 'message')).to.deep.include('held')
    return child
  }

  it('is private, and names its holder', async () => {
    const home = await openHome(dir)
    expect((await stat(dir)).mode & 0o777).to.equal(0o700)
    expect(await readFile(home.path('pid'), 'utf8')).to.equal(`${process.pid}\n`)
    await home.release()
    await (await openHome(dir)).release()
  })

  it('refuses a second process with the pid of the first', async () => {
    const holder = await hold()
    const error = await openHome(dir).catch((thrown: unknown) => thrown)
    expect(codeOf(error)).to.equal('HOME_LOCKED')
    expect((error as SeamError).message).to.include(`process ${holder.pid}`)
    expect((error as SeamError).detail).to.deep.include({ pid: holder.pid })
  })

  it('is free again as soon as its holder is killed', async () => {
    const holder = await hold()
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    await (await openHome(dir)).release()
  })

  it('writes files whole and for their owner alone', async () => {
    const home = await openHome(dir)
    const path = home.path('file.json')
    await Promise.all(Array.from({ length: 8 }, (_, index) => writeFileAtomic(path, String(index).repeat(10_000))))
    const text = await readFile(path, 'utf8')
    expect(text).to.match(/^(\d)\1{9999}$/)
    expect((await stat(path)).mode & 0o777).to.equal(0o600)
    expect((await readdir(dir)).filter((name) => name.endsWith('.tmp'))).to.deep.equal([])
    await home.release()
  })
})
