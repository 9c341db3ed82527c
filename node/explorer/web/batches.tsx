import { t } from '@lingui/core/macro'
import type { ReactNode } from 'react'
import { Amount } from '../../web/amount.tsx'
import { Id } from '../../web/id.tsx'
import { count } from '../../web/locale.ts'
import { Block } from './block.tsx'
import { ProviderLink } from './hues.tsx'
import { later } from './later.tsx'
import { AsJson, Count, Facts, Shown, Time, Title, To } from './parts.tsx'
import { FIRST, paths } from './paths.ts'
import { type Column, ListTable, Table } from './table.tsx'
import { useList, useLoad } from './use-load.ts'
import type { Batch, Receipt } from './wire.ts'

const TransactionSection = later(async () => (await import('./transaction.tsx')).TransactionSection)

const nameOf = ({ provider, number }: Batch): string => `${provider}/${number}`

const columns: Column<Batch>[] = [
  { name: t`Batch`, value: nameOf, cell: (batch) => <a href={`/batch/${nameOf(batch)}`}>{count(batch.number)}</a> },
  { name: t`Provider`, value: ({ provider }) => provider, cell: ({ provider }) => <ProviderLink account={provider} /> },
  {
    name: t`Payments`,
    value: ({ payments }) => payments.length,
    cell: ({ payments }) => <Count of={payments.length} />,
    isNumber: true
  },
  {
    name: t`Total, OPEN`,
    value: ({ header }) => BigInt(header.total),
    cell: ({ header }) => <Amount wei={header.total} />,
    isNumber: true
  },
  { name: t`Transaction`, value: ({ transaction }) => transaction, cell: ({ transaction }) => <Id id={transaction} /> },
  { name: t`Posted`, value: ({ header }) => header.postedAt, cell: ({ header }) => <Time at={header.postedAt} /> }
]

export const BatchesTable = ({ provider }: { provider?: string }): ReactNode => (
  <ListTable
    name='batches'
    label={t`Batches`}
    columns={columns}
    list={useList<Batch>(provider === undefined ? paths.batches(FIRST.batches) : paths.batchesOf(provider), nameOf)}
    keyOf={nameOf}
  />
)

export const BatchesPage = (): ReactNode => (
  <>
    <Title kind={t`Batches`} />
    <p className='quiet'>{t`A batch is one transaction in which a provider is paid for the work of many sessions.`}</p>
    <BatchesTable />
  </>
)

type Payment = Batch['payments'][number]

const paymentColumns: Column<Payment>[] = [
  { name: t`Client`, value: ({ client }) => client, cell: ({ client }) => <To page='account' id={client} /> },
  { name: t`Model`, value: ({ modelId }) => modelId, cell: ({ modelId }) => <To page='model' id={modelId} /> },
  {
    name: t`Paid, OPEN`,
    value: ({ from, to }) => BigInt(to) - BigInt(from),
    cell: ({ from, to }) => <Amount wei={BigInt(to) - BigInt(from)} />,
    isNumber: true
  },
  {
    name: t({ message: 'Channel, after', comment: 'The total of a channel after the payment' }),
    value: ({ to }) => BigInt(to),
    cell: ({ to }) => <Amount wei={to} />,
    isNumber: true
  }
]

const receiptColumns: Column<Receipt>[] = [
  { name: t`Receipt`, value: ({ hash }) => hash, cell: ({ hash }) => <To page='receipt' id={hash} /> },
  { name: t`Session`, value: ({ sessionId }) => sessionId, cell: ({ sessionId }) => <To page='session' id={sessionId} /> },
  { name: t`Leg`, value: ({ leg }) => leg, cell: ({ leg }) => <Count of={leg} />, isNumber: true },
  { name: t`Paid, OPEN`, value: ({ amount }) => BigInt(amount), cell: ({ amount }) => <Amount wei={amount} />, isNumber: true }
]

export const BatchPage = ({ provider, number }: { provider: string; number: string }): ReactNode => {
  const path = paths.batch(provider, number)
  const receipts = useList<Receipt>(paths.receiptsOf(provider, number), ({ hash }) => hash)
  return (
    <>
      <Title kind={t`Batch ${number}`} />
      <Shown of={useLoad<Batch>(path)}>
        {(batch) => (
          <>
            <Facts
              rows={[
                [t`Provider`, <ProviderLink key='p' account={provider} />],
                [t`Total`, <Amount key='t' wei={batch.header.total} />],
                [
                  t({ message: 'Posted', comment: 'When a batch was put on the chain' }),
                  <Time key='a' at={batch.header.postedAt} />
                ],
                [t`Block`, <Block key='b' number={batch.block} />],
                [
                  t`Transaction`,
                  <span key='x' className='mono whole'>
                    {batch.transaction}
                  </span>
                ],
                [
                  t({ message: 'Root', comment: 'The hash at the root of the tree of a batch’s payments' }),
                  <span key='r' className='mono whole'>
                    {batch.header.root}
                  </span>
                ]
              ]}
            />
            <section>
              <h2>{t`Payments`}</h2>
              <Table
                name='payments'
                label={t`payments`}
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
        <h2>{t`Proven receipts`}</h2>
        <ListTable
          name='receipts'
          label={t`Proven receipts`}
          columns={receiptColumns}
          list={receipts}
          keyOf={({ hash }) => hash}
        />
      </section>
      <AsJson path={path} />
    </>
  )
}
