/**
 * Transport manners of peers: faults add up, time halves them, and above a threshold the peer is refused. This is the gossip and
 * frame score; what a client thinks of a provider's service is kept in sdk/market, and what the chain thinks in the Court: never
 * mixed.
 */
import type { Clock, PeerKey } from '../components.ts'
import { consequences, type ErrorCode, type PeerAction } from '../protocol/errors.ts'

export const SCORE_HALF_LIFE_MS = 600_000
export const SCORE_REFUSE = 100
const PEERS_MAX = 10_000

/** What one fault costs: four malformed frames within minutes, or twenty smaller offences, and the peer is out for a while. */
export const scorePoints: Record<PeerAction, number> = { none: 0, exclude: 0, score: 5, disconnect: 30 }

interface Entry {
  points: number
  atMs: number
}

export class PeerScores {
  readonly #clock: Clock
  readonly #entries = new Map<PeerKey, Entry>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Books one fault and says what the table wants done about it. */
  add(peer: PeerKey, code: ErrorCode): PeerAction {
    const action = consequences[code].peer
    const points = scorePoints[action]
    if (points > 0) {
      const atMs = this.#clock.tickMs()
      this.#entries.set(peer, { points: this.value(peer) + points, atMs })
      if (this.#entries.size > PEERS_MAX) this.#prune()
    }
    return action
  }

  /** Points left after decay. */
  value(peer: PeerKey): number {
    const entry = this.#entries.get(peer)
    return entry === undefined ? 0 : entry.points * 2 ** ((entry.atMs - this.#clock.tickMs()) / SCORE_HALF_LIFE_MS)
  }

  refused(peer: PeerKey): boolean {
    return this.value(peer) >= SCORE_REFUSE
  }

  #prune(): void {
    const byValue = [...this.#entries.keys()].sort((a, b) => this.value(a) - this.value(b))
    for (const peer of byValue.slice(0, PEERS_MAX / 2)) this.#entries.delete(peer)
  }
}
