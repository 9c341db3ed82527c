/** What the receipts of one session say together: who made which positions, why each leg ended, and what that costs. Pure. */
import type { Wei } from 'openseam/protocol/amounts'
import type { Address, Bytes32 } from 'openseam/protocol/eth'
import { type EndName, EndReason, endName } from 'openseam/protocol/typed-data'
import type { Finding } from './finding.ts'

export interface LegStory {
  leg: number
  provider: Address
  modelId: Bytes32
  /** Positions, half-open. */
  from: number
  to: number
  receipts: number
  promptUnits: number
  /** Wei that its receipts own, and how much of that is proved to be paid. */
  amount: Wei
  paid: Wei
  /** The batches of its provider that paid it. */
  batches: number[]
  /** Why it ended; null where no receipt that was shown says so. */
  end: EndName | null
  /** `paid`: the client's voucher covers what says so. `signed`: its provider's word. `shown`: the word of who showed it. */
  endBy: 'paid' | 'signed' | 'shown' | null
}

/** Between two legs: at `at`, the work went from one account to another, or came back to the same. */
export interface HandOver {
  at: number
  from: { leg: number; provider: Address; end: EndName | null }
  to: { leg: number; provider: Address }
}

export const storySteps = ['parties', 'order', 'cover', 'money', 'end'] as const

export interface StoryCheck {
  step: (typeof storySteps)[number]
  /** `fails`: receipts contradict each other. `missing`: something that should be there was shown by nobody. */
  outcome: 'holds' | 'fails' | 'missing'
  detail: string
}

export interface Story {
  legs: LegStory[]
  handOvers: HandOver[]
  /** Positions in receipts. */
  positions: number
  amount: Wei
  paid: Wei
  checks: StoryCheck[]
}

/** `rows` by leg and seq, of one client. */
export const storyOf = (rows: readonly Finding[]): Story => {
  const legs = [...Map.groupBy(rows, ({ receipt }) => receipt.leg).values()].map(legOf)
  return {
    legs,
    handOvers: legs.slice(1).map((to, i) => handOver(legs[i] as LegStory, to)),
    positions: rows.reduce((sum, { receipt }) => sum + receipt.to - receipt.from, 0),
    amount: legs.reduce((sum, { amount }) => sum + amount, 0n),
    paid: legs.reduce((sum, { paid }) => sum + paid, 0n),
    checks: [checkParties(rows), checkOrder(rows), checkCover(rows), checkMoney(rows), checkEnd(legs)]
  }
}

const legOf = (rows: readonly Finding[]): LegStory => {
  const [first, last] = [rows[0] as Finding, rows.at(-1) as Finding]
  const paid = rows.filter(({ state }) => state === 'paid')
  const ended = last.receipt.end !== EndReason.running
  return {
    leg: first.receipt.leg,
    provider: first.receipt.provider,
    modelId: first.receipt.modelId,
    from: first.receipt.from,
    to: last.receipt.to,
    receipts: rows.length,
    promptUnits: rows.reduce((sum, { receipt }) => sum + receipt.promptUnits, 0),
    amount: rows.reduce((sum, { receipt }) => sum + receipt.amount, 0n),
    paid: paid.reduce((sum, { receipt }) => sum + receipt.amount, 0n),
    batches: [...new Set(paid.flatMap(({ proof }) => (proof === null ? [] : [proof.batch.number])))],
    end: ended ? endName(last.receipt.end) : null,
    endBy: ended ? wordOf(last) : null
  }
}

const wordOf = ({ proof, signed }: Finding): 'paid' | 'signed' | 'shown' =>
  proof !== null ? 'paid' : signed ? 'signed' : 'shown'

const handOver = ({ leg, provider, to, end }: LegStory, next: LegStory): HandOver => ({
  at: to,
  from: { leg, provider, end },
  to: { leg: next.leg, provider: next.provider }
})

