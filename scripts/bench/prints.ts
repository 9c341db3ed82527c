/**
 * What fingerprints cost: pairs of the same answer at one provider, with entries and as a peer without them would serve it; who goes first
 * alternates. Engine, provider and client share this process, so that its processor time has every side of it.
 */
import { join } from 'node:path'
import { openLevelStore } from '../../node/lib/level-store.ts'
import { LocalMarket } from '../../test/e2e/lib/local-market.ts'
import { type BenchModel, benchModel, type ModelName, modelNames } from './models.ts'
import type { BenchOptions } from './options.ts'
import { ownCpuMs } from './processor.ts'
import { median, medianInterval95, round } from './stats.ts'

const CONTEXT = 128
const settings: Record<ModelName, { tokens: number; pairs: number; quickPairs: number }> = {
  'seam-chat': { tokens: 400, pairs: 200, quickPairs: 10 },
  'shape-135m': { tokens: 64, pairs: 9, quickPairs: 1 }
}

interface Figures {
  tokensPerSecond: number
  cpuMsPerToken: number
}

interface Pair {
  with: Figures
  without: Figures
}

export const prints = async (options: BenchOptions): Promise<object> => {
  const rows: object[] = []
  for (const name of modelNames) {
    if (options.model !== undefined && options.model !== name) continue
    rows.push(await onModel(await benchModel(name), options))
  }
  return { rows }
}

const onModel = async (model: BenchModel, { quick, trials, say, onStop }: BenchOptions): Promise<object> => {
  const { tokens, pairs, quickPairs } = settings[model.name]
  const count = trials ?? (quick ? quickPairs : pairs)
  const market = new LocalMarket({ modelDir: model.dir, pace: 0, slots: 2 })
  const unlisten = onStop(() => market.stop())
  try {
    await market.start(1)
    const printed = switchPrints(market)
    const store = await openLevelStore(join(market.home, 'sessions'))
    const { client } = await market.connect({ store })
    const logitBias = printed.eosIds.map((id) => ({ id, bias: -100 })) // every answer has all its tokens
    const answer = async (on: boolean, seed: number): Promise<Figures> => {
      printed.on = on
      const cpuMs = ownCpuMs()
      const request = { model: model.name, ids: model.prompt(CONTEXT, seed), maxTokens: tokens, successors: 0 }
      const turn = await client.chat({ ...request, sampling: { temperature: 0, seed: 1n, logitBias } })
      const arrivals: { atMs: number; count: number }[] = []
      for await (const batch of turn)
        arrivals.push({ atMs: performance.now(), count: batch.filter(({ kind }) => kind === 'token').length })
      await client.settled(turn.session)
      const made = arrivals.filter((arrival) => arrival.count > 0)
      const total = made.reduce((sum, arrival) => sum + arrival.count, 0)
      const [first, last] = [made[0], made.at(-1)]
      if (first === undefined || last === undefined || last === first) throw new Error('an answer came at once, or not at all')
      const tokensPerSecond = ((total - first.count) * 1000) / (last.atMs - first.atMs)
      await client.release(turn.session)
      return { tokensPerSecond, cpuMsPerToken: (ownCpuMs() - cpuMs) / total }
    }
    const seen: Pair[] = []
    for (let i = -1; i < count; i++) {
      const first = await answer(i % 2 === 0, i + 1)
      const second = await answer(i % 2 !== 0, i + 1)
      const pair = i % 2 === 0 ? { with: first, without: second } : { with: second, without: first }
      if (i >= 0) seen.push(pair) // the first pair warms both ways up
      say(
        `${model.name}: ${i + 1} of ${count}: ${round(pair.with.tokensPerSecond)} with, ${round(pair.without.tokensPerSecond)} without`
      )
    }
    return rowOf(model.name, seen)
  } finally {
    unlisten()
    await market.stop()
  }
}

/** Turns the entries of the market's engine off and on: off, it serves like a peer that has none. */
const switchPrints = (market: LocalMarket): { on: boolean; eosIds: readonly number[] } => {
  const engine = market.providers[0]?.up?.engine
  if (engine === undefined) throw new Error('the provider is down')
  const printed = { on: true, eosIds: engine.info.eosIds }
  const start = engine.start.bind(engine)
  engine.start = (job, on) => start({ ...job, fingerprint: printed.on }, on)
  return printed
}

const rowOf = (model: ModelName, seen: readonly Pair[]): object => {
  const slower = seen.map((pair) => 100 * (1 - pair.with.tokensPerSecond / pair.without.tokensPerSecond))
  const dearer = seen.map((pair) => 1000 * (pair.with.cpuMsPerToken - pair.without.cpuMsPerToken))
  return {
    model,
    context: CONTEXT,
    pairs: seen.length,
    tokensPerSecond: round(median(seen.map((pair) => pair.with.tokensPerSecond))),
    without: round(median(seen.map((pair) => pair.without.tokensPerSecond))),
    slowdownPercent: round(median(slower), 2),
    interval95: medianInterval95(slower).map((bound) => round(bound, 2)),
    cpuMicrosPerToken: round(median(seen.map((pair) => 1000 * pair.without.cpuMsPerToken))),
    addedMicrosPerToken: round(median(dearer), 1),
    addedInterval95: medianInterval95(dearer).map((bound) => round(bound, 1))
  }
}
