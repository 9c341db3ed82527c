/** A gateway that sells single requests, paid on a real chain: the money of each payer, to the wei. */
import { expect } from 'chai'
import { payingFetch } from 'openseam'
import { domainOf, type Wallet } from 'openseam/chain/index'
import { memoryStore, type Store, silentLog, systemClock } from 'openseam/components'
import { type Hex, ZERO_ADDRESS } from 'openseam/protocol/eth'
import { type Payment, requestHash, signPayment } from 'openseam/protocol/payment'
import { decodeHeader, encodeHeader } from 'openseam/protocol/x402'
import type { TurnSummary } from 'openseam/session/types'
import { ownerOfKey } from '../../../../node/gateway/index.ts'
import { CreditBook } from '../../../../node/gateway/x402/book.ts'
import { depositReader } from '../../../../node/gateway/x402/deposits.ts'
import { Till } from '../../../../node/gateway/x402/till.ts'
import { type Market, OPEN, type Person, startMarket } from '../../../contracts/market.ts'
import { type FakeClient, fakeClient, finish, hello, type Script, token } from '../fake-client.ts'
import { basic, type Harness, harness, type Reply } from '../harness.ts'

const PROMPT = 30n
const PRICE = 10n ** 12n
const MAX = 100n
const MOST = (PROMPT + MAX) * PRICE
/** The script's four tokens and its prompt. */
const COST = (PROMPT + 4n) * PRICE

const paidHello: Script = { ...hello, summary: { amount: COST } }

