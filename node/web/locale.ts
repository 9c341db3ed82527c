/** How numbers and times are written: as the document's language and region say, in the digits that ids and hashes are in. */
export const locale = (): string => `${document.documentElement.lang || 'en'}-u-nu-latn`

/** Made when it is first asked for, since the language is known late, and once: it takes longer than what a table has it write. */
const made = <Of>(make: () => Of): (() => Of) => {
  let kept: Of | undefined
  return () => {
    kept ??= make()
    return kept
  }
}

const numbers = made(() => new Intl.NumberFormat(locale()))
const times = made(() => new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'medium' }))
const mark = made(
  () =>
    numbers()
      .formatToParts(1.5)
      .find(({ type }) => type === 'decimal')?.value ?? '.'
)

/** A whole number, in groups of digits. */
export const count = (of: number | bigint): string => numbers().format(of)

/** Date and time to the second, in the reader's zone. */
export const timeOf = (date: Date): string => times().format(date)

/** An amount's or a chart's number with the mark that the reader's language puts before a fraction. */
export const withMark = (decimal: string): string => decimal.replace('.', mark())
