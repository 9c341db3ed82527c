/** Rows that can be sorted by every column, linked, and taken along as CSV. */
import { t } from '@lingui/core/macro'
import { type ReactNode, useState } from 'react'
import { count } from '../../web/locale.ts'
import { Empty, Shown } from './parts.tsx'
import { saveFile } from './save-file.ts'
import type { List } from './use-load.ts'

export type Value = string | number | bigint

export interface Column<Row> {
  name: string
  /** What is sorted by, and written to the CSV: exact, so wei for amounts. */
  value(row: Row): Value
  cell(row: Row): ReactNode
  isNumber?: boolean
}

interface Order {
  column: string
  isDown: boolean
}

const compare = (a: Value, b: Value): number => (a < b ? -1 : a > b ? 1 : 0)

export const sorted = <Row,>(rows: readonly Row[], columns: readonly Column<Row>[], order: Order | undefined): Row[] => {
  const column = columns.find(({ name }) => name === order?.column)
  if (column === undefined || order === undefined) return [...rows]
  return rows.toSorted((a, b) => compare(column.value(a), column.value(b)) * (order.isDown ? -1 : 1))
}

// A cell that begins like a formula would be one in a spreadsheet.
const quoted = (value: Value): string => {
  const text = String(value)
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export const csvOf = <Row,>(rows: readonly Row[], columns: readonly Column<Row>[]): string =>
  [columns.map(({ name }) => quoted(name)), ...rows.map((row) => columns.map(({ value }) => quoted(value(row))))]
    .map((cells) => `${cells.join(',')}\r\n`)
    .join('')

interface TableProps<Row> {
  /** Of the file that its rows are kept in. */
  name: string
  /** What its rows are, for who cannot see it. */
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  keyOf(row: Row): string
  more?: (() => void) | undefined
  isReading?: boolean
  empty?: ReactNode
}

export const Table = <Row,>({ name, label, columns, rows, keyOf, more, isReading, empty }: TableProps<Row>): ReactNode => {
  const [order, setOrder] = useState<Order | undefined>(undefined)
  if (rows.length === 0) return <Empty>{empty ?? t`None yet.`}</Empty>
  const shown = sorted(rows, columns, order)
  const sortBy = (column: string): void =>
    setOrder(order?.column === column ? (order.isDown ? { column, isDown: false } : undefined) : { column, isDown: true })
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className='scroll' aria-label={label} tabIndex={0}>
        <table className='table folding'>
          <thead>
            <tr>
              {columns.map(({ name: column, isNumber }) => {
                const isBy = order?.column === column
                const sort = isBy ? (order.isDown ? 'descending' : 'ascending') : undefined
                return (
                  <th key={column} className={isNumber === true ? 'number' : undefined} aria-sort={sort}>
                    <button type='button' className='sort' onClick={() => sortBy(column)}>
                      {column}
                      <span aria-hidden='true'>{isBy ? (order.isDown ? ' ↓' : ' ↑') : ''}</span>
                    </button>
                  </th>
                )
              })}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={keyOf(row)}>
                {columns.map(({ name: column, cell, isNumber }) => (
                  <td key={column} data-name={column} className={isNumber === true ? 'number' : undefined}>
                    {cell(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className='under quiet small'>
        <span>{more === undefined ? t`${{ rows: count(rows.length) }} in all` : t`${{ rows: count(rows.length) }} shown`}</span>
        {more !== undefined && (
          <button type='button' className='button' onClick={more} disabled={isReading === true}>{t`More`}</button>
        )}
        <button
          type='button'
          className='button quiet-button'
          onClick={() => saveFile(`openseam-${name}.csv`, 'text/csv', csvOf(shown, columns))}
        >{t`CSV`}</button>
      </p>
    </>
  )
}

/** A list of the API as a table, with what is shown before and instead of it. */
export const ListTable = <Row,>({
  list,
  ...table
}: { list: List<Row> } & Omit<TableProps<Row>, 'rows' | 'more' | 'isReading'>): ReactNode => (
  <Shown of={list.state}>{(rows) => <Table {...table} rows={rows} more={list.more} isReading={list.isReading} />}</Shown>
)
