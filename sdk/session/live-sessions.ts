/** The sessions that a client holds in memory: those it answers now, and the newest of those between turns, with their successors. */
import type { Clock } from '../components.ts'
import type { Fence } from './fence.ts'
import type { SessionStore } from './record.ts'
import { Session } from './session.ts'
import type { Standbys } from './standbys.ts'
import type { TurnDriver } from './turn.ts'

export interface Live {
  session: Session
  standbys: Standbys
  driver: TurnDriver | undefined
  /** A turn is being put together: nobody else may begin one. */
  preparing: boolean
}

export const isBusy = ({ driver, preparing }: Live): boolean => preparing || (driver !== undefined && !driver.feed.ended)

export interface LiveSessionsComponents {
  sessions: SessionStore
  clock: Clock
  standbys(): Standbys
  /** Whether others write the store too: then what is in memory may be old. */
  isShared: boolean
}

/**
 * Sessions between turns that are kept in memory, and with their successors. Each holds a grant, and a provider gives one peer 256: more that rest would leave
 * sessions that run without a successor.
 */
const RESTING_MAX = 64

export class LiveSessions {
  readonly #c: LiveSessionsComponents
  readonly #live = new Map<string, Promise<Live | undefined>>()
  /** Those between turns, the longest first. */
  readonly #resting = new Map<string, Live>()

  constructor(components: LiveSessionsComponents) {
    this.#c = components
  }

  has(handle: string): boolean {
    return this.#live.has(handle)
  }

  /** As it is in memory; nothing is read. */
  async held(handle: string): Promise<Live | undefined> {
    return this.#live.get(handle)
  }

  all(): Iterable<Promise<Live | undefined>> {
    return this.#live.values()
  }

  add(handle: string, session: Session): Live {
    const live = { session, standbys: this.#c.standbys(), driver: undefined, preparing: false }
    this.keep(handle, live)
    return live
  }

  keep(handle: string, live: Live): void {
    this.#live.set(handle, Promise.resolve(live))
  }

  /** Its turn is over. The longest at rest go when there are too many. */
  rest(handle: string, live: Live): void {
    this.#resting.delete(handle)
    this.#resting.set(handle, live)
    for (const [oldest, held] of this.#resting) {
      if (this.#resting.size <= RESTING_MAX) break
      this.#resting.delete(oldest)
      if (!isBusy(held)) void this.release(oldest) // one that runs again rests again
    }
  }

  async release(handle: string): Promise<void> {
    const live = await this.#live.get(handle)
    if (live === undefined || isBusy(live)) return
    this.#live.delete(handle)
    await live.session.settled
    await live.standbys.releaseAll()
  }

  /** From memory, or from the store. */
  load(handle: string): Promise<Live | undefined> {
    const held = this.#live.get(handle)
    if (this.#c.isShared) return this.#read(handle, held)
    if (held !== undefined) return held
    const loading = Session.load(this.#c.sessions, this.#c.clock, handle).then((session) => {
      const live = session && { session, standbys: this.#c.standbys(), driver: undefined, preparing: false }
      if (live === undefined) this.#live.delete(handle)
      else this.rest(handle, live)
      return live
    })
    this.#live.set(handle, loading)
    return loading
  }

  /** As it is stored now: what was read before the claim may be old. Undefined, and the claim given back, where there is none. */
  async loadUnder(fence: Fence): Promise<Live | undefined> {
    const { sessions, clock } = this.#c
    try {
      const session = await Session.load(sessions, clock, fence.handle, fence)
      if (session !== undefined) return await this.#liveOf(session)
    } catch (error) {
      await fence.leave((guard) => sessions.rest(guard))
      throw error
    }
    await fence.leave((guard) => sessions.rest(guard))
    return undefined
  }

  /** From a store that others write too: only a session that is being answered here is as it is in memory. */
  async #read(handle: string, holding: Promise<Live | undefined> | undefined): Promise<Live | undefined> {
    const held = await holding
    if (held?.driver !== undefined && !held.driver.feed.ended) return held
    const session = await Session.load(this.#c.sessions, this.#c.clock, handle)
    return session && this.#liveOf(session)
  }

  /** With the successors that were found here, unless others have had the session since. */
  async #liveOf(session: Session): Promise<Live> {
    const { handle, nextLeg } = session.record
    const held = await this.#live.get(handle)
    if (held?.session.record.nextLeg === nextLeg) return { session, standbys: held.standbys, driver: undefined, preparing: false }
    await held?.standbys.releaseAll()
    return { session, standbys: this.#c.standbys(), driver: undefined, preparing: false }
  }
}
