/** Waiting for a condition, never for a while: a loaded machine makes these tests slower, not red. */
import { setTimeout as sleep } from 'node:timers/promises'

const POLL_MS = 50

/** The first value of `probe` that is neither undefined nor false. Fails with what was waited for, and what was there instead. */
export const until = async <Value>(
  what: string | (() => string),
  probe: () => Promise<Value | undefined | false> | Value | undefined | false,
  withinMs = 60_000
): Promise<Value> => {
  const deadline = performance.now() + withinMs
  for (;;) {
    const value = await probe()
    if (value !== undefined && value !== false) return value
    if (performance.now() > deadline)
      throw new Error(`still waiting after ${withinMs / 1000} s: ${typeof what === 'string' ? what : what()}`)
    await sleep(POLL_MS)
  }
}

export const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
