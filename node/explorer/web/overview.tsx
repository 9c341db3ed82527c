/** What all of it comes to, and what is happening now. */

import { plural, t } from '@lingui/core/macro'
import type { ReactNode } from 'react'
import { Amount } from '../../web/amount.tsx'
import { Id } from '../../web/id.tsx'
import { count } from '../../web/locale.ts'
import { Coming } from './coming.tsx'
import { Ends, handOversOf } from './ends.tsx'
import { wordsOf } from './event.tsx'
import { ProviderLink } from './hues.tsx'
import { useLive } from './live.tsx'
import { Ago, Count, Empty, Facts, Figure, Shown, Title } from './parts.tsx'
import { FIRST, paths } from './paths.ts'
import { Periods } from './periods.tsx'
import { SessionsTable } from './sessions.tsx'
import { useLoad } from './use-load.ts'
import type { ChainEvent, Summary } from './wire.ts'

export const Overview = (): ReactNode => {
  const summary = useLoad<Summary>(paths.summary)
  return (
    <>
      <Title kind={t`Who did what, for how much`} />
      <Shown of={summary}>{(value) => <Figures summary={value} />}</Shown>
      {/* Asked for together with the sums, not after them; what fails is said once. */}
      {summary.phase !== 'failed' && (
        <>
          <Coming />
          <section>
            <h2>{t`Over time`}</h2>
            <Periods />
          </section>
          <section>
            <h2>{t`Paid last`}</h2>
            <SessionsTable limit={FIRST.sessionsBeside} />
          </section>
          <div className='halves'>
            <section>
              <h2>{t`Live`}</h2>
              <Feed />
            </section>
            {summary.phase === 'ready' && <TheChain summary={summary.value} />}
          </div>
        </>
      )}
    </>
  )
}

const Figures = ({ summary }: { summary: Summary }): ReactNode => (
  <dl className='figures'>
    <Figure name={t`Settled`} note={plural(summary.payments, { one: 'in # payment', other: 'in # payments' })}>
      <Amount wei={summary.settled} /> OPEN
    </Figure>
    <Figure
      name={t`Written`}
      note={t`tokens; ${{ read: count(BigInt(summary.served.read)) }} read, as ${{ receipts: count(summary.served.receipts) }} paid receipts say`}
    >
      <Count of={BigInt(summary.served.written)} />
    </Figure>
    <Figure name={t`Changed hands`} note={t`legs whose machine went away, or was left, before the answer was over`}>
      <Count of={handOversOf(summary.served)} />
    </Figure>
    <Figure name={t`Batches`} note={t`each pays a provider for many sessions`}>
      <Count of={summary.batches} />
    </Figure>
    <Figure name={t`Models`} note={plural(summary.cases, { one: '# dispute', other: '# disputes' })}>
      <Count of={summary.models} />
    </Figure>
    <Figure name={t`Providers`} note={plural(summary.clients, { one: '# client', other: '# clients' })}>
      <Count of={summary.providers} />
    </Figure>
  </dl>
)

const TheChain = ({ summary }: { summary: Summary }): ReactNode => (
  <section>
    <h2>{t`The chain`}</h2>
    <Facts
      rows={[
        [t`Chain`, summary.chainId],
        [
          t`Block`,
          t`${{ block: summary.block === null ? t`none yet` : count(summary.block) }} of ${{ head: count(summary.head) }}`
        ],
        [t`Ledger`, <Id key='l' id={summary.contracts.ledger} />],
        [t`Token`, <Id key='t' id={summary.contracts.token} />],
        [t`Deposited`, <Amount key='d' wei={summary.deposited} />],
        [t`Claimed`, <Amount key='c' wei={summary.claimed} />],
        [t`Royalties`, <Amount key='r' wei={summary.royalties} />],
        [t`Slashed`, <Amount key='s' wei={summary.slashed} />],
        [t`Legs ended`, <Ends key='e' of={summary.served} />]
      ]}
    />
  </section>
)

const Feed = (): ReactNode => {
  const { events } = useLive()
  if (events === undefined) return null
  if (events.length === 0) return <Empty>{t`Nothing has happened yet.`}</Empty>
  return (
    <ol className='feed card' aria-label={t`Events of the contracts, newest first`}>
      {events.slice(0, 12).map((event) => (
        <li key={`${event.block}-${event.logIndex}`}>
          <Said event={event} />
          <Ago at={event.at} />
        </li>
      ))}
    </ol>
  )
}

const Said = ({ event }: { event: ChainEvent }): ReactNode => {
  const provider = typeof event['provider'] === 'string' ? event['provider'] : undefined
  const amount = event['amount'] ?? event['total']
  return (
    <span>
      {provider !== undefined && <ProviderLink account={provider} />}{' '}
      <a href={`/event/${event.block}-${event.logIndex}`}>{wordsOf(event.name)}</a>
      {typeof amount === 'string' && (
        <>
          {' '}
          <Amount wei={amount} />
        </>
      )}
    </span>
  )
}
