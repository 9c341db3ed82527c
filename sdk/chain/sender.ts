/**
 * Sends transactions of one account, one at a time: nonces never race, and each is confirmed or explained before the next. One that is not
 * mined is offered again at a higher fee. While it is in doubt whether it will be, whatever is sent next takes its nonce: never do both land.
 */
import { SeamError } from '../protocol/errors.ts'
import { type Address, bytesToHex, type Hex, hexToBytes, keccak256 } from '../protocol/eth.ts'
import { chainReverted, chainTimeout } from './errors.ts'
import { type Fees, marketFees, outbid } from './fees.ts'
import { hexQuantity, quantity, type Rpc } from './rpc.ts'
import { keySigner, type RawReceipt, type TxReceipt, type TxRequest, type TxSigner, toReceipt } from './tx.ts'

export interface SenderOptions {
  /** How long a transaction may take to be mined before CHAIN_TIMEOUT; it may still land afterwards, unless another is sent. */
  confirmMs?: number
  /** How long one may wait before it is offered again for a quarter more. */
  raiseMs?: number
  /** Nobody else sends with this key: what is pending at the start was left by an earlier run, and is outbid if it does not move. */
  alone?: boolean
}

/** Offers for one nonce: at most one of them is ever mined. Empty where an earlier run made them, and nobody remembers. */
interface Doubt {
  readonly nonce: number
  readonly offers: { hash: Hex; request: TxRequest }[]
  /** Of the last one. */
  fees: Fees | null
}

const CONFIRM_MS = 120_000
const POLL_MS_FIRST = 5
const POLL_MS_MAX = 1_000
const RAISE_MS = 30_000
const GONE_AFTER = 3 // looks at a nonce that is used and has no receipt of ours: nodes behind one URL differ for a moment

const TOO_CHEAP = /underpriced|could not replace|ReplacementNotAllowed|fee too low/i
const HAS_IT = /already known|already imported|AlreadyKnown|known transaction/i
const NONCE_USED = /nonce.*too low|OldNonce|nonce has already been used/i

export class Sender {
  readonly rpc: Rpc
  readonly address: Address
  readonly #signer: TxSigner
  readonly #confirmMs: number
  readonly #raiseMs: number
  /** An earlier run may have left something pending, as long as nobody has looked. */
  #unknown: boolean
  #doubt: Doubt | null = null
  #chainId: Promise<number> | null = null
  #queue: Promise<unknown> = Promise.resolve()

  constructor(rpc: Rpc, signer: Uint8Array | TxSigner, options: SenderOptions = {}) {
    this.rpc = rpc
    this.#signer = signer instanceof Uint8Array ? keySigner(signer) : signer
    this.address = this.#signer.address
    this.#confirmMs = options.confirmMs ?? CONFIRM_MS
    this.#raiseMs = options.raiseMs ?? RAISE_MS
    this.#unknown = options.alone === true
  }

  /** Runs it first as a call, so that what would revert costs nothing and says why. */
  send(request: TxRequest): Promise<TxReceipt> {
    return this.sequence((send) => send(request))
  }

  /** Several transactions with nothing of ours in between: an allowance and the call that uses it. */
  sequence<T>(act: (send: (request: TxRequest) => Promise<TxReceipt>) => Promise<T>): Promise<T> {
    const next = this.#queue.then(() => act((request) => this.#send(request)))
    this.#queue = next.catch(() => undefined)
    return next
  }

  /** Waits until nothing of ours may still be mined, but not for ever: what stays is outbid by whatever is sent next. */
  quiet(): Promise<void> {
    const next = this.#queue.then(() => this.#clear())
    this.#queue = next.catch(() => undefined)
    return next.then(() => undefined)
  }

