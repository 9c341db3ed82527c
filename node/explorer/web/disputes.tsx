import { t } from '@lingui/core/macro'
import type { ReactNode } from 'react'
import { Amount } from '../../web/amount.tsx'
import { ProviderLink } from './hues.tsx'
import { Facts, Shown, Time, Title, To } from './parts.tsx'
import { paths } from './paths.ts'
import { type Column, ListTable } from './table.tsx'
import { useList, useLoad } from './use-load.ts'
import type { Case } from './wire.ts'

const stateName = t({ message: 'State', context: 'of a dispute' })
const openedName = t({ message: 'Opened', context: 'when a dispute was' })

const columns: Column<Case>[] = [
  { name: t({ message: 'Case', comment: 'A dispute' }), value: ({ id }) => id, cell: ({ id }) => <To page='dispute' id={id} /> },
  { name: t`Provider`, value: ({ provider }) => provider, cell: ({ provider }) => <ProviderLink account={provider} /> },
  { name: stateName, value: ({ state }) => state, cell: ({ state }) => state, isNumber: true },
  {
    name: t({ message: 'Taken, OPEN', comment: 'From the stake of the accused' }),
    value: ({ taken }) => BigInt(taken),
    cell: ({ taken }) => <Amount wei={taken} />,
    isNumber: true
  },
  { name: openedName, value: ({ openedAt }) => openedAt, cell: ({ openedAt }) => <Time at={openedAt} /> }
]

export const DisputesPage = (): ReactNode => (
  <>
    <Title kind={t`Disputes`} />
    <ListTable
      name='disputes'
      label={t`Disputes`}
      columns={columns}
      list={useList<Case>(paths.disputes, ({ id }) => id)}
      keyOf={({ id }) => id}
      empty={t`Nobody has been accused.`}
    />
  </>
)

export const DisputePage = ({ id }: { id: string }): ReactNode => (
  <>
    <Title kind={t`Dispute`} id={id} />
    <Shown of={useLoad<Case>(paths.dispute(id))}>
      {({ provider, receiptHash, state, fault, taken, openedAt, respondBy, verdictBy }) => (
        <Facts
          rows={[
            [t`Provider`, <ProviderLink key='p' account={provider} />],
            [
              t`Receipt`,
              receiptHash === null ? (
                t({ message: 'none', context: 'no receipt' })
              ) : (
                <To key='r' page='receipt' id={receiptHash} />
              )
            ],
            [stateName, state],
            [t`Fault`, fault ?? t({ message: 'not found yet', context: 'a fault' })],
            [t({ message: 'Taken', comment: 'From the stake of the accused' }), <Amount key='t' wei={taken} />],
            [openedName, <Time key='o' at={openedAt} />],
            [t({ message: 'Answer until', comment: 'The time the accused has' }), <Time key='b' at={respondBy} />],
            [t`Verdict until`, <Time key='v' at={verdictBy} />]
          ]}
        />
      )}
    </Shown>
  </>
)
