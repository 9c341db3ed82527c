import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { Amount } from '../../web/amount.tsx'
import { BalanceOverTime } from './balance.tsx'
import { BatchesTable } from './batches.tsx'
import { Ends } from './ends.tsx'
import { ProviderLink } from './hues.tsx'
import { NameIt } from './name-it.tsx'
import { NotSettled } from './not-settled.tsx'
import { Count, Facts, Shown, Time, Title, To } from './parts.tsx'
import { paths } from './paths.ts'
import { Periods } from './periods.tsx'
import { perMillion } from './price.ts'
import { type Column, ListTable } from './table.tsx'
import { useList, useLoad } from './use-load.ts'
import type { Provider, Served, ServedModel } from './wire.ts'

const columns: Column<Provider>[] = [
  { name: t`Provider`, value: ({ account }) => account, cell: ({ account }) => <ProviderLink account={account} /> },
  { name: t`Stake, OPEN`, value: ({ stake }) => BigInt(stake), cell: ({ stake }) => <Amount wei={stake} />, isNumber: true },
  { name: t`Earned, OPEN`, value: ({ earned }) => BigInt(earned), cell: ({ earned }) => <Amount wei={earned} />, isNumber: true },
  {
    name: t`Claimed, OPEN`,
    value: ({ claimed }) => BigInt(claimed),
    cell: ({ claimed }) => <Amount wei={claimed} />,
    isNumber: true
  },
  {
    name: t`Written`,
    value: ({ served }) => BigInt(served.written),
    cell: ({ served }) => <Count of={BigInt(served.written)} />,
    isNumber: true
  },
  {
    name: t`Lost`,
    value: ({ served }) => lostBy(served),
    cell: ({ served }) => <Count of={lostBy(served)} />,
    isNumber: true
  },
  { name: t`Batches`, value: ({ batches }) => batches, cell: ({ batches }) => <Count of={batches} />, isNumber: true },
  {
    name: t`Slashed, OPEN`,
    value: ({ slashed }) => BigInt(slashed),
    cell: ({ slashed }) => <Amount wei={slashed} />,
    isNumber: true
  },
  { name: t`Open cases`, value: ({ openCases }) => openCases, cell: ({ openCases }) => <Count of={openCases} />, isNumber: true }
]

/** Legs that it left without a word. */
const lostBy = ({ ends }: Served): number => (ends['died'] ?? 0) + (ends['silent'] ?? 0)

const modelColumns: Column<ServedModel>[] = [
  { name: t`Model`, value: ({ modelId }) => modelId, cell: ({ modelId }) => <To page='model' id={modelId} /> },
  {
    name: t`Price, OPEN per million`,
    value: ({ price }) => perMillion(price ?? '0'),
    cell: ({ price }) => (price === null ? t`not told` : <Amount wei={perMillion(price)} />),
    isNumber: true
  },
  {
    name: t`Written`,
    value: ({ written }) => BigInt(written),
    cell: ({ written }) => <Count of={BigInt(written)} />,
    isNumber: true
  },
  { name: t`Read`, value: ({ read }) => BigInt(read), cell: ({ read }) => <Count of={BigInt(read)} />, isNumber: true },
  { name: t`Paid, OPEN`, value: ({ paid }) => BigInt(paid), cell: ({ paid }) => <Amount wei={paid} />, isNumber: true }
]

export const ProvidersPage = (): ReactNode => (
  <>
    <Title kind={t`Providers`} />
    <ListTable
      name='providers'
      label='providers'
      columns={columns}
      list={useList<Provider>(paths.providers, ({ account }) => account)}
      keyOf={({ account }) => account}
    />
  </>
)

export const ProviderPage = ({ account }: { account: string }): ReactNode => (
  <>
    <Title kind={t`Provider`} id={account}>
      <NameIt kind='account' id={account} />
    </Title>
    <Shown of={useLoad<Provider>(paths.provider(account))}>
      {({ payout, stake, unbonding, earned, claimed, slashed, openCases, keys, served }) => (
        <Facts
          rows={[
            [t`Stake`, <Amount key='s' wei={stake} />],
            [
              t`Leaving`,
              unbonding === null ? (
                t`no`
              ) : (
                <span key='u'>
                  <Trans comment='a stake that leaves: how much, and from when it can be taken'>
                    <Amount wei={unbonding.amount} />, ready <Time at={unbonding.readyAt} />
                  </Trans>
                </span>
              )
            ],
            [t`Earned`, <Amount key='e' wei={earned} />],
            [t`Not settled yet`, <NotSettled key='n' side='provider' account={account} />],
            [t`Claimed`, <Amount key='c' wei={claimed} />],
            [t`Paid to`, payout === null ? t`itself` : <To key='p' page='account' id={payout} />],
            [t`Slashed`, <Amount key='x' wei={slashed} />],
            [t`Open cases`, openCases],
            [t`Legs`, <Ends key='l' of={served} />],
            [t`Keys`, keys.filter(({ revoked }) => !revoked).map(({ key }) => <To key={key} page='account' id={key} />)]
          ]}
        />
      )}
    </Shown>
    <section>
      <h2>{t`What it served`}</h2>
      <ListTable
        name='provider-models'
        label='provider-models'
        columns={modelColumns}
        list={useList<ServedModel>(paths.served(account), ({ modelId }) => modelId)}
        keyOf={({ modelId }) => modelId}
        empty={t`No receipt of its work is here yet.`}
      />
    </section>
    <section>
      <h2>{t`Settled for it`}</h2>
      <Periods of={`/providers/${account}`} />
      <BalanceOverTime account={account} side='claimable' />
    </section>
    <section>
      <h2>{t`Batches`}</h2>
      <BatchesTable provider={account} />
    </section>
  </>
)
