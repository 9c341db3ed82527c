/** A chain that only logs: blocks of the contracts' events from a seed, reorganised at will, behind the calls that an indexer makes. */
import { ledgerAbi, registryAbi } from '../../../sdk/chain/abi.ts'
import type { Deployment } from '../../../sdk/chain/deploy.ts'
import { Rpc } from '../../../sdk/chain/rpc.ts'
import { SeamError } from '../../../sdk/protocol/errors.ts'
import { type Address, bytesToHex, type Hex, keccak256 } from '../../../sdk/protocol/eth.ts'

export type Random = () => number

/** A small deterministic generator: the same seed makes the same chain. */
export const randomOf = (seed: number): Random => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

interface Log {
  address: Address
  topics: readonly string[]
  data: string
  transactionHash: Hex
}
interface Block {
  hash: Hex
  logs: Log[]
}

const bytesOf = (text: string): Hex => bytesToHex(keccak256(new TextEncoder().encode(text)))
export const addressOf = (name: string): Address => `0x${bytesOf(name).slice(-40)}`

export const deployment = {
  chainId: 31_337,
  token: addressOf('token'),
  ledger: addressOf('ledger'),
  registry: addressOf('registry'),
  models: null,
  court: null,
  committee: null,
  block: 1
} as unknown as Deployment

export class FakeChain {
  readonly rpc: Rpc
  /** Blocks that one query may span; a wider one is refused, as endpoints do. */
  spanMax = Number.POSITIVE_INFINITY
  /** Whether logs come with the times of their blocks. */
  tellsTimes = false
  calls = 0
  readonly #random: Random
  readonly #blocks: Block[] = [{ hash: bytesOf('genesis'), logs: [] }]
  #made = 0

  constructor(seed: number) {
    this.#random = randomOf(seed)
    this.rpc = new Rpc('http://fake.invalid')
    this.rpc.send = (method, params = []) => {
      this.calls++
      return Promise.resolve().then(() => this.#answer(method, params))
    }
  }

  get head(): number {
    return this.#blocks.length - 1
  }

  /** Every log that stands, in order: what independent sums are made from. */
  get logs(): Log[] {
    return this.#blocks.flatMap(({ logs }) => logs)
  }

  /** The same chain as it stands, every answer made beforehand: for measuring who asks, not this. */
  prepared(): Rpc {
    const blocks = this.#blocks.map(({ hash, logs }, number) => ({
      header: { hash, number: hex(number), timestamp: hex(timeOf(number)) },
      logs: logs.map((log, logIndex) => ({ ...log, blockNumber: hex(number), logIndex: hex(logIndex) }))
    }))
    const rpc = new Rpc('http://fake.invalid')
    rpc.send = async (method, params = []) => {
      if (method === 'eth_getBlockByNumber') return blocks.at(params[0] === 'latest' ? -1 : Number(params[0]))?.header
      const { fromBlock, toBlock } = params[0] as { fromBlock: Hex; toBlock: Hex }
      return blocks.slice(Number(fromBlock), Number(toBlock) + 1).flatMap(({ logs }) => logs)
    }
    return rpc
  }

  mine(blocks: number, transactions = 2): void {
    for (let i = 0; i < blocks; i++) {
      const logs: Log[] = []
      const hash = bytesOf(`block ${this.#made++}`)
      for (let t = 0; t < transactions; t++) logs.push(...this.#transaction(bytesOf(`${hash} ${t}`)))
      this.#blocks.push({ hash, logs })
    }
  }

  /** Takes back the newest `depth` blocks and makes others, one more than there were. */
  reorganise(depth: number, transactions = 2): void {
    this.#blocks.length -= depth
    this.mine(depth + 1, transactions)
  }

  #transaction(transactionHash: Hex): Log[] {
    const pick = (name: string, count: number): Address => addressOf(`${name} ${Math.floor(this.#random() * count)}`)
    const provider = pick('provider', 5)
    const client = pick('client', 20)
    const amount = BigInt(Math.floor(this.#random() * 2 ** 40)) * 1_000_003n
    const ledger = (name: string, values: unknown[]): Log => {
      return { address: deployment.ledger, transactionHash, ...ledgerAbi.encodeEventLog(name, values) }
    }
    const registry = (name: string, values: unknown[]): Log => {
      return { address: deployment.registry, transactionHash, ...registryAbi.encodeEventLog(name, values) }
    }
    const kind = this.#random()
    if (kind < 0.2) return [ledger('Deposited', [client, client, amount])]
    if (kind < 0.3) return [ledger('Withdrawn', [client, amount])]
    if (kind < 0.4) return [registry('StakeChanged', [provider, amount])]
    if (kind < 0.45) return [registry('KeyAdded', [provider, pick('key', 9)])]
    if (kind < 0.5) return [ledger('Claimed', [provider, provider, amount])]
    const number = this.#made * 100 + Math.floor(this.#random() * 100)
    const models = [bytesOf(`model ${Math.floor(this.#random() * 3)}`), bytesOf('model 9')]
    const paid = models.map((_, i) => [(BigInt(client) << 96n) | amount, (BigInt(pick('client', 20)) << 96n) | BigInt(i + 1)])
    const groups = models.map((modelId, i) => ledger('GroupSettled', [provider, modelId, number, amount / 100n, paid[i]]))
    return [...groups, ledger('BatchSettled', [provider, number, bytesOf(`root ${number}`), 2n * amount + 3n, 4])]
  }

  #answer(method: string, params: unknown[]): unknown {
    if (method === 'eth_getBlockByNumber') {
      const number = params[0] === 'latest' ? this.head : Number(params[0])
      const block = this.#blocks[number]
      if (block === undefined) return null
      return { hash: block.hash, number: hex(number), timestamp: hex(timeOf(number)) }
    }
    if (method !== 'eth_getLogs') throw new Error(`no ${method} here`)
    const { fromBlock, toBlock } = params[0] as { fromBlock: Hex; toBlock: Hex }
    const [from, to] = [Number(fromBlock), Number(toBlock)]
    if (to - from >= this.spanMax) throw new SeamError('CHAIN_REVERTED', 'query returned more than 10000 results')
    return this.#blocks.slice(from, to + 1).flatMap(({ logs }, i) => {
      const told = this.tellsTimes ? { blockTimestamp: hex(timeOf(from + i)) } : {}
      return logs.map((log, logIndex) => ({ ...log, blockNumber: hex(from + i), logIndex: hex(logIndex), ...told }))
    })
  }
}

const timeOf = (block: number): number => 1_700_000_000 + block
const hex = (value: number): Hex => `0x${value.toString(16)}`
