/** An account's statement of all time, a year or a month, up to the block at which reading began: a paper is of one moment, and does not change while it is read. */

import { useEffect, useState } from 'react'
import { getJson } from './api.ts'
import { utc } from './parts.tsx'
import { paths } from './paths.ts'
import { failed, type Loaded } from './use-load.ts'
import type { Page, StatementLine, Summary } from './wire.ts'

/** A hundred pages. More takes a browser long to lay out; what is beyond is summed, and is in the CSV. */
const LISTED_MAX = 2_000

export interface Total {
  kind: StatementLine['kind']
  lines: number
  wei: bigint
}

export interface Statement {
  summary: Summary
  /** Seconds. */
  madeAt: number
  lines: StatementLine[]
  /** Of every line of the period, listed or not. */
  totals: Total[]
  /** The months that have lines, as `2026-11`, oldest first. */
  months: string[]
}

const withLine = (totals: readonly Total[], { kind, amount }: StatementLine): Total[] => {
  const known = totals.find((total) => total.kind === kind) ?? { kind, lines: 0, wei: 0n }
  const sum = { kind, lines: known.lines + 1, wei: known.wei + BigInt(amount) }
  return totals.includes(known) ? totals.map((total) => (total === known ? sum : total)) : [...totals, sum]
}

const readStatement = async (account: string, period: string, signal: AbortSignal): Promise<Statement> => {
  const summary = await getJson<Summary>(paths.summary)
  const statement: Statement = { summary, madeAt: Math.floor(Date.now() / 1_000), lines: [], totals: [], months: [] }
  let next: string | null = ''
  while (next !== null && !signal.aborted) {
    const cursor: string = next === '' ? '' : `&cursor=${next}`
    const page: Page<StatementLine> = await getJson(`/api/accounts/${account}/statement?limit=200${cursor}`)
    for (const line of page.items.filter(({ block }) => block <= (summary.block ?? 0))) {
      const date = utc(line.at)
      const month = date.slice(0, 7)
      if (statement.months.at(-1) !== month) statement.months.push(month)
      if (!date.startsWith(period)) continue
      statement.totals = withLine(statement.totals, line)
      if (statement.lines.length < LISTED_MAX) statement.lines.push(line)
    }
    next = page.next
  }
  return statement
}

/** `period` is how a date in UTC begins: `2026`, `2026-11`, or nothing. Another account or period is another page. */
export const useStatement = (account: string, period: string): Loaded<Statement> => {
  const [state, setState] = useState<Loaded<Statement>>({ phase: 'loading' })
  useEffect(() => {
    const left = new AbortController()
    readStatement(account, period, left.signal).then(
      (value) => left.signal.aborted || setState({ phase: 'ready', value }),
      (error) => left.signal.aborted || setState(failed(error))
    )
    return () => left.abort()
  }, [account, period])
  return state
}
