/** How the axes of a chart are written: as the reader's language writes numbers, and days and hours in UTC. */
import { count, locale } from '../../web/locale.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const DAY = 24 * 60 * MINUTE
const COMPACT_FROM = 10_000

/** A drawing goes from left to right in every language, the words in it go as the page does. */
const inItsDirection = (text: string): string => (document.documentElement.dir === 'rtl' ? `\u2067${text}\u2069` : text)

const written = (time: Date, options: Intl.DateTimeFormatOptions): string =>
  inItsDirection(new Intl.DateTimeFormat(locale(), { timeZone: 'UTC', ...options }).format(time))

const stepOf = (ticks: readonly (Date | number)[]): number => {
  const [first, second] = ticks
  return first === undefined || second === undefined ? 0 : Math.abs(Number(second) - Number(first))
}

const clock = (step: number): Intl.DateTimeFormatOptions => ({
  hour: 'numeric',
  minute: '2-digit',
  ...(step < MINUTE && { second: '2-digit' }),
  ...(step < SECOND && { fractionalSecondDigits: 1 })
})

/** The hour, or else the day; below it, where that is another than at the tick before, the day or else the year. */
export const timeTick = (time: Date, place: number, ticks: readonly Date[] = []): string => {
  const step = ticks.length > 1 ? stepOf(ticks) : DAY
  const day = { day: 'numeric', month: 'short' } as const
  const above = written(time, step < DAY ? clock(step) : day)
  const belowOf = (at: Date): string => written(at, step < DAY ? day : { year: 'numeric' })
  const before = ticks[place - 1]
  return before !== undefined && belowOf(before) === belowOf(time) ? above : `${above}\n${belowOf(time)}`
}

/** With as many digits behind the mark as the ticks need to be told apart. */
export const numberTick = (value: number, _place: number, ticks: readonly number[] = [value]): string => {
  if (Math.max(...ticks.map(Math.abs)) >= COMPACT_FROM)
    return inItsDirection(new Intl.NumberFormat(locale(), { notation: 'compact' }).format(value))
  const step = stepOf(ticks)
  if (step === 0 || step >= 1) return count(value)
  const digits = Math.ceil(-Math.log10(step) - 1e-9) // a step is 1, 2 or 5 of some place, but for how a computer adds
  return value.toLocaleString(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits })
}
