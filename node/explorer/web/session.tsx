/** One conversation: each leg a band in its provider's colour, as long as what it read and wrote. */
import type { ReactNode } from 'react'
import { Amount } from '../../web/amount.tsx'
import { wordsOfEnd } from './ends.tsx'
import { ProviderLink, useHue } from './hues.tsx'
import { NameIt } from './name-it.tsx'
import { AsJson, Count, Facts, Shown, Time, Title, To } from './parts.tsx'
import { type Column, Table } from './table.tsx'
import { useLoad } from './use-load.ts'
import type { Leg, Receipt, Session } from './wire.ts'

export const SessionPage = ({ id }: { id: string }): ReactNode => (
  <>
    <Title kind='Session' id={id}>
      <NameIt kind='session' id={id} />
    </Title>
    <Shown
      of={useLoad<Session>(`/api/sessions/${id}`)}
      missing={
        <>
          No settled receipt names this session. What was done may <a href='/pending'>not be settled yet</a>; its receipts are
          collected after that.
        </>
      }
    >
      {(session) => <Told session={session} />}
    </Shown>
    <AsJson path={`/api/sessions/${id}`} />
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
          ['Client', first === undefined ? '' : <To key='c' page='account' id={first.client} />],
          ['Model', first === undefined ? '' : <To key='m' page='model' id={first.modelId} />],
          ['Written', `${written.toLocaleString()} positions in ${legs.length.toLocaleString()} legs`],
          ['Changed hands', moves === 0 ? 'never' : moves === 1 ? 'once' : `${moves} times`],
          ['Paid', <Amount key='a' wei={total} />]
        ]}
      />
      <section>
        <h2>Timeline</h2>
        <Timeline legs={legs} receipts={receipts} />
      </section>
      <section>
        <h2>Legs</h2>
        <Table name='legs' columns={legColumns} rows={legs} keyOf={({ leg, provider, client }) => `${leg}${provider}${client}`} />
      </section>
      <section>
        <h2>Receipts</h2>
        {more && <p className='quiet small'>There are more than are shown here.</p>}
        <Table name='receipts' columns={receiptColumns} rows={receipts} keyOf={({ hash }) => hash} />
      </section>
    </>
  )
}

const Timeline = ({ legs, receipts }: { legs: Leg[]; receipts: Receipt[] }): ReactNode => {
  const hueOf = useHue()
  const from = Math.min(...legs.map((leg) => leg.from))
  const to = Math.max(...legs.map((leg) => leg.to))
  const share = (position: number): number => ((position - from) * 100) / Math.max(1, to - from)
  return (
    <figure className='card timeline'>
      <ol>
        {legs.map((leg) => {
          const left = share(leg.from)
          const width = Math.max(0.6, share(leg.to) - left)
          const points = receipts.filter(
            ({ leg: number, provider, client, settled }) =>
              settled && number === leg.leg && provider === leg.provider && client === leg.client
          )
          return (
            <li key={`${leg.leg}${leg.provider}${leg.client}`} className={`hue-${hueOf(leg.provider)}`}>
              <span className='lane-name small'>
                <span className='quiet'>leg {leg.leg}</span> <ProviderLink account={leg.provider} />
              </span>
              <span className='lane'>
                <svg
                  viewBox='0 0 100 10'
                  preserveAspectRatio='none'
                  role='img'
                  aria-label={`leg ${leg.leg}: positions ${leg.from} to ${leg.to}, ${wordsOfEnd(leg.end, 'its end is not proven')}`}
                >
                  <rect className='band' x={left} width={width} y='1' height='8' rx='0.6' />
                  {points.map((receipt) => (
                    <rect
                      key={receipt.hash}
                      className='point'
                      x={Math.max(0, share(receipt.to) - 0.25)}
                      width='0.25'
                      y='1'
                      height='8'
                    />
                  ))}
                </svg>
              </span>
              <span className='lane-end small'>
                <b className='numeric'>{leg.completionUnits.toLocaleString()}</b> written
                {leg.promptUnits > 0 && <span className='quiet'>, {leg.promptUnits.toLocaleString()} read</span>}
                <span className='quiet'> · {wordsOfEnd(leg.end, 'end not proven')} · </span>
                <Amount wei={leg.amount} />
              </span>
            </li>
          )
        })}
      </ol>
      <figcaption className='quiet small'>
        Positions {from.toLocaleString()} to {to.toLocaleString()}, from left to right. A line in a band is where a signed receipt
        ends. How long a hand-over took only its client knows: receipts carry no times.
      </figcaption>
    </figure>
  )
}

const legColumns: Column<Leg>[] = [
  { name: 'Leg', value: ({ leg }) => leg, cell: ({ leg }) => <Count of={leg} />, isNumber: true },
  { name: 'Provider', value: ({ provider }) => provider, cell: ({ provider }) => <ProviderLink account={provider} /> },
  { name: 'From', value: ({ from }) => from, cell: ({ from }) => <Count of={from} />, isNumber: true },
  { name: 'To', value: ({ to }) => to, cell: ({ to }) => <Count of={to} />, isNumber: true },
  { name: 'Read', value: (leg) => leg.promptUnits, cell: (leg) => <Count of={leg.promptUnits} />, isNumber: true },
  { name: 'Written', value: (leg) => leg.completionUnits, cell: (leg) => <Count of={leg.completionUnits} />, isNumber: true },
  { name: 'Ended', value: ({ end }) => end ?? '', cell: ({ end }) => wordsOfEnd(end) },
  { name: 'Paid, OPEN', value: ({ amount }) => BigInt(amount), cell: ({ amount }) => <Amount wei={amount} />, isNumber: true }
]

const receiptColumns: Column<Receipt>[] = [
  { name: 'Receipt', value: ({ hash }) => hash, cell: ({ hash }) => <To page='receipt' id={hash} /> },
  { name: 'Leg', value: ({ leg }) => leg, cell: ({ leg }) => <Count of={leg} />, isNumber: true },
  { name: 'No.', value: ({ seq }) => seq, cell: ({ seq }) => <Count of={seq} />, isNumber: true },
  { name: 'From', value: ({ from }) => from, cell: ({ from }) => <Count of={from} />, isNumber: true },
  { name: 'To', value: ({ to }) => to, cell: ({ to }) => <Count of={to} />, isNumber: true },
  { name: 'Paid, OPEN', value: ({ amount }) => BigInt(amount), cell: ({ amount }) => <Amount wei={amount} />, isNumber: true },
  {
    name: 'Settled',
    value: ({ settled, paidAt }) => (settled ? paidAt : 0),
    cell: ({ settled, paidAt }) => (settled ? <Time at={paidAt} /> : 'not on the chain now')
  }
]
