/**
 * Sells single requests to callers without an account (docs/spec/x402.md): says what a request can cost, takes a signed payment for it
 * once, and gives back as credit what the answer did not cost.
 */
import type { Clock, Log } from 'openseam/components'
import type { Ask } from 'openseam/openai/convert'
import type { Wei } from 'openseam/protocol/amounts'
import { codeOf, SeamError } from 'openseam/protocol/errors'
import { type Address, type Bytes32, bytesToHex, hexToBytes } from 'openseam/protocol/eth'
import {
  PAYMENT_NAME,
  PAYMENT_VERSION,
  type Payment,
  type PaymentDomain,
  paymentDigest,
  recoverPayment,
  requestHash
} from 'openseam/protocol/payment'
import {
  CREDIT_HEADER,
  decodeHeader,
  encodeHeader,
  networkName,
  PAYMENT_REQUIRED,
  PAYMENT_RESPONSE,
  type PaymentRequired,
  type SettlementResponse,
  X402_SCHEME,
  X402_VERSION
} from 'openseam/protocol/x402'
import type { Quote } from 'openseam/session/quote'
import type { ChatRequest, TurnSummary } from 'openseam/session/types'
import { check } from '../body.ts'
import { ApiError } from '../errors.ts'
import type { CreditBook } from './book.ts'
import type { DepositReader } from './deposits.ts'
import { paymentPayload } from './payload.ts'

/** The part of the market's client that a till needs besides answers. */
export interface TillMarket {
  quote(request: ChatRequest): Promise<Quote>
  settled(session: string): Promise<void>
  view(session: string): Promise<TurnSummary | undefined>
}

export interface TillComponents {
  market: TillMarket
  book: CreditBook
  deposits: DepositReader
  /** The gateway's account in the ledger: what payers fill. */
  account: Address
  domain: PaymentDomain
  /** The deployment's currency. */
  token: Address
  clock: Clock
  log: Log
}

/** One request, as it came. */
export interface Demand {
  url: string
  body: Uint8Array
  ask: Ask
}

/** A payment that was taken. */
export interface Taken {
  readonly payer: Address
  /** Wei that one of the request's answers may cost. */
  readonly budget: Wei
  /** The answers cost their payer from here on. */
  begin(session: string): Promise<void>
  /** Once every answer that will begin has begun: settles when all are over and the rest is credit again. */
  end(): Promise<Record<string, string>>
  /** Headers while the answers are being made. */
  readonly headers: Record<string, string>
}

export const PAYMENT_SECONDS = 600 // what a payer is told; its clock may be off by as much again
export const PAYER_BODY_BYTES_MAX = 512 * 1024 // a price costs the reading of the whole prompt, and nobody pays for a price
const READS_MAX = 16 // of the chain at once: a hash costs a caller nothing

type Reason =
  | 'expired'
  | 'replayed'
  | 'insufficient_funds'
  | 'invalid_signature'
  | 'invalid_network'
  | 'deposit_pending'
  | 'deposit_invalid'

export class Till {
  readonly #c: TillComponents
  readonly #network: string
  readonly #ending = new Map<string, Promise<unknown>>()
  readonly #open = new Set<Promise<unknown>>()
  #since: Promise<number> | undefined
  #reads = 0

  constructor(components: TillComponents) {
    this.#c = components
    this.#network = networkName(components.domain.chainId)
  }

  /** Charges what an earlier run served and could not charge any more. Before the first request. */
  async open(): Promise<void> {
    const { book, deposits, market, log } = this.#c
    this.#since = book.since(() => deposits.head())
    await this.#since
    for (const { digest, sessions } of await book.unfinished()) {
      const spent = await costOf(market, sessions)
      await book.close(digest, spent)
      log.info({ spent: spent.toString() }, 'closed a payment that an earlier run left open')
    }
  }

