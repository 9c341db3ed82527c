/** What a request could cost before any of it is sent: exact prices of those who could serve it, and the most that can be owed. */
import type { Wei } from '../protocol/amounts.ts'
import { priceOf } from '../protocol/amounts.ts'
import type { Surveyed } from './market-desk.ts'

export interface Quote {
  model: string
  /** Positions that would be charged as prompt: of a continued session, only what is new. */
  promptTokens: number
  /** Completion tokens, if the answer runs to its end. */
  completionTokensMax: number
  /** Providers that could serve it now. */
  providers: number
  /** Wei, over those providers; null when there is none. `least` and `most` are of an answer that runs to its end. */
  cost: { prompt: Wei; perToken: Wei; least: Wei; most: Wei } | null
}

/** The prompt is charged once, however often the session moves; a takeover may be dearer, so `most` takes the dearest of both. */
export const quoteOf = (
  model: string,
  { promptUnits, completionMax }: { promptUnits: number; completionMax: number },
  rows: Surveyed[]
): Quote => {
  const fit = rows.filter(({ reason }) => reason === null).map((row) => row.model)
  const whole = fit.map(({ promptWei, completionWei }) => priceOf(promptWei, promptUnits) + priceOf(completionWei, completionMax))
  const cheapest = whole.reduce((best, wei, i) => (wei < (whole[best] as Wei) ? i : best), 0)
  const first = fit[cheapest]
  const dearest = (of: (row: (typeof fit)[number]) => Wei): Wei => fit.map(of).sort((a, b) => (a > b ? -1 : 1))[0] ?? 0n
  return {
    model,
    promptTokens: promptUnits,
    completionTokensMax: completionMax,
    providers: fit.length,
    cost:
      first === undefined
        ? null
        : {
            prompt: priceOf(first.promptWei, promptUnits),
            perToken: first.completionWei,
            least: whole[cheapest] as Wei,
            most:
              priceOf(
                dearest(({ promptWei }) => promptWei),
                promptUnits
              ) +
              priceOf(
                dearest(({ completionWei }) => completionWei),
                completionMax
              )
          }
  }
}
