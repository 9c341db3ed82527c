/** Tokens a second that a paying client gets over libp2p, against the barest loop over the same runtime. Pairs, one right after the other. */
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { type BareFigures, type BareRequest, promptId } from './bare-loop.ts'
import { BenchMarket } from './market.ts'
import { type BenchModel, benchModel, type ModelName, modelNames } from './models.ts'
import type { BenchOptions } from './options.ts'
import { cpuMsOf } from './processor.ts'
import { tokensPerSecond } from './session.ts'
import { median, round } from './stats.ts'

const THREADS = 1 // of one run, here and there

interface Setting {
  pairs: number
  quickPairs: number
  tokens: number
}
const settings: Record<ModelName, Setting> = {
  'seam-chat': { pairs: 21, quickPairs: 3, tokens: 400 },
  'shape-135m': { pairs: 7, quickPairs: 1, tokens: 64 }
}
const CONTEXTS = [128, 2048]

export const decode = async (options: BenchOptions): Promise<object> => {
  const rows: object[] = []
  for (const name of modelNames) {
    if (options.model !== undefined && options.model !== name) continue
    rows.push(...(await onModel(await benchModel(name), options)))
  }
  return { rows }
}

const onModel = async (model: BenchModel, options: BenchOptions): Promise<object[]> => {
  const { say, home, quick } = options
  const { pairs, quickPairs, tokens } = settings[model.name]
  const count = options.trials ?? (quick ? quickPairs : pairs)
  const market = await BenchMarket.open({ model, providers: 1, slots: 2, home, say: (text) => say(`${model.name}: ${text}`) })
  const loop = startBareLoop(model.dir)
  const unlisten = options.onStop(() => market.close())
  try {
    const rows: object[] = []
    // the last context is the longest from which that many tokens can still be made
    const contexts = [...new Set([...CONTEXTS.filter((context) => context < model.contextMax), model.contextMax])]
    for (const context of contexts) {
      const promptTo = Math.min(context, model.contextMax - tokens)
      const ids = Array.from({ length: promptTo }, (_, position) => promptId(position))
      const ours = (): Promise<BareFigures> => served(market, ids, tokens)
      const bare = (): Promise<BareFigures> => loop.run({ context: promptTo, tokens })
      await bare() // the first run of each length prepares what the others find
      await ours()
      const seen: { ours: BareFigures; bare: BareFigures }[] = []
      for (let pair = 0; pair < count; pair++) {
        // either goes first in turn, so that neither always finds the warmer machine
        const one: { ours?: BareFigures; bare?: BareFigures } = {}
        for (const who of pair % 2 === 0 ? (['ours', 'bare'] as const) : (['bare', 'ours'] as const)) {
          one[who] = await (who === 'ours' ? ours() : bare())
        }
        seen.push(one as { ours: BareFigures; bare: BareFigures })
        say(`${model.name} ${context}: ${pair + 1}/${count}: ${pairText(seen.at(-1) as (typeof seen)[number])}`)
      }
      rows.push({
        model: model.name,
        context,
        pairs: count,
        tokensPerSecond: round(median(seen.map((one) => one.ours.tokensPerSecond))),
        bareLoop: round(median(seen.map((one) => one.bare.tokensPerSecond))),
        ratio: round(median(seen.map((one) => one.ours.tokensPerSecond / one.bare.tokensPerSecond)), 3),
        cpuMsPerToken: {
          ours: round(median(seen.map((one) => one.ours.cpuMsPerToken)), 3),
          bareLoop: round(median(seen.map((one) => one.bare.cpuMsPerToken)), 3)
        }
      })
    }
    return rows
  } finally {
    unlisten()
    loop.close()
    await market.close()
  }
}

const pairText = ({ ours, bare }: { ours: BareFigures; bare: BareFigures }): string => {
  const ratio = round(ours.tokensPerSecond / bare.tokensPerSecond, 3)
  const cpu = `${round(ours.cpuMsPerToken, 3)} and ${round(bare.cpuMsPerToken, 3)} ms of processor`
  return `${round(ours.tokensPerSecond)} against ${round(bare.tokensPerSecond)} tokens/s, ratio ${ratio}; ${cpu} a token`
}

const served = async (market: BenchMarket, ids: number[], tokens: number): Promise<BareFigures> => {
  const metrics = market.net.providers[0]?.ready?.metrics as string
  const cpuMs = await cpuMsOf(metrics)
  const rate = await tokensPerSecond(market, { ids, tokens, successors: 0 })
  return { tokensPerSecond: rate, cpuMsPerToken: ((await cpuMsOf(metrics)) - cpuMs) / tokens }
}

interface Bare {
  run(request: BareRequest): Promise<BareFigures>
  close(): void
}

/** In a process of its own that stays, as a provider does: neither side pays for a start. */
const startBareLoop = (modelDir: string): Bare => {
  const args = ['--model', modelDir, '--threads', String(THREADS)]
  const child = fork(join(import.meta.dirname, 'bare-loop.ts'), args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  return {
    run: (request) =>
      new Promise((resolve, reject) => {
        const ended = (): void => reject(new Error('the bare loop ended before it answered'))
        child.once('exit', ended)
        child.once('message', (figures: BareFigures) => {
          child.off('exit', ended)
          resolve(figures)
        })
        child.send(request)
      }),
    close: () => child.disconnect()
  }
}
