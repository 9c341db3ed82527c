/** What cannot be done is refused with a stable code and a sentence that says what to do; what can still be done goes on. */
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { walletFromHex } from 'openseam/chain/index'
import { silentLog, systemClock } from 'openseam/components'
import type { Connection } from 'openseam/connect'
import { codeOf } from 'openseam/protocol/errors'
import { fundedKeys } from '../../node/devnet/chain.ts'
import { commandModule } from '../../node/devnet/children.ts'
import type { LegObject } from '../../node/devnet/sse.ts'
import { createGateway, type GatewayServer, serveGateway } from '../../node/gateway/index.ts'
import { openHome } from '../../node/lib/home.ts'
import { writeMark } from '../../node/lib/home-mark.ts'
import { createRegistry } from '../../node/lib/metrics.ts'
import { expectExactBooks } from './lib/books.ts'
import { ask, post, refusal } from './lib/http.ts'
import { expectTiled, served } from './lib/legs.ts'
import { LocalMarket } from './lib/local-market.ts'
import { endless, MODEL, modelDir, PACE, user } from './lib/market.ts'
import { talk } from './lib/talk.ts'

describe('refusals', () => {
  const market = new LocalMarket()
  const request = { model: MODEL, messages: [user('Tell me a story.')], ...endless, max_tokens: 40 }
  let connection: Connection
  const told: LegObject[] = []
  let gateway: GatewayServer
  before(async () => {
    await market.start(2)
    connection = await market.connect()
    const { client } = connection
    const registry = createRegistry('gateway', 'test')
    const { app } = createGateway({ client, log: silentLog, registry, clock: systemClock, version: 'test' })
    gateway = await serveGateway(app, { host: '127.0.0.1', port: 0 })
  })
  after(async () => {
    await gateway?.close(0)
    await market.stop()
  })

  const refused = async (body: object) => refusal(await post(gateway.url, { ...request, ...body }))

  it('a model nobody has: 404 MODEL_UNKNOWN, with what is on offer', async () => {
    const { status, error } = await refused({ model: 'gpt-9' })
    expect([status, error.code]).to.deep.equal([404, 'MODEL_UNKNOWN'])
    expect(error.message).to.include(MODEL)
  })

  it('more than the context holds: 400 CONTEXT_TOO_LONG, with the numbers', async () => {
    const { status, error } = await refused({ messages: [user('word '.repeat(400))] })
    expect([status, error.code]).to.deep.equal([400, 'CONTEXT_TOO_LONG'])
    expect(error.message).to.include('1024')
    expect((await refused({ max_tokens: 1_020 })).error.code).to.equal('CONTEXT_TOO_LONG')
  })

  it('ids outside the vocabulary: 400 however often, and nobody is cut off for them', async () => {
    const asIds = async () => {
      const body = { model: MODEL, prompt: [1, 999_999_999], max_tokens: 4 }
      return refusal(
        await fetch(`${gateway.url}/v1/completions`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body)
        })
      )
    }
    for (let count = 0; count < 15; count++) {
      const bias = await refused({ logit_bias: { 999999999: 1 } })
      expect([bias.status, bias.error.code, bias.error.param]).to.deep.equal([400, 'BAD_REQUEST', 'logit_bias'])
      const ids = await asIds()
      expect([ids.status, ids.error.code]).to.deep.equal([400, 'BAD_TOKEN_ID'])
    }
    const answer = await ask(gateway.url, { ...request, max_tokens: 4 })
    expect(answer.completionTokens).to.equal(4)
    told.push(...answer.result.legs)
  })

  it('a cap below every price: 503, and each provider says PRICE_ABOVE_CAP', async () => {
    const { status, error } = await refused({ openseam: { maxPrice: '1' } })
    expect([status, error.code]).to.deep.equal([503, 'NO_PROVIDER'])
    expect(error.excluded?.map(({ code }) => code)).to.deep.equal(['PRICE_ABOVE_CAP', 'PRICE_ABOVE_CAP'])
    expect(error.excluded?.every(({ detail }) => detail !== '')).to.equal(true)
  })

  it('a provider that is not there: 503 NO_PROVIDER, with the reason for each one passed over', async () => {
    const { status, error } = await refused({ openseam: { provider: '12D3KooWRgcqDFjJAy4WjFhMuZDhEnHvAAC8qrfU5TxhWNFCP9bk' } })
    expect([status, error.code]).to.deep.equal([503, 'NO_PROVIDER'])
    expect(error.excluded).to.have.length(2)
  })

  it('a wallet without escrow: WALLET_UNFUNDED', async () => {
    const { secretKey } = walletFromHex(fundedKeys()[9] as string)
    const { client } = await market.connect({ secretKey })
    const error = await talk(client, { model: MODEL, messages: [user('Hello')] }).catch((thrown: unknown) => thrown)
    expect(codeOf(error)).to.equal('WALLET_UNFUNDED')
    expect((error as Error).message).to.include('deposit')
  })

  it('a chain that stands still: this answer and a new one are served, settling waits and resumes', async () => {
    const { process: chain } = market.chainProcess
    let stopped = false
    try {
      // Longer than anyone may go on with what was read from the chain before.
      const running = await ask(gateway.url, { ...request, max_tokens: 7 * PACE }, ({ index }) => {
        if (index >= 20) stopped ||= chain.kill('SIGSTOP')
      })
      const fresh = await ask(gateway.url, request)
      expect(stopped).to.equal(true)
      for (const answer of [running, fresh]) {
        expectTiled(answer)
        // A provider that had never read this account refuses; one that had goes on lending.
        expect(served(answer).map((leg) => leg.end)).to.deep.equal(['finished'])
      }
      chain.kill('SIGCONT')
      await expectExactBooks(market.chain, [...told, ...running.result.legs, ...fresh.result.legs])
    } finally {
      chain.kill('SIGCONT')
    }
  })

  it('nobody left: 503 NO_PROVIDER', async () => {
    for (const entry of market.providers) await market.kill(entry)
    const { status, error } = await refused({})
    expect([status, error.code]).to.deep.equal([503, 'NO_PROVIDER'])
  })

  const provide = (home: string, model: string): Promise<{ code: unknown; stderr: string }> => {
    const { deploymentFile, passwordFile, providers } = market.accounts
    const wallet = join(providers[0]?.home ?? '', 'wallet.json')
    const flags = {
      home,
      model,
      rpc: market.rpc,
      deployment: deploymentFile,
      'password-file': passwordFile,
      wallet,
      'metrics-port': '0'
    }
    const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value])
    return new Promise((resolve) => {
      execFile(process.execPath, [...process.execArgv, commandModule, 'provide', ...args], (error, _stdout, stderr) => {
        resolve({ code: error === null ? 0 : (error.code ?? error.signal), stderr })
      })
    })
  }

  it('a model directory without one of its files: exit 1, and the file is named', async () => {
    const broken = join(market.home, 'broken')
    cpSync(modelDir, broken, { recursive: true })
    rmSync(join(broken, 'tokenizer.json'))
    const { code, stderr } = await provide(join(market.home, 'daemon'), broken)
    expect(code).to.equal(1)
    expect(stderr).to.match(/MODEL_FILE_MISSING: .*tokenizer\.json/)
  })

  it('a daemon on a copy of another’s home: exit 1, and what to do', async () => {
    const [original, copy] = [join(market.home, 'original'), join(market.home, 'copy')]
    mkdirSync(original)
    await writeMark(original)
    cpSync(original, copy, { recursive: true })
    const { code, stderr } = await provide(copy, modelDir)
    expect(code).to.equal(1)
    expect(stderr).to.include('CONFIG').and.include('--adopt').and.include('--fence')
  })

  it('a second daemon on the same home: exit 1, HOME_LOCKED, and the process that has it', async () => {
    const dir = join(market.home, 'taken')
    mkdirSync(dir)
    const home = await openHome(dir)
    const { code, stderr } = await provide(dir, modelDir)
    await home.release()
    expect(code).to.equal(1)
    expect(stderr).to.include('HOME_LOCKED').and.include(`process ${process.pid}`)
  })
})
