/** Why legs ended, in words. */
import { t } from '@lingui/core/macro'
import type { ReactNode } from 'react'
import { Count } from './parts.tsx'
import type { Served } from './wire.ts'

const words = new Map([
  ['finished', t({ message: 'finished', context: 'why a leg ended' })],
  ['died', t({ message: 'the provider died', context: 'why a leg ended' })],
  ['silent', t({ message: 'the provider fell silent', context: 'why a leg ended' })],
  [
    'drained',
    t({ message: 'the provider drained', context: 'why a leg ended', comment: 'It takes no new work and hands over what it has' })
  ],
  ['refused', t({ message: 'refused', context: 'why a leg ended' })],
  ['cancelled', t({ message: 'the client ended it', context: 'why a leg ended' })],
  ['unpaid', t({ message: 'not paid', context: 'why a leg ended' })],
  ['moved', t({ message: 'moved', context: 'why a leg ended' })]
])

/** `null`: no receipt that closes the leg is proven. */
export const wordsOfEnd = (end: string | null, unproven = t({ message: 'not proven', context: 'why a leg ended' })): string =>
  end === null ? unproven : (words.get(end) ?? end)

const LEFT = ['died', 'silent', 'drained', 'moved']

/** Legs whose machine went away, or was left, before the answer was over. */
export const handOversOf = ({ ends }: Served): number => LEFT.reduce((sum, end) => sum + (ends[end] ?? 0), 0)

export const Ends = ({ of: { ends } }: { of: Served }): ReactNode => {
  const found = Object.entries(ends).toSorted(([, a], [, b]) => b - a)
  if (found.length === 0) return t({ message: 'none is proven', context: 'why a leg ended' })
  return found.map(([end, legs]) => (
    <span key={end}>
      {wordsOfEnd(end)} <Count of={legs} />
    </span>
  ))
}
