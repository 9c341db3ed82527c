/**
 * `fetch` for who knows no key but its wallet: a gateway that answers 402 is paid, request by request (docs/spec/x402.md). Give it to any
 * client library that takes a `fetch`.
 */
import { type AnyWallet, LedgerClient, openWallet, Rpc, Sender } from '../chain/index.ts'
import { type Clock, type Rng, systemClock, systemRng } from '../components.ts'
import { formatOpen, type Wei, weiFromString } from '../protocol/amounts.ts'
import { SeamError } from '../protocol/errors.ts'
import { type Address, bytesToHex, type Hex, parseAddress } from '../protocol/eth.ts'
import { requestHash, signPayment } from '../protocol/payment.ts'
import {
  CREDIT_HEADER,
  decodeHeader,
  encodeHeader,
  networkName,
  PAYMENT_REQUIRED,
  PAYMENT_RESPONSE,
  PAYMENT_SIGNATURE,
  type PaymentPayload,
  type PaymentRequired,
  type PaymentRequirements,
  type SettlementResponse,
  X402_SCHEME,
  X402_VERSION
} from '../protocol/x402.ts'
import { type DevnetFile, type Network, networkOf } from './network.ts'
import { type Amount, weiOf } from './wallet.ts'

export interface PayingFetchOptions {
  /** The chain and the ledger that money may go into; what a gateway says of its own ledger counts for nothing. */
  network: Pick<Network, 'rpc' | 'deployment'> | DevnetFile
  /** `{secretKey}` or `{keystore, password}`: nobody can be asked for every request. */
  wallet: AnyWallet
  /** The most that one request may cost. What an answer does not use stays credit. */
  perRequest: Amount
  /** How much to put down at a gateway when the credit there does not reach; at least what the request needs. Default: `perRequest`. */
  deposit?: Amount
  /** The most that all deposits of this function may come to. Default: no limit. */
  total?: Amount
  /** Pay this gateway's account and no other. Default: whoever answers. */
  payTo?: Address
  fetch?: typeof fetch
  clock?: Clock
  rng?: Rng
}

const VALID_SECONDS = 300
const DEPOSIT_POLLS = 60
const DEPOSIT_POLL_MS = 1_000

/** Throws SPEND_CAP where a request or its deposit would go past what is allowed, and whatever the chain says to a deposit. */
export const payingFetch = (options: PayingFetchOptions): typeof fetch => {
  const purse = new Purse(options)
  return (input, init) => purse.fetch(new Request(input, init))
}

class Purse {
  readonly #options: PayingFetchOptions
  readonly #network: Pick<Network, 'rpc' | 'deployment'>
  readonly #clock: Clock
  readonly #fetch: typeof fetch
  #opening: Promise<{ secretKey: Uint8Array; payer: Address; ledger: LedgerClient }> | undefined
  /** One deposit at a time: two requests that find the credit too small would both put down the whole. */
  #depositing: Promise<unknown> = Promise.resolve()
  #deposited: Wei = 0n
  /** Per gateway: a deposit that it has not confirmed yet. */
  readonly #fresh = new Map<Address, Hex>()

