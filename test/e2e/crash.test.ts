/** The other side dies: the gateway in mid-answer, and the process that holds a whole devnet together. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { type Child, commandModule, startChild } from '../../node/devnet/children.ts'
import { expectExactBooks } from './lib/books.ts'
import { type Answer, ask, readAnswer, viewSession } from './lib/http.ts'
import { expectSame, expectTiled } from './lib/legs.ts'
import { endless, type Market, MODEL, startMarket, user } from './lib/market.ts'
import { childrenOf } from './lib/processes.ts'
import { isAlive, until } from './lib/until.ts'

const KILL_AT = 80
const request = {
  model: MODEL,
  ...endless,
  temperature: 0.8,
  seed: 11,
  max_tokens: 180,
  messages: [user('Tell me a long story about a green boat.')]
}

describe('the gateway is killed in mid-answer', () => {
  let market: Market
  let gateway: Child<{ url: string }>
  before(async () => {
    market = await startMarket({ gateway: false, providers: 2 })
    gateway = await startGateway()
  })
  after(async () => {
    await gateway?.stop()
    await market?.stop()
  })

  const startGateway = (): Promise<Child<{ url: string }>> => {
    const { net } = market
    const { client, deploymentFile, passwordFile } = net.accounts
    const of = {
      home: client.home,
      rpc: net.rpc,
      deployment: deploymentFile,
      'password-file': passwordFile,
      bootstrap: net.bootstrap().join(),
      port: '0'
    }
    const args = Object.entries(of).flatMap(([name, value]) => [`--${name}`, value])
    return startChild(commandModule, ['gateway', ...args], join(net.dir, 'logs', 'gateway.log'))
  }

  const stream = (session: string, from: number): Promise<Response> =>
    fetch(`${gateway.ready.url}/v1/sessions/${session}/stream?from=${from}`)

  it('a new one on the same home takes the answer to its end, and nobody is owed anything', async () => {
    const calm = await ask(gateway.ready.url, request)
    const seen = { session: '', tokens: 0, text: '' }
    const broken = await ask(gateway.ready.url, request, ({ index, text }, session) => {
      Object.assign(seen, { session, tokens: index + 1, text: seen.text + text })
      if (index >= KILL_AT) gateway.process.kill('SIGKILL')
    }).catch((error: unknown) => error)
    expect(broken).to.be.instanceOf(Error)
    await gateway.exited
    gateway = await startGateway()

    const rest = await readAnswer(await stream(seen.session, seen.tokens))
    expect(rest.text).to.not.equal('')
    expect(seen.text + rest.text).to.equal(calm.text)
    const whole = await readAnswer(await stream(seen.session, 0))
    const answer: Answer = { ...whole, completionTokens: calm.completionTokens }
    expectTiled(answer)
    expectSame(answer, calm)
    expect((await viewSession(gateway.ready.url, seen.session)).running).to.equal(false)

    await expectExactBooks(market.chain, [...calm.result.legs, ...answer.result.legs])
  })

  it('a repeat with its Idempotency-Key carries the answer on, once for two who ask', async () => {
    const once = { 'idempotency-key': 'story-1' }
    const asked = { ...request, seed: 12 }
    let text = ''
    const kill = ({ index, text: more }: { index: number; text: string }): void => {
      text += more
      if (index >= KILL_AT) gateway.process.kill('SIGKILL')
    }
    expect(await ask(gateway.ready.url, asked, kill, once).catch((error: unknown) => error)).to.be.instanceOf(Error)
    await gateway.exited
    gateway = await startGateway()
    const [one, two] = await Promise.all([0, 1].map(() => ask(gateway.ready.url, asked, undefined, once)))
    expect(one?.session).to.equal(two?.session)
    expect(one?.text).to.equal(two?.text)
    expect(one?.text.startsWith(text)).to.equal(true)
    const calm = await ask(gateway.ready.url, asked)
    expect(one?.text).to.equal(calm.text)
    expect(calm.session).not.to.equal(one?.session)
  })
})

describe('the parent of a devnet is killed', () => {
  it('every child goes as well', async () => {
    const home = mkdtempSync(join(tmpdir(), 'openseam-e2e-'))
    const parent = fork(commandModule, ['devnet', '--home', home, '--port-base', '0', '--providers', '1'], { stdio: 'ignore' })
    const gone = once(parent, 'exit')
    try {
      const file = join(home, 'devnet.json')
      await until('devnet.json', () => {
        if (parent.exitCode !== null) throw new Error(`the devnet ended with ${parent.exitCode}`)
        return existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { ready: boolean }).ready
      })
      const children = childrenOf(parent.pid as number)
      expect(children, 'chain, provider, gateway, explorer').to.have.length(4)
      parent.kill('SIGKILL')
      await gone
      await until('the children to exit', () => !children.some(isAlive), 20_000)
    } finally {
      parent.kill('SIGKILL')
      rmSync(home, { recursive: true, force: true })
    }
  })
})
