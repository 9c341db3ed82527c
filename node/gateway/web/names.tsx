/** A name and a colour for every peer: in a devnet its own, elsewhere the end of its id and the next colour. */
import { createContext, type ReactNode, useContext } from 'react'
import { shortId } from '../../web/short.ts'
import type { DevnetProvider } from './wire.ts'

const HUES = 8

export interface Names {
  nameOf(peer: string): string
  hueOf(peer: string): string
}

/** `met`: peers in the order in which they were met. */
export const namesOf = (devnet: readonly DevnetProvider[], met: readonly string[]): Names => {
  const known = devnet.flatMap(({ peerId }) => (peerId === null ? [] : [peerId]))
  const order = [...new Set([...known, ...met])]
  return {
    nameOf: (peer) => devnet.find(({ peerId }) => peerId === peer)?.name ?? shortId(peer),
    hueOf: (peer) => `hue-${Math.max(0, order.indexOf(peer)) % HUES}`
  }
}

export const NamesContext = createContext<Names>(namesOf([], []))
export const useNames = (): Names => useContext(NamesContext)

export const Peer = ({ id }: { id: string }): ReactNode => {
  const { nameOf, hueOf } = useNames()
  return (
    <span className={`peer ${hueOf(id)}`} title={id}>
      <span className='dot' aria-hidden='true' />
      {nameOf(id)}
    </span>
  )
}
