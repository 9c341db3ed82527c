/** What the ledger held for an account over time: a step for each change, and each with what proves it. */

import { t } from '@lingui/core/macro'
import { type ReactNode, useMemo } from 'react'
import { Amount } from '../../web/amount.tsx'
import { count } from '../../web/locale.ts'
import { type Side, type Step, sides, steps } from './balance-words.ts'
import { Chart, type Draw, overTime, toDraw } from './chart.tsx'
import { Choice, useChoice } from './choice.tsx'
import { Shown, utc } from './parts.tsx'
import { paths } from './paths.ts'
import { type Column, Table } from './table.tsx'
import { type List, useList } from './use-load.ts'
import type { Balance } from './wire.ts'

const keyOf = ({ block, logIndex }: Balance): string => `${block}-${logIndex}`

/** What was paid in a batch is proven there, with its receipts; everything else by its event. */
const proofOf = (row: Balance): [path: string, words: string] =>
  row.batch === null
    ? [`/event/${keyOf(row)}`, t`event ${{ place: keyOf(row) }}`]
    : [`/batch/${row.batch.provider}/${row.batch.number}`, t`batch ${{ number: count(row.batch.number) }}`]

/** The ledger owes nobody more than it holds; chains that are made up for measuring do, and their pages are still pages. */
const Signed = ({ wei }: { wei: bigint }): ReactNode =>
  wei < 0n ? (
    <span dir='ltr'>
      −<Amount wei={-wei} />
    </span>
  ) : (
    <Amount wei={wei} />
  )

const columns: Column<Balance>[] = [
  {
    name: t`Time, UTC`,
    value: ({ at }) => utc(at),
    cell: ({ at }) => (
      <span className='numeric' dir='ltr'>
        {utc(at).replace(' UTC', '')}
      </span>
    )
  },
  {
    name: t`Balance, OPEN`,
    value: ({ balance }) => BigInt(balance),
    cell: ({ balance }) => <Signed wei={BigInt(balance)} />,
    isNumber: true
  },
  {
    name: t({ message: 'Proven by', comment: 'a column: the event or the batch that proves the line' }),
    value: (row) => proofOf(row)[0],
    cell: (row) => {
      const [path, words] = proofOf(row)
      return <a href={path}>{words}</a>
    }
  }
]

export const BalanceOverTime = ({ account, side }: { account: string; side: Side }): ReactNode => {
  const step = useChoice(side, steps, 'change')
  const { of, title } = sides[side]
  const list = useList<Balance>(paths.balance(of, account, step.name), keyOf)
  return (
    <section className='spanned'>
      <h3>{title}</h3>
      <Choice legend={title} of={step} />
      <Shown of={list.state}>
        {(rows) =>
          rows.length > 1 ? (
            <BalanceChart rows={rows} list={list} side={side} step={step.name} />
          ) : (
            <BalanceTable rows={rows} list={list} side={side} />
          )
        }
      </Shown>
    </section>
  )
}

interface Told {
  rows: readonly Balance[]
  list: List<Balance>
  side: Side
}

const BalanceChart = ({ step, ...told }: Told & { step: Step }): ReactNode => {
  const { rows, list, side } = told
  const { title, captions } = sides[side]
  return (
    <Chart
      name={side}
      label={title}
      caption={
        <>
          {captions[step]}
          {list.more !== undefined && ` ${t`The newest are drawn; more are below.`}`}
        </>
      }
      draw={useMemo(() => drawBalances(rows), [rows])}
    >
      <BalanceTable {...told} />
    </Chart>
  )
}

const BalanceTable = ({ rows, list: { more, isReading }, side }: Told): ReactNode => (
  <Table
    name={side}
    label={sides[side].label}
    columns={columns}
    rows={rows}
    keyOf={keyOf}
    more={more}
    isReading={isReading}
    empty={t({ message: 'It has not changed yet.', comment: 'it: the balance' })}
  />
)

/** Beyond so many, a dot as large as elsewhere would hide the steps. */
const CROWDED = 60

const drawBalances = (balances: readonly Balance[]): Draw => {
  const points = balances.map(({ at, balance }) => ({ at: new Date(at * 1_000), balance: toDraw(BigInt(balance)) })).toReversed()
  return ({ dot, lineY, plot, ruleY }, width) => {
    const place = { x: 'at', y: 'balance' }
    const marks = [
      ruleY([0]),
      lineY(points, { ...place, curve: 'step-after', stroke: 'var(--accent)', strokeWidth: points.length > CROWDED ? 1 : 2 }),
      dot(points, { ...place, fill: 'var(--accent)', r: points.length > CROWDED ? 1.25 : 2.5 })
    ]
    return plot({ ...overTime(width, 'OPEN'), marks })
  }
}
