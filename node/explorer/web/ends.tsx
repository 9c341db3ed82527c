/** Why legs ended, in words. */
import type { ReactNode } from 'react'
import { Count } from './parts.tsx'
import type { Served } from './wire.ts'

const words: Record<string, string> = {
  finished: 'finished',
  died: 'the provider died',
  silent: 'the provider fell silent',
  drained: 'the provider drained',
  refused: 'refused',
  cancelled: 'the client ended it',
  unpaid: 'not paid',
  moved: 'moved'
}

/** `null`: no receipt that closes the leg is proven. */
export const wordsOfEnd = (end: string | null, unproven = 'not proven'): string => (end === null ? unproven : (words[end] ?? end))

const LEFT = ['died', 'silent', 'drained', 'moved']

/** Legs whose machine went away, or was left, before the answer was over. */
export const handOversOf = ({ ends }: Served): number => LEFT.reduce((sum, end) => sum + (ends[end] ?? 0), 0)

export const Ends = ({ of: { ends } }: { of: Served }): ReactNode => {
  const found = Object.entries(ends).toSorted(([, a], [, b]) => b - a)
  if (found.length === 0) return 'none is proven'
  return found.map(([end, count]) => (
    <span key={end}>
      {wordsOfEnd(end)} <Count of={count} />
    </span>
  ))
}
