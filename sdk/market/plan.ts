/**
 * How a session goes on after its peer is gone: which peer, and from what. Costs are estimates in milliseconds from measured
 * rates, one function a tier; a further tier (fetch, hybrid) is one more member of the union and one more estimator.
 */
import type { PeerKey } from '../components.ts'
import { BLOCK_TOKENS } from '../protocol/limits.ts'

/** Blocks that a successor holds sealed: it opens them and prefills the tail. */
export interface WarmPlan {
  tier: 'warm'
  peer: PeerKey
  blocks: number
}

/** The token log alone: any peer can. */
export interface PrefillPlan {
  tier: 'prefill'
  peer: PeerKey
  blocks: 0
}

export type TakeoverPlan = WarmPlan | PrefillPlan
export type Tier = TakeoverPlan['tier']

export interface PeerRates {
  prefillPerSecond: number
  /** Sealed blocks that it opens a second. */
  blocksPerSecond: number
  roundTripMs: number
}

/** Taken where nothing was measured: a small machine on a near line. */
export const RATES_UNKNOWN: PeerRates = { prefillPerSecond: 500, blocksPerSecond: 2_000, roundTripMs: 50 }

export interface Takeover {
  /** Position at which the next leg starts. */
  from: number
  /** Successors, with the count of contiguous blocks that they acknowledged. */
  warm?: readonly { peer: PeerKey; blocks: number }[]
  /** Peers that could prefill, best first; successors need not be repeated. */
  candidates: readonly PeerKey[]
  rates: ReadonlyMap<PeerKey, PeerRates>
  /** warm: whenever someone holds blocks; prefill: never use them; auto: whatever is estimated to be quicker. */
  prefer: Tier | 'auto'
}

const estimateMs: { [T in Tier]: (plan: Extract<TakeoverPlan, { tier: T }>, from: number, rates: PeerRates) => number } = {
  warm: ({ blocks }, from, { prefillPerSecond, blocksPerSecond, roundTripMs }) =>
    roundTripMs + (1000 * blocks) / blocksPerSecond + (1000 * Math.max(0, from - blocks * BLOCK_TOKENS)) / prefillPerSecond,
  prefill: (_, from, { prefillPerSecond, roundTripMs }) => roundTripMs + (1000 * from) / prefillPerSecond
}

/** Estimated milliseconds until the peer could send the next token. */
export const planCostMs = (plan: TakeoverPlan, from: number, rates: PeerRates = RATES_UNKNOWN): number =>
  plan.tier === 'warm' ? estimateMs.warm(plan, from, rates) : estimateMs.prefill(plan, from, rates)

/**
 * The cheapest plan that the preference allows; null: there is nobody. Equal costs go to the first named, successors before
 * others.
 */
export const planTakeover = ({ from, warm = [], candidates, rates, prefer }: Takeover): TakeoverPlan | null => {
  // a block counts only as far as the log: positions beyond `from` were computed for nobody
  const warmPlans = warm
    .map(({ peer, blocks }): WarmPlan => ({ tier: 'warm', peer, blocks: Math.min(blocks, Math.floor(from / BLOCK_TOKENS)) }))
    .filter(({ blocks }) => blocks > 0)
  const prefillPlans = [...warm.map(({ peer }) => peer), ...candidates].map(
    (peer): PrefillPlan => ({ tier: 'prefill', peer, blocks: 0 })
  )
  const plans: TakeoverPlan[] =
    prefer === 'prefill' ? prefillPlans : prefer === 'warm' && warmPlans.length > 0 ? warmPlans : [...warmPlans, ...prefillPlans]
  let best: TakeoverPlan | null = null
  let bestMs = Number.POSITIVE_INFINITY
  for (const plan of plans) {
    const costMs = planCostMs(plan, from, rates.get(plan.peer))
    if (costMs < bestMs) {
      best = plan
      bestMs = costMs
    }
  }
  return best
}
