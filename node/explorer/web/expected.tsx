/** When what waits is expected to be settled: worked out in the page from when its provider settled before, and told as the estimate that it is. */
import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { count } from '../../web/locale.ts'
import { type Expected, expectedOf, type Rhythm, trackRecordOf } from '../rhythm.ts'
import { Clock, Soon } from './soon.tsx'
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
  return told === undefined ? t`not known yet` : told === 'late' ? t`later than ever before` : <Soon at={told.at} now={now} />
}

/** Behind what it is about; nothing where nothing is known. */
export const ExpectedTail = ({ rhythm }: OfProvider): ReactNode => {
  const now = useNow()
  const told = toldOf(rhythm, now)
  if (told === undefined) return null
  return (
    <>
      {' · '}
      {told === 'late' ? (
        t`later than ever before`
      ) : (
        <Trans comment='when a settlement is expected: “expected in 4 min.”'>
          expected <Soon at={told.at} now={now} />
        </Trans>
      )}
    </>
  )
}

/** As the tail, where no note beside it says what it is. */
export const ExpectedLine = ({ rhythm }: OfProvider): ReactNode => {
  const isTold = toldOf(rhythm, useNow()) !== undefined
  if (!isTold) return null
  return (
    <>
      <ExpectedTail rhythm={rhythm} />
      {' · '}
      {t`an estimate, from when it settled before`}
    </>
  )
}

/** Of one provider, with what the estimate is made of and how often it would have held. */
export const ExpectedWords = ({ rhythm }: OfProvider): ReactNode => {
  const now = useNow()
  const told = toldOf(rhythm, now)
  if (rhythm === null || told === undefined) {
    return <p>{t`When it will be settled is not known yet: its provider has settled too few times to tell.`}</p>
  }
  const intervals = rhythm.intervals.length
  if (told === 'late') {
    const settlements = count(intervals + 1)
    return (
      <p>
        {t`Later than ever before: between its last ${settlements} settlements this provider never let so much time pass, so no time is told.`}{' '}
        {t`When to settle is its own choice.`}
      </p>
    )
  }
  const [longer, all] = [count(told.of), count(intervals)]
  return (
    <p>
      <ExpectedWhen told={told} now={now} />{' '}
      {t`It is an estimate from the chain, where ${longer} of the last ${all} intervals between its settlements were longer than this one is by now.`}{' '}
      {heldOf(rhythm)} {t`When to settle is its own choice.`}
    </p>
  )
}

export const ExpectedNote = (): ReactNode => (
  <p className='quiet small'>
    {t`When it is expected is an estimate, from when each provider settled before, as the chain tells.`}{' '}
    {t`When to settle is its own choice.`}
  </p>
)

const ExpectedWhen = ({ told: { at, from, to }, now }: { told: Expected; now: number }): ReactNode =>
  from === to ? (
    <Trans>
      Expected <Soon at={at} now={now} />, at <Clock at={from} within={0} />.
    </Trans>
  ) : (
    <Trans>
      Expected <Soon at={at} now={now} />, between <Clock at={from} within={to - from} /> and <Clock at={to} within={to - from} />{' '}
      for 8 in 10.
    </Trans>
  )

const heldOf = (rhythm: Rhythm): string => {
  const { held, told } = trackRecordOf(rhythm)
  if (told === 0) return t`There is no settlement yet to try it on.`
  const times = count(held)
  return plural(told, {
    one: `Such a range would have held for ${times} of its last # settlement.`,
    other: `Such a range would have held for ${times} of its last # settlements.`
  })
}
