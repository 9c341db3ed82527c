/** One event of the contracts, as it stands in the chain, and how anybody finds it there. */
import type { ReactNode } from 'react'
import { Block } from './block.tsx'
import { AsJson, Facts, Shown, Time, Title } from './parts.tsx'
import { useLoad } from './use-load.ts'
import type { ChainEvent } from './wire.ts'

/** `BatchSettled` as "batch settled": the contracts' own names, readable. */
export const wordsOf = (name: string): string => name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()

const textOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))

export const EventPage = ({ place }: { place: string }): ReactNode => (
  <>
    <Title kind='Event' id={place} />
    <Shown of={useLoad<ChainEvent>(`/api/events/${place}`)}>{(event) => <Told event={event} />}</Shown>
    <AsJson path={`/api/events/${place}`} />
  </>
)

const Told = ({ event: { name, block, logIndex, transaction, at, ...fields } }: { event: ChainEvent }): ReactNode => (
  <>
    <Facts
      rows={[
        ['Event', name],
        ['When', <Time key='t' at={at} />],
        ['Block', <Block key='b' number={block} />],
        ['Log', logIndex],
        ['Transaction', <Whole key='x' of={transaction} />],
        ...Object.entries(fields).map(([field, value]): [string, ReactNode] => [
          wordsOf(field),
          <Whole key={field} of={textOf(value)} />
        ])
      ]}
    />
    <p className='quiet'>
      Any node of the chain tells the same: ask it for <span className='mono'>eth_getTransactionReceipt</span> of this
      transaction, and look at its log {logIndex}. Amounts are in wei.
    </p>
    {typeof fields['provider'] === 'string' && typeof fields['batch'] === 'number' && (
      <p>
        <a href={`/batch/${fields['provider']}/${fields['batch']}`}>The batch, with its payments and receipts</a>
      </p>
    )}
  </>
)

const Whole = ({ of }: { of: string }): ReactNode => <span className='mono whole'>{of}</span>
