import { expect } from 'chai'
import type { Clock } from 'openseam/components'
import { startProgress, withProgress } from '../../../node/lib/progress.ts'

/** A clock that moves when it is told. */
const handClock = () => {
  let nowMs = 0
  let sleepers: { atMs: number; wake: () => void }[] = []
  const clock: Clock = {
    nowMs: () => nowMs,
    tickMs: () => nowMs,
    sleep: (delayMs, signal) =>
      new Promise((wake, reject) => {
        sleepers.push({ atMs: nowMs + delayMs, wake })
        signal?.addEventListener('abort', () => reject(signal.reason))
      })
  }
  const pass = async (ms: number): Promise<void> => {
    nowMs += ms
    const due = sleepers.filter((sleeper) => sleeper.atMs <= nowMs)
    sleepers = sleepers.filter((sleeper) => sleeper.atMs > nowMs)
    for (const sleeper of due) sleeper.wake()
    await new Promise(setImmediate)
  }
  return { clock, pass }
}

const screen = (isTTY: boolean) => {
  let text = ''
  return { stream: { isTTY, columns: 60, write: (more: string) => (text += more) }, read: () => text }
}

describe('progress', () => {
  it('says nothing of what takes less than a second', async () => {
    const { stream, read } = screen(true)
    const { clock, pass } = handClock()
    const progress = startProgress('starting', { stream, clock })
    await pass(900)
    progress.done()
    await pass(5_000)
    expect(read()).to.equal('')
  })

  it('writes plain lines where nobody watches', async () => {
    const { stream, read } = screen(false)
    const { clock, pass } = handClock()
    const progress = startProgress('deploying', { stream, clock })
    await pass(1_000)
    progress.update('deploying 2 of 5')
    await pass(10_000)
    progress.done()
    progress.done()
    expect(read()).to.equal('deploying ... 1.0 s\ndeploying 2 of 5 ... 11.0 s\ndeploying 2 of 5: done (11.0 s)\n')
  })

  it('spins on a terminal and leaves one line', async () => {
    const { stream, read } = screen(true)
    const { clock, pass } = handClock()
    const work = Promise.withResolvers<void>()
    const shown = withProgress('waiting', () => work.promise, { stream, clock }).catch((error: Error) => error.message)
    await pass(1_000)
    await pass(80)
    work.reject(new Error('no'))
    expect(await shown).to.equal('no')
    expect(read()).to.match(/⠋ waiting 1\.0 s.*⠙ waiting 1\.1 s.*✗ waiting \(1\.1 s\)\n$/s)
  })
})
