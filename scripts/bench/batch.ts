/** Tokens a second of one provider, by how many sessions it serves at once: end to end over libp2p. */
import { parseOpen } from 'openseam/protocol/amounts'
import { BenchMarket } from './market.ts'
import { type BenchModel, benchModel, type ModelName, modelNames } from './models.ts'
import type { BenchOptions } from './options.ts'
import { median, round } from './stats.ts'

const SESSIONS = [1, 2, 4, 8, 16]
const SESSION_MS = 300_000
const PREFUND = parseOpen('10') // sixteen credit windows of a fast model are more than a stranger may owe

interface Setting {
  context: number
  tokens: number
  rounds: number
  quickRounds: number
}
const settings: Record<ModelName, Setting> = {
  'seam-chat': { context: 128, tokens: 300, rounds: 7, quickRounds: 1 },
  'shape-135m': { context: 128, tokens: 48, rounds: 3, quickRounds: 1 }
}

export const batch = async (options: BenchOptions): Promise<object> => {
  const rows: object[] = []
  for (const name of modelNames) {
    if (options.model !== undefined && options.model !== name) continue
    rows.push(...(await onModel(await benchModel(name), options)))
  }
  return { rows }
}

const onModel = async (model: BenchModel, options: BenchOptions): Promise<object[]> => {
  const { say, home, quick } = options
  const { context, tokens, rounds, quickRounds } = settings[model.name]
  const slots = Math.max(...SESSIONS) + 1 // one is always free: an offer that says "full" would outlive the round
  const market = await BenchMarket.open({ model, providers: 1, slots, home, say: (text) => say(`${model.name}: ${text}`) })
  const unlisten = options.onStop(() => market.close())
  try {
    await market.prefund(PREFUND)
    await together(market, 1, context, tokens) // the first voucher makes the account known: only then may it open several
    const seen = new Map<number, number[]>(SESSIONS.map((count) => [count, []]))
    for (let i = 0; i < (options.trials ?? (quick ? quickRounds : rounds)); i++) {
      for (const count of SESSIONS) {
        const rate = await together(market, count, context, tokens)
        seen.get(count)?.push(rate)
        say(`${model.name}: ${count} at once: ${round(rate)} tokens/s`)
      }
    }
    const alone = median(seen.get(1) as number[])
    return SESSIONS.map((sessions) => {
      const rate = median(seen.get(sessions) as number[])
      return { model: model.name, context, sessions, tokensPerSecond: round(rate), speedup: round(rate / alone, 2) }
    })
  } finally {
    unlisten()
    await market.close()
  }
}

/** Tokens of all sessions a second, while all of them are running: from the last first token to the first last one. */
const together = async (market: BenchMarket, count: number, context: number, tokens: number): Promise<number> => {
  const arrivals: { atMs: number; count: number }[] = []
  const spans = await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const request = {
        ids: market.model.prompt(context, i),
        maxTokens: tokens,
        successors: 0,
        sampling: { temperature: 0, seed: 1n }
      }
      const turn = await market.chat(request, AbortSignal.timeout(SESSION_MS))
      const span = { firstMs: 0, lastMs: 0, count: 0 }
      for await (const events of turn) {
        const arrived = events.filter(({ kind }) => kind === 'token').length
        if (arrived === 0) continue
        const atMs = performance.now()
        if (span.count === 0) span.firstMs = atMs
        span.lastMs = atMs
        span.count += arrived
        arrivals.push({ atMs, count: arrived })
      }
      if (span.count !== tokens) throw new Error(`a session has ${span.count} of ${tokens} tokens`)
      return span
    })
  )
  const fromMs = Math.max(...spans.map(({ firstMs }) => firstMs))
  const toMs = Math.min(...spans.map(({ lastMs }) => lastMs))
  if (toMs <= fromMs) throw new Error(`${count} sessions were never all running at once: give them more tokens`)
  const made = arrivals.reduce((sum, { atMs, count: some }) => (atMs > fromMs && atMs <= toMs ? sum + some : sum), 0)
  return (made * 1_000) / (toMs - fromMs)
}
