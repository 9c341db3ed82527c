/** One conversation: its legs and its receipts. */

import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { Amount } from '../../web/amount.tsx'
import { wordsOfEnd } from './ends.tsx'
import { ProviderLink } from './hues.tsx'
import { NameIt } from './name-it.tsx'
import { AsJson, Count, Facts, Shown, Time, Title, To } from './parts.tsx'
import { paths } from './paths.ts'
import { type Column, Table } from './table.tsx'
import { Timeline } from './timeline.tsx'
import { useLoad } from './use-load.ts'
import type { Leg, Receipt, Session } from './wire.ts'

export const SessionPage = ({ id }: { id: string }): ReactNode => (
  <>
    <Title kind={t`Session`} id={id}>
      <NameIt kind='session' id={id} />
    </Title>
    <Shown
      of={useLoad<Session>(paths.session(id))}
      missing={
        <Trans>
          No settled receipt names this session. What was done may <a href='/pending'>not be settled yet</a>; its receipts are
          collected after that.
        </Trans>
      }
    >
      {(session) => <Told session={session} />}
    </Shown>
    <AsJson path={paths.session(id)} />
  </>
)

const Told = ({ session: { legs, receipts, more } }: { session: Session }): ReactNode => {
  const total = legs.reduce((sum, { amount }) => sum + BigInt(amount), 0n)
  const written = legs.reduce((sum, { completionUnits }) => sum + completionUnits, 0)
  const moves = legs.filter((leg, i) => i > 0 && leg.provider !== legs[i - 1]?.provider).length
  const first = legs[0]
  return (
    <>
      <Facts
        rows={[
          [t`Client`, first === undefined ? '' : <To key='c' page='account' id={first.client} />],
          [t`Model`, first === undefined ? '' : <To key='m' page='model' id={first.modelId} />],
          [t`Written`, wordsOfWork(written, legs.length)],
          [t`Changed hands`, wordsOfMoves(moves)],
          [t`Paid`, <Amount key='a' wei={total} />]
        ]}
      />
      <section>
        <h2>{t`Timeline`}</h2>
        <Timeline legs={legs} receipts={receipts} />
      </section>
      <section>
        <h2>{t`Legs`}</h2>
        <Table
          name='legs'
          label={t`Legs`}
          columns={legColumns}
          rows={legs}
          keyOf={({ leg, provider, client }) => `${leg}${provider}${client}`}
        />
      </section>
      <section>
        <h2>{t`Receipts`}</h2>
        {more && <p className='quiet small'>{t`There are more than are shown here.`}</p>}
        <Table name='receipts' label={t`Receipts`} columns={receiptColumns} rows={receipts} keyOf={({ hash }) => hash} />
      </section>
    </>
  )
}

const wordsOfWork = (written: number, legs: number): string =>
  t`${plural({ written }, { one: '# position', other: '# positions' })} in ${plural({ legs }, { one: '# leg', other: '# legs' })}`

const wordsOfMoves = (moves: number): string =>
  t({
    message: plural({ moves }, { 0: 'never', 1: 'once', other: '# times' }),
    comment: 'How often a conversation changed hands'
  })

const spanColumns: Column<Pick<Leg | Receipt, 'from' | 'to'>>[] = [
  {
    name: t({ message: 'From', context: 'the first position' }),
    value: ({ from }) => from,
    cell: ({ from }) => <Count of={from} />,
    isNumber: true
  },
  {
    name: t({ message: 'To', context: 'the last position' }),
    value: ({ to }) => to,
    cell: ({ to }) => <Count of={to} />,
    isNumber: true
  }
]

const legColumns: Column<Leg>[] = [
  { name: t`Leg`, value: ({ leg }) => leg, cell: ({ leg }) => <Count of={leg} />, isNumber: true },
  { name: t`Provider`, value: ({ provider }) => provider, cell: ({ provider }) => <ProviderLink account={provider} /> },
  ...spanColumns,
  {
    name: t({ message: 'Read', comment: 'How many tokens were read' }),
    value: (leg) => leg.promptUnits,
    cell: (leg) => <Count of={leg.promptUnits} />,
    isNumber: true
  },
  {
    name: t({ message: 'Written', comment: 'How many tokens were written' }),
    value: (leg) => leg.completionUnits,
    cell: (leg) => <Count of={leg.completionUnits} />,
    isNumber: true
  },
  {
    name: t({ message: 'Ended', comment: 'Why a leg ended' }),
    value: ({ end }) => end ?? '',
    cell: ({ end }) => wordsOfEnd(end)
  },
  { name: t`Paid, OPEN`, value: ({ amount }) => BigInt(amount), cell: ({ amount }) => <Amount wei={amount} />, isNumber: true }
]

const receiptColumns: Column<Receipt>[] = [
  { name: t`Receipt`, value: ({ hash }) => hash, cell: ({ hash }) => <To page='receipt' id={hash} /> },
  { name: t`Leg`, value: ({ leg }) => leg, cell: ({ leg }) => <Count of={leg} />, isNumber: true },
  {
    name: t({ message: 'No.', comment: 'The number of a receipt within its leg' }),
    value: ({ seq }) => seq,
    cell: ({ seq }) => <Count of={seq} />,
    isNumber: true
  },
  ...spanColumns,
  { name: t`Paid, OPEN`, value: ({ amount }) => BigInt(amount), cell: ({ amount }) => <Amount wei={amount} />, isNumber: true },
  {
    name: t({ message: 'Settled', context: 'when it was settled' }),
    value: ({ settled, paidAt }) => (settled ? paidAt : 0),
    cell: ({ settled, paidAt }) => (settled ? <Time at={paidAt} /> : t`not on the chain now`)
  }
]
