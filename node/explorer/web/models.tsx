import type { ReactNode } from 'react'
import { Amount } from '../../web/amount.tsx'
import { ProviderLink } from './hues.tsx'
import { Count, Facts, Shown, Title, To } from './parts.tsx'
import { type Column, ListTable } from './table.tsx'
import { useList, useLoad } from './use-load.ts'
import type { Model, ModelProvider } from './wire.ts'

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

export const ModelPage = ({ id }: { id: string }): ReactNode => (
  <>
    <Title kind='Model' id={id} />
    <Shown of={useLoad<Model>(`/api/models/${id}`)}>
      {({ paid, royalties, payments }) => (
        <Facts
          rows={[
            ['Paid', <Amount key='p' wei={paid} />],
            ['Royalties', <Amount key='r' wei={royalties} />],
            ['Payments', payments.toLocaleString()]
          ]}
        />
      )}
    </Shown>
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
