/** What every audit ends with, and the exit code that says so to a script. */

import type { Silent } from './source.ts'

/** `proved`: every step holds. `disproved`: a step says no. `unknown`: nobody who was asked shows what it takes. */
export type Verdict = 'proved' | 'disproved' | 'unknown'

export interface Outcome {
  verdict: Verdict
  /** Why, where it is not proved: one sentence each, the step that failed first. */
  reasons: string[]
  /** Who could not be read: what could not be told may be told when they answer. */
  silent: Silent[]
}

export const exitCodes: Record<Verdict, number> = { proved: 0, disproved: 1, unknown: 3 }
export const EXIT_USAGE = 2