  async #send(request: TxRequest): Promise<TxReceipt> {
    for (;;) {
      const landed = await this.#clear(request)
      if (landed === null && request.to !== null) await this.#simulate(request, 'latest')
      const mined = landed ?? (await ('submit' in this.#signer ? this.#hand(request) : this.#offer(request)))
      if (mined === null) continue // another transaction took the nonce: what it did is looked at before this one is sent
      const receipt = toReceipt(mined.hash, mined.raw)
      if (quantity(mined.raw.status, 'receipt') === 1n) return receipt
      // Another transaction came in between: ask again at the block it failed in.
      if (request.to !== null) await this.#simulate(request, hexQuantity(receipt.blockNumber))
      throw chainReverted(
        request.what,
        null,
        receipt.gasUsed >= request.gasLimit ? 'out of gas' : `see transaction ${mined.hash}`
      )
    }
  }

  /** A wallet that sends by its own way also knows what to do about its nonces. */
  async #hand(request: TxRequest): Promise<Mined> {
    const { to, data, value = 0n, gasLimit } = request
    const { submit } = this.#signer as Extract<TxSigner, { submit: unknown }>
    const hash = await submit({ to, data, value, gasLimit })
    return (await this.#confirm({ nonce: 0, offers: [{ hash, request }] }, request)) as Mined
  }

  /**
   * Looks at what is in doubt. Gives the receipt when it was this very request and has landed. What does not move stays in doubt, to be
   * outbid: at once by a request at hand, else after a while.
   */
  async #clear(request?: TxRequest): Promise<Mined | null> {
    if (this.#unknown) await this.#meet()
    const doubt = this.#doubt
    if (doubt === null) return null
    const startedMs = this.rpc.clock.tickMs()
    for (;;) {
      const used = (await this.#count('latest')) > doubt.nonce
      const mined = await this.#minedOf(doubt.offers)
      if (mined !== null || used) {
        this.#doubt = null
        return mined !== null && request !== undefined && isSame(mined.request, request) ? mined : null
      }
      if (request !== undefined || this.rpc.clock.tickMs() - startedMs > this.#raiseMs) return null
      await this.rpc.clock.sleep(POLL_MS_MAX)
    }
  }

  /** What an earlier run left pending gets its time to be mined; then it is in doubt like our own. */
  async #meet(): Promise<void> {
    const startedMs = this.rpc.clock.tickMs()
    for (;;) {
      const [latest, pending] = await Promise.all([this.#count('latest'), this.#count('pending')])
      if (latest >= pending) break
      if (this.rpc.clock.tickMs() - startedMs > this.#raiseMs) {
        this.#doubt = { nonce: latest, offers: [], fees: null }
        break
      }
      await this.rpc.clock.sleep(POLL_MS_MAX)
    }
    this.#unknown = false
  }

  /** Makes an offer, and higher ones until one is mined. Null: another transaction took the nonce. */
  async #offer(request: TxRequest): Promise<Mined | null> {
    const market = await marketFees(this.rpc)
    const before = this.#doubt
    const doubt = before ?? { nonce: await this.#count('pending'), offers: [], fees: null }
    if (request.nonce !== undefined && request.nonce !== doubt.nonce) {
      const next = `the next transaction of ${this.address} is number ${doubt.nonce}, not ${request.nonce}`
      throw new SeamError('CONFIG', `${request.what}: ${next}: it sent something else meanwhile`)
    }
    doubt.fees = doubt.fees === null ? market : (outbid(doubt.fees, market) ?? doubt.fees)
    this.#doubt = doubt
    try {
      await this.#broadcast(doubt, request, market, before !== null)
    } catch (error) {
      // Nothing was in doubt before, and this one was refused outright, or never went out.
      const refused = error instanceof SeamError && error.code === 'CHAIN_REVERTED'
      if (before === null && (refused || doubt.offers.length === 0)) this.#doubt = null
      throw error
    }
    const mined = await this.#confirm(doubt, request)
    this.#doubt = null
    return mined
  }

  /** `ours`: what is in this nonce's place is our own. Otherwise it is another process's, and stays. */
  async #broadcast(doubt: Doubt, request: TxRequest, market: Fees, ours: boolean): Promise<void> {
    const { to, data, value = 0n, gasLimit } = request
    const chainId = await this.#chain()
    for (;;) {
      const tx = { chainId, nonce: doubt.nonce, to, data, value, gasLimit, ...(doubt.fees ?? market) }
      const signed = (await (this.#signer as Extract<TxSigner, { sign: unknown }>).sign(tx)) as Hex
      doubt.offers.push({ hash: bytesToHex(keccak256(hexToBytes(signed))), request }) // first: an answer may be lost on the way
      try {
        await this.rpc.send('eth_sendRawTransaction', [signed])
        return
      } catch (error) {
        const text = error instanceof SeamError && error.code === 'CHAIN_REVERTED' ? error.message : ''
        if (HAS_IT.test(text) || (ours && NONCE_USED.test(text))) return // receipts tell the rest
        const higher = ours && TOO_CHEAP.test(text) ? outbid(doubt.fees ?? market, market) : null
        if (higher === null) throw error
        doubt.fees = higher
      }
    }
  }

  async #simulate(request: TxRequest, block: string): Promise<void> {
    try {
      await this.rpc.call({ from: this.address, to: request.to as Address, data: request.data, value: request.value }, block)
    } catch (error) {
      if (!(error instanceof SeamError) || error.code !== 'CHAIN_REVERTED') throw error
      const message = error.message.replace(/^eth_call/, request.what)
      throw new SeamError('CHAIN_REVERTED', message, { cause: error, detail: { ...error.detail, what: request.what } })
    }
  }

  #chain(): Promise<number> {
    this.#chainId ??= this.rpc.chainId().catch((error: unknown) => {
      this.#chainId = null // a chain that was down is asked again
      throw error
    })
    return this.#chainId
  }

  async #count(block: 'latest' | 'pending'): Promise<number> {
    return Number(quantity(await this.rpc.send('eth_getTransactionCount', [this.address, block]), 'eth_getTransactionCount'))
  }

