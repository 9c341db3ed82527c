/** What the gateway costs over the SDK alone: pairs of the same answer, one over HTTP, one from the client, who goes first alternates. */
import { silentLog, systemClock } from 'openseam/components'
import { Registry } from 'prom-client'
import { createGateway, serveGateway } from '../../node/gateway/index.ts'
import { BenchMarket } from './market.ts'
import { benchModel } from './models.ts'
import type { BenchOptions } from './options.ts'
import { median, round } from './stats.ts'

const CONTEXT = 128
const TOKENS = 300
const PAIRS = 40
const QUICK_PAIRS = 8
const SESSION_MS = 60_000

interface Speed {
  firstTokenMs: number
  tokensPerSecond: number
}

/** Takes how many tokens there are so far, whenever more came. */
const stopwatch = () => {
  const startedMs = performance.now()
  let first: { atMs: number; count: number } | undefined
  let last = { atMs: 0, count: 0 }
  return {
    saw(count: number): void {
      if (count === last.count) return
      last = { atMs: performance.now(), count }
      first ??= last
    },
    speed(): Speed {
      if (first === undefined || last.count !== TOKENS) throw new Error(`the answer has ${last.count} of ${TOKENS} tokens`)
      const tokensPerSecond = ((last.count - first.count) * 1000) / (last.atMs - first.atMs)
      return { firstTokenMs: first.atMs - startedMs, tokensPerSecond }
    }
  }
}

const alone = async (market: BenchMarket, ids: number[]): Promise<Speed> => {
  const watch = stopwatch()
  const request = { ids, maxTokens: TOKENS, successors: 0, sampling: { temperature: 0, seed: 1n } }
  let count = 0
  for await (const batch of await market.chat(request, AbortSignal.timeout(SESSION_MS))) {
    count += batch.filter(({ kind }) => kind === 'token').length
    watch.saw(count)
  }
  return watch.speed()
}

const overHttp = async (url: string, model: string, ids: number[]): Promise<Speed> => {
  const watch = stopwatch()
  const body = { model, prompt: ids, max_tokens: TOKENS, temperature: 0, seed: 1, stream: true, openseam: { successors: 0 } }
  const signal = AbortSignal.timeout(SESSION_MS)
  const response = await fetch(`${url}/v1/completions`, { method: 'POST', body: JSON.stringify(body), signal })
  if (!response.ok || response.body === null) throw new Error(`${response.status}: ${await response.text()}`)
  let held = ''
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const frames = (held + text).split('\n\n')
    held = frames.pop() ?? ''
    for (const frame of frames) {
      if (!frame.startsWith('data: {')) continue
      const index: number | undefined = JSON.parse(frame.slice('data: '.length)).openseam?.index
      if (index !== undefined) watch.saw(index + 1)
    }
  }
  return watch.speed()
}

export const gateway = async ({ quick, trials, home, say, onStop }: BenchOptions): Promise<object> => {
  const model = await benchModel('seam-chat')
  const market = await BenchMarket.open({ model, providers: 1, slots: 4, home, say })
  const unlisten = onStop(() => market.close())
  try {
    const components = {
      client: market.connection.client,
      log: silentLog,
      registry: new Registry(),
      clock: systemClock,
      version: 'bench'
    }
    const server = await serveGateway(createGateway(components).app, { host: '127.0.0.1', port: 0 })
    const pairs: { sdk: Speed; http: Speed }[] = []
    const count = trials ?? (quick ? QUICK_PAIRS : PAIRS)
    for (let i = -1; i < count; i++) {
      const ids = model.prompt(CONTEXT, i + 1)
      const runs = { sdk: () => alone(market, ids), http: () => overHttp(server.url, model.name, ids) }
      const first = i % 2 === 0 ? await runs.sdk() : undefined
      const http = await runs.http()
      const pair = { sdk: first ?? (await runs.sdk()), http }
      if (i >= 0) pairs.push(pair) // the first pair warms both ways up
    }
    await server.close()
    const of = (value: (pair: { sdk: Speed; http: Speed }) => number): number => round(median(pairs.map(value)), 2)
    const row = {
      model: model.name,
      context: CONTEXT,
      pairs: pairs.length,
      firstTokenMs: of(({ sdk }) => sdk.firstTokenMs),
      addedMs: of(({ sdk, http }) => http.firstTokenMs - sdk.firstTokenMs),
      tokensPerSecond: of(({ sdk }) => sdk.tokensPerSecond),
      slowdownPercent: of(({ sdk, http }) => 100 * (1 - http.tokensPerSecond / sdk.tokensPerSecond))
    }
    return { rows: [row] }
  } finally {
    unlisten()
    await market.close()
  }
}
