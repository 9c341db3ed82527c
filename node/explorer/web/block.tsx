import type { ReactNode } from 'react'
import { useLoad } from './use-load.ts'
import type { Summary } from './wire.ts'

/** A block and how many have been built on it: what is deep is not taken back. */
export const Block = ({ number }: { number: number }): ReactNode => {
  const summary = useLoad<Summary>('/api/summary')
  const since = summary.phase === 'ready' ? Math.max(0, summary.value.head - number) : undefined
  return (
    <span className='numeric'>
      {number.toLocaleString()}
      {since !== undefined && <span className='quiet'>, with {since.toLocaleString()} on it</span>}
    </span>
  )
}