  async #minedOf(offers: Doubt['offers']): Promise<Mined | null> {
    for (const { hash, request } of offers) {
      const raw = (await this.rpc.send('eth_getTransactionReceipt', [hash])) as RawReceipt | null
      if (raw !== null) return { hash, request, raw }
    }
    return null
  }

  /** Null: the nonce went to another request, or to none of ours. Throws CHAIN_TIMEOUT, and then it is still in doubt. */
  async #confirm({ nonce, offers }: Pick<Doubt, 'nonce' | 'offers'>, request: TxRequest): Promise<Mined | null> {
    const startedMs = this.rpc.clock.tickMs()
    let raisedMs = startedMs
    let gone = 0
    for (let waitMs = POLL_MS_FIRST; ; waitMs = Math.min(waitMs * 2, POLL_MS_MAX)) {
      const mined = await this.#minedOf(offers)
      if (mined !== null) return isSame(mined.request, request) ? mined : null
      if (this.#doubt !== null && waitMs === POLL_MS_MAX && (await this.#count('latest')) > nonce && ++gone === GONE_AFTER)
        return null
      const nowMs = this.rpc.clock.tickMs()
      if (nowMs - startedMs > this.#confirmMs)
        throw chainTimeout(this.rpc.url, `${request.what} (${offers.at(-1)?.hash})`, this.#confirmMs)
      if (this.#doubt !== null && nowMs - raisedMs >= this.#raiseMs) {
        raisedMs = nowMs
        await this.#raise(this.#doubt, request).catch(() => undefined) // the offers before still stand
      }
      await this.rpc.clock.sleep(waitMs)
    }
  }

  async #raise(doubt: Doubt, request: TxRequest): Promise<void> {
    const market = await marketFees(this.rpc)
    const higher = doubt.fees === null ? market : outbid(doubt.fees, market)
    if (higher === null) return
    doubt.fees = higher
    await this.#broadcast(doubt, request, market, true)
  }
}

interface Mined {
  hash: Hex
  request: TxRequest
  raw: RawReceipt
}

const isSame = (a: TxRequest, b: TxRequest): boolean => a.to === b.to && a.data === b.data && (a.value ?? 0n) === (b.value ?? 0n)
