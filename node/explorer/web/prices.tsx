/** What a model cost, by day: drawn where there is more than one day, and told line by line. */
import { t } from '@lingui/core/macro'
import { type ReactNode, useMemo } from 'react'
import { Amount } from '../../web/amount.tsx'
import { Chart, type Draw, dateOf, overTime, toDraw } from './chart.tsx'
import { Count, Shown } from './parts.tsx'
import { meanOf, perMillion } from './price.ts'
import { type Column, Table } from './table.tsx'
import { type List, useList } from './use-load.ts'
import type { Price } from './wire.ts'

const columns: Column<Price>[] = [
  { name: t`Day, UTC`, value: dateOf, cell: (row) => <span className='numeric'>{dateOf(row)}</span> },
  { name: t({ message: 'Mean', context: 'price' }), value: meanOf, cell: (row) => <Amount wei={meanOf(row)} />, isNumber: true },
  {
    name: t({ message: 'Lowest', context: 'price' }),
    value: ({ low }) => perMillion(low),
    cell: ({ low }) => <Amount wei={perMillion(low)} />,
    isNumber: true
  },
  {
    name: t({ message: 'Highest', context: 'price' }),
    value: ({ high }) => perMillion(high),
    cell: ({ high }) => <Amount wei={perMillion(high)} />,
    isNumber: true
  },
  {
    name: t`Written`,
    value: ({ written }) => BigInt(written),
    cell: ({ written }) => <Count of={BigInt(written)} />,
    isNumber: true
  }
]

export const Prices = ({ modelId }: { modelId: string }): ReactNode => {
  const list = useList<Price>(`/api/models/${modelId}/prices?limit=200`, ({ day }) => String(day))
  return (
    <Shown of={list.state}>
      {(rows) => (
        <>
          {rows.length > 1 ? <PriceChart prices={rows} list={list} /> : <PriceTable prices={rows} list={list} />}
          <p className='quiet small'>
            {t`OPEN for a million written tokens, from paid receipts that hold nothing else. Who pays itself can pay any price.`}
          </p>
        </>
      )}
    </Shown>
  )
}

interface Told {
  prices: readonly Price[]
  list: List<Price>
}

const PriceChart = ({ prices, list }: Told): ReactNode => (
  <Chart
    name='prices'
    label={t`What a million written tokens cost, by day`}
    caption={t`The line is the mean of a day, the band reaches from its lowest to its highest.`}
    draw={useMemo(() => drawPrices(prices), [prices])}
  >
    <PriceTable prices={prices} list={list} />
  </Chart>
)

const PriceTable = ({ prices, list: { more, isReading } }: Told): ReactNode => (
  <Table
    name='prices'
    label={t({ message: 'prices', comment: 'Name of a table' })}
    columns={columns}
    rows={prices}
    keyOf={({ day }) => String(day)}
    more={more}
    isReading={isReading}
    empty={t`No receipt that tells a price is here yet.`}
  />
)

const drawPrices = (prices: readonly Price[]): Draw => {
  const rows = prices.map((price) => ({
    day: new Date(price.day * 1_000),
    mean: toDraw(meanOf(price)),
    low: toDraw(perMillion(price.low)),
    high: toDraw(perMillion(price.high))
  }))
  return ({ areaY, dot, lineY, plot, ruleY }, width) => {
    const marks = [
      ruleY([0]),
      areaY(rows, { x: 'day', y1: 'low', y2: 'high', fill: 'var(--accent)', fillOpacity: 0.15 }),
      lineY(rows, { x: 'day', y: 'mean', stroke: 'var(--accent)', strokeWidth: 2 }),
      dot(rows, { x: 'day', y: 'mean', fill: 'var(--accent)', r: 2.5 })
    ]
    return plot({ ...overTime(width, 'OPEN'), marks })
  }
}
