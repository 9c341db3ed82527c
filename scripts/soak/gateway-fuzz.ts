/** Five thousand odd requests to a gateway over HTTP, before a real market of one provider. */
import { silentLog, systemClock } from 'openseam/components'
import { Registry } from 'prom-client'
import { createGateway, serveGateway } from '../../node/gateway/index.ts'
import { fuzz } from '../../test/node/gateway/fuzz.ts'
import { BenchMarket } from '../bench/market.ts'
import { benchModel } from '../bench/models.ts'

const RUNS = 5_000
const SLOTS = 8

const say = (text: string): void => void process.stderr.write(`${text}\n`)

export const gatewayFuzz = async (): Promise<object> => {
  const seed = Number(process.env['SEED'] ?? crypto.getRandomValues(new Uint16Array(1))[0])
  say(`SEED=${seed}`)
  const market = await BenchMarket.open({ model: await benchModel('seam-chat'), providers: 1, slots: SLOTS, say })
  const closing: (() => unknown)[] = []
  try {
    const { client } = market.connection
    const { app } = createGateway({ client, log: silentLog, registry: new Registry(), clock: systemClock, version: 'soak' })
    const server = await serveGateway(app, { host: '127.0.0.1', port: 0 })
    closing.push(() => server.close())
    let sent = 0
    const post = (path: string, init: RequestInit): Promise<Response> => {
      if (++sent % 500 === 0) say(`${sent} requests`)
      return fetch(server.url + path, init)
    }
    const runs = Number(process.env['RUNS'] ?? RUNS)
    const found = await fuzz(post, runs, seed)
    // A market that is fuzzed still serves: what was refused last must not be everything.
    const sound = { model: 'seam-chat', max_tokens: 4, messages: [{ role: 'user', content: 'Hello' }] }
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(sound) }
    const last = await fetch(`${server.url}/v1/chat/completions`, init)
    if (last.status !== 200) throw new Error(`after all of it a sound request gets ${last.status}: ${await last.text()}`)
    return { seed, ...found }
  } finally {
    for (const close of closing) await close()
    await market.close()
  }
}
