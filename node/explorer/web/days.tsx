/** What was settled by day, drawn from the second day on. */
import { type ReactNode, useMemo } from 'react'
import { Amount } from '../../web/amount.tsx'
import { Chart, type Draw, dateOf, overDays, toDraw } from './chart.tsx'
import { Count } from './parts.tsx'
import { type Column, Table } from './table.tsx'
import { useList } from './use-load.ts'
import type { Day } from './wire.ts'

const columns: Column<Day>[] = [
  { name: 'Day, UTC', value: dateOf, cell: (row) => <span className='numeric'>{dateOf(row)}</span> },
  {
    name: 'Settled, OPEN',
    value: ({ settled }) => BigInt(settled),
    cell: ({ settled }) => <Amount wei={settled} />,
    isNumber: true
  },
  {
    name: 'Royalties, OPEN',
    value: ({ royalties }) => BigInt(royalties),
    cell: ({ royalties }) => <Amount wei={royalties} />,
    isNumber: true
  },
  { name: 'Payments', value: ({ payments }) => payments, cell: ({ payments }) => <Count of={payments} />, isNumber: true },
  { name: 'Batches', value: ({ batches }) => batches, cell: ({ batches }) => <Count of={batches} />, isNumber: true }
]

export const Days = (): ReactNode => {
  const { state, more, isReading } = useList<Day>('/api/days?limit=90', ({ day }) => String(day))
  const rows = state.phase === 'ready' ? state.value : none
  const draw = useMemo(() => drawDays(rows), [rows])
  if (rows.length < 2) return null
  return (
    <section>
      <h2>By day</h2>
      <Chart label='What was settled, by day' caption='Settled on a day, in UTC.' draw={draw}>
        <Table name='days' columns={columns} rows={rows} keyOf={({ day }) => String(day)} more={more} isReading={isReading} />
      </Chart>
    </section>
  )
}

const none: Day[] = []

const drawDays = (days: readonly Day[]): Draw => {
  const rows = days.map(({ day, settled }) => ({ day: new Date(day * 1_000), settled: toDraw(BigInt(settled)) }))
  return ({ plot, rectY, ruleY }, width) => {
    const bars = rectY(rows, { x: 'day', interval: 'day', y: 'settled', fill: 'var(--accent)', insetLeft: 1, insetRight: 1 })
    return plot({ ...overDays(width), marks: [bars, ruleY([0])] })
  }
}
