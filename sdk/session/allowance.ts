/** What one answer may still cost: the client's caps and the request's own budget, whichever is less. */
import type { Wei } from '../protocol/amounts.ts'
import { SeamError } from '../protocol/errors.ts'
import type { SessionRecord } from './record.ts'
import { affordableTo, type Price, type Spending } from './spending.ts'
import { budgetLeft, spentOn } from './summary.ts'
import type { TurnState } from './turn-machine.ts'

export class Allowance {
  readonly #record: SessionRecord
  readonly #spending: Spending | undefined

  constructor(record: SessionRecord, spending: Spending | undefined) {
    this.#record = record
    this.#spending = spending
  }

  /** Moves the end of the answer to what is left at this price; false when that is not one token more. */
  affords(price: Price, state: TurnState): boolean {
    const left = this.#left()
    if (left === undefined) return true
    const { accepted, promptTo } = state
    const end = affordableTo(left, price, { accepted, promptTo, maxTo: this.#record.turn.maxTo })
    state.maxTo = end ?? accepted
    return end !== null
  }

  /** Why not one token could be paid for. */
  refusal(): SeamError {
    const caps = this.#caps()
    const budget = budgetLeft(this.#record)
    if (budget === undefined || (caps !== undefined && caps < budget))
      return (this.#spending as Spending).refusal(spentOn(this.#record))
    const { budget: total = 0n } = this.#record.turn
    return new SeamError('SPEND_CAP', `this answer may cost ${total} wei, which does not pay for its prompt and one token`, {
      detail: { cap: 'budget', capWei: total.toString() }
    })
  }

  /** undefined: nothing limits it. */
  #left(): Wei | undefined {
    const caps = this.#caps()
    const budget = budgetLeft(this.#record)
    if (caps === undefined || budget === undefined) return caps ?? budget
    if (caps < budget) return caps
    return budget
  }

  #caps(): Wei | undefined {
    return this.#spending?.left(spentOn(this.#record))
  }
}
