import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect } from 'chai'
import { systemClock } from 'openseam/components'

const start = (fixture: string, ...args: string[]): ChildProcess =>
  spawn(process.execPath, ['--conditions=source', join(import.meta.dirname, 'fixtures', fixture), ...args], {
    stdio: ['ignore', 'pipe', 'inherit']
  })

const line = async (child: ChildProcess): Promise<string> =>
  String((await once(child.stdout as NodeJS.EventEmitter, 'data'))[0]).trim()

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('processes', () => {
  it('a child goes when its parent is killed, even if it cannot clean up', async () => {
    const parent = start('orphan-parent.ts')
    const pid = Number(await line(parent))
    expect(isAlive(pid)).to.equal(true)
    parent.kill('SIGKILL')
    const killedAt = Date.now()
    while (isAlive(pid) && Date.now() - killedAt < 5_000) await systemClock.sleep(50)
    expect(isAlive(pid)).to.equal(false)
  })

  const ends: [how: string, signals: NodeJS.Signals[], code: number][] = [
    ['soon', ['SIGTERM'], 0],
    ['soon', ['SIGINT'], 0],
    ['fails', ['SIGTERM'], 1],
    ['never', ['SIGTERM', 'SIGTERM'], 143],
    ['never', ['SIGINT', 'SIGINT'], 130]
  ]
  for (const [how, signals, code] of ends) {
    it(`a stop that ${how === 'soon' ? 'ends' : how === 'never' ? 'hangs' : how}, after ${signals.join(' and ')}: exit ${code}`, async () => {
      const child = start('stop.ts', how)
      const ended = once(child, 'exit')
      expect(await line(child)).to.equal('up')
      for (const signal of signals) {
        child.kill(signal)
        if (signal === signals[0]) await Promise.race([line(child), ended])
      }
      expect((await ended)[0]).to.equal(code)
    })
  }
})
