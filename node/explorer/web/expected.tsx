/** When what waits is expected to be settled: worked out in the page from when its provider settled before, and told as the estimate that it is. */
import type { ReactNode } from 'react'
import { type Expected, expectedOf, type Rhythm, trackRecordOf } from '../rhythm.ts'
import { utc } from './parts.tsx'
import { secondsNow, useNow } from './use-now.ts'

interface OfProvider {
  /** Null where it has never settled. */
  rhythm: Rhythm | null
}

type Told = Expected | 'late' | undefined

const toldOf = (rhythm: Rhythm | null, now: number): Told => (rhythm === null ? undefined : expectedOf(rhythm, now))

/** To sort by, and for the CSV: seconds, or nothing where no time can be told. */
export const expectedAt = ({ rhythm }: OfProvider): number | '' => {
  const told = toldOf(rhythm, secondsNow())
  return told === undefined || told === 'late' ? '' : told.at
}

/** In a table. */
export const ExpectedCell = ({ rhythm }: OfProvider): ReactNode => {
  const now = useNow()
  const told = toldOf(rhythm, now)
  return told === undefined ? 'not known yet' : told === 'late' ? 'later than ever before' : <Soon at={told.at} now={now} />
}

/** Behind what it is about; nothing where nothing is known. */
export const ExpectedTail = ({ rhythm }: OfProvider): ReactNode => {
  const now = useNow()
  const told = toldOf(rhythm, now)
  if (told === undefined) return null
  if (told === 'late') return ', later than ever before'
  return (
    <>
      , expected <Soon at={told.at} now={now} />
    </>
  )
}

/** As the tail, where no note beside it says what it is. */
export const ExpectedLine = ({ rhythm }: OfProvider): ReactNode => {
  const isTold = toldOf(rhythm, useNow()) !== undefined
  return (
    <>
      <ExpectedTail rhythm={rhythm} />
      {isTold && ': an estimate, from when it settled before'}
    </>
  )
}

/** Of one provider, with what the estimate is made of and how often it would have held. */
export const ExpectedWords = ({ rhythm }: OfProvider): ReactNode => {
  const now = useNow()
  const told = toldOf(rhythm, now)
  if (rhythm === null || told === undefined) {
    return <p>When it will be settled is not known yet: its provider has settled too few times to tell.</p>
  }
  if (told === 'late') {
    return (
      <p>
        Later than ever before: between its last {(rhythm.intervals.length + 1).toLocaleString()} settlements this provider never
        let so much time pass, so no time is told. When to settle is its own choice.
      </p>
    )
  }
  return (
    <p>
      Expected <Soon at={told.at} now={now} />, <Between {...told} />: an estimate, from those {told.of.toLocaleString()} of the
      last {rhythm.intervals.length.toLocaleString()} intervals between its settlements that were longer than this one is by now.{' '}
      <Held rhythm={rhythm} /> When to settle is its own choice.
    </p>
  )
}

export const ExpectedNote = (): ReactNode => (
  <p className='quiet small'>
    When it is expected is an estimate, from when each provider settled before, as the chain tells. When to settle is its own
    choice.
  </p>
)

const Between = ({ from, to }: Expected): ReactNode =>
  from === to ? (
    <>
      at <Clock at={from} within={0} />
    </>
  ) : (
    <>
      between <Clock at={from} within={to - from} /> and <Clock at={to} within={to - from} /> for 8 in 10
    </>
  )

const Held = ({ rhythm }: { rhythm: Rhythm }): ReactNode => {
  const { held, told } = trackRecordOf(rhythm)
  if (told === 0) return 'There is no settlement yet to try it on.'
  return (
    <>
      This would have held for {held.toLocaleString()} of its last {told.toLocaleString()} settlements.
    </>
  )
}

const units: [name: string, seconds: number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1]
]

/** How long it is until then; UTC on hover. */
const Soon = ({ at, now }: { at: number; now: number }): ReactNode => {
  const left = Math.max(1, at - now)
  const [unit, seconds] = units.find(([, length]) => left >= length) ?? ['second', 1]
  const span = Math.round(left / seconds).toLocaleString(undefined, { style: 'unit', unit, unitDisplay: 'short' })
  return (
    <time className='numeric' dateTime={new Date(at * 1_000).toISOString()} title={utc(at)}>
      in about {span}
    </time>
  )
}

/** The time of day, and the day where it is not today's. Seconds where two times would be the same minute without them. */
const Clock = ({ at, within }: { at: number; within: number }): ReactNode => {
  const time = new Date(at * 1_000)
  const timeStyle = within < 600 ? 'medium' : 'short'
  const isToday = time.toDateString() === new Date().toDateString()
  return (
    <time className='numeric' dateTime={time.toISOString()} title={utc(at)}>
      {isToday
        ? time.toLocaleTimeString(undefined, { timeStyle })
        : time.toLocaleString(undefined, { dateStyle: 'medium', timeStyle })}
    </time>
  )
}
