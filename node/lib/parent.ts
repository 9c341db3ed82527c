/** A child that outlives its parent would hold ports, homes and money. The IPC channel closes however the parent dies, kill -9 too. */
import type { Clock } from 'openseam/components'
import { systemClock } from 'openseam/components'

/** interfaces.md gives a child 5 s; a second is left for a busy machine. */
const GRACE_MS = 4_000

export interface ParentOptions {
  /** Settles what can be settled; the process ends after it, or after the grace time. */
  onOrphan?: () => Promise<void> | void
  graceMs?: number
  clock?: Clock
}

/** Ties this process to the one that forked it. Without an IPC channel it was started by hand, and stays. */
export const exitWithParent = ({ onOrphan, graceMs = GRACE_MS, clock = systemClock }: ParentOptions = {}): void => {
  if (process.send === undefined) return
  const orphaned = async (): Promise<void> => {
    const end = (): never => process.exit(0)
    await Promise.race([Promise.resolve(onOrphan?.()).catch(() => undefined), clock.sleep(graceMs)])
    end()
  }
  if (process.connected) process.once('disconnect', () => void orphaned())
  else void orphaned()
}
