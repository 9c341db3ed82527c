import { plural, t } from '@lingui/core/macro'
import type { ReactNode } from 'react'
import { Amount } from '../../web/amount.tsx'
import { Id } from '../../web/id.tsx'
import { count, locale } from '../../web/locale.ts'
import { Ends } from './ends.tsx'
import { ProviderLink } from './hues.tsx'
import { NameIt } from './name-it.tsx'
import { Count, Facts, Shown, Time, Title, To } from './parts.tsx'
import { paths } from './paths.ts'
import { Periods } from './periods.tsx'
import { Prices } from './prices.tsx'
import { type Column, ListTable, Table } from './table.tsx'
import { useList, useLoad } from './use-load.ts'
import type { Model, ModelProvider, Payee, ToldModel } from './wire.ts'

const columns: Column<Model>[] = [
  { name: t`Model`, value: ({ modelId }) => modelId, cell: ({ modelId }) => <To page='model' id={modelId} /> },
  { name: t`Paid, OPEN`, value: ({ paid }) => BigInt(paid), cell: ({ paid }) => <Amount wei={paid} />, isNumber: true },
  {
    name: t`Royalties, OPEN`,
    value: ({ royalties }) => BigInt(royalties),
    cell: ({ royalties }) => <Amount wei={royalties} />,
    isNumber: true
  },
  { name: t`Payments`, value: ({ payments }) => payments, cell: ({ payments }) => <Count of={payments} />, isNumber: true },
  { name: t`Providers`, value: ({ providers }) => providers, cell: ({ providers }) => <Count of={providers} />, isNumber: true }
]

export const ModelsPage = (): ReactNode => (
  <>
    <Title kind={t`Models`} />
    <ListTable
      name='models'
      label={t`Models`}
      columns={columns}
      list={useList<Model>(paths.models, (row) => row.modelId)}
      keyOf={(row) => row.modelId}
    />
  </>
)

const providerColumns: Column<ModelProvider>[] = [
  { name: t`Provider`, value: ({ account }) => account, cell: ({ account }) => <ProviderLink account={account} /> },
  { name: t`Paid, OPEN`, value: ({ paid }) => BigInt(paid), cell: ({ paid }) => <Amount wei={paid} />, isNumber: true }
]

/** A hundredth of a percent is the least there is. */
const percent = (bps: number): string => (bps / 10_000).toLocaleString(locale(), { style: 'percent', maximumFractionDigits: 2 })

const payeeColumns: Column<Payee>[] = [
  { name: t`Account`, value: ({ account }) => account, cell: ({ account }) => <To page='account' id={account} /> },
  {
    name: t({ message: 'Share', comment: 'Of the royalties, in percent' }),
    value: ({ bps }) => bps,
    cell: ({ bps }) => <span className='numeric'>{percent(bps)}</span>,
    isNumber: true
  },
  {
    name: t`Claimed, OPEN`,
    value: ({ claimed }) => BigInt(claimed),
    cell: ({ claimed }) => <Amount wei={claimed} />,
    isNumber: true
  }
]

const ProvenName = ({ of: named }: { of: ToldModel['named'] }): ReactNode =>
  named === null ? (
    t({ message: 'not proven here', context: 'a name' })
  ) : (
    <span>
      <bdi>{named.name}</bdi>{' '}
      <span className='quiet small'>
        {named.shared
          ? t`named so by its manifest, which the id commits to; another model has the same name`
          : t`named so by its manifest, which the id commits to`}
      </span>
    </span>
  )

const unrevealed = {
  manifest: t({ message: 'not revealed on the chain', comment: 'The manifest of a model' }),
  when: t({ message: 'no', context: 'not revealed' })
}

const tokens = (written: string): string =>
  plural({ tokens: Number(written) }, { one: '# token, as paid receipts say', other: '# tokens, as paid receipts say' })

export const ModelPage = ({ id }: { id: string }): ReactNode => (
  <>
    <Title kind={t`Model`} id={id}>
      <NameIt kind='model' id={id} />
    </Title>
    <Shown of={useLoad<ToldModel>(paths.model(id))}>
      {({ named, paid, royalties, payments, terms, served }) => (
        <>
          <Facts
            rows={[
              [t`Name`, <ProvenName key='n' of={named} />],
              [t`Paid`, <Amount key='p' wei={paid} />],
              [t`Royalties`, <Amount key='r' wei={royalties} />],
              [t`Payments`, count(payments)],
              [t`Written`, tokens(served.written)],
              [t`Legs`, <Ends key='l' of={served} />],
              [t`Manifest`, terms === null ? unrevealed.manifest : <Id key='m' id={terms.manifestHash} />],
              [
                t({ message: 'Revealed', comment: 'When the manifest of a model was' }),
                terms === null ? unrevealed.when : <Time key='t' at={terms.registeredAt} />
              ]
            ]}
          />
          <section>
            <h2>{t`Who gets its royalties`}</h2>
            <Table
              name='payees'
              label={t`Who gets its royalties`}
              columns={payeeColumns}
              rows={terms?.payees ?? []}
              keyOf={({ account, bps }) => `${account}${bps}`}
              empty={
                terms === null ? t`Who, if anybody, is known once the model is revealed.` : t`Nobody: all goes to its providers.`
              }
            />
          </section>
        </>
      )}
    </Shown>
    <section>
      <h2>{t`What it cost`}</h2>
      <Prices modelId={id} />
    </section>
    <section>
      <h2>{t`Paid for it`}</h2>
      <Periods of={`/models/${id}`} />
    </section>
    <section>
      <h2>{t`Who served it`}</h2>
      <ListTable
        name='model-providers'
        label={t`Who served it`}
        columns={providerColumns}
        list={useList<ModelProvider>(paths.serving(id), ({ account }) => account)}
        keyOf={({ account }) => account}
      />
    </section>
  </>
)
