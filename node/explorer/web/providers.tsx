import type { ReactNode } from 'react'
import { Amount } from '../../web/amount.tsx'
import { Id } from '../../web/id.tsx'
import { BatchesTable } from './batches.tsx'
import { ProviderLink } from './hues.tsx'
import { Count, Facts, Shown, Time, Title } from './parts.tsx'
import { type Column, ListTable } from './table.tsx'
import { useList, useLoad } from './use-load.ts'
import type { Provider } from './wire.ts'

const columns: Column<Provider>[] = [
  { name: 'Provider', value: ({ account }) => account, cell: ({ account }) => <ProviderLink account={account} /> },
  { name: 'Stake, OPEN', value: ({ stake }) => BigInt(stake), cell: ({ stake }) => <Amount wei={stake} />, isNumber: true },
  { name: 'Earned, OPEN', value: ({ earned }) => BigInt(earned), cell: ({ earned }) => <Amount wei={earned} />, isNumber: true },
  {
    name: 'Claimed, OPEN',
    value: ({ claimed }) => BigInt(claimed),
    cell: ({ claimed }) => <Amount wei={claimed} />,
    isNumber: true
  },
  { name: 'Batches', value: ({ batches }) => batches, cell: ({ batches }) => <Count of={batches} />, isNumber: true },
  {
    name: 'Slashed, OPEN',
    value: ({ slashed }) => BigInt(slashed),
    cell: ({ slashed }) => <Amount wei={slashed} />,
    isNumber: true
  },
  { name: 'Open cases', value: ({ openCases }) => openCases, cell: ({ openCases }) => <Count of={openCases} />, isNumber: true }
]

export const ProvidersPage = (): ReactNode => (
  <>
    <Title kind='Providers' />
    <ListTable
      name='providers'
      columns={columns}
      list={useList<Provider>('/api/providers?limit=100', ({ account }) => account)}
      keyOf={({ account }) => account}
    />
  </>
)

export const ProviderPage = ({ account }: { account: string }): ReactNode => (
  <>
    <Title kind='Provider' id={account} />
    <Shown of={useLoad<Provider>(`/api/providers/${account}`)}>
      {({ payout, stake, unbonding, earned, claimed, slashed, openCases, keys }) => (
        <Facts
          rows={[
            ['Stake', <Amount key='s' wei={stake} />],
            [
              'Leaving',
              unbonding === null ? (
                'no'
              ) : (
                <span key='u'>
                  <Amount wei={unbonding.amount} />, ready <Time at={unbonding.readyAt} />
                </span>
              )
            ],
            ['Earned', <Amount key='e' wei={earned} />],
            ['Claimed', <Amount key='c' wei={claimed} />],
            ['Paid to', payout === null ? 'itself' : <Id key='p' id={payout} />],
            ['Slashed', <Amount key='x' wei={slashed} />],
            ['Open cases', openCases],
            ['Keys', keys.filter(({ revoked }) => !revoked).map(({ key }) => <Id key={key} id={key} />)]
          ]}
        />
      )}
    </Shown>
    <section>
      <h2>Batches</h2>
      <BatchesTable provider={account} />
    </section>
  </>
)
