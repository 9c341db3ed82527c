import type { ReactNode } from 'react'

const HEAD = 6
const TAIL = 4

/** A hash, address or peer id, short enough to be told apart by eye; peer ids all begin alike, so their end is what counts. */
export const shortId = (id: string): string => {
  if (id.length <= HEAD + TAIL + 3) return id
  return id.startsWith('12D3Koo') ? `…${id.slice(-HEAD)}` : `${id.slice(0, HEAD)}…${id.slice(-TAIL)}`
}

/** The whole id on hover. */
export const Id = ({ id }: { id: string }): ReactNode => (
  <span className='mono' title={id}>
    {shortId(id)}
  </span>
)
