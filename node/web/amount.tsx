import { formatOpen } from 'openseam/protocol/amounts'
import type { ReactNode } from 'react'
import { withMark } from './locale.ts'
import { shortOpen } from './short.ts'

/** An amount in OPEN; the exact wei on hover. */
export const Amount = ({ wei }: { wei: bigint | string }): ReactNode => {
  const exact = BigInt(wei)
  return (
    <data className='numeric' value={exact.toString()} title={`${exact} wei = ${withMark(formatOpen(exact))} OPEN`}>
      {withMark(shortOpen(exact))}
    </data>
  )
}
