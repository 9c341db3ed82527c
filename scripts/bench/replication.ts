/** What a warm copy costs: the same session with and without a successor, in pairs, and the bytes that travel for it. */
import { systemClock } from 'openseam/components'
import { BenchMarket } from './market.ts'
import { type BenchModel, benchModel, type ModelName, modelNames } from './models.ts'
import type { BenchOptions } from './options.ts'
import { cpuMsOf } from './processor.ts'
import { tokensPerSecond } from './session.ts'
import { median, medianInterval95, round } from './stats.ts'
import { measureWire } from './wire.ts'

interface Setting {
  pairs: number
  quickPairs: number
  prompt: number
  tokens: number
  wireBlocks: number
}
// Short prompts, so that the blocks that fill while the answer runs weigh what they do in a long one.
const settings: Record<ModelName, Setting> = {
  'seam-chat': { pairs: 80, quickPairs: 5, prompt: 32, tokens: 512, wireBlocks: 32 },
  'shape-135m': { pairs: 60, quickPairs: 2, prompt: 32, tokens: 96, wireBlocks: 16 }
}

const QUIET_MS = 300 // the last block is on its way for less than this

export const replication = async (options: BenchOptions): Promise<object> => {
  const rows: object[] = []
  for (const name of modelNames) {
    if (options.model !== undefined && options.model !== name) continue
    rows.push(await onModel(await benchModel(name), options))
  }
  return { rows }
}

interface Measured {
  rate: number
  servingCpuMs: number
  standbyCpuMs: number
  clientCpuMs: number
}

const onModel = async (model: BenchModel, options: BenchOptions): Promise<object> => {
  const { say, home, quick } = options
  const { pairs, quickPairs, prompt, tokens, wireBlocks } = settings[model.name]
  const count = options.trials ?? (quick ? quickPairs : pairs)
  const market = await BenchMarket.open({ model, providers: 2, slots: 2, home, say: (text) => say(`${model.name}: ${text}`) })
  const unlisten = options.onStop(() => market.close())
  try {
    const ids = model.prompt(prompt, 1)
    const slowdowns: number[] = []
    const serving: number[] = []
    const standby: number[] = []
    const client: number[] = []
    for (let pair = 0; pair < count; pair++) {
      const one: { with?: Measured; without?: Measured } = {}
      for (const who of pair % 2 === 0 ? (['with', 'without'] as const) : (['without', 'with'] as const)) {
        one[who] = await measured(market, ids, tokens, who === 'with' ? 1 : 0)
      }
      const { with: copied, without: alone } = one as { with: Measured; without: Measured }
      slowdowns.push((alone.rate / copied.rate - 1) * 100)
      serving.push((copied.servingCpuMs - alone.servingCpuMs) / tokens)
      standby.push((copied.standbyCpuMs - alone.standbyCpuMs) / tokens)
      client.push((copied.clientCpuMs - alone.clientCpuMs) / tokens)
      say(
        `${model.name}: ${pair + 1}/${count}: ${round(copied.rate)} with, ${round(alone.rate)} tokens/s without: ${round(slowdowns.at(-1) as number)} % slower`
      )
    }
    const blockBytes = market.connection.directory.offers()[0]?.models[0]?.blockBytes
    if (blockBytes === undefined) throw new Error('the offer is gone')
    const wire = await measureWire(blockBytes, wireBlocks)
    return {
      model: model.name,
      pairs: count,
      slowdownPercent: round(median(slowdowns), 2),
      interval95: medianInterval95(slowdowns).map((value) => round(value, 2)),
      wireRatio: round(wire.wireRatio, 4),
      padRatio: round(wire.padRatio, 4),
      cpuMsPerToken: round(median(serving), 3),
      standbyCpuMsPerToken: round(median(standby), 3),
      clientCpuMsPerToken: round(median(client), 3)
    }
  } finally {
    unlisten()
    await market.close()
  }
}

const measured = async (market: BenchMarket, ids: number[], tokens: number, successors: number): Promise<Measured> => {
  const [first, second] = market.net.providers.map(({ ready }) => ready)
  if (first === undefined || second === undefined) throw new Error('two providers are needed')
  const before = [await cpuMsOf(first.metrics), await cpuMsOf(second.metrics)] as const
  const start = process.cpuUsage()
  const rate = await tokensPerSecond(market, { ids, tokens, successors, provider: first.peerId })
  await systemClock.sleep(QUIET_MS)
  const { user, system } = process.cpuUsage(start)
  return {
    rate,
    clientCpuMs: (user + system) / 1000,
    servingCpuMs: (await cpuMsOf(first.metrics)) - before[0],
    standbyCpuMs: (await cpuMsOf(second.metrics)) - before[1]
  }
}
