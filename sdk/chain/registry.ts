/** The registry: who provides, with what at stake, and which keys speak for them. Reads are cached, since every offer asks. */
import type { Wei } from '../protocol/amounts.ts'
import { SeamError } from '../protocol/errors.ts'
import { type Address, addressOf, bytesToHex } from '../protocol/eth.ts'
import { signTyped } from '../protocol/typed-data.ts'
import { encodeCall, registryAbi, view } from './abi.ts'
import type { BatchHeader } from './batch.ts'
import type { Deployment } from './deploy.ts'
import { payInto } from './money.ts'
import type { Rpc } from './rpc.ts'
import type { Sender } from './sender.ts'
import type { TxReceipt, TxRequest } from './tx.ts'

export interface ProviderState {
  registered: boolean
  active: boolean
  payout: Address
  stake: Wei
  unbonding: Wei
  /** Seconds; 0: not unbonding. */
  readyAt: number
  openCases: number
  slashes: number
  jailed: boolean
}

export interface RegistryOptions {
  /** Stake and keys change rarely, and unbonding takes days. */
  cacheMs?: number
}

const CACHE_MS = 10 * 60_000
const CACHE_ENTRIES_MAX = 10_000
const CALL_GAS = 250_000

export class RegistryClient {
  readonly rpc: Rpc
  readonly deployment: Deployment
  readonly #sender: Sender | null
  readonly #cacheMs: number
  readonly #cache = new Map<string, { value: Promise<unknown>; untilMs: number }>()

  constructor(rpc: Rpc, deployment: Deployment, sender: Sender | null = null, options: RegistryOptions = {}) {
    this.rpc = rpc
    this.deployment = deployment
    this.#sender = sender
    this.#cacheMs = options.cacheMs ?? CACHE_MS
  }

  provider(account: Address, { fresh = false } = {}): Promise<ProviderState> {
    return this.#cached(`provider:${account}`, fresh, async () => {
      const [tuple] = (await this.#view('providerOf', [account])) as [unknown[]]
      const [registered, active, payout, stake, standing] = tuple as [boolean, boolean, Address, bigint, unknown[]]
      const [unbonding, readyAt, openCases, slashes, jailed] = standing as [bigint, bigint, bigint, bigint, boolean]
      const counts = { readyAt: Number(readyAt), openCases: Number(openCases), slashes: Number(slashes) }
      return { registered, active, payout, stake, unbonding, ...counts, jailed }
    })
  }

  /** Whether `key` may sign for `provider` now: a key it named and has not revoked, or the account itself. */
  isKey(provider: Address, key: Address, { fresh = false } = {}): Promise<boolean> {
    if (provider === key) return Promise.resolve(true)
    return this.#cached(`key:${provider}:${key}`, fresh, async () => (await this.#view('isKey', [provider, key]))[0] as boolean)
  }

  async keyOwner(key: Address): Promise<Address> {
    return (await this.#view('keyOwner', [key]))[0] as Address
  }

  async minStake(): Promise<Wei> {
    return (await this.#view('MIN_STAKE', []))[0] as bigint
  }

  register(payout: Address, stake: Wei): Promise<TxReceipt> {
    return this.#changed(payInto(this.#writer(), this.deployment, stake, this.#request('register', [payout, stake])))
  }

  addStake(amount: Wei): Promise<TxReceipt> {
    return this.#changed(payInto(this.#writer(), this.deployment, amount, this.#request('addStake', [amount])))
  }

  setPayout(payout: Address): Promise<TxReceipt> {
    return this.#write('setPayout', [payout])
  }

  /** Names a key of ours; its secret signs the consent that the registry asks for. */
  addKey(secretKey: Uint8Array): Promise<TxReceipt> {
    const domain = { chainId: this.deployment.chainId, ledger: this.deployment.registry }
    const value = { provider: this.#writer().address, key: addressOf(secretKey) }
    return this.#write('addKey', [value.key, bytesToHex(signTyped(domain, 'SignerKey', value, secretKey))])
  }

  revokeKey(key: Address): Promise<TxReceipt> {
    return this.#write('revokeKey', [key])
  }

  startUnbond(amount: Wei): Promise<TxReceipt> {
    return this.#write('startUnbond', [amount])
  }

  cancelUnbond(): Promise<TxReceipt> {
    return this.#write('cancelUnbond', [])
  }

  /** `newest` is the header of our newest batch; any will do for a provider that never settled. */
  finishUnbond({ root, total, count, postedAt }: BatchHeader): Promise<TxReceipt> {
    return this.#write('finishUnbond', [[root, total, count, postedAt]])
  }

  #cached<T>(key: string, fresh: boolean, read: () => Promise<T>): Promise<T> {
    const nowMs = this.rpc.clock.tickMs()
    const known = this.#cache.get(key)
    if (!fresh && known !== undefined && nowMs < known.untilMs) return known.value as Promise<T>
    if (this.#cache.size >= CACHE_ENTRIES_MAX) this.#cache.clear()
    const value = read().catch((error: unknown) => {
      this.#cache.delete(key) // a chain that was down is asked again
      throw error
    })
    this.#cache.set(key, { value, untilMs: nowMs + this.#cacheMs })
    return value
  }

  #view(name: string, args: readonly unknown[]): Promise<unknown[]> {
    return view(this.rpc, registryAbi, this.deployment.registry, name, args)
  }

  #write(name: string, args: readonly unknown[]): Promise<TxReceipt> {
    return this.#changed(this.#writer().send(this.#request(name, args)))
  }

  /** Our own change is seen at once. */
  async #changed(sent: Promise<TxReceipt>): Promise<TxReceipt> {
    const receipt = await sent
    this.#cache.clear()
    return receipt
  }

  #request(name: string, args: readonly unknown[]): TxRequest & { to: Address } {
    return {
      to: this.deployment.registry,
      data: encodeCall(registryAbi, name, args),
      gasLimit: CALL_GAS,
      what: `registry.${name}`
    }
  }

  #writer(): Sender {
    if (this.#sender === null) throw new SeamError('CONFIG', 'this registry client only reads: give it a wallet to write')
    return this.#sender
  }
}
