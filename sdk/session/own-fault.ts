/** Whose fault a lost stream is: where two or more peers were lost together, or nobody answers, it is probably our own network. */
import type { Clock, Log, PeerKey } from '../components.ts'
import { codeOf } from '../protocol/errors.ts'
import { OWN_FAULT_WINDOW_MS } from '../protocol/limits.ts'

const REDIALS = 2
const REDIAL_MS = 750

export interface OwnFaultComponents {
  /** Dials a peer at the addresses it has on offer. */
  dial(peer: PeerKey, signal: AbortSignal): Promise<unknown>
  clock: Clock
  log: Log
}

export class OwnFault {
  readonly #c: OwnFaultComponents
  /** When the connection to a peer was lost (monotonic ms). */
  readonly #gone = new Map<PeerKey, number>()

  constructor(components: OwnFaultComponents) {
    this.#c = components
  }

  saw({ peer, connected }: { peer: PeerKey; connected: boolean }): void {
    if (connected) this.#gone.delete(peer)
    else this.#gone.set(peer, this.#c.clock.tickMs())
  }

  /** Whether the peer was there all along: others were lost with it, and it answers when it is dialled again. */
  async explains(peer: PeerKey): Promise<boolean> {
    const { clock, log } = this.#c
    const nowMs = clock.tickMs()
    const others = [...this.#gone].filter(([other, atMs]) => other !== peer && nowMs - atMs <= OWN_FAULT_WINDOW_MS)
    if (others.length === 0) return false
    for (let i = 0; i < REDIALS; i++) {
      try {
        await this.#c.dial(peer, AbortSignal.timeout(REDIAL_MS))
        return true
      } catch (error) {
        log.debug({ code: codeOf(error) }, 'redial failed')
      }
    }
    return false
  }
}