  constructor(options: PayingFetchOptions) {
    this.#options = options
    const { network } = options
    this.#network = 'contracts' in network ? networkOf(network) : network
    this.#clock = options.clock ?? systemClock
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init))
  }

  async fetch(request: Request): Promise<Response> {
    const body = new Uint8Array(await request.arrayBuffer())
    const send = (payment?: string): Promise<Response> => {
      const headers = new Headers(request.headers)
      headers.delete('authorization') // client libraries insist on a key; this caller has none
      if (payment !== undefined) headers.set(PAYMENT_SIGNATURE, payment)
      const { method, signal } = request
      return this.#fetch(request.url, { method, headers, signal, ...(body.length > 0 && { body }) })
    }
    const first = await send()
    const wanted = first.status === 402 ? this.#wanted(first.headers) : undefined
    if (wanted === undefined) return first
    await first.body?.cancel()
    const amount = this.#price(wanted)
    let answer = await send(await this.#sign(wanted, amount, body))
    if (reasonOf(answer) === 'insufficient_funds') {
      await answer.body?.cancel()
      await this.#fill(wanted, amount, answer, request.signal)
      answer = await send(await this.#sign(wanted, amount, body))
    }
    for (let i = 0; i < DEPOSIT_POLLS && reasonOf(answer) === 'deposit_pending'; i++) {
      await answer.body?.cancel()
      await this.#clock.sleep(DEPOSIT_POLL_MS, request.signal)
      answer = await send(await this.#sign(wanted, amount, body))
    }
    if (answer.ok) this.#fresh.delete(wanted.payTo)
    return answer
  }

  /** The way to pay that this purse knows, on its own chain, into its own ledger. */
  #wanted(headers: Headers): PaymentRequirements | undefined {
    const header = headers.get(PAYMENT_REQUIRED)
    if (header === null) return undefined
    const { deployment } = this.#network
    const { accepts } = decodeHeader(header) as Partial<PaymentRequired>
    const fits = (accepts ?? []).find(
      ({ scheme, network, extra }) =>
        scheme === X402_SCHEME &&
        network === networkName(deployment.chainId) &&
        String(extra?.ledger).toLowerCase() === deployment.ledger
    )
    return fits && { ...fits, payTo: parseAddress(String(fits.payTo)) }
  }

  #price({ amount, payTo }: PaymentRequirements): Wei {
    const wei = weiFromString(String(amount), 'amount')
    const { perRequest, payTo: only } = this.#options
    if (only !== undefined && payTo !== parseAddress(only))
      throw new SeamError('NOT_ALLOWED', `this gateway wants to be paid at ${payTo}, which is not the account that may be paid`)
    if (wei <= weiOf(perRequest)) return wei
    const message = `this request may cost ${formatOpen(wei)} OPEN, over the ${formatOpen(weiOf(perRequest))} that one may cost: ask for fewer tokens`
    throw new SeamError('SPEND_CAP', message, { detail: { cap: 'request', capWei: weiOf(perRequest).toString() } })
  }

  async #sign(accepted: PaymentRequirements, amount: Wei, body: Uint8Array): Promise<string> {
    const { secretKey, payer } = await this.#open()
    const { chainId, ledger } = this.#network.deployment
    const nonce = bytesToHex((this.#options.rng ?? systemRng).bytes(32))
    const validBefore = Math.floor(this.#clock.nowMs() / 1000) + VALID_SECONDS
    const payment = { payer, payTo: accepted.payTo, amount, request: requestHash(body), nonce, validBefore }
    const signature = bytesToHex(signPayment({ chainId, ledger }, payment, secretKey))
    const transaction = this.#fresh.get(accepted.payTo)
    const payload: PaymentPayload = {
      x402Version: X402_VERSION,
      accepted,
      payload: { payer, nonce, validBefore, signature, ...(transaction !== undefined && { transaction }) }
    }
    return encodeHeader(payload)
  }

  /** Puts down what is missing, or `deposit` where that is more. */
  #fill({ payTo }: PaymentRequirements, amount: Wei, answer: Response, signal: AbortSignal): Promise<void> {
    const credit = weiFromString(answer.headers.get(CREDIT_HEADER) ?? '0', 'credit')
    const wished = weiOf(this.#options.deposit ?? this.#options.perRequest)
    const missing = amount - credit
    const before = this.#fresh.get(payTo)
    const fill = async (): Promise<void> => {
      signal.throwIfAborted()
      if (this.#fresh.get(payTo) !== before) return // another request has put down something meanwhile: try with that
      const { ledger } = await this.#open()
      let wei = wished
      if (missing > wei) wei = missing
      const { total } = this.#options
      if (total !== undefined && this.#deposited + wei > weiOf(total)) {
        const message = `a deposit of ${formatOpen(wei)} OPEN would go past the ${formatOpen(weiOf(total))} that may be put down in all`
        throw new SeamError('SPEND_CAP', message, { detail: { cap: 'deposits', capWei: weiOf(total).toString() } })
      }
      this.#deposited += wei // before it is sent: what became of one that failed half-way nobody knows
      this.#fresh.set(payTo, (await ledger.deposit(payTo, wei)).hash)
    }
    const filling = this.#depositing.then(fill)
    this.#depositing = filling.catch(() => undefined)
    return filling
  }

  #open() {
    this.#opening ??= (async () => {
      const { rpc: url, deployment } = this.#network
      const wallet = await openWallet(this.#options.wallet, deployment.chainId)
      const { secretKey, account: payer } = wallet
      if (secretKey === null)
        throw new SeamError('CONFIG', 'wallet: paying by the request needs the key itself: {secretKey} or {keystore, password}')
      const rpc = new Rpc(url)
      return { secretKey, payer, ledger: new LedgerClient(rpc, deployment, new Sender(rpc, wallet.signer)) }
    })()
    return this.#opening
  }
}

const reasonOf = ({ status, headers }: Response): string | undefined => {
  const header = status === 402 ? headers.get(PAYMENT_RESPONSE) : null
  return header === null ? undefined : (decodeHeader(header) as Partial<SettlementResponse>).errorReason
}
