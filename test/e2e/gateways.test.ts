/** Two gateways of one wallet over one PostgreSQL: conversations move between them, and one is killed while both are answering. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { domainOf, LedgerClient, Rpc } from 'openseam/chain/index'
import { type SharedStore, silentLog, systemClock } from 'openseam/components'
import type { Address } from 'openseam/protocol/eth'
import { decodeJson } from 'openseam/protocol/json'
import type { StoredReceipt } from 'openseam/session/book'
import { type Child, commandModule, startChild } from '../../node/devnet/children.ts'
import type { SeamObject } from '../../node/devnet/sse.ts'
import { openPostgresStore } from '../../node/lib/postgres-store.ts'
import { postgresHere } from '../node/lib/postgres.ts'
import { expectExactBooks } from './lib/books.ts'
import { type Answer, ask, post, readAnswer, refusal, viewSession } from './lib/http.ts'
import { expectSame, expectTiled } from './lib/legs.ts'
import { assistant, endless, type Market, MODEL, startMarket, user } from './lib/market.ts'
import { until } from './lib/until.ts'

type Gateway = Child<{ url: string }>
const KILL_AT = 40
const TALKS = 8

describe('two gateways of one wallet', function () {
  this.timeout(300_000)
  let market: Market
  let store: SharedStore
  let one: Gateway
  let other: Gateway
  const told: SeamObject[] = []
  after(async () => {
    await store?.close()
    await Promise.all([one?.stop(), other?.stop()])
    await market?.stop()
  })
  const database = postgresHere(this) // its end comes after ours

  before(async () => {
    market = await startMarket({ gateway: false, providers: 3 })
    writeFileSync(join(market.net.dir, 'database-password'), database().password, { mode: 0o600 })
    ;[one, other] = await Promise.all([startGateway('one'), startGateway('other')])
    const { chainId, ledger } = domainOf(market.net.deployment)
    const space = `${chainId}:${ledger}:${market.net.accounts.client.account}`.toLowerCase()
    const { url, password } = database()
    store = await openPostgresStore({ url, password, space, clock: systemClock, log: silentLog })
  })
  const logFile = (name: string): string => join(market.net.dir, 'logs', `${name}.log`)

  const startGateway = (name: string): Promise<Gateway> => {
    const { net } = market
    const { client, deploymentFile, passwordFile } = net.accounts
    const of = {
      home: join(net.dir, name),
      wallet: join(client.home, 'wallet.json'),
      rpc: net.rpc,
      deployment: deploymentFile,
      'password-file': passwordFile,
      bootstrap: net.bootstrap().join(),
      store: database().url,
      'store-password-file': join(net.dir, 'database-password'),
      port: '0'
    }
    const args = Object.entries(of).flatMap(([flag, value]) => [`--${flag}`, value])
    return startChild(commandModule, ['gateway', ...args], logFile(name))
  }

  const say = async (at: Gateway, body: object, onToken?: Parameters<typeof ask>[2]): Promise<Answer> => {
    const answer = await ask(at.ready.url, { model: MODEL, ...endless, temperature: 0.8, ...body }, onToken)
    told.push(answer.result)
    return answer
  }
  /** As a caller who comes back. */
  const joinAt = (at: Gateway, session: string, from: number): Promise<Response> =>
    fetch(`${at.ready.url}/v1/sessions/${session}/stream?from=${from}`)
  const allDelivered = async (): Promise<boolean> => {
    for await (const [, bytes] of store.list('ch:')) {
      const { newest, delivered } = decodeJson<{ newest: { cumulative: bigint }; delivered: { cumulative: bigint } }>(bytes)
      if (newest.cumulative !== delivered.cumulative) return false
    }
    return true
  }
  const keysOf = async (prefix: string): Promise<string[]> => {
    const found: string[] = []
    for await (const [key] of store.list(prefix)) found.push(key)
    return found
  }

  it('both pay every provider from one row of vouchers', async () => {
    for (const at of [one, other]) {
      for (const { ready } of market.net.providers) {
        const openseam = { provider: ready?.peerId }
        const answer = await say(at, { max_tokens: 8, seed: 1, messages: [user('Say something short.')], openseam })
        expect(answer.result.legs.map(({ provider }) => provider)).to.deep.equal([ready?.peerId])
      }
      // Until its first voucher an account has one leg at a time.
      await until('the first vouchers to be delivered', allDelivered)
    }
    expect(await keysOf('ch:')).to.have.length(3)
    expect(await keysOf('cl:')).to.deep.equal([])
  })

  it('a conversation goes on at either, and is seen at both', async () => {
    const first = await say(one, { max_tokens: 20, seed: 2, messages: [user('My name is Ada.')] })
    const { session } = first
    const messages = [user('My name is Ada.'), assistant(first.text), user('Tell me a story about a lamp.')]
    const second = await say(other, { max_tokens: 20, seed: 3, messages, openseam: { session } })
    expect(second.session).to.equal(session)
    messages.push(assistant(second.text), user('And then?'))
    const third = await say(one, { max_tokens: 20, seed: 4, messages, openseam: { session } })
    for (const answer of [first, second, third]) expectTiled(answer)
    for (const at of [one, other]) {
      const view = await viewSession(at.ready.url, session)
      expect([view.running, view.tokenIds]).to.deep.equal([false, third.result.tokenIds])
    }
  })

  it('an answer that one makes can be joined at the other, and not continued there', async () => {
    let joined: Promise<Answer> | undefined
    let busy: Promise<Response> | undefined
    const body = { max_tokens: 120, seed: 5, messages: [user('Tell me a long story about a green boat.')] }
    const answer = await say(one, body, ({ index }, session) => {
      if (index < 10) return
      joined ??= joinAt(other, session, 0).then((response) => readAnswer(response))
      const request = { model: MODEL, messages: [...body.messages, assistant(''), user('More')], openseam: { session } }
      busy ??= post(other.ready.url, request)
    })
    expect((await refusal((await busy) as Response)).error.code).to.equal('SESSION_BUSY')
    expect((await joined)?.text).to.equal(answer.text)
    expect((await joined)?.finish).to.equal(answer.finish)
  })

  it('one is killed in mid-answer: the other carries on what it left, and its own answers do not notice', async () => {
    const opening = (i: number) => ({ max_tokens: 12, seed: 10 + i, messages: [user(`I am ${i}.`)] })
    const goOn = (i: number, { session, text }: Answer) => ({
      max_tokens: 150,
      seed: 20 + i,
      messages: [user(`I am ${i}.`), assistant(text), user(`Tell me a long story about boat number ${i}.`)],
      openseam: { session }
    })
    const opened = await Promise.all(Array.from({ length: TALKS }, (_, i) => say(i % 2 === 0 ? one : other, opening(i))))
    const requests = opened.map((answer, i) => goOn(i, answer))
    const seen = requests.map(() => ({ tokens: 0, text: '' }))
    const mine = requests.slice(0, TALKS / 2)
    const broken = mine.map((request, i) =>
      say(one, request, ({ index, text }) => {
        const at = seen[i] as { tokens: number; text: string }
        Object.assign(at, { tokens: index + 1, text: at.text + text })
        if (seen.slice(0, mine.length).every(({ tokens }) => tokens >= KILL_AT)) one.process.kill('SIGKILL')
      }).catch((error: unknown) => error)
    )
    const others = requests.slice(mine.length).map((request) => say(other, request))
    for (const error of await Promise.all(broken)) expect(error).to.be.instanceOf(Error)
    await one.exited

    const rest = await Promise.all(
      mine.map(async ({ openseam }, i) => readAnswer(await joinAt(other, openseam.session, seen[i]?.tokens ?? 0)))
    )
    for (const answer of await Promise.all(others)) {
      expectTiled(answer)
      expect(answer.completionTokens).to.equal(150)
    }
    const calm = await Promise.all(mine.map(async (_, i) => say(other, goOn(i, await say(other, opening(i))))))
    for (const [i, { openseam }] of mine.entries()) {
      const whole = await readAnswer(await joinAt(other, openseam.session, 0))
      told.push(whole.result)
      const answer = { ...whole, completionTokens: 150 }
      expectTiled(answer)
      expect((seen[i]?.text ?? '') + (rest[i]?.text ?? '')).to.equal(answer.text)
      expect(answer.finish).to.equal('length')
      expectSame(answer, calm[i] as Answer)
      expect((await viewSession(other.ready.url, openseam.session)).running).to.equal(false)
    }
  })

  it('the one that is left closes what nobody came back for', async () => {
    one = await startGateway('one')
    let session = ''
    const lost = say(one, { max_tokens: 150, seed: 40, messages: [user('Tell me of a red kite.')] }, ({ index }, handle) => {
      session = handle
      if (index >= KILL_AT) one.process.kill('SIGKILL')
    }).catch((error: unknown) => error)
    expect(await lost).to.be.instanceOf(Error)
    await one.exited
    expect(await keysOf('cl:')).to.have.length(1)
    await until('the open leg to be closed', async () => (await keysOf('cl:')).length === 0)
    const view = await viewSession(other.ready.url, session)
    expect(view.legs.map(({ end }) => end)).to.deep.equal(['cancelled'])
    expect(view.tokenIds.length).to.be.above(0) // what was shown in the last moment may not have been stored
    told.push(view)
    await until('its beat to be gone', async () => (await keysOf('gw:')).length === 1)
  })

  it('one that stands still is taken over; when it goes on it finds that out, and pays nothing twice', async () => {
    one = await startGateway('one')
    const seen = { session: '', tokens: 0, text: '' }
    const request = { max_tokens: 400, seed: 50, messages: [user('Tell me of a slow snail.')] }
    const broken = ask(one.ready.url, { model: MODEL, ...endless, temperature: 0.8, ...request }, ({ index, text }, session) => {
      Object.assign(seen, { session, tokens: index + 1, text: seen.text + text })
      if (index === 5) one.process.kill('SIGSTOP')
    }).catch((error: unknown) => error)
    await until('the answer to be under way', () => seen.tokens > 5)
    const whole = await readAnswer(await joinAt(other, seen.session, 0))
    told.push(whole.result)
    expectTiled({ ...whole, completionTokens: 400 })
    expect(whole.result.legs.map(({ end }) => end)).to.include('cancelled')
    expect(whole.text.startsWith(seen.text)).to.equal(true)
    one.process.kill('SIGCONT')
    expect(String(await broken)).to.match(/SESSION_MOVED|STORE_DOWN/) // whichever it meets first: its claim is gone, its transaction cut off
    expect((await viewSession(one.ready.url, seen.session)).tokenIds).to.deep.equal(whole.result.tokenIds)
    const again = await say(one, { max_tokens: 8, seed: 51, messages: [user('Are you there?')] })
    expectTiled(again)
  })

  it('the chain has settled what both told, and the store holds each receipt once', async () => {
    await expectExactBooks(
      market.chain,
      told.flatMap(({ legs }) => legs)
    )
    const ledger = new LedgerClient(new Rpc(market.chain.rpc), market.chain.deployment)
    const places = new Set<string>()
    const totals = new Map<string, bigint>()
    let receipts = 0
    for await (const [key, bytes] of store.list('rc:')) {
      const [, provider, , index] = key.split(':') as [string, Address, string, string]
      const { receipt, cumAfter } = decodeJson<StoredReceipt>(bytes)
      const before = totals.get(provider) ?? 0n
      expect(cumAfter, `${provider} ${index}`).to.equal(before + receipt.amount)
      totals.set(provider, cumAfter)
      places.add(`${receipt.sessionId} ${receipt.leg} ${receipt.seq}`)
      receipts += 1
    }
    expect(places.size, 'no work is paid twice').to.equal(receipts)
    for (const { account } of market.net.providers)
      expect((await ledger.earned(account)).lifetime).to.equal(totals.get(account.toLowerCase()) ?? 0n)
  })

  it('no provider had a voucher to complain of', () => {
    const refused = /an acknowledgement was refused/
    const lines = market.net.providers.flatMap(({ name }) => readFileSync(logFile(name), 'utf8').split('\n'))
    const reasons = lines.filter((line) => refused.test(line) && !line.includes('VOUCHER_REGRESSED'))
    expect(reasons).to.deep.equal([])
    for (const name of ['one', 'other'])
      expect(readFileSync(logFile(name), 'utf8')).to.not.match(/refused an acknowledgement|signed something else/)
  })
})
