/** The developer's surface against a market of real providers: OpenAI's calls, wallets of every kind, caps, lists, conversations. */
import { expect } from 'chai'
import { JsonRpcProvider, Wallet } from 'ethers'
import { type Eip1193Provider, memoryStore, OpenSeam, type OpenSeamOptions, SeamError, type SeamEvents } from 'openseam'
import { encryptWallet, LedgerClient, Rpc, walletFromHex } from 'openseam/chain/index'
import type { Address } from 'openseam/protocol/eth'
import { fundedKeys } from '../../node/devnet/chain.ts'
import type { LegObject } from '../../node/devnet/sse.ts'
import { expectExactBooks } from './lib/books.ts'
import { LocalMarket } from './lib/local-market.ts'
import { MODEL, stopId, user } from './lib/market.ts'
import { until } from './lib/until.ts'

const OPEN = 10n ** 18n
const ask = { model: MODEL, messages: [user('My name is Ada.')], seed: 7, temperature: 0.8 }
const long = { ...ask, logit_bias: { [stopId]: -100 }, max_tokens: 160 }
/** Development keys that nobody in the market uses, by what they are for. */
const keyOf = { browser: 5, signer: 6, capped: 7, money: 8 } as const

describe('the SDK', () => {
  const market = new LocalMarket()
  const legs: LegObject[] = []
  const open: OpenSeam[] = []
  let seam: OpenSeam
  before(async () => {
    await market.start(2)
    for (const index of Object.values(keyOf)) await market.fund(secret(index), OPEN)
    seam = client()
  })
  after(async () => {
    for (const one of open) await one.close()
    await market.stop()
  })

  const secret = (index: number): Uint8Array => walletFromHex(fundedKeys()[index] as string).secretKey
  const client = (options: Partial<OpenSeamOptions> = {}): OpenSeam => {
    const network = { rpc: market.rpc, deployment: market.accounts.deployment, bootstrap: market.bootstrap() }
    const made = new OpenSeam({ network, wallet: { secretKey: secret(3) }, ...options })
    open.push(made)
    return made
  }
  /** Everything that was served goes into the books. */
  const bill = <T extends { legs: unknown[] }>(openseam: T): T => {
    legs.push(...(JSON.parse(JSON.stringify(openseam.legs, (_, v) => (typeof v === 'bigint' ? String(v) : v))) as LegObject[]))
    return openseam
  }
  const ledger = (): LedgerClient => new LedgerClient(new Rpc(market.rpc), market.accounts.deployment)
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'none',
      (error: unknown) => (error instanceof SeamError ? error.code : String(error))
    )

  it('gives one answer whole or streamed, in OpenAI’s shape, and tells what happens', async () => {
    const seen: { [Name in keyof SeamEvents]: SeamEvents[Name][] } = { token: [], switch: [], payment: [], warning: [] }
    const stops = (Object.keys(seen) as (keyof SeamEvents)[]).map((name) =>
      seam.on(name, (event) => seen[name].push(event as never))
    )
    const whole = await seam.chat.completions.create(ask)
    for (const stop of stops) stop()
    expect(whole.object).to.equal('chat.completion')
    expect(whole.choices[0]?.finish_reason).to.equal('stop')
    bill(whole.openseam)
    expect(seen.token.map(({ text }) => text).join('')).to.equal(whole.choices[0]?.message.content)
    expect(seen.payment.reduce((sum, { amount }) => sum + amount, 0n)).to.equal(BigInt(whole.openseam.amount))
    expect(seen.payment.map(({ receipt }) => receipt)).to.deep.equal(whole.openseam.receipts)
    expect(seen.warning.map(({ code, provider }) => [code, provider])).to.deep.equal([
      ['PLAINTEXT', whole.openseam.legs[0]?.provider]
    ])

    let text = ''
    const stream = await seam.chat.completions.create({ ...ask, stream: true, stream_options: { include_usage: true } })
    let usage: object | null | undefined
    for await (const chunk of stream) {
      expect(chunk.object).to.equal('chat.completion.chunk')
      text += chunk.choices[0]?.delta.content ?? ''
      usage = chunk.usage ?? usage
    }
    expect(text).to.equal(whole.choices[0]?.message.content)
    expect(usage).to.deep.equal(whole.usage)
    bill(await stream.summary())
    expect(await codeOf(stream[Symbol.asyncIterator]().next())).to.equal('BAD_REQUEST')
  })

  it('quotes what an answer to the end costs, to the wei', async () => {
    const quote = await seam.estimate(long)
    const { openseam, usage } = await seam.chat.completions.create(long)
    bill(openseam)
    expect(quote.promptTokens).to.equal(usage.prompt_tokens)
    expect(quote.completionTokensMax).to.equal(usage.completion_tokens)
    expect(quote.providers).to.equal(2)
    expect(quote.cost?.least).to.equal(BigInt(openseam.amount))
    expect(quote.cost?.most).to.equal(BigInt(openseam.amount))
  })

  it('leaving the loop ends the work and pays what was served', async () => {
    const stream = await seam.chat.completions.create({ ...long, max_tokens: 400, stream: true })
    let chunks = 0
    for await (const _ of stream) if (++chunks === 20) break
    await until('the providers to be free', () => market.providers.every(({ up }) => up?.sessions.active === 0))
    const summary = bill(
      await until('the end of the leg', async () => ((await stream.summary()).finish ? stream.summary() : undefined))
    )
    expect(summary.finish).to.equal('cancelled')
    expect(summary.tokenIds.length).to.be.within(18, 399)
    expect(summary.amount).to.equal(BigInt(summary.promptTokens + summary.tokenIds.length) * 10n ** 12n)
  })

  it('a signal ends a request wherever it is', async () => {
    const never = AbortSignal.abort()
    expect(await codeOf(seam.chat.completions.create(ask, { signal: never }))).to.equal('CANCELLED')
    const midway = new AbortController()
    const stream = await seam.chat.completions.create({ ...long, stream: true }, { signal: midway.signal })
    const reading = (async () => {
      for await (const chunk of stream) if (chunk.openseam !== undefined) midway.abort()
    })()
    expect(await codeOf(reading)).to.equal('CANCELLED')
    bill(await stream.summary())
    const whole = new AbortController()
    let session = ''
    const stop = seam.on('token', (event) => {
      session = event.session
      whole.abort()
    })
    expect(await codeOf(seam.chat.completions.create(long, { signal: whole.signal }))).to.equal('CANCELLED')
    stop()
    bill(
      await until('the end of the cancelled answer', async () => {
        const view = await seam.session.summary(session)
        return view?.finish === 'cancelled' ? view : undefined
      })
    )
  })

  it('lists providers with reasons, and deals with nobody on the deny list', async () => {
    const [first, second] = await seam.providers.list({ model: MODEL })
    expect([first?.excluded, second?.excluded]).to.deep.equal([null, null])
    expect((await seam.providers.list({ model: MODEL, maxPrice: 1n })).map((row) => row.excluded?.code)).to.deep.equal([
      'PRICE_ABOVE_CAP',
      'PRICE_ABOVE_CAP'
    ])
    const wary = client({ wallet: { secretKey: secret(keyOf.money) }, deny: [first?.account as string] })
    const rows = await wary.providers.list({ model: MODEL })
    expect(rows.find(({ account }) => account === first?.account)?.excluded?.code).to.equal('NOT_ALLOWED')
    const { openseam } = await wary.chat.completions.create({ ...long, max_tokens: 40 })
    expect(bill(openseam).legs.map(({ account }) => account)).to.deep.equal([second?.account])
    expect((await wary.session.summary(openseam.session))?.successors).to.deep.equal([])
    const nobody = client({ wallet: { secretKey: secret(keyOf.money) }, allow: ['0x00000000000000000000000000000000000000aa'] })
    expect(await codeOf(nobody.chat.completions.create(ask))).to.equal('NO_PROVIDER')
  })

  it('never spends more than its caps', async () => {
    const spend = { perSession: '0.0001', perDay: 180n * 10n ** 12n } // 100 and 180 positions at these prices
    const capped = client({ wallet: { secretKey: secret(keyOf.capped) }, spend })
    const warnings: string[] = []
    capped.on('warning', ({ code }) => warnings.push(code))
    const first = bill((await capped.chat.completions.create(long)).openseam)
    expect(BigInt(first.amount)).to.equal(100n * 10n ** 12n)
    const second = bill((await capped.chat.completions.create(long)).openseam)
    expect(BigInt(second.amount)).to.equal(80n * 10n ** 12n)
    expect(warnings).to.deep.equal(['PLAINTEXT', 'SPEND_CAP', 'PLAINTEXT', 'SPEND_CAP'])
    expect(await codeOf(capped.chat.completions.create(long))).to.equal('SPEND_CAP')
  })

  it('moves money in and out of escrow', async () => {
    const rich = client({ wallet: { secretKey: secret(3) }, store: memoryStore() })
    const before = await rich.wallet.balance()
    expect(before.leaving).to.equal(null)
    const { readyAt, amount } = await rich.wallet.withdraw('1')
    expect(amount).to.equal(OPEN)
    expect(readyAt.getTime()).to.be.greaterThan(Date.now())
    expect((await rich.wallet.balance()).leaving?.amount).to.equal(OPEN)
    expect(await codeOf(rich.wallet.finishWithdraw())).to.equal('CHAIN_REVERTED')
    await rich.wallet.cancelWithdraw()
    expect((await rich.wallet.balance()).leaving).to.equal(null)
  })

  /** A browser wallet that counts how often its owner is asked. */
  const browserWallet = (index: number): Eip1193Provider & { asked: string[] } => {
    const wallet = new Wallet(fundedKeys()[index] as string, new JsonRpcProvider(market.rpc))
    const asked: string[] = []
    return {
      asked,
      async request({ method, params = [] }) {
        if (method === 'eth_requestAccounts') return [wallet.address]
        if (method === 'eth_chainId') return '0x7a69'
        asked.push(method)
        if (method === 'personal_sign') return wallet.signMessage(Buffer.from((params[0] as string).slice(2), 'hex'))
        if (method !== 'eth_sendTransaction') throw Object.assign(new Error('no such method'), { code: -32_601 })
        const { to, data, value, gas } = params[0] as Record<'to' | 'data' | 'value' | 'gas', string>
        return (await wallet.sendTransaction({ to, data, value, gasLimit: gas })).hash
      }
    }
  }

  it('a browser wallet is asked once, and its session key signs silently', async () => {
    const provider = browserWallet(keyOf.browser)
    const store = memoryStore()
    const first = client({ wallet: provider, store })
    await first.models.list()
    expect(provider.asked).to.deep.equal(['personal_sign'])
    bill((await first.chat.completions.create({ ...long, max_tokens: 20 })).openseam)
    expect(provider.asked).to.deep.equal(['personal_sign', 'eth_sendTransaction'])
    bill((await first.chat.completions.create({ ...long, max_tokens: 20 })).openseam)
    expect(provider.asked).to.have.length(2)
    await first.close()
    const again = client({ wallet: { provider }, store })
    bill((await again.chat.completions.create({ ...long, max_tokens: 20 })).openseam)
    expect(provider.asked.slice(2)).to.deep.equal(['personal_sign'])
    const { signer } = await ledger().account(await again.wallet.address())
    expect(signer).to.not.equal(await again.wallet.address())

    const refusing: Eip1193Provider = { request: () => Promise.reject(Object.assign(new Error('no'), { code: 4001 })) }
    expect(await codeOf(client({ wallet: refusing }).models.list())).to.equal('CANCELLED')
  })

  it('any ethers Signer pays, connected or not; a keystore too', async () => {
    const signer = new Wallet(fundedKeys()[keyOf.signer] as string)
    const first = client({ wallet: signer })
    bill((await first.chat.completions.create({ ...long, max_tokens: 20 })).openseam)
    const { signer: key } = await ledger().account(signer.address.toLowerCase() as Address)
    expect(key).to.be.a('string')
    await first.close()
    const keystore = await encryptWallet(walletFromHex(signer.privateKey), 'a password', { light: true })
    expect(await codeOf(client({ wallet: { keystore, password: 'another' } }).ready())).to.equal('KEYSTORE')
  })

  it('of those who go on with one conversation at once, one is answered', async () => {
    const first = await seam.chat.completions.create(ask)
    const { session } = bill(first.openseam)
    const said = { role: 'assistant' as const, content: first.choices[0]?.message.content ?? '' }
    const next = { ...long, messages: [...ask.messages, said, user('What is my name?')], openseam: { session } }
    const asked = await Promise.allSettled(Array.from({ length: 6 }, () => seam.chat.completions.create(next)))
    const answers = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    const refusals = asked.flatMap((one) => (one.status === 'rejected' ? [(one.reason as SeamError).code] : []))
    for (const { openseam } of answers) bill(openseam)
    expect(refusals).to.deep.equal(Array.from({ length: 5 }, () => 'SESSION_BUSY'))
  })

  it('a conversation goes on after its process is gone', async () => {
    const store = memoryStore()
    const wallet = { secretKey: secret(3) }
    await seam.close() // its store is not the one that follows: what it paid must be learned from the providers
    const first = client({ store, wallet })
    const talk = await first.session.open({ model: MODEL, temperature: 0 })
    bill((await talk.say('My name is Ada.')).openseam)
    const broken = await talk.stream('Tell me a story about a lamp.', { max_tokens: 40 })
    for await (const chunk of broken)
      if (chunk.openseam !== undefined && 'index' in chunk.openseam && chunk.openseam.index > 10) break
    bill(
      await until('the end of the broken answer', async () => ((await broken.summary()).finish ? broken.summary() : undefined))
    )
    const id = talk.id as string
    await first.close()

    const second = client({ store, wallet })
    expect(await codeOf(second.session.resume('s_unknown'))).to.equal('SESSION_UNKNOWN')
    const resumed = await second.session.resume(id)
    const answer = await resumed.say('What is my name?')
    bill(answer.openseam)
    expect(answer.openseam.session).to.equal(id)
    expect(answer.choices[0]?.message.content).to.include('Ada')
    expect(resumed.messages.map(({ role }) => role)).to.deep.equal(['user', 'assistant', 'user', 'assistant', 'user'])
    await second.session.close(id, { forget: true })
    expect(await codeOf(second.session.resume(id))).to.equal('SESSION_UNKNOWN')
    for await (const [key] of store.list('')) expect(key).to.not.include(id)
  })

  it('every answer above is settled to the wei', async () => {
    for (const one of open) await one.close()
    await expectExactBooks(market.chain, legs)
  })
})
