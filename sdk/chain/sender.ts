/** Sends transactions of one account, one at a time: nonces never race, and each is confirmed or explained before the next. */
import { Wallet } from 'ethers'
import { SeamError } from '../protocol/errors.ts'
import { type Address, addressOf, bytesToHex, type Hex } from '../protocol/eth.ts'
import { chainReverted, chainTimeout } from './errors.ts'
import { hexQuantity, quantity, type Rpc } from './rpc.ts'

export interface TxRequest {
  /** null deploys. */
  to: Address | null
  data: Hex
  value?: bigint
  /** Always explicit: an estimate right after another transaction may see old state and fall short. */
  gasLimit: number
  /** For the reader of an error: what this was meant to do. */
  what: string
}

export interface ChainLog {
  address: Address
  topics: Hex[]
  data: Hex
  blockNumber: number
  transactionHash: Hex
  logIndex: number
}

export interface TxReceipt {
  hash: Hex
  blockNumber: number
  gasUsed: number
  contractAddress: Address | null
  logs: ChainLog[]
}

/** A transaction with everything a key needs to sign it. */
export interface UnsignedTx {
  chainId: number
  nonce: number
  to: Address | null
  data: Hex
  value: bigint
  gasLimit: number
  type: 0 | 2
  gasPrice?: bigint
  maxFeePerGas?: bigint
  maxPriorityFeePerGas?: bigint
}

/** Whoever holds the key of `address`: it signs what we made, or it fills in nonce and fees and sends by its own way. */
export type TxSigner = { readonly address: Address } & (
  | { sign(tx: UnsignedTx): Promise<string> }
  | { submit(tx: { to: Address | null; data: Hex; value: bigint; gasLimit: number }): Promise<Hex> }
)

/** A secret key in this process. */
export const keySigner = (secretKey: Uint8Array): TxSigner => {
  const wallet = new Wallet(bytesToHex(secretKey))
  return { address: addressOf(secretKey), sign: (tx) => wallet.signTransaction(tx) }
}

export interface SenderOptions {
  /** How long a transaction may take to be mined before CHAIN_TIMEOUT; it may still land afterwards. */
  confirmMs?: number
}

interface RawReceipt {
  status: string
  blockNumber: string
  gasUsed: string
  contractAddress: string | null
  logs: RawLog[]
}

export interface RawLog {
  address: string
  topics: Hex[]
  data: Hex
  blockNumber: string
  transactionHash: Hex
  logIndex: string
}

const CONFIRM_MS = 120_000
const POLL_MS_FIRST = 5
const POLL_MS_MAX = 1_000
const TIP_FALLBACK = 1_000_000n // wei a gas: an OP-stack chain's usual tip, where the node knows no better

export class Sender {
  readonly rpc: Rpc
  readonly address: Address
  readonly #signer: TxSigner
  readonly #confirmMs: number
  #chainId: Promise<number> | null = null
  #queue: Promise<unknown> = Promise.resolve()

  constructor(rpc: Rpc, signer: Uint8Array | TxSigner, options: SenderOptions = {}) {
    this.rpc = rpc
    this.#signer = signer instanceof Uint8Array ? keySigner(signer) : signer
    this.address = this.#signer.address
    this.#confirmMs = options.confirmMs ?? CONFIRM_MS
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

  async #send(request: TxRequest): Promise<TxReceipt> {
    if (request.to !== null) await this.#simulate(request, 'latest')
    const hash = await this.#submit(request)
    const raw = await this.#confirm(hash, request.what)
    const receipt = toReceipt(hash, raw)
    if (quantity(raw.status, 'receipt') === 1n) return receipt
    // Another transaction came in between: ask again at the block it failed in.
    await this.#simulate(request, hexQuantity(receipt.blockNumber))
    throw chainReverted(request.what, null, receipt.gasUsed >= request.gasLimit ? 'out of gas' : `see transaction ${hash}`)
  }

  async #submit(request: TxRequest): Promise<Hex> {
    const { to, data, value = 0n, gasLimit } = request
    if ('submit' in this.#signer) return this.#signer.submit({ to, data, value, gasLimit })
    const chainId = await this.#chain()
    const [nonce, fees] = await Promise.all([this.rpc.send('eth_getTransactionCount', [this.address, 'pending']), this.#fees()])
    const count = Number(quantity(nonce, 'eth_getTransactionCount'))
    const signed = await this.#signer.sign({ chainId, nonce: count, to, data, value, gasLimit, ...fees })
    return (await this.rpc.send('eth_sendRawTransaction', [signed])) as Hex
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

  /** Twice the base fee survives six full blocks; chains without one get the old kind of transaction. */
  async #fees(): Promise<{ type: 2; maxFeePerGas: bigint; maxPriorityFeePerGas: bigint } | { type: 0; gasPrice: bigint }> {
    const [block, tip] = await Promise.all([
      this.rpc.send('eth_getBlockByNumber', ['latest', false]) as Promise<{ baseFeePerGas?: string } | null>,
      this.rpc.send('eth_maxPriorityFeePerGas').catch(() => null)
    ])
    if (block?.baseFeePerGas === undefined) {
      return { type: 0, gasPrice: quantity(await this.rpc.send('eth_gasPrice'), 'eth_gasPrice') }
    }
    const maxPriorityFeePerGas = tip === null ? TIP_FALLBACK : quantity(tip, 'eth_maxPriorityFeePerGas')
    return { type: 2, maxFeePerGas: 2n * quantity(block.baseFeePerGas, 'baseFee') + maxPriorityFeePerGas, maxPriorityFeePerGas }
  }

  async #confirm(hash: Hex, what: string): Promise<RawReceipt> {
    const startedMs = this.rpc.clock.tickMs()
    for (let waitMs = POLL_MS_FIRST; ; waitMs = Math.min(waitMs * 2, POLL_MS_MAX)) {
      const receipt = (await this.rpc.send('eth_getTransactionReceipt', [hash])) as RawReceipt | null
      if (receipt !== null) return receipt
      if (this.rpc.clock.tickMs() - startedMs > this.#confirmMs)
        throw chainTimeout(this.rpc.url, `${what} (${hash})`, this.#confirmMs)
      await this.rpc.clock.sleep(waitMs)
    }
  }
}

export const toLog = (log: RawLog): ChainLog => ({
  address: log.address.toLowerCase() as Address,
  topics: log.topics,
  data: log.data,
  blockNumber: Number(quantity(log.blockNumber, 'log')),
  transactionHash: log.transactionHash,
  logIndex: Number(quantity(log.logIndex, 'log'))
})

const toReceipt = (hash: Hex, raw: RawReceipt): TxReceipt => ({
  hash,
  blockNumber: Number(quantity(raw.blockNumber, 'receipt')),
  gasUsed: Number(quantity(raw.gasUsed, 'receipt')),
  contractAddress: raw.contractAddress === null ? null : (raw.contractAddress.toLowerCase() as Address),
  logs: raw.logs.map(toLog)
})
