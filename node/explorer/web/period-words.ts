/** What is said of amounts by hour, day and week. In whole sentences: in most languages the words of one hang on each other. */
import { t } from '@lingui/core/macro'

export type Unit = 'hour' | 'day' | 'week'
export type Measure = 'settled' | 'payments' | 'written'

interface Words {
  /** What a chart shows. */
  label: string
  caption: string
}

/** Above the column of dates. */
export const columnOf: Record<Unit, string> = { hour: t`Hour, UTC`, day: t`Day, UTC`, week: t`Week, UTC` }

/** What the rows of a table are. */
export const rowsOf: Record<Unit, string> = {
  hour: t({ message: 'hours', comment: 'Name of a table' }),
  day: t({ message: 'days', comment: 'Name of a table' }),
  week: t({ message: 'weeks', comment: 'Name of a table' })
}

/** Beside the axis of a chart. */
export const axisOf: Record<Measure, string> = {
  settled: 'OPEN',
  payments: t({ message: 'payments', comment: 'Beside the axis of a chart' }),
  written: t({ message: 'tokens', comment: 'Beside the axis of a chart' })
}

export const chartOf: Record<Measure, Record<Unit, Words>> = {
  settled: {
    hour: { label: t`Settled, by hour`, caption: t`Settled in each hour, in UTC.` },
    day: { label: t`Settled, by day`, caption: t`Settled in each day, in UTC.` },
    week: { label: t`Settled, by week`, caption: t`Settled in each week, in UTC.` }
  },
  payments: {
    hour: { label: t`Payments, by hour`, caption: t`Payments in each hour, in UTC.` },
    day: { label: t`Payments, by day`, caption: t`Payments in each day, in UTC.` },
    week: { label: t`Payments, by week`, caption: t`Payments in each week, in UTC.` }
  },
  written: {
    hour: { label: t`Tokens written, by hour`, caption: t`Tokens written in each hour, in UTC, as paid receipts say.` },
    day: { label: t`Tokens written, by day`, caption: t`Tokens written in each day, in UTC, as paid receipts say.` },
    week: { label: t`Tokens written, by week`, caption: t`Tokens written in each week, in UTC, as paid receipts say.` }
  }
}
