/** Tokens a second that a paying client gets over libp2p, against the barest loop over the same runtime. Pairs, one right after the other. */
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { type BareRequest, promptId } from './bare-loop.ts'
import { BenchMarket } from './market.ts'
import { type BenchModel, benchModel, type ModelName, modelNames } from './models.ts'
import type { BenchOptions } from './options.ts'
import { median, round } from './stats.ts'
import { tokensPerSecond } from './session.ts'

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
      const ours = (): Promise<number> => tokensPerSecond(market, { ids, tokens, successors: 0 })
      const bare = (): Promise<number> => loop.run({ context: promptTo, tokens })
      await bare() // the first run of each length prepares what the others find
      await ours()
      const seen: { ours: number; bare: number }[] = []
      for (let pair = 0; pair < count; pair++) {
        // either goes first in turn, so that neither always finds the warmer machine
        const one: { ours: number; bare: number } = { ours: 0, bare: 0 }
        for (const who of pair % 2 === 0 ? (['ours', 'bare'] as const) : (['bare', 'ours'] as const)) one[who] = await (who === 'ours' ? ours() : bare())
        seen.push(one)
        say(`${model.name} ${context}: ${pair + 1}/${count}: ${round(one.ours)} against ${round(one.bare)} tokens/s, ratio ${round(one.ours / one.bare, 3)}`)
      }
      rows.push({
        model: model.name,
        context,
        pairs: count,
        tokensPerSecond: round(median(seen.map(({ ours }) => ours))),
        bareLoop: round(median(seen.map(({ bare }) => bare))),
        ratio: round(median(seen.map(({ ours, bare }) => ours / bare)), 3)
      })
    }
    return rows
  } finally {
    unlisten()
    loop.close()
    await market.close()
  }
}

interface Bare {
  run(request: BareRequest): Promise<number>
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
        child.once('message', (rate: number) => {
          child.off('exit', ended)
          resolve(rate)
        })
        child.send(request)
      }),
    close: () => child.disconnect()
  }
}
