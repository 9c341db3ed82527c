import { Plural, Trans } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { count } from '../../web/locale.ts'
import { paths } from './paths.ts'
import { useLoad } from './use-load.ts'
import type { Summary } from './wire.ts'

/** A block and how many have been built on it: what is deep is not taken back. */
export const Block = ({ number }: { number: number }): ReactNode => {
  const summary = useLoad<Summary>(paths.summary)
  const blocksOnIt = summary.phase === 'ready' ? Math.max(0, summary.value.head - number) : undefined
  const block = count(number)
  if (blocksOnIt === undefined) return <span className='numeric'>{block}</span>
  return (
    <span className='numeric'>
      <Trans comment='The number of a block, and how many blocks have been built on it'>
        {block}
        <span className='quiet'>
          <Plural value={blocksOnIt} one=', with # on it' other=', with # on it' />
        </span>
      </Trans>
    </span>
  )
}
