/** Successors that were slow to grant, or went away, are made up for while the leg runs. */
import type { Clock } from '../components.ts'
import { bytesToHex } from '../protocol/eth.ts'
import type { SuccessorRef } from '../protocol/pb/messages.js'

// A grant request has its answer, or none, within a second; a market without another successor is asked less and less often.
const EVERY_MS = 1_000
const EVERY_MS_MAX = 16_000

export class Refill {
  readonly #clock: Clock
  /** The grants that the serving peer knows of. */
  #known = ''
  #everyMs = EVERY_MS
  #atMs = 0
  #running = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** A leg opens with these. When some are `missing`, whose grants may come any moment, the first look is due at the first frame. */
  opens(successors: SuccessorRef[], missing: boolean): void {
    this.#known = namesOf(successors)
    this.#everyMs = EVERY_MS
    this.#atMs = this.#clock.tickMs() + (missing ? 0 : EVERY_MS)
  }

  /** A successor went away: the next look is due at once, and the ones after it soon. */
  lost(): void {
    this.#everyMs = EVERY_MS / 2
    this.#atMs = this.#clock.tickMs()
  }

  get due(): boolean {
    return !this.#running && this.#clock.tickMs() >= this.#atMs
  }

  /** Asks who keeps the blocks now, and tells the serving peer when that has changed. */
  async run(ask: () => Promise<SuccessorRef[]>, tell: (successors: SuccessorRef[]) => void): Promise<void> {
    this.#running = true
    this.#atMs = Number.POSITIVE_INFINITY
    const successors = await ask().catch(() => [])
    this.#running = false
    const changed = successors.length > 0 && namesOf(successors) !== this.#known
    if (changed) {
      this.#known = namesOf(successors)
      tell(successors)
    }
    this.#everyMs = changed ? EVERY_MS : Math.min(this.#everyMs * 2, EVERY_MS_MAX)
    // Unless one was lost meanwhile, in which case it is due already.
    this.#atMs = Math.min(this.#atMs, this.#clock.tickMs() + this.#everyMs)
  }
}

const namesOf = (successors: SuccessorRef[]): string => successors.map((ref) => bytesToHex(ref.grantId)).join()
