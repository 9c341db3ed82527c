/** What each key's answers cost, a UTC day at a time. The ledger is the chain's; this is what a quota and a report are made from. */
import type { Clock } from 'openseam/components'
import { type Wei, weiFromString } from 'openseam/protocol/amounts'
import { z } from 'zod'

export interface Spent {
  amount: Wei
  promptTokens: number
  completionTokens: number
  answers: number
}

export interface SpendBook {
  /** Resolves once it is written down. */
  add(hash: string, spent: Spent): Promise<void>
  /** By day, oldest first. */
  days(hash: string): [day: string, spent: Spent][]
  today(hash: string): Wei
  total(hash: string): Wei
}

export const dayOf = (nowMs: number): string => new Date(nowMs).toISOString().slice(0, 10)

const count = z.int().min(0)
const line = z.tuple([z.iso.date(), z.string().regex(/^[0-9a-f]{64}$/), z.string().regex(/^\d{1,29}$/), count, count, count])

/** One answer, or the sum of a day: `[day, key, wei, prompt tokens, completion tokens, answers]`. Sums add up in any order. */
export const formatSpent = (day: string, hash: string, spent: Spent): string =>
  `${JSON.stringify([day, hash, spent.amount.toString(), spent.promptTokens, spent.completionTokens, spent.answers])}\n`

export const sumOf = (parts: readonly Spent[]): Spent =>
  parts.reduce(
    (sum, part) => ({
      amount: sum.amount + part.amount,
      promptTokens: sum.promptTokens + part.promptTokens,
      completionTokens: sum.completionTokens + part.completionTokens,
      answers: sum.answers + part.answers
    }),
    { amount: 0n, promptTokens: 0, completionTokens: 0, answers: 0 }
  )

export class SpendSums {
  readonly #byKey = new Map<string, { total: Wei; days: Map<string, Spent> }>()

  add(day: string, hash: string, spent: Spent): void {
    const mine = this.#byKey.get(hash) ?? { total: 0n, days: new Map<string, Spent>() }
    const before = mine.days.get(day)
    mine.days.set(day, before === undefined ? spent : sumOf([before, spent]))
    mine.total += spent.amount
    this.#byKey.set(hash, mine)
  }

  /** A last line that a crash cut short is passed over, any other that is not understood throws. */
  read(text: string): void {
    for (const row of text.slice(0, text.lastIndexOf('\n') + 1).split('\n')) {
      if (row === '') continue
      const [day, hash, amount, promptTokens, completionTokens, answers] = line.parse(JSON.parse(row))
      this.add(day, hash, { amount: weiFromString(amount), promptTokens, completionTokens, answers })
    }
  }

  /** A line for each key and day. */
  text(): string {
    const rows = [...this.#byKey].flatMap(([hash, { days }]) => [...days].map(([day, spent]) => formatSpent(day, hash, spent)))
    return rows.join('')
  }

  days(hash: string): [day: string, spent: Spent][] {
    return [...(this.#byKey.get(hash)?.days ?? [])].sort(([a], [b]) => (a < b ? -1 : 1))
  }

  on(hash: string, day: string): Wei {
    return this.#byKey.get(hash)?.days.get(day)?.amount ?? 0n
  }

  total(hash: string): Wei {
    return this.#byKey.get(hash)?.total ?? 0n
  }
}

/** `write` gets each line as it comes; without it nothing outlives the process. */
export const spendBook = (
  clock: Clock,
  sums: SpendSums = new SpendSums(),
  write: (line: string) => Promise<void> = async () => undefined
): SpendBook => ({
  add(hash, spent) {
    const day = dayOf(clock.nowMs())
    sums.add(day, hash, spent)
    return write(formatSpent(day, hash, spent))
  },
  days: (hash) => sums.days(hash),
  today: (hash) => sums.on(hash, dayOf(clock.nowMs())),
  total: (hash) => sums.total(hash)
})
