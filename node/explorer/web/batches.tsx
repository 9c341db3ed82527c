import type { ReactNode } from 'react'
import { Amount } from '../../web/amount.tsx'
import { Id } from '../../web/id.tsx'
import { Block } from './block.tsx'
import { ProviderLink } from './hues.tsx'
import { later } from './later.tsx'
import { AsJson, Count, Facts, Shown, Time, Title, To } from './parts.tsx'
import { type Column, ListTable, Table } from './table.tsx'
import { useList, useLoad } from './use-load.ts'
import type { Batch, Receipt } from './wire.ts'

const TransactionSection = later(async () => (await import('./transaction.tsx')).TransactionSection)

const nameOf = ({ provider, number }: Batch): string => `${provider}/${number}`

const columns: Column<Batch>[] = [
  { name: 'Batch', value: nameOf, cell: (batch) => <a href={`/batch/${nameOf(batch)}`}>{batch.number.toLocaleString()}</a> },
  { name: 'Provider', value: ({ provider }) => provider, cell: ({ provider }) => <ProviderLink account={provider} /> },
  {
    name: 'Payments',
    value: ({ payments }) => payments.length,
    cell: ({ payments }) => <Count of={payments.length} />,
    isNumber: true
  },
  {
    name: 'Total, OPEN',
    value: ({ header }) => BigInt(header.total),
    cell: ({ header }) => <Amount wei={header.total} />,
    isNumber: true
  },
  { name: 'Transaction', value: ({ transaction }) => transaction, cell: ({ transaction }) => <Id id={transaction} /> },
  { name: 'Posted', value: ({ header }) => header.postedAt, cell: ({ header }) => <Time at={header.postedAt} /> }
]

export const BatchesTable = ({ provider }: { provider?: string }): ReactNode => (
  <ListTable
    name='batches'
    columns={columns}
    list={useList<Batch>(`/api/batches${provider === undefined ? '' : `/${provider}`}?limit=50`, nameOf)}
    keyOf={nameOf}
  />
)

export const BatchesPage = (): ReactNode => (
  <>
    <Title kind='Batches' />
    <p className='quiet'>A batch is one transaction in which a provider is paid for the work of many sessions.</p>
    <BatchesTable />
  </>
)

type Payment = Batch['payments'][number]

const paymentColumns: Column<Payment>[] = [
  { name: 'Client', value: ({ client }) => client, cell: ({ client }) => <To page='account' id={client} /> },
  { name: 'Model', value: ({ modelId }) => modelId, cell: ({ modelId }) => <To page='model' id={modelId} /> },
  {
    name: 'Paid, OPEN',
    value: ({ from, to }) => BigInt(to) - BigInt(from),
    cell: ({ from, to }) => <Amount wei={BigInt(to) - BigInt(from)} />,
    isNumber: true
  },
  { name: 'Channel, after', value: ({ to }) => BigInt(to), cell: ({ to }) => <Amount wei={to} />, isNumber: true }
]

const receiptColumns: Column<Receipt>[] = [
  { name: 'Receipt', value: ({ hash }) => hash, cell: ({ hash }) => <To page='receipt' id={hash} /> },
  { name: 'Session', value: ({ sessionId }) => sessionId, cell: ({ sessionId }) => <To page='session' id={sessionId} /> },
  { name: 'Leg', value: ({ leg }) => leg, cell: ({ leg }) => <Count of={leg} />, isNumber: true },
  { name: 'Paid, OPEN', value: ({ amount }) => BigInt(amount), cell: ({ amount }) => <Amount wei={amount} />, isNumber: true }
]

export const BatchPage = ({ provider, number }: { provider: string; number: string }): ReactNode => {
  const path = `/api/batches/${provider}/${number}`
  const receipts = useList<Receipt>(`${path}/receipts?limit=100`, ({ hash }) => hash)
  return (
    <>
      <Title kind={`Batch ${number}`} />
      <Shown of={useLoad<Batch>(path)}>
        {(batch) => (
          <>
            <Facts
              rows={[
                ['Provider', <ProviderLink key='p' account={provider} />],
                ['Total', <Amount key='t' wei={batch.header.total} />],
                ['Posted', <Time key='a' at={batch.header.postedAt} />],
                ['Block', <Block key='b' number={batch.block} />],
                [
                  'Transaction',
                  <span key='x' className='mono whole'>
                    {batch.transaction}
                  </span>
                ],
                [
                  'Root',
                  <span key='r' className='mono whole'>
                    {batch.header.root}
                  </span>
                ]
              ]}
            />
            <section>
              <h2>Payments</h2>
              <Table
                name='payments'
                columns={paymentColumns}
                rows={batch.payments}
                keyOf={({ client, modelId }) => client + modelId}
              />
            </section>
            <TransactionSection key={`${batch.transaction}:${batch.block}`} batch={batch} />
          </>
        )}
      </Shown>
      <section>
        <h2>Proven receipts</h2>
        <ListTable name='receipts' columns={receiptColumns} list={receipts} keyOf={({ hash }) => hash} />
      </section>
      <AsJson path={path} />
    </>
  )
}
