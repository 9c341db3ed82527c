/** Amounts and ids that fit a line; the whole of each is shown on hover. */
import { formatOpen } from 'openseam/protocol/amounts'

const DIGITS_SHOWN = 6

/** Wei as OPEN that fits a line: cut, never rounded up, after six digits that say something. */
export const shortOpen = (wei: bigint): string => {
  const [whole = '0', fraction = ''] = formatOpen(wei).split('.')
  const zeros = whole === '0' ? (/^0*/.exec(fraction)?.[0].length ?? 0) : 0
  const kept = Math.max(0, DIGITS_SHOWN - (whole === '0' ? 0 : whole.length)) + zeros
  const cut = fraction.slice(0, kept).replace(/0+$/, '')
  return cut === '' ? whole : `${whole}.${cut}`
}

const HEAD = 6
const TAIL = 4

/** A hash, address or peer id, short enough to be told apart by eye; peer ids all begin alike, so their end is what counts. */
export const shortId = (id: string): string => {
  if (id.length <= HEAD + TAIL + 3) return id
  return id.startsWith('12D3Koo') ? `…${id.slice(-HEAD)}` : `${id.slice(0, HEAD)}…${id.slice(-TAIL)}`
}
