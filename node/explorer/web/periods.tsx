/** What was settled by hour, day or week, for a while or for all time: drawn from the second one on, and told line by line. */
import { t } from '@lingui/core/macro'
import { type ReactNode, useMemo } from 'react'
import { Amount } from '../../web/amount.tsx'
import { Chart, type Draw, overTime, toDraw } from './chart.tsx'
import { Choice, type Options, useChoice } from './choice.tsx'
import { Count, Shown, utc } from './parts.tsx'
import { FIRST, paths } from './paths.ts'
import { axisOf, chartOf, columnOf, type Measure, rowsOf, type Unit } from './period-words.ts'
import { type Column, Table } from './table.tsx'
import { type List, useList } from './use-load.ts'
import type { Period } from './wire.ts'

const spans = {
  '24h': { words: t`24 hours`, unit: 'hour', seconds: 86_400, limit: 24 },
  '7d': { words: t`7 days`, unit: 'hour', seconds: 7 * 86_400, limit: 168 },
  '90d': { words: t`90 days`, unit: 'day', seconds: FIRST.days * 86_400, limit: FIRST.days },
  days: { words: t`All, by day`, unit: 'day', seconds: Number.POSITIVE_INFINITY, limit: 200 },
  weeks: { words: t`All, by week`, unit: 'week', seconds: Number.POSITIVE_INFINITY, limit: 200 }
} as const

type Span = keyof typeof spans

/** Of everything there is every span; of one provider or model there are its days. */
const spansOfAll: readonly Span[] = ['24h', '7d', '90d', 'days', 'weeks']
const spansOfOne: readonly Span[] = ['90d', 'days']

const measures: Options<Measure> = [
  ['settled', t`Settled`],
  ['payments', t`Payments`],
  ['written', t`Tokens written`]
]

const startOf = ({ hour, day, week }: Period): number => hour ?? day ?? week ?? 0
const dateOf = (row: Period): string => utc(startOf(row)).slice(0, row.hour === undefined ? 10 : 16)

const columnsBy = (unit: Unit): Column<Period>[] => [
  {
    name: columnOf[unit],
    value: dateOf,
    cell: (row) => <span className='numeric'>{dateOf(row)}</span>
  },
  {
    name: t`Settled, OPEN`,
    value: ({ settled }) => BigInt(settled),
    cell: ({ settled }) => <Amount wei={settled} />,
    isNumber: true
  },
  {
    name: t`Royalties, OPEN`,
    value: ({ royalties }) => BigInt(royalties),
    cell: ({ royalties }) => <Amount wei={royalties} />,
    isNumber: true
  },
  {
    name: t`Tokens written`,
    value: ({ written }) => BigInt(written),
    cell: ({ written }) => <Count of={BigInt(written)} />,
    isNumber: true
  },
  { name: t`Payments`, value: ({ payments }) => payments, cell: ({ payments }) => <Count of={payments} />, isNumber: true },
  { name: t`Batches`, value: ({ batches }) => batches, cell: ({ batches }) => <Count of={batches} />, isNumber: true }
]

/** `of` is a provider or a model, as the API's path names it; all of them without. */
export const Periods = ({ of = '' }: { of?: string }): ReactNode => {
  const known = of === '' ? spansOfAll : spansOfOne
  const span = useChoice(
    'span',
    known.map((name) => [name, spans[name].words] as const),
    '90d'
  )
  const show = useChoice('show', measures, 'settled')
  const { unit, seconds, limit } = spans[span.name]
  const list = useList<Period>(paths.periods(of, unit, limit), (row) => String(startOf(row)))
  return (
    <div className='spanned'>
      <div className='choices'>
        <Choice legend={t`What is shown`} of={show} />
        <Choice legend={t({ message: 'Time', context: 'a span of time to choose' })} of={span} />
      </div>
      <Shown of={list.state}>
        {(rows) => {
          const since = Date.now() / 1_000 - seconds
          const told = { rows: rows.filter((row) => startOf(row) > since), unit, list, since }
          return told.rows.length > 1 ? <PeriodChart {...told} measure={show.name} /> : <PeriodTable {...told} />
        }}
      </Shown>
    </div>
  )
}

interface Told {
  rows: readonly Period[]
  unit: Unit
  list: List<Period>
  /** Seconds: what is older is of no interest here. */
  since: number
}

const PeriodChart = ({ measure, ...told }: Told & { measure: Measure }): ReactNode => {
  const { rows, unit, since } = told
  return (
    <Chart
      name={`${measure}-by-${unit}`}
      {...chartOf[measure][unit]}
      draw={useMemo(() => drawPeriods(rows, unit, measure, since), [rows, unit, measure, since])}
    >
      <PeriodTable {...told} />
    </Chart>
  )
}

const PeriodTable = ({ rows, unit, list: { more, isReading }, since }: Told): ReactNode => (
  <Table
    name={`${unit}s`}
    label={rowsOf[unit]}
    columns={columnsBy(unit)}
    rows={rows}
    keyOf={(row) => String(startOf(row))}
    more={Number.isFinite(since) ? undefined : more}
    isReading={isReading}
    empty={Number.isFinite(since) ? t`Nothing was settled in this time.` : t`Nothing was settled yet.`}
  />
)

const HOUR_MS = 3_600_000

const intervals = { hour: 'hour', day: 'day', week: 'monday' } as const

const drawPeriods = (periods: readonly Period[], unit: Unit, measure: Measure, since: number): Draw => {
  const heightOf = (period: Period): number => (measure === 'settled' ? toDraw(BigInt(period.settled)) : Number(period[measure]))
  const rows = periods.map((period) => ({ start: new Date(startOf(period) * 1_000), value: heightOf(period) }))
  const most = Math.max(...rows.map(({ value }) => value))
  const ticks = measure === 'settled' ? 4 : Math.max(1, Math.min(4, most)) // half a payment is none
  return ({ plot, rectY, ruleY }, width) => {
    const bar = { x: 'start', y: 'value', interval: intervals[unit], fill: 'var(--accent)', insetLeft: 0.5, insetRight: 0.5 }
    const { x, y, ...frame } = overTime(width, axisOf[measure])
    // Of hours all are shown, up to the end of this one, also those in which nothing was paid.
    const domain =
      unit === 'hour' ? { domain: [new Date(since * 1_000), new Date(Math.ceil(Date.now() / HOUR_MS) * HOUR_MS)] } : {}
    return plot({ ...frame, x: { ...x, ...domain }, y: { ...y, ticks }, marks: [rectY(rows, bar), ruleY([0])] })
  }
}
