/** What all of it comes to, and what is happening now. */
import type { ReactNode } from 'react'
import { Amount } from '../../web/amount.tsx'
import { Id } from '../../web/id.tsx'
import { Coming } from './coming.tsx'
import { Ends, handOversOf } from './ends.tsx'
import { wordsOf } from './event.tsx'
import { ProviderLink } from './hues.tsx'
import { useLive } from './live.tsx'
import { Ago, Count, Empty, Facts, Figure, Shown, Title } from './parts.tsx'
import { Periods } from './periods.tsx'
import { SessionsTable } from './sessions.tsx'
import { useLoad } from './use-load.ts'
import type { ChainEvent, Summary } from './wire.ts'

export const Overview = (): ReactNode => (
  <>
    <Title kind='Who did what, for how much' />
    <Shown of={useLoad<Summary>('/api/summary')}>
      {(summary) => (
        <>
          <dl className='figures'>
            <Figure name='Settled' note={`in ${summary.payments.toLocaleString()} payments`}>
              <Amount wei={summary.settled} /> OPEN
            </Figure>
            <Figure
              name='Written'
              note={`tokens; ${BigInt(summary.served.read).toLocaleString()} read, as ${summary.served.receipts.toLocaleString()} paid receipts say`}
            >
              <Count of={BigInt(summary.served.written)} />
            </Figure>
            <Figure name='Changed hands' note='legs whose machine went away, or was left, before the answer was over'>
              <Count of={handOversOf(summary.served)} />
            </Figure>
            <Figure name='Batches' note='each pays a provider for many sessions'>
              <Count of={summary.batches} />
            </Figure>
            <Figure name='Models' note={`${summary.cases.toLocaleString()} ${summary.cases === 1 ? 'dispute' : 'disputes'}`}>
              <Count of={summary.models} />
            </Figure>
            <Figure name='Providers' note={`${summary.clients.toLocaleString()} ${summary.clients === 1 ? 'client' : 'clients'}`}>
              <Count of={summary.providers} />
            </Figure>
          </dl>
          <Coming />
          <section>
            <h2>Over time</h2>
            <Periods />
          </section>
          <section>
            <h2>Paid last</h2>
            <SessionsTable limit={10} />
          </section>
          <div className='halves'>
            <section>
              <h2>Live</h2>
              <Feed />
            </section>
            <section>
              <h2>The chain</h2>
              <Facts
                rows={[
                  ['Chain', summary.chainId],
                  ['Block', `${summary.block ?? 'none yet'} of ${summary.head}`],
                  ['Ledger', <Id key='l' id={summary.contracts.ledger} />],
                  ['Token', <Id key='t' id={summary.contracts.token} />],
                  ['Deposited', <Amount key='d' wei={summary.deposited} />],
                  ['Claimed', <Amount key='c' wei={summary.claimed} />],
                  ['Royalties', <Amount key='r' wei={summary.royalties} />],
                  ['Slashed', <Amount key='s' wei={summary.slashed} />],
                  ['Legs ended', <Ends key='e' of={summary.served} />]
                ]}
              />
            </section>
          </div>
        </>
      )}
    </Shown>
  </>
)

const Feed = (): ReactNode => {
  const { events } = useLive()
  if (events === undefined) return null
  if (events.length === 0) return <Empty>Nothing has happened yet.</Empty>
  return (
    <ol className='feed card' aria-label='Events of the contracts, newest first'>
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
