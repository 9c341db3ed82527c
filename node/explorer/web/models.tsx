import type { ReactNode } from 'react'
import { Amount } from '../../web/amount.tsx'
import { Id } from '../../web/id.tsx'
import { Ends } from './ends.tsx'
import { ProviderLink } from './hues.tsx'
import { NameIt } from './name-it.tsx'
import { Count, Facts, Shown, Time, Title, To } from './parts.tsx'
import { Periods } from './periods.tsx'
import { Prices } from './prices.tsx'
import { type Column, ListTable, Table } from './table.tsx'
import { useList, useLoad } from './use-load.ts'
import type { Model, ModelProvider, Payee, ToldModel } from './wire.ts'

const columns: Column<Model>[] = [
  { name: 'Model', value: ({ modelId }) => modelId, cell: ({ modelId }) => <To page='model' id={modelId} /> },
  { name: 'Paid, OPEN', value: ({ paid }) => BigInt(paid), cell: ({ paid }) => <Amount wei={paid} />, isNumber: true },
  {
    name: 'Royalties, OPEN',
    value: ({ royalties }) => BigInt(royalties),
    cell: ({ royalties }) => <Amount wei={royalties} />,
    isNumber: true
  },
  { name: 'Payments', value: ({ payments }) => payments, cell: ({ payments }) => <Count of={payments} />, isNumber: true },
  { name: 'Providers', value: ({ providers }) => providers, cell: ({ providers }) => <Count of={providers} />, isNumber: true }
]

export const ModelsPage = (): ReactNode => (
  <>
    <Title kind='Models' />
    <ListTable
      name='models'
      columns={columns}
      list={useList<Model>('/api/models?limit=100', (row) => row.modelId)}
      keyOf={(row) => row.modelId}
    />
  </>
)

const providerColumns: Column<ModelProvider>[] = [
  { name: 'Provider', value: ({ account }) => account, cell: ({ account }) => <ProviderLink account={account} /> },
  { name: 'Paid, OPEN', value: ({ paid }) => BigInt(paid), cell: ({ paid }) => <Amount wei={paid} />, isNumber: true }
]

const payeeColumns: Column<Payee>[] = [
  { name: 'Account', value: ({ account }) => account, cell: ({ account }) => <To page='account' id={account} /> },
  { name: 'Share', value: ({ bps }) => bps, cell: ({ bps }) => <span className='numeric'>{bps / 100} %</span>, isNumber: true },
  {
    name: 'Claimed, OPEN',
    value: ({ claimed }) => BigInt(claimed),
    cell: ({ claimed }) => <Amount wei={claimed} />,
    isNumber: true
  }
]

const ProvenName = ({ of: named }: { of: ToldModel['named'] }): ReactNode =>
  named === null ? (
    'not proven here'
  ) : (
    <span>
      <bdi>{named.name}</bdi>{' '}
      <span className='quiet small'>
        named so by its manifest, which the id commits to{named.shared && '; another model has the same name'}
      </span>
    </span>
  )

export const ModelPage = ({ id }: { id: string }): ReactNode => (
  <>
    <Title kind='Model' id={id}>
      <NameIt kind='model' id={id} />
    </Title>
    <Shown of={useLoad<ToldModel>(`/api/models/${id}`)}>
      {({ named, paid, royalties, payments, terms, served }) => (
        <>
          <Facts
            rows={[
              ['Name', <ProvenName key='n' of={named} />],
              ['Paid', <Amount key='p' wei={paid} />],
              ['Royalties', <Amount key='r' wei={royalties} />],
              ['Payments', payments.toLocaleString()],
              ['Written', `${BigInt(served.written).toLocaleString()} tokens, as paid receipts say`],
              ['Legs', <Ends key='l' of={served} />],
              ['Manifest', terms === null ? 'not revealed on the chain' : <Id key='m' id={terms.manifestHash} />],
              ['Revealed', terms === null ? 'no' : <Time key='t' at={terms.registeredAt} />]
            ]}
          />
          <section>
            <h2>Who gets its royalties</h2>
            <Table
              name='payees'
              columns={payeeColumns}
              rows={terms?.payees ?? []}
              keyOf={({ account, bps }) => `${account}${bps}`}
              empty={
                terms === null ? 'Who, if anybody, is known once the model is revealed.' : 'Nobody: all goes to its providers.'
              }
            />
          </section>
        </>
      )}
    </Shown>
    <section>
      <h2>What it cost</h2>
      <Prices modelId={id} />
    </section>
    <section>
      <h2>Paid for it</h2>
      <Periods of={`/models/${id}`} />
    </section>
    <section>
      <h2>Who served it</h2>
      <ListTable
        name='model-providers'
        columns={providerColumns}
        list={useList<ModelProvider>(`/api/models/${id}/providers?limit=100`, ({ account }) => account)}
        keyOf={({ account }) => account}
      />
    </section>
  </>
)
