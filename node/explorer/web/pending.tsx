/** Work that is done and not settled yet, channel by channel: each signature is checked by the explorer, and again here. */

import { t } from '@lingui/core/macro'
import { Plural, Trans } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { Amount } from '../../web/amount.tsx'
import { ExpectedCell, ExpectedNote, ExpectedWords, expectedAt } from './expected.tsx'
import { ProviderLink } from './hues.tsx'
import { Ago, AsJson, Count, Shown, Title, To } from './parts.tsx'
import { paths } from './paths.ts'
import { Checked } from './pending-check.tsx'
import { type Column, ListTable } from './table.tsx'
import { useList, useLoad } from './use-load.ts'
import type { Pending, Summary, PendingPage as Told } from './wire.ts'

const columnsOf = (summary: Summary): Column<Pending>[] => [
  { name: t`Provider`, value: ({ provider }) => provider, cell: ({ provider }) => <ProviderLink account={provider} /> },
  { name: t`Client`, value: ({ client }) => client, cell: ({ client }) => <To page='account' id={client} /> },
  { name: t`Model`, value: ({ modelId }) => modelId, cell: ({ modelId }) => <To page='model' id={modelId} /> },
  {
    name: t`Pending, OPEN`,
    value: ({ pending }) => BigInt(pending),
    cell: ({ pending }) => <Amount wei={pending} />,
    isNumber: true
  },
  {
    name: t`Settled, OPEN`,
    value: ({ settled }) => BigInt(settled),
    cell: ({ settled }) => <Amount wei={settled} />,
    isNumber: true
  },
  { name: t`Units`, value: ({ units }) => units, cell: ({ units }) => <Count of={units} />, isNumber: true },
  {
    name: t`Covered`,
    value: ({ covered }) => (covered ? 'yes' : 'no'),
    cell: ({ covered }) => (covered ? t`yes` : <b className='fails'>{t`no`}</b>)
  },
  { name: t`First seen`, value: ({ seenAt }) => seenAt, cell: ({ seenAt }) => <Ago at={seenAt} /> },
  { name: t`Expected`, value: expectedAt, cell: ({ rhythm }) => <ExpectedCell rhythm={rhythm} /> },
  { name: t`Signature`, value: ({ signer }) => signer, cell: (row) => <Checked row={row} summary={summary} /> }
]

const keyOf = ({ provider, client, modelId }: Pending): string => provider + client + modelId

/** Of everyone, or of one side: a provider or a client. */
export const PendingPage = ({ side, account }: { side: string; account: string }): ReactNode => {
  const of = side === 'provider' || side === 'client' ? `&${side}=${account}` : ''
  const path = `/api/pending?limit=50${of}`
  return (
    <>
      <Title kind={t`Not settled yet`} {...(of !== '' && { id: account })} />
      <p className='quiet'>
        {t`Work that is done, and that its client signed for. Each row is a voucher: signed by the client; checked by this explorer, and in its last column by this browser. The next batch of the provider pays it.`}
      </p>
      <Shown of={useLoad<Told>(path)}>
        {(told) => (
          <>
            <Sums told={told} />
            <Estimate side={side} rows={told.items} />
          </>
        )}
      </Shown>
      <Shown of={useLoad<Summary>(paths.summary)}>{(summary) => <Rows path={path} summary={summary} />}</Shown>
      <AsJson path={path} />
    </>
  )
}

const Rows = ({ path, summary }: { path: string; summary: Summary }): ReactNode => (
  <ListTable
    name='pending'
    label='pending'
    columns={columnsOf(summary)}
    list={useList<Pending>(path, keyOf)}
    keyOf={keyOf}
    empty={t`Nothing: what clients signed for is settled, as far as providers show it.`}
  />
)

/** A provider settles everything that it is owed at once, so one estimate is of all its rows. */
const Estimate = ({ side, rows: [first] }: { side: string; rows: Pending[] }): ReactNode => {
  if (first === undefined) return null
  return side === 'provider' ? <ExpectedWords rhythm={first.rhythm} /> : <ExpectedNote />
}

const Sums = ({ told: { sums, answered } }: { told: Told }): ReactNode => {
  const open = BigInt(sums.pending) - BigInt(sums.covered)
  if (answered === 0) return <p className='notice'>{t`No provider has told this explorer what it is owed.`}</p>
  return (
    <p>
      <Trans comment='an amount in OPEN, and in how many channels it waits'>
        <Amount wei={sums.pending} /> OPEN in <Plural value={sums.channels} one='# channel' other='# channels' />.
      </Trans>{' '}
      {open > 0n ? (
        <Trans>
          <Amount wei={open} /> of it is more than the escrow of its clients covers.
        </Trans>
      ) : (
        sums.channels > 0 && t`The escrow of its clients covers it.`
      )}
    </p>
  )
}
