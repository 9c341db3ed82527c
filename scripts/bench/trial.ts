/** One takeover: an answer runs, its provider goes away, and what the client then gets is held against an undisturbed answer. */
import { systemClock } from 'openseam/components'
import type { LegSummary, SamplingOptions } from 'openseam/session/types'
import type { BenchMarket, Fault } from './market.ts'

/** What a trial needs of the market. */
export type TrialMarket = Pick<BenchMarket, 'chat' | 'strike' | 'clearAway'>

export interface TrialPlan {
  ids: number[]
  sampling: SamplingOptions
  tier: 'warm' | 'prefill'
  fault: Fault
  /** The fault strikes after this completion token ... */
  faultAt: number
  /** ... and this share of one token's time. */
  phase: number
  maxTokens: number
}

export interface Trial {
  /** Between the last token of the lost provider and the first of the next, as the client sees them arrive. */
  gapMs: number
  resumed: string
  kept: number
  recomputed: number
  /** Positions that never came, that came twice, that hold another id than the undisturbed answer. */
  lost: number
  duplicated: number
  mismatched: number
  legs: LegSummary[]
}

const TRIAL_MS = 120_000

/** The ids of the same request when nobody is disturbed. */
export const undisturbed = async (market: TrialMarket, { ids, sampling, maxTokens }: TrialPlan): Promise<number[]> => {
  const turn = await market.chat({ ids, sampling, maxTokens, successors: 0 }, AbortSignal.timeout(TRIAL_MS))
  const answer: number[] = []
  for await (const batch of turn) for (const event of batch) if (event.kind === 'token') answer.push(event.id)
  const moved = turn.summary().legs.filter(({ from, to }) => to > from).length
  if (moved !== 1 || answer.length !== maxTokens)
    throw new Error(`the undisturbed answer has ${answer.length} tokens from ${moved} providers`)
  return answer
}

/** Throws when the takeover itself did not happen; wrong tokens are figures, not errors. */
export const runTrial = async (market: TrialMarket, plan: TrialPlan, expected: readonly number[]): Promise<Trial> => {
  const { ids, sampling, maxTokens, tier, fault } = plan
  const request = { ids, sampling, maxTokens, successors: tier === 'warm' ? 1 : 0 }
  const turn = await market.chat(request, AbortSignal.timeout(TRIAL_MS))
  const answer = new Map<number, number>()
  const stamps: number[] = []
  let duplicated = 0
  let struck: { peer: string; done: Promise<void> } | undefined
  let before: { leg: number; atMs: number } | undefined
  let gapMs: number | undefined
  let finish = 'nothing'
  try {
    for await (const batch of turn) {
      const atMs = performance.now()
      for (const event of batch) {
        if (event.kind === 'finish') finish = event.reason
        if (event.kind !== 'token') continue
        if (answer.has(event.index)) duplicated += 1
        answer.set(event.index, event.id)
        if (before !== undefined && before.leg !== event.leg) {
          if (struck === undefined) throw new Error('the session moved before the fault')
          gapMs ??= atMs - before.atMs
        }
        before = { leg: event.leg, atMs }
        if (struck === undefined && event.index >= plan.faultAt) {
          const tokenMs = stamps.length === 0 ? 0 : (atMs - (stamps[0] as number)) / stamps.length
          struck = { peer: event.provider, done: strike(market, event.provider, fault, plan.phase * tokenMs) }
        } else stamps.push(atMs)
      }
    }
  } finally {
    if (struck !== undefined) await struck.done.then(() => market.clearAway(struck?.peer as string, fault))
  }
  if (finish !== 'length') throw new Error(`the answer ended with ${finish} after ${answer.size} of ${maxTokens} tokens`)
  if (gapMs === undefined) throw new Error('the answer was complete before the fault took hold')
  const { legs } = turn.summary()
  const next = legs.findLast(({ from, to }) => to > from)
  let lost = 0
  let mismatched = 0
  for (let index = 0; index < maxTokens; index++) {
    const id = answer.get(index)
    if (id === undefined) lost += 1
    else if (id !== expected[index]) mismatched += 1
  }
  const { resumed = 'none', kept = 0, recomputed = 0 } = next ?? {}
  return { gapMs, resumed, kept, recomputed, lost, duplicated, mismatched, legs }
}

const strike = async (market: TrialMarket, peer: string, fault: Fault, afterMs: number): Promise<void> => {
  if (afterMs > 0) await systemClock.sleep(afterMs)
  market.strike(peer, fault)
}
