/** How numbers and times are written: as the document's language and region say, in the digits that ids and hashes are in. */
export const locale = (): string => `${document.documentElement.lang || 'en'}-u-nu-latn`

/** A whole number, in groups of digits. */
export const count = (of: number | bigint): string => of.toLocaleString(locale())

/** An amount's or a chart's number with the mark that the reader's language puts before a fraction. */
export const withMark = (decimal: string): string => decimal.replace('.', mark())

const mark = (): string => new Intl.NumberFormat(locale()).formatToParts(1.5).find(({ type }) => type === 'decimal')?.value ?? '.'
