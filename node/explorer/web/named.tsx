/** What is shown in place of an id: the reader's own name for it, else one that is proven, else the id itself, short. The whole of it on hover. */
import { t } from '@lingui/core/macro'
import type { ReactNode } from 'react'
import { Id } from '../../web/id.tsx'
import { useProvenNames } from './names.tsx'
import { useLabels } from './own-labels.ts'

/** A name never changes the direction of what stands beside it. */
export const Named = ({ id }: { id: string }): ReactNode => {
  const own = useLabels().get(id)
  const proven = useProvenNames().get(id)
  if (own !== undefined) return <OwnName id={id} name={own.name} />
  if (proven === undefined) return <Id id={id} />
  return (
    <span className='named' title={id}>
      <bdi>{proven.name}</bdi>
      {proven.shared && ' '}
      {proven.shared ? <Id id={id} /> : <OnPaper id={id} />}
    </span>
  )
}

/** The mark says whose word it is. */
export const OwnName = ({ id, name }: { id: string; name: string }): ReactNode => (
  <span className='named own' title={t`${id}, by your own name for it`}>
    <bdi>{name}</bdi> <span aria-hidden='true'>✎</span>
    <span className='hidden-label'>{t`(your own name)`}</span>
    <OnPaper id={id} />
  </span>
)

/** Nothing hovers over paper: there the id stands beside the name. */
const OnPaper = ({ id }: { id: string }): ReactNode => (
  <span className='on-paper'>
    <Id id={id} />
  </span>
)
