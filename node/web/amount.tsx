import { formatOpen } from 'openseam/protocol/amounts'
import type { ReactNode } from 'react'

const DIGITS_SHOWN = 6

/** Wei as OPEN that fits a line: cut, never rounded up, after six digits that say something. */
export const shortOpen = (wei: bigint): string => {
  const [whole = '0', fraction = ''] = formatOpen(wei).split('.')
  const zeros = whole === '0' ? (/^0*/.exec(fraction)?.[0].length ?? 0) : 0
  const kept = Math.max(0, DIGITS_SHOWN - (whole === '0' ? 0 : whole.length)) + zeros
  const cut = fraction.slice(0, kept).replace(/0+$/, '')
  return cut === '' ? whole : `${whole}.${cut}`
}

/** An amount in OPEN; the exact wei on hover. */
export const Amount = ({ wei }: { wei: bigint | string }): ReactNode => {
  const exact = BigInt(wei)
  return (
    <data className='numeric' value={exact.toString()} title={`${exact} wei = ${formatOpen(exact)} OPEN`}>
      {shortOpen(exact)}
    </data>
  )
}
