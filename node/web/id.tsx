import type { ReactNode } from 'react'
import { shortId } from './short.ts'

/** The whole id on hover. */
export const Id = ({ id }: { id: string }): ReactNode => (
  <span className='mono' title={id}>
    {shortId(id)}
  </span>
)