const holds = (step: StoryCheck['step'], detail: string): StoryCheck => ({ step, outcome: 'holds', detail })
const fails = (step: StoryCheck['step'], detail: string): StoryCheck => ({ step, outcome: 'fails', detail })
const missing = (step: StoryCheck['step'], detail: string): StoryCheck => ({ step, outcome: 'missing', detail })

export const nameOf = ({ receipt: { leg, seq } }: Pick<Finding, 'receipt'>): string => `receipt ${leg}/${seq}`

/** One session, one client; one provider and model a leg. */
const checkParties = (rows: readonly Finding[]): StoryCheck => {
  const first = rows[0]?.receipt
  if (first === undefined) return missing('parties', 'there are no receipts')
  const other = rows.find(({ receipt }, i) => {
    const before = rows[i - 1]?.receipt
    const another = before?.leg === receipt.leg && (before.provider !== receipt.provider || before.modelId !== receipt.modelId)
    return receipt.sessionId !== first.sessionId || receipt.client !== first.client || another
  })
  return other ? fails('parties', `${nameOf(other)} names other parties`) : holds('parties', `one client, ${first.client}`)
}

/** Receipts of a leg count up from 0, one a number, and nothing follows a leg's end. */
const checkOrder = (rows: readonly Finding[]): StoryCheck => {
  for (const [i, row] of rows.entries()) {
    const before = rows[i - 1]?.receipt.leg === row.receipt.leg ? rows[i - 1] : undefined
    const due = before === undefined ? 0 : before.receipt.seq + 1
    const { leg, seq } = row.receipt
    if (seq < due) return fails('order', `there are two receipts ${leg}/${seq}`)
    if (before !== undefined && before.receipt.end !== EndReason.running)
      return fails('order', `${nameOf(row)} comes after the end of its leg`)
    if (seq > due) return missing('order', `nobody shows receipt ${leg}/${due}`)
  }
  return holds('order', `${rows.length} receipts, each in its place`)
}

/** From position 0 on, each receipt begins where the one before ended. */
const checkCover = (rows: readonly Finding[]): StoryCheck => {
  let at = 0
  for (const row of rows) {
    const { from, to } = row.receipt
    if (to < from || from < at) return fails('cover', `${nameOf(row)} is about positions that another receipt has`)
    if (from > at) return missing('cover', `nobody shows who made positions ${at} to ${from}`)
    at = to
  }
  return at === 0 ? missing('cover', 'there are no positions') : holds('cover', `positions 0 to ${at}, each in one receipt`)
}

/** A receipt owns (cumAfter - amount, cumAfter] of its channel: no two may own the same wei. */
const checkMoney = (rows: readonly Finding[]): StoryCheck => {
  const paid = rows.filter(({ state }) => state === 'paid')
  const channels = Map.groupBy(paid, ({ receipt }) => `${receipt.provider}:${receipt.modelId}`)
  for (const channel of channels.values()) {
    let owned = 0n
    for (const row of channel.toSorted((a, b) => a.index - b.index)) {
      const after = row.cumAfter - row.receipt.amount
      if (after < owned) return fails('money', `${nameOf(row)} owns money that another receipt owns too`)
      owned = row.cumAfter
    }
  }
  return holds('money', `no wei of ${channels.size} channel${channels.size === 1 ? '' : 's'} is in two receipts`)
}

/** What has not ended may go on. How an earlier leg ended does not matter here: the next one begins where it stopped. */
const checkEnd = (legs: readonly LegStory[]): StoryCheck => {
  const last = legs.findLast(({ from, to }) => to > from)
  if (last?.end == null) return missing('end', `nobody shows the end of leg ${last?.leg ?? 0}: there may be more`)
  if (last.endBy === 'shown')
    return missing('end', `that leg ${last.leg} ended (${last.end}) is neither paid nor signed: there may be more`)
  return holds('end', `leg ${last.leg} ended: ${last.end}`)
}