for (const money of ['token', 'native'] as const) {
  describe(`x402, ${money}`, function () {
    this.timeout(60_000)
    let market: Market
    let gatewayWallet: Wallet
    let agent: Person
    let other: Person
    let store: Store
    let till: Till
    let client: FakeClient
    let h: Harness

    /** A gateway as it starts on what its store holds. */
    const start = async (script: Script = paidHello, left: Record<string, bigint> = {}): Promise<void> => {
      client = fakeClient(script)
      const { view } = client
      const sold = Object.assign(client, {
        quote: async () => ({
          model: 'seam-chat',
          promptTokens: Number(PROMPT),
          completionTokensMax: Number(MAX),
          providers: 1,
          cost: { prompt: PROMPT * PRICE, perToken: PRICE, least: MOST, most: MOST }
        }),
        settled: async () => undefined,
        view: async (session: string) => {
          const found = await view(session)
          return found ?? (left[session] === undefined ? undefined : ({ amount: left[session] } as TurnSummary))
        }
      })
      const { rpc, deployment } = market
      const account = gatewayWallet.address
      till = new Till({
        market: sold,
        book: new CreditBook(store),
        deposits: depositReader(rpc, deployment, account, 0),
        account,
        domain: domainOf(deployment),
        token: deployment.token,
        clock: systemClock,
        log: silentLog
      })
      await till.open()
      h = harness(script, { keyHashes: new Set([ownerOfKey('good')]) }, { client: sold, till })
    }

    before(async () => {
      market = await startMarket(money === 'native' ? { token: ZERO_ADDRESS } : {})
      gatewayWallet = (await market.person('gateway')).wallet
      agent = await market.person('agent')
      other = await market.person('other')
    })
    after(() => market.close())
    beforeEach(async () => {
      store = memoryStore()
      await start()
    })

    let nonces = 0
    const pay = (
      body: object,
      amount: bigint,
      change: Partial<Payment> & { by?: Person; transaction?: Hex; network?: string } = {}
    ): RequestInit => {
      const { by = agent, transaction, network = `eip155:${market.deployment.chainId}`, ...fields } = change
      const payment: Payment = {
        payer: by.wallet.address,
        payTo: gatewayWallet.address,
        amount,
        request: requestHash(new TextEncoder().encode(JSON.stringify(body))),
        nonce: `0x${(++nonces).toString(16).padStart(64, '0')}`,
        validBefore: Math.floor(Date.now() / 1000) + 300,
        ...fields
      }
      const signature = `0x${Buffer.from(signPayment(domainOf(market.deployment), payment, by.wallet.secretKey)).toString('hex')}`
      const { payer, nonce, validBefore } = payment
      const header = encodeHeader({
        x402Version: 2,
        accepted: { scheme: 'openseam-deposit', network, amount: amount.toString() },
        payload: { payer, nonce, validBefore, signature, ...(transaction !== undefined && { transaction }) }
      })
      return { headers: { 'PAYMENT-SIGNATURE': header } }
    }
    const deposit = async (amount: bigint, by: Person = agent): Promise<Hex> =>
      (await by.ledger.deposit(gatewayWallet.address, amount)).hash
    const said = (reply: { headers: Headers }): any => decodeHeader(reply.headers.get('payment-response') ?? '')
    const credit = (reply: { headers: Headers }): bigint => BigInt(reply.headers.get('x-openseam-credit') ?? '-1')
    const reason = (reply: Reply): [number, string] => [reply.status, said(reply).errorReason]

    it('asks 402 with what the request can cost, in the form of x402', async () => {
      const { status, headers, json } = await h.ask(basic)
      expect([status, json.error.code, headers.get('x-should-retry')]).to.deep.equal([402, 'PAYMENT_REQUIRED', 'false'])
      const required = decodeHeader(headers.get('payment-required') ?? '') as any
      expect(required).to.include({ x402Version: 2 })
      expect(required.resource.url).to.match(/\/v1\/chat\/completions$/)
      expect(required.accepts).to.deep.equal([
        {
          scheme: 'openseam-deposit',
          network: `eip155:${market.deployment.chainId}`,
          amount: MOST.toString(),
          asset: market.deployment.token,
          payTo: gatewayWallet.address,
          maxTimeoutSeconds: 600,
          extra: { ledger: market.deployment.ledger, name: 'openseam x402', version: '1' }
        }
      ])
      const twice = decodeHeader((await h.ask({ ...basic, n: 2 })).headers.get('payment-required') ?? '') as any
      expect(twice.accepts[0].amount).to.equal((2n * MOST).toString())
      expect(client.requests).to.deep.equal([])
    })

    it('serves what is paid, keeps what it cost, gives the rest back, and the escrow has it all', async () => {
      const before = (await agent.ledger.account(gatewayWallet.address)).balance
      const transaction = await deposit(OPEN)
      const reply = await h.ask(basic, pay(basic, MOST, { transaction }))
      expect(reply.status).to.equal(200)
      expect(client.requests[0]).to.include({ budget: MOST })
      expect(said(reply)).to.deep.equal({
        success: true,
        payer: agent.wallet.address,
        transaction,
        network: `eip155:${market.deployment.chainId}`,
        amount: COST.toString()
      })
      expect(credit(reply)).to.equal(OPEN - COST)
      expect((await agent.ledger.account(gatewayWallet.address)).balance).to.equal(before + OPEN)
      // The next request needs no transaction.
      expect(credit(await h.ask(basic, pay(basic, MOST)))).to.equal(OPEN - 2n * COST)
    })

    it('streams too: the price is in the last chunk, the rest is credit for the next request', async () => {
      const transaction = await deposit(OPEN)
      const body = { ...basic, stream: true }
      const response = await h.post(body, pay(body, MOST, { transaction }))
      expect(response.status).to.equal(200)
      expect(said(response)).to.include({ success: true, payer: agent.wallet.address }).and.not.have.property('amount')
      expect(await response.text()).to.match(/\[DONE\]/)
      expect(credit(await h.ask(basic, pay(basic, MOST)))).to.equal(OPEN - 2n * COST)
    })

    it('takes each payment once: again, at the same time, after a restart', async () => {
      const once = pay(basic, MOST, { transaction: await deposit(10n * OPEN) })
      const both = await Promise.all([h.ask(basic, once), h.ask(basic, once)])
      expect(both.map(({ status }) => status).sort()).to.deep.equal([200, 402])
      expect(reason(await h.ask(basic, once))).to.deep.equal([402, 'replayed'])
      await start()
      expect(reason(await h.ask(basic, once))).to.deep.equal([402, 'replayed'])
      expect(client.requests).to.deep.equal([])
    })

    it('takes each deposit once, also after a restart, and gives it to who made it', async () => {
      const transaction = await deposit(OPEN)
      await h.ask(basic, pay(basic, MOST, { transaction }))
      await start()
      expect(credit(await h.ask(basic, pay(basic, MOST, { transaction })))).to.equal(OPEN - 2n * COST)
      expect(reason(await h.ask(basic, pay(basic, MOST, { transaction, by: other })))).to.deep.equal([402, 'deposit_invalid'])
    })

    it('a deposit for someone else, a transaction that is none, or one that failed, is worth nothing', async () => {
      const elsewhere = (await agent.ledger.deposit(other.wallet.address, OPEN)).hash
      expect(reason(await h.ask(basic, pay(basic, MOST, { transaction: elsewhere })))).to.deep.equal([402, 'deposit_invalid'])
      const nowhere = await h.ask(basic, pay(basic, MOST, { transaction: `0x${'ab'.repeat(32)}` }))
      expect(reason(nowhere)).to.deep.equal([402, 'deposit_pending'])
      expect(nowhere.headers.get('x-should-retry')).to.equal('true')
      expect(client.requests).to.deep.equal([])
    })

    it('books that began later do not take what came before them', async () => {
      const transaction = await deposit(OPEN)
      await market.passSeconds(1)
      store = memoryStore()
      await start()
      expect(reason(await h.ask(basic, pay(basic, MOST, { transaction })))).to.deep.equal([402, 'deposit_invalid'])
    })

    it('is bound to payer, body, amount, receiver, chain and time', async () => {
      await h.ask(basic, pay(basic, MOST, { transaction: await deposit(OPEN) }))
      const soon = Math.floor(Date.now() / 1000)
      const tries: [RequestInit, string][] = [
        [pay({ ...basic, max_tokens: 5 }, MOST), 'invalid_signature'],
        [pay(basic, MOST, { payTo: other.wallet.address }), 'invalid_signature'],
        [pay(basic, MOST, { payer: other.wallet.address }), 'invalid_signature'],
        [pay(basic, MOST, { network: 'eip155:1' }), 'invalid_network'],
        [pay(basic, MOST, { validBefore: soon }), 'expired'],
        [pay(basic, MOST, { validBefore: soon + 10_000 }), 'expired'],
        [pay(basic, MOST, { by: other }), 'insufficient_funds'],
        [pay(basic, OPEN), 'insufficient_funds']
      ]
      const served = client.requests.length
      for (const [init, why] of tries) expect(reason(await h.ask(basic, init)), why).to.deep.equal([402, why])
      expect(client.requests).to.have.length(served)
      const short = await h.ask(basic, pay(basic, OPEN))
      expect(credit(short)).to.equal(OPEN - COST) // told to the payer, so that it knows what is missing
      expect((await h.ask(basic, tries[0]![0])).headers.get('x-openseam-credit')).to.equal(null)
    })

    it('charges nothing for what did not begin, and less than was signed for what broke off', async () => {
      const transaction = await deposit(OPEN)
      client.play({ refuse: new Error('nobody there') })
      const failed = await h.ask(basic, pay(basic, MOST, { transaction }))
      expect([failed.status, credit(failed)]).to.deep.equal([500, OPEN])
      client.play({ steps: [[token(0, 'Hel')], new Error('gone'), [finish()]], summary: { amount: 31n * PRICE } })
      const broken = await h.ask(basic, pay(basic, MOST))
      expect([broken.status, credit(broken)]).to.deep.equal([500, OPEN - 31n * PRICE])
    })

    it('after a crash, charges for what was served and returns the rest', async () => {
      const transaction = await deposit(OPEN)
      client.play({ ...paidHello, steps: [[token(0, 'Hel')], 10_000, [finish()]] })
      const body = { ...basic, stream: true }
      // The process dies while the answer is made: nothing of this till runs on.
      Object.assign(client, { settled: () => new Promise(() => undefined) })
      const response = await h.post(body, pay(body, MOST, { transaction }))
      await response.body?.cancel()
      // The next run finds the session on disk, with what was served of it.
      await start(paidHello, { 'handle-1': 31n * PRICE })
      expect(credit(await h.ask(basic, pay(basic, MOST)))).to.equal(OPEN - 31n * PRICE - COST)
      await start(paidHello, { 'handle-1': 31n * PRICE })
      expect(credit(await h.ask(basic, pay(basic, MOST)))).to.equal(OPEN - 31n * PRICE - 2n * COST) // charged once
    })

    it('two answers share the payment; a session goes on for its payer alone', async () => {
      const transaction = await deposit(OPEN)
      const two = { ...basic, n: 2 }
      const reply = await h.ask(two, pay(two, 2n * MOST, { transaction }))
      expect(client.requests.map(({ budget }) => budget)).to.deep.equal([MOST, MOST])
      expect(credit(reply)).to.equal(OPEN - 2n * COST)
      const next = { ...basic, openseam: { session: 'handle-1' } }
      expect((await h.ask(next, pay(next, MOST))).status).to.equal(200)
      const theirs = await deposit(OPEN, other)
      expect((await h.ask(next, pay(next, MOST, { by: other, transaction: theirs }))).json.error.code).to.equal('SESSION_UNKNOWN')
      expect((await h.ask(next, { headers: { authorization: 'Bearer good' } })).json.error.code).to.equal('SESSION_UNKNOWN')
    })

    it('a key still pays nothing here, a wrong one is no way in, and what is for sale is shown to all', async () => {
      expect((await h.ask(basic, { headers: { authorization: 'Bearer good' } })).status).to.equal(200)
      expect((await h.ask(basic, { headers: { authorization: 'Bearer bad' } })).status).to.equal(401)
      expect((await h.get('/v1/models')).status).to.equal(200)
      expect((await h.get('/v1/sessions/handle-1')).status).to.equal(401)
    })

    it('400 for a header that is no payment', async () => {
      for (const header of ['', 'x', btoa('{}'), btoa('[]'), encodeHeader({ x402Version: 1 }), 'A'.repeat(9_000)]) {
        const { status, json } = await h.ask(basic, { headers: { 'PAYMENT-SIGNATURE': header } })
        expect([status, json.error.code], header.slice(0, 20)).to.deep.equal([400, 'BAD_REQUEST'])
      }
    })

    it('the SDK’s fetch pays by itself: one deposit, then credit; and stays inside its limits', async () => {
      const { rpc, deployment } = market
      const wallet = { secretKey: agent.wallet.secretKey }
      const through = ((input: Request | string, init?: RequestInit) => h.app.request(input, init)) as unknown as typeof fetch
      const network = { rpc: rpc.url, deployment }
      const limits = { perRequest: MOST, deposit: 10n * MOST }
      const paid = payingFetch({ network, wallet, ...limits, total: 10n * MOST, payTo: gatewayWallet.address, fetch: through })
      const ask = (call: typeof fetch, body: object = basic) =>
        call('http://gateway/v1/chat/completions', {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { authorization: 'Bearer none' }
        })
      const held = (await agent.ledger.account(gatewayWallet.address)).balance
      const replies = await Promise.all([ask(paid), ask(paid), ask(paid)])
      expect(replies.map(({ status }) => status)).to.deep.equal([200, 200, 200])
      expect((await agent.ledger.account(gatewayWallet.address)).balance).to.equal(held + 10n * MOST)
      expect(credit(await ask(paid))).to.equal(10n * MOST - 4n * COST)
      const refused = async (call: typeof fetch) =>
        ask(call).then(
          () => 'paid',
          (error) => error.code
        )
      expect(await refused(payingFetch({ network, wallet, ...limits, perRequest: MOST - 1n, fetch: through }))).to.equal(
        'SPEND_CAP'
      )
      expect(await refused(payingFetch({ network, wallet, ...limits, payTo: other.wallet.address, fetch: through }))).to.equal(
        'NOT_ALLOWED'
      )
      const poor = { secretKey: other.wallet.secretKey }
      expect(await refused(payingFetch({ network, wallet: poor, ...limits, total: MOST, fetch: through }))).to.equal('SPEND_CAP')
      // A gateway that names a ledger of its own gets nothing: its 402 is handed to the caller as it is.
      const strange = { rpc: rpc.url, deployment: { ...deployment, ledger: `0x${'99'.repeat(20)}` as const } }
      expect((await ask(payingFetch({ network: strange, wallet, ...limits, fetch: through }))).status).to.equal(402)
    })
  })
}
