/** JSON-RPC over fetch: one request a call, each with a deadline, no polling and no hidden retries. */
import { type Clock, systemClock } from '../components.ts'
import { SeamError } from '../protocol/errors.ts'
import type { Hex } from '../protocol/eth.ts'
import { chainDown, chainReverted, chainTimeout } from './errors.ts'

export interface RpcOptions {
  /** Long enough for a public endpoint on a bad day, short enough that a request in flight still gets its answer. */
  deadlineMs?: number
  clock?: Clock
  fetch?: typeof fetch
}

export interface CallRequest {
  from?: Hex
  to: Hex
  data: Hex
  value?: bigint
}

interface RpcReply {
  result?: unknown
  error?: { code?: number; message?: string; data?: unknown }
}

const DEADLINE_MS = 10_000
const NODE_FAULTS = new Set([-32_603, -32_005, 429]) // internal error; too many requests, as two families of nodes say it

export class Rpc {
  readonly url: string
  readonly clock: Clock
  readonly #deadlineMs: number
  readonly #fetch: typeof fetch
  #nextId = 1

  constructor(url: string, options: RpcOptions = {}) {
    this.url = url
    this.clock = options.clock ?? systemClock
    this.#deadlineMs = options.deadlineMs ?? DEADLINE_MS
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init)) // a browser's own refuses to be called as a method
  }

  /** The chain as it stood after `block`, to views: sums that are read together then belong together. */
  at(block: number): Rpc {
    const pinned = new Rpc(this.url, { deadlineMs: this.#deadlineMs, clock: this.clock, fetch: this.#fetch })
    pinned.call = (request) => this.call(request, hexQuantity(block))
    return pinned
  }

  async send(method: string, params: unknown[] = []): Promise<unknown> {
    const reply = await this.#post(method, params)
    if (reply.error !== undefined) throw this.#refusal(method, reply.error)
    return reply.result ?? null
  }

  async chainId(): Promise<number> {
    return Number(quantity(await this.send('eth_chainId'), 'eth_chainId'))
  }

  async blockNumber(): Promise<number> {
    return Number(quantity(await this.send('eth_blockNumber'), 'eth_blockNumber'))
  }

  async balance(address: Hex): Promise<bigint> {
    return quantity(await this.send('eth_getBalance', [address, 'latest']), 'eth_getBalance')
  }

  async code(address: Hex): Promise<Hex> {
    return (await this.send('eth_getCode', [address, 'latest'])) as Hex
  }

  /** Seconds, by the chain's own clock: what every deadline and delay in the contracts is measured against. */
  async timestamp(block: number | 'latest' = 'latest'): Promise<number> {
    const header = (await this.send('eth_getBlockByNumber', [typeof block === 'number' ? hexQuantity(block) : block, false])) as {
      timestamp?: unknown
    } | null
    return Number(quantity(header?.timestamp, 'eth_getBlockByNumber'))
  }

  async call(request: CallRequest, block = 'latest'): Promise<Hex> {
    const { value, ...rest } = request
    return (await this.send('eth_call', [{ ...rest, ...(value ? { value: hexQuantity(value) } : {}) }, block])) as Hex
  }

  async #post(method: string, params: unknown[]): Promise<RpcReply> {
    const abort = new AbortController()
    const done = new AbortController()
    const deadline = this.clock.sleep(this.#deadlineMs, done.signal).then(
      () => abort.abort(chainTimeout(this.url, method, this.#deadlineMs)),
      () => undefined // answered in time
    )
    try {
      const response = await this.#fetch(this.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: this.#nextId++, method, params }),
        signal: abort.signal
      })
      const text = await response.text()
      const reply = parseReply(text)
      if (reply === null) throw new Error(`HTTP ${response.status}: ${text.slice(0, 200)}`)
      return reply
    } catch (cause) {
      if (abort.signal.reason instanceof SeamError) throw abort.signal.reason
      throw chainDown(this.url, cause)
    } finally {
      done.abort()
      await deadline
    }
  }

  /** Revert data, or the word, is the contract speaking; a limit or an internal fault is the node's; the rest refuses this request. */
  #refusal(method: string, error: NonNullable<RpcReply['error']>): SeamError {
    const data = revertData(error.data)
    const message = (error.message ?? '').slice(0, 300)
    if (data !== null || error.code === 3 || /revert/i.test(message)) return chainReverted(method, data, message)
    if (NODE_FAULTS.has(error.code ?? 0)) return chainDown(this.url, new Error(message))
    return new SeamError('CHAIN_REVERTED', `${method} was refused by ${this.url}: ${message}`, {
      detail: { what: method, revert: null, args: [], rpcCode: error.code ?? null }
    })
  }
}

export const hexQuantity = (value: number | bigint): Hex => `0x${value.toString(16)}`

export const quantity = (value: unknown, what: string): bigint => {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]+$/.test(value)) {
    throw new SeamError('CHAIN_DOWN', `${what}: the chain's node answered something that is no number`, { detail: { what } })
  }
  return BigInt(value)
}

const parseReply = (text: string): RpcReply | null => {
  try {
    const reply: unknown = JSON.parse(text)
    return typeof reply === 'object' && reply !== null && ('result' in reply || 'error' in reply) ? (reply as RpcReply) : null
  } catch {
    return null
  }
}

// Nodes disagree on where revert data goes: a string, or nested once or twice.
const revertData = (data: unknown, depth = 0): Hex | null => {
  if (typeof data === 'string') return /^0x([0-9a-fA-F]{2})*$/.test(data) ? (data as Hex) : null
  if (typeof data !== 'object' || data === null || depth > 2) return null
  return revertData((data as { data?: unknown }).data, depth + 1)
}
