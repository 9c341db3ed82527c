import { t } from '@lingui/core/macro'
import type { ReactNode } from 'react'
import { Amount } from '../../web/amount.tsx'
import { Count, Time, Title, To } from './parts.tsx'
import { FIRST, paths } from './paths.ts'
import { type Column, ListTable } from './table.tsx'
import { useList } from './use-load.ts'
import type { SessionRow } from './wire.ts'

const columns: Column<SessionRow>[] = [
  { name: t`Session`, value: ({ id }) => id, cell: ({ id }) => <To page='session' id={id} /> },
  {
    name: t`Receipts`,
    value: ({ receipts }) => receipts,
    cell: ({ receipts }) => <Count of={receipts} />,
    isNumber: true
  },
  { name: t`Paid, OPEN`, value: ({ amount }) => BigInt(amount), cell: ({ amount }) => <Amount wei={amount} />, isNumber: true },
  { name: t`Last paid`, value: ({ paidAt }) => paidAt, cell: ({ paidAt }) => <Time at={paidAt} /> }
]

export const SessionsTable = ({ limit }: { limit: number }): ReactNode => (
  <ListTable
    name='sessions'
    label={t`Sessions`}
    columns={columns}
    list={useList<SessionRow>(paths.sessions(limit), ({ id }) => id)}
    keyOf={({ id }) => id}
    empty={t`No receipt has been proven yet. Receipts are collected some seconds after their batch was settled.`}
  />
)

export const SessionsPage = (): ReactNode => (
  <>
    <Title kind={t`Sessions`} />
    <p className='quiet'>{t`As far as settled receipts tell: of whom, by whom and how much, never what was said.`}</p>
    <SessionsTable limit={FIRST.sessions} />
  </>
)
