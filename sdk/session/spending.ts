/**
 * What a client may spend: a cap a session and a cap a day (UTC). A token that the caps do not cover is not accepted, so it is owed to
 * nobody; what was acknowledged today reaches the disk in the same write as the voucher, so a crash forgets nothing of it.
 */
import { type Clock, isShared, type SharedWrite, type Store, type StoreWrite } from '../components.ts'
import { formatOpen, type Wei } from '../protocol/amounts.ts'
import { SeamError } from '../protocol/errors.ts'
import { decodeJson, encodeJson } from '../protocol/json.ts'

export interface SpendCaps {
  /** Wei; over all turns of one session. */
  perSession?: Wei
  /** Wei; over everything this client pays in one UTC day. */
  perDay?: Wei
}

export interface Price {
  promptWei: Wei
  completionWei: Wei
}

const dayKey = (day: string): string => `sp:${day}`

/** The end of what `left` pays for: positions, or null when it does not cover the prompt and one token after it. */
export const affordableTo = (
  left: Wei | undefined,
  { promptWei, completionWei }: Price,
  { accepted, promptTo, maxTo }: { accepted: number; promptTo: number; maxTo: number }
): number | null => {
  if (left === undefined) return maxTo
  const rest = left - BigInt(Math.max(0, promptTo - accepted)) * promptWei
  if (rest < completionWei) return null
  if (completionWei === 0n) return maxTo
  const tokens = rest / completionWei
  const from = Math.max(accepted, promptTo)
  return tokens >= BigInt(maxTo - from) ? maxTo : from + Number(tokens)
}

export class Spending {
  readonly caps: SpendCaps
  readonly #store: Store
  readonly #clock: Clock
  #day = ''
  #acknowledged: Wei = 0n
  /** Accepted, and not yet under a receipt. */
  #open: Wei = 0n

  constructor(caps: SpendCaps, store: Store, clock: Clock) {
    this.caps = caps
    this.#store = store
    this.#clock = clock
  }

  /** Reads what this day has cost so far. Every turn begins with it. */
  async load(): Promise<void> {
    const day = this.#today()
    const others = isShared(this.#store)
    if (day === this.#day && !others) return
    const bytes = await this.#store.get(dayKey(day))
    const stored = bytes === undefined ? 0n : decodeJson<Wei>(bytes)
    if (day !== this.#day) this.#acknowledged = stored
    else if (others && stored > this.#acknowledged) this.#acknowledged = stored
    this.#day = day
  }

  /** Acknowledged or accepted since midnight UTC. */
  get today(): Wei {
    this.#turnDay()
    return this.#acknowledged + this.#open
  }

  /** What the caps leave to a session that has spent this much; undefined: there is no cap. */
  left(sessionSpent: Wei): Wei | undefined {
    const { perSession, perDay } = this.caps
    const rests = [
      ...(perSession === undefined ? [] : [perSession - sessionSpent]),
      ...(perDay === undefined ? [] : [perDay - this.today])
    ]
    const least = rests.reduce<Wei | undefined>((best, rest) => (best === undefined || rest < best ? rest : best), undefined)
    return least === undefined || least > 0n ? least : 0n
  }

  accept(wei: Wei): void {
    this.#open += wei
  }

  /** A receipt over accepted work was signed. Returns what goes to disk with it. */
  acknowledge(wei: Wei): SharedWrite[] {
    this.#turnDay()
    this.#open = this.#open > wei ? this.#open - wei : 0n
    this.#acknowledged += wei
    if (wei === 0n) return []
    const key = dayKey(this.#day)
    if (!isShared(this.#store)) return [{ put: key, value: encodeJson(this.#acknowledged) }]
    return [{ update: key, decide: (bytes) => this.#addTo(key, bytes, wei) }]
  }

  /** Behind what others of the wallet have spent, of which this is how we hear. */
  #addTo(key: string, bytes: Uint8Array | undefined, wei: Wei): StoreWrite[] {
    const sum = (bytes === undefined ? 0n : decodeJson<Wei>(bytes)) + wei
    if (key === dayKey(this.#day) && sum > this.#acknowledged) this.#acknowledged = sum
    return [{ put: key, value: encodeJson(sum) }]
  }

  refusal(sessionSpent: Wei): SeamError {
    const { perSession, perDay } = this.caps
    const session = perSession !== undefined && (perDay === undefined || perSession - sessionSpent <= perDay - this.today)
    const [cap, spent] = session ? [perSession, sessionSpent] : [perDay ?? 0n, this.today]
    const of = session ? 'this session' : 'today'
    return new SeamError(
      'SPEND_CAP',
      `the cap for ${of} is ${formatOpen(cap)} OPEN and ${formatOpen(spent)} is spent: not enough is left for this request`,
      { detail: { cap: session ? 'session' : 'day', capWei: cap.toString(), spentWei: spent.toString() } }
    )
  }

  #today(): string {
    return new Date(this.#clock.nowMs()).toISOString().slice(0, 10)
  }

  /** Midnight passes in the middle of an answer: the new day begins with what is open. */
  #turnDay(): void {
    const day = this.#today()
    if (day === this.#day || this.#day === '') return
    this.#day = day
    this.#acknowledged = 0n
  }
}
