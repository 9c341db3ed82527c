/** One undisturbed answer as its client sees it, and how fast it came. */
import type { BenchMarket } from './market.ts'

export interface SpeedPlan {
  ids: number[]
  tokens: number
  successors: number
  /** Peer id of who must serve. */
  provider?: string
}

const SESSION_MS = 180_000

/**
 * Tokens a second between the first arrival and the last: what came with the first arrival took its time before it. Throws unless one
 * provider made all of them.
 */
export const tokensPerSecond = async (market: BenchMarket, { ids, tokens, successors, provider }: SpeedPlan): Promise<number> => {
  const request = {
    ids,
    maxTokens: tokens,
    successors,
    sampling: { temperature: 0, seed: 1n },
    ...(provider !== undefined && { provider })
  }
  const turn = await market.chat(request, AbortSignal.timeout(SESSION_MS))
  let first: { atMs: number; count: number } | undefined
  let lastMs = 0
  let count = 0
  for await (const batch of turn) {
    const atMs = performance.now()
    const arrived = batch.filter(({ kind }) => kind === 'token').length
    if (arrived === 0) continue
    count += arrived
    first ??= { atMs, count }
    lastMs = atMs
  }
  const served = turn.summary().legs.filter(({ from, to }) => to > from)
  if (first === undefined || count !== tokens || served.length !== 1) {
    throw new Error(`the answer has ${count} of ${tokens} tokens, from ${served.length} providers`)
  }
  return ((count - first.count) * 1000) / (lastMs - first.atMs)
}
