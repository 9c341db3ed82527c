/** Times to come, which are estimates: how long it is until then, and the time of day. UTC on hover. */
import type { ReactNode } from 'react'
import { locale } from '../../web/locale.ts'
import { relative, utc } from './parts.tsx'

/** How long it is until then. */
export const Soon = ({ at, now }: { at: number; now: number }): ReactNode => (
  <time className='numeric' dateTime={new Date(at * 1_000).toISOString()} title={utc(at)}>
    {relative(Math.max(1, at - now))}
  </time>
)

/** The time of day, and the day where it is not today's. Seconds where two times would be the same minute without them. */
export const Clock = ({ at, within }: { at: number; within: number }): ReactNode => {
  const time = new Date(at * 1_000)
  const timeStyle = within < 600 ? 'medium' : 'short'
  const isToday = time.toDateString() === new Date().toDateString()
  return (
    <time className='numeric' dateTime={time.toISOString()} title={utc(at)}>
      {isToday
        ? time.toLocaleTimeString(locale(), { timeStyle })
        : time.toLocaleString(locale(), { dateStyle: 'medium', timeStyle })}
    </time>
  )
}
