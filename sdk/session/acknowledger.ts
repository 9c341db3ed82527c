/** Acknowledges the work of a turn's legs: drafts the receipts, signs, stores, then sends; in that order, always. */
import type { Clock, Log, SharedWrite } from '../components.ts'
import { codeOf } from '../protocol/errors.ts'
import { type Bytes32, ZERO_BYTES32 } from '../protocol/eth.ts'
import { EndReason, type WorkReceipt } from '../protocol/typed-data.ts'
import { draftReceipt, type LegTerms, legBase } from '../protocol/work.ts'
import type { Book } from './book.ts'
import type { Courier } from './courier.ts'
import type { LegRecord } from './record.ts'
import type { Session } from './session.ts'
import { ackDelay, type TurnState } from './turn-machine.ts'

export interface AckRoute {
  book: Book
  courier: Courier
}

/** Told of every receipt: `drafted` before it is stored, and what it returns goes to disk with it; `stored` once the voucher may go out. */
export interface Payer {
  drafted(receipt: WorkReceipt): SharedWrite[]
  stored(leg: LegRecord, receipt: WorkReceipt, hash: Bytes32): void
}

const nobody: Payer = { drafted: () => [], stored: () => undefined }

export class Acknowledger {
  readonly #session: Session
  readonly #clock: Clock
  readonly #log: Log
  readonly #payer: Payer
  /** Of each leg's fingerprints. */
  readonly #bases = new Map<number, Bytes32>()
  #timer: AbortController | undefined
  #asked: Promise<void> | undefined

  constructor(session: Session, clock: Clock, log: Log, payer: Payer = nobody) {
    this.#session = session
    this.#clock = clock
    this.#log = log
    this.#payer = payer
  }

  /** Called after every accepted frame: acknowledges now, later, or not yet. */
  tokens(state: TurnState, leg: LegRecord, route: AckRoute): void {
    const { asking } = route.book
    if (asking !== undefined) {
      // The provider may be waiting for this acknowledgement: it is made even if no further frame comes.
      if (this.#asked !== asking) void asking.then(() => !leg.closed && this.tokens(state, leg, route))
      this.#asked = asking
      return
    }
    if (this.#timer !== undefined) return
    const delayMs = ackDelay(state, this.#clock.tickMs(), route.book.signedAtMs)
    if (delayMs === null) return
    if (delayMs === 0) return this.#running(state, leg, route)
    const timer = new AbortController()
    this.#timer = timer
    void this.#clock.sleep(delayMs, timer.signal).then(
      () => {
        this.#timer = undefined
        if (!leg.closed) this.#running(state, leg, route)
      },
      () => undefined
    )
  }

  /**
   * Closes a leg: a receipt over exactly what was accepted, and the voucher over it, whether its peer lives or not. The receipt and the
   * state of the session reach the disk in one write. `reached`: the peer is still there to sign it; a receipt that it may never have seen has
   * no fingerprint.
   */
  async close(state: TurnState, leg: LegRecord, end: EndReason, route: AckRoute, reached: boolean): Promise<void> {
    this.#timer?.abort()
    this.#timer = undefined
    leg.end = end
    leg.closed = true
    await route.book.asking
    return this.#append(state, leg, end, route, reached)
  }

  #running(state: TurnState, leg: LegRecord, route: AckRoute): void {
    this.#append(state, leg, EndReason.running, route, true).catch((error: unknown) =>
      this.#log.error({ code: codeOf(error) }, 'an acknowledgement could not be stored')
    )
  }

  async #append(state: TurnState, leg: LegRecord, end: EndReason, { book, courier }: AckRoute, printed: boolean): Promise<void> {
    const { open } = leg
    const terms = { open, salt: this.#session.salt(open.leg), completionFrom: leg.completionFrom }
    const ids = this.#session.ids.slice(leg.ackedTo, leg.to)
    const fingerprint = printed ? this.#fingerprint(terms, leg.ackedTo, leg.to) : ZERO_BYTES32
    const stretch = { seq: leg.seq, from: leg.ackedTo, to: leg.to, ids, kvHead: leg.kvHead, fingerprint, end }
    const receipt = draftReceipt(terms, stretch)
    const { writes, hashes, stored } = book.append([receipt])
    book.signedAtMs = this.#clock.tickMs()
    leg.seq += 1
    leg.ackedTo = leg.to
    if (open.leg === state.leg) state.ackedTo = leg.to
    leg.receipts.push(...hashes)
    await this.#session.persist([...writes, ...this.#payer.drafted(receipt)])
    await stored()
    for (const hash of hashes) this.#payer.stored(leg, receipt, hash)
    courier.flush()
  }

  #fingerprint(terms: LegTerms, from: number, to: number): Bytes32 {
    const { ids, prints } = this.#session
    if (!prints.covers(from, to)) return ZERO_BYTES32
    const { leg } = terms.open
    const base = this.#bases.get(leg) ?? legBase(terms, ids)
    this.#bases.set(leg, base)
    return prints.fingerprint(base, from, to)
  }
}
