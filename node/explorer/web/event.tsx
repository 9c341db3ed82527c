/** One event of the contracts, as it stands in the chain, and how anybody finds it there. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { Block } from './block.tsx'
import { eventWords, fieldWords } from './event-words.ts'
import { AsJson, Facts, Shown, Time, Title } from './parts.tsx'
import { useLoad } from './use-load.ts'
import type { ChainEvent } from './wire.ts'

/** `BatchSettled` as "batch settled": the contracts' own names, readable, where there are no words for one. */
const readable = (name: string): string => name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()

/** Of an event's name. */
export const wordsOf = (name: string): string => eventWords.get(name) ?? readable(name)

const textOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))

export const EventPage = ({ place }: { place: string }): ReactNode => (
  <>
    <Title kind={t`Event`} id={place} />
    <Shown of={useLoad<ChainEvent>(`/api/events/${place}`)}>{(event) => <Told event={event} />}</Shown>
    <AsJson path={`/api/events/${place}`} />
  </>
)

/** What a node is asked for. */
const method = 'eth_getTransactionReceipt'

const Told = ({ event: { name, block, logIndex, transaction, at, ...fields } }: { event: ChainEvent }): ReactNode => (
  <>
    <Facts
      rows={[
        [t`Event`, name],
        [t`When`, <Time key='t' at={at} />],
        [t`Block`, <Block key='b' number={block} />],
        [t({ message: 'Log', comment: 'The place of an event among the logs of its block' }), logIndex],
        [t`Transaction`, <Whole key='x' of={transaction} />],
        ...Object.entries(fields).map(([field, value]): [string, ReactNode] => [
          fieldWords.get(field) ?? readable(field),
          <Whole key={field} of={textOf(value)} />
        ])
      ]}
    />
    <p className='quiet'>
      <Trans>
        Any node of the chain tells the same: ask it for <span className='mono'>{method}</span> of this transaction, and look at
        its log {logIndex}. Amounts are in wei.
      </Trans>
    </p>
    {typeof fields['provider'] === 'string' && typeof fields['batch'] === 'number' && (
      <p>
        <a href={`/batch/${fields['provider']}/${fields['batch']}`}>{t`The batch, with its payments and receipts`}</a>
      </p>
    )}
  </>
)

const Whole = ({ of }: { of: string }): ReactNode => <span className='mono whole'>{of}</span>
