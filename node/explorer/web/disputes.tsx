import type { ReactNode } from 'react'
import { Amount } from '../../web/amount.tsx'
import { ProviderLink } from './hues.tsx'
import { Facts, Shown, Time, Title, To } from './parts.tsx'
import { type Column, ListTable } from './table.tsx'
import { useList, useLoad } from './use-load.ts'
import type { Case } from './wire.ts'

const columns: Column<Case>[] = [
  { name: 'Case', value: ({ id }) => id, cell: ({ id }) => <To page='dispute' id={id} /> },
  { name: 'Provider', value: ({ provider }) => provider, cell: ({ provider }) => <ProviderLink account={provider} /> },
  { name: 'State', value: ({ state }) => state, cell: ({ state }) => state, isNumber: true },
  { name: 'Taken, OPEN', value: ({ taken }) => BigInt(taken), cell: ({ taken }) => <Amount wei={taken} />, isNumber: true },
  { name: 'Opened', value: ({ openedAt }) => openedAt, cell: ({ openedAt }) => <Time at={openedAt} /> }
]

export const DisputesPage = (): ReactNode => (
  <>
    <Title kind='Disputes' />
    <ListTable
      name='disputes'
      columns={columns}
      list={useList<Case>('/api/disputes?limit=100', ({ id }) => id)}
      keyOf={({ id }) => id}
      empty='Nobody has been accused.'
    />
  </>
)

export const DisputePage = ({ id }: { id: string }): ReactNode => (
  <>
    <Title kind='Dispute' id={id} />
    <Shown of={useLoad<Case>(`/api/disputes/${id}`)}>
      {({ provider, receiptHash, state, fault, taken, openedAt, respondBy, verdictBy }) => (
        <Facts
          rows={[
            ['Provider', <ProviderLink key='p' account={provider} />],
            ['Receipt', receiptHash === null ? 'none' : <To key='r' page='receipt' id={receiptHash} />],
            ['State', state],
            ['Fault', fault ?? 'not found yet'],
            ['Taken', <Amount key='t' wei={taken} />],
            ['Opened', <Time key='o' at={openedAt} />],
            ['Answer until', <Time key='b' at={respondBy} />],
            ['Verdict until', <Time key='v' at={verdictBy} />]
          ]}
        />
      )}
    </Shown>
  </>
)