  /** Resolves once every answer that has ended is charged: before the store closes. */
  async settled(): Promise<void> {
    while (this.#open.size > 0) await Promise.all(this.#open)
  }

  /** Takes the payment of a request, or throws what the caller has to do: 402 with the price, 400 for a header that is none. */
  async take(header: string | undefined, demand: Demand): Promise<Taken> {
    if (header === undefined) throw await this.#refuse(demand, 'Pay for this request, or send an API key.')
    const { accepted, payload } = check(paymentPayload, decodeHeader(header))
    const { account, domain, clock, book } = this.#c
    const { payer, nonce, validBefore, signature, transaction } = payload
    const amount = BigInt(accepted.amount)
    const payment: Payment = { payer, payTo: account, amount, request: requestHash(demand.body), nonce, validBefore }
    const no = (reason: Reason, why: string) => this.#refuse(demand, why, { reason, payer })
    if (accepted.network !== this.#network) throw await no('invalid_network', `This gateway is paid on ${this.#network}.`)
    if (recoverPayment(domain, payment, hexToBytes(signature, 65)) !== payer)
      throw await no('invalid_signature', 'The signature is not the payer’s over this body, amount, receiver and ledger.')
    const nowSeconds = Math.floor(clock.nowMs() / 1000)
    if (validBefore <= nowSeconds || validBefore > nowSeconds + 2 * PAYMENT_SECONDS)
      throw await no('expired', `validBefore must be within ${PAYMENT_SECONDS} s from now (${nowSeconds}).`)
    await this.#rested(demand.ask.request.session)
    if (transaction !== undefined) await this.#claim(transaction, payer, no)
    const digest = bytesToHex(paymentDigest(domain, payment))
    const outcome = await book.open({ digest, payer, amount }, validBefore)
    if (outcome === 'used') throw await no('replayed', 'This payment was taken before: sign another nonce.')
    if (outcome === 'short') {
      const credit = await book.credit(payer)
      throw await no(
        'insufficient_funds',
        `The credit here is ${credit} wei and this payment is over ${amount}: deposit the rest.`
      )
    }
    await book.prune(nowSeconds)
    return this.#taken(payment, digest, transaction, demand.ask.choices)
  }

  #taken({ payer, amount }: Payment, digest: Bytes32, transaction: Bytes32 | undefined, choices: number): Taken {
    const { book, market, log } = this.#c
    const sessions: string[] = []
    const answer = { success: true, payer, transaction: transaction ?? '', network: this.#network }
    const settle = async (): Promise<Record<string, string>> => {
      for (const session of sessions) await market.settled(session)
      const closing = (async () => {
        const spent = await costOf(market, sessions)
        return { spent, credit: await book.close(digest, spent) }
      })()
      for (const session of sessions) this.#ending.set(session, closing)
      const { spent, credit } = await closing.finally(() => {
        for (const session of sessions) if (this.#ending.get(session) === closing) this.#ending.delete(session)
      })
      return { ...response({ ...answer, amount: spent.toString() }), [CREDIT_HEADER]: credit.toString() }
    }
    return {
      payer,
      budget: amount / BigInt(choices),
      headers: response(answer),
      async begin(session) {
        sessions.push(session)
        await book.begun(digest, session)
      },
      end: () => {
        const ending = settle().catch((error: unknown) => {
          // What is open on disk is closed with the next start.
          log.error({ code: codeOf(error) }, 'a payment could not be closed')
          return response(answer)
        })
        const done = ending.finally(() => this.#open.delete(done))
        this.#open.add(done)
        return ending
      }
    }
  }

  /** The price of a session's last answer is read before its next one replaces it. */
  async #rested(session: string | undefined): Promise<void> {
    const ending = session === undefined ? undefined : this.#ending.get(session)
    await ending?.catch(() => undefined)
  }

  async #claim(transaction: Bytes32, payer: Address, no: (reason: Reason, why: string) => Promise<ApiError>): Promise<void> {
    const { book, deposits } = this.#c
    if (await book.hasDeposit(transaction, payer)) return
    if (this.#reads >= READS_MAX) throw new SeamError('RATE_LIMITED', 'Too many deposits are being looked up; ask again.')
    this.#reads += 1
    try {
      this.#since ??= book.since(() => deposits.head())
      const found = await deposits.read(transaction, payer, await this.#since)
      if ('wei' in found) return await book.deposit(transaction, payer, found.wei)
      if (found.refused === 'pending')
        throw await no('deposit_pending', 'The deposit is in no block yet, or not deep enough: ask again.')
      const why = {
        failed: 'That transaction failed.',
        none: 'That transaction holds no deposit of this payer for this gateway.',
        old: 'That deposit is older than this gateway’s books.'
      }[found.refused]
      throw await no('deposit_invalid', why)
    } finally {
      this.#reads -= 1
    }
  }

  async #refuse({ url, ask }: Demand, why: string, failed?: { reason: Reason; payer: Address }): Promise<ApiError> {
    const { market, account, domain, token, book } = this.#c
    // As if it were new: what a session holds is nobody's business who has not shown that it is theirs. The price is then at most too high.
    const { session: _, ...request } = ask.request
    const { cost } = await market.quote(request)
    if (cost === null)
      throw new SeamError('NO_PROVIDER', 'No provider can serve this now, so it has no price.', { detail: { excluded: [] } })
    const required: PaymentRequired = {
      x402Version: X402_VERSION,
      error: failed?.reason ?? why,
      resource: { url, description: `An answer of ${ask.request.model}`, mimeType: 'application/json' },
      accepts: [
        {
          scheme: X402_SCHEME,
          network: this.#network,
          amount: (cost.most * BigInt(ask.choices)).toString(),
          asset: token,
          payTo: account,
          maxTimeoutSeconds: PAYMENT_SECONDS,
          extra: { ledger: domain.ledger, name: PAYMENT_NAME, version: PAYMENT_VERSION }
        }
      ]
    }
    // Only the holder of the payer's key is told what it has left.
    const known = failed !== undefined && failed.reason !== 'invalid_signature' && failed.reason !== 'invalid_network'
    return new ApiError({
      status: 402,
      code: 'PAYMENT_REQUIRED',
      message: why,
      retry: failed?.reason === 'deposit_pending',
      headers: {
        [PAYMENT_REQUIRED]: encodeHeader(required),
        ...(failed !== undefined &&
          response({ success: false, errorReason: failed.reason, payer: failed.payer, transaction: '', network: this.#network })),
        ...(known && { [CREDIT_HEADER]: (await book.credit(failed.payer)).toString() })
      }
    })
  }
}

const response = (value: SettlementResponse): Record<string, string> => ({ [PAYMENT_RESPONSE]: encodeHeader(value) })

const costOf = async (market: TillMarket, sessions: readonly string[]): Promise<Wei> => {
  const turns = await Promise.all(sessions.map((session) => market.view(session)))
  return turns.reduce((sum, turn) => sum + (turn?.amount ?? 0n), 0n)
}
