/** One signal asks a process to finish what it holds; a second one, or too long a wait, ends it as it stands. */
import type { Clock, Log } from 'openseam/components'
import { systemClock } from 'openseam/components'

type Signal = 'SIGINT' | 'SIGTERM'
const numbers: Record<Signal, number> = { SIGINT: 2, SIGTERM: 15 }

export interface ShutdownOptions {
  stop(signal: Signal): Promise<void>
  log?: Log
  /** A provider has 30 s to hand its sessions over (interfaces.md). */
  graceMs?: number
  clock?: Clock
}

const GRACE_MS = 30_000

/** Exit code 0 after an orderly stop, 1 if it failed or took too long, 128 + n when forced. Returns how to stop listening. */
export const onShutdown = ({ stop, log, graceMs = GRACE_MS, clock = systemClock }: ShutdownOptions): (() => void) => {
  let stopping = false
  const late = async (): Promise<number> => {
    await clock.sleep(graceMs)
    log?.error({ graceMs }, 'not finished in time')
    return 1
  }
  const orderly = async (signal: Signal): Promise<number> => {
    try {
      await stop(signal)
      return 0
    } catch (error) {
      log?.error({ error }, 'the stop failed')
      return 1
    }
  }
  const onSignal = (signal: Signal): void => {
    if (stopping) process.exit(128 + numbers[signal])
    stopping = true
    log?.info({ signal }, 'stopping; a second signal forces it')
    void Promise.race([orderly(signal), late()]).then((code) => process.exit(code))
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return () => {
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
  }
}
