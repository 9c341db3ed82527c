/** The ledger: reads for anyone, writes for the account behind the sender. */
import type { Wei } from '../protocol/amounts.ts'
import { SeamError } from '../protocol/errors.ts'
import { type Address, type Bytes32, bytesToHex, compactSignature, ZERO_ADDRESS } from '../protocol/eth.ts'
import type { Prefund, Release } from '../protocol/typed-data.ts'
import { encodeCall, ledgerAbi, view } from './abi.ts'
import { groupArgs, SETTLE_ITEMS_MAX, type SettleGroup } from './batch.ts'
import type { Deployment } from './deploy.ts'
import { type ChainEvent, type ChainEventOf, decodeLog } from './events.ts'
import { payInto } from './money.ts'
import type { Rpc } from './rpc.ts'
import type { Sender } from './sender.ts'
import type { TxReceipt, TxRequest } from './tx.ts'

export interface AccountState {
  signer: Address | null
  balance: Wei
}
export interface ExitState {
  amount: Wei
  /** Seconds; 0: none. */
  readyAt: number
}
export interface ChannelState {
  settled: Wei
  prefunded: Wei
  units: number
}
export interface EarnedState {
  amount: Wei
  batches: number
  lifetime: Wei
}
/** What a provider weighs before it lends work: one read. */
export interface PositionState {
  account: AccountState
  exit: ExitState
  oldKey: { signer: Address | null; validUntil: number }
  channel: ChannelState
  /** Seconds; 0: none. */
  releaseAt: number
  /** max(0, prefunded - settled): only this provider can reach it. */
  left: Wei
}

/** What a registered model pays its payees. */
export interface RoyaltyState {
  /** Hundredths of a percent, by payee; empty where nobody has a part. */
  bps: number[]
  /** What clients ever paid for the model since it was registered. */
  gross: Wei
}

export interface SettleResult {
  receipt: TxReceipt
  /** null when no voucher was news. */
  batch: ChainEventOf<'BatchSettled'> | null
  groups: ChainEventOf<'GroupSettled'>[]
  total: Wei
}

const CALL_GAS = 250_000
// A first contact takes 41 000 gas, a model's first royalty 27 000; the rest of a batch, its fixed part included, less than this.
const SETTLE_GAS = { base: 120_000, item: 46_000, group: 60_000 }

export class LedgerClient {
  readonly rpc: Rpc
  readonly deployment: Deployment
  readonly #sender: Sender | null

  constructor(rpc: Rpc, deployment: Deployment, sender: Sender | null = null) {
    this.rpc = rpc
    this.deployment = deployment
    this.#sender = sender
  }

  async account(client: Address): Promise<AccountState> {
    return toAccount(await this.#view('accounts', [client]))
  }

  async exit(client: Address): Promise<ExitState> {
    return toExit(await this.#view('exits', [client]))
  }

  async channel(provider: Address, modelId: Bytes32, client: Address): Promise<ChannelState> {
    return toChannel(await this.#view('channels', [provider, modelId, client]))
  }

  async earned(provider: Address): Promise<EarnedState> {
    const [amount, batches, lifetime] = await this.#view('earned', [provider])
    return { amount: amount as bigint, batches: Number(batches), lifetime: lifetime as bigint }
  }

  async batchCommit(provider: Address, batch: number): Promise<Bytes32> {
    const [commit] = await this.#view('batchCommit', [provider, batch])
    return commit as Bytes32
  }

  async operator(provider: Address): Promise<Address | null> {
    const [operator] = await this.#view('operators', [provider])
    return orNull(operator as Address)
  }

  async royalty(modelId: Bytes32): Promise<RoyaltyState> {
    const [shares, gross] = (await this.#view('royalties', [modelId])) as [bigint, bigint]
    const bps: number[] = []
    for (let rest = shares; rest !== 0n; rest >>= 16n) bps.push(Number(rest & 0xffffn))
    return { bps, gross }
  }

  /** What a payee of a model ever earned, and what of it waits to be claimed. */
  async royaltyOf(modelId: Bytes32, payee: number): Promise<{ lifetime: Wei; amount: Wei }> {
    const views = ['royaltyOf', 'royaltyClaimed'].map((name) => this.#view(name, [modelId, payee]))
    const [[lifetime], [claimed]] = (await Promise.all(views)) as [[bigint], [bigint]]
    return { lifetime, amount: lifetime - claimed }
  }

  async position(client: Address, provider: Address, modelId: Bytes32): Promise<PositionState> {
    const [tuple] = (await this.#view('position', [client, provider, modelId])) as [unknown[]]
    const [account, exit, oldKey, channel, releaseAt] = tuple as [unknown[], unknown[], [Address, bigint], unknown[], bigint]
    const { settled, prefunded, units } = toChannel(channel)
    return {
      account: toAccount(account),
      exit: toExit(exit),
      oldKey: { signer: orNull(oldKey[0]), validUntil: Number(oldKey[1]) },
      channel: { settled, prefunded, units },
      releaseAt: Number(releaseAt),
      left: prefunded > settled ? prefunded - settled : 0n
    }
  }

  async exitDelay(): Promise<number> {
    const [delay] = await this.#view('EXIT_DELAY', [])
    return Number(delay)
  }

  /** Approves where the currency asks for it, then deposits. */
  deposit(client: Address, amount: Wei): Promise<TxReceipt> {
    return payInto(this.#writer(), this.deployment, amount, this.#request('deposit', [client, amount]))
  }

  setSigner(key: Address): Promise<TxReceipt> {
    return this.#write('setSigner', [key])
  }

  startExit(amount: Wei): Promise<TxReceipt> {
    return this.#write('startExit', [amount])
  }

  cancelExit(): Promise<TxReceipt> {
    return this.#write('cancelExit', [])
  }

  finishExit(): Promise<TxReceipt> {
    return this.#write('finishExit', [])
  }

  /** Lands a client's signed Prefund; anyone may. */
  prefund({ client, provider, modelId, upTo, deadline }: Prefund, signature: Uint8Array): Promise<TxReceipt> {
    const { r, vs } = compactSignature(signature)
    return this.#write('prefund', [client, provider, modelId, upTo, deadline, r, vs])
  }

  startRelease(provider: Address, modelId: Bytes32): Promise<TxReceipt> {
    return this.#write('startRelease', [provider, modelId])
  }

  finishRelease(provider: Address, modelId: Bytes32): Promise<TxReceipt> {
    return this.#write('finishRelease', [provider, modelId])
  }

  /** Lands a provider's signed Release; anyone may. */
  release({ client, provider, modelId, downTo, deadline }: Release, signature: Uint8Array): Promise<TxReceipt> {
    return this.#write('release', [client, provider, modelId, downTo, deadline, bytesToHex(signature)])
  }

  setOperator(operator: Address | null): Promise<TxReceipt> {
    return this.#write('setOperator', [operator ?? ZERO_ADDRESS])
  }

  /** Settles vouchers made out to the sender's account. */
  settle(groups: readonly SettleGroup[]): Promise<SettleResult> {
    return this.#settle('settle', groups, [groupArgs(groups)])
  }

  /** For another provider: without a signature when the sender is its operator. */
  settleFor(
    provider: Address,
    groups: readonly SettleGroup[],
    deadline: number,
    signature: Uint8Array = new Uint8Array(0)
  ): Promise<SettleResult> {
    return this.#settle('settleFor', groups, [provider, groupArgs(groups), deadline, bytesToHex(signature)])
  }

  /** Sends a provider's earnings to its payout address; anyone may. */
  claim(provider: Address): Promise<TxReceipt> {
    return this.#write('claim', [provider])
  }

  /** Sends one payee of a model what it earned since the last time; anyone may. */
  claimRoyalty(modelId: Bytes32, payee: number): Promise<TxReceipt> {
    return this.#write('claimRoyalty', [modelId, payee])
  }

  /** Waits until nothing that this account sent may still be mined, or has stood still for too long. */
  quiet(): Promise<void> {
    return this.#writer().quiet()
  }

  async #settle(name: 'settle' | 'settleFor', groups: readonly SettleGroup[], args: unknown[]): Promise<SettleResult> {
    const items = groups.reduce((sum, group) => sum + group.items.length, 0)
    if (items < 1 || items > SETTLE_ITEMS_MAX) {
      throw new SeamError('BAD_REQUEST', `a batch has 1 to ${SETTLE_ITEMS_MAX} vouchers, got ${items}`)
    }
    const gasLimit = SETTLE_GAS.base + SETTLE_GAS.item * items + SETTLE_GAS.group * groups.length
    const receipt = await this.#writer().send({ ...this.#request(name, args), gasLimit })
    const events = receipt.logs.map((log) => decodeLog(this.deployment, log))
    const batch = events.find((event) => isEvent(event, 'BatchSettled')) ?? null
    return { receipt, batch, groups: events.filter((event) => isEvent(event, 'GroupSettled')), total: batch?.total ?? 0n }
  }

  #view(name: string, args: readonly unknown[]): Promise<unknown[]> {
    return view(this.rpc, ledgerAbi, this.deployment.ledger, name, args)
  }

  #write(name: string, args: readonly unknown[]): Promise<TxReceipt> {
    return this.#writer().send(this.#request(name, args))
  }

  #request(name: string, args: readonly unknown[]): TxRequest & { to: Address } {
    return { to: this.deployment.ledger, data: encodeCall(ledgerAbi, name, args), gasLimit: CALL_GAS, what: `ledger.${name}` }
  }

  #writer(): Sender {
    if (this.#sender === null) throw new SeamError('CONFIG', 'this ledger client only reads: give it a wallet to write')
    return this.#sender
  }
}

const isEvent = <N extends ChainEvent['name']>(event: ChainEvent | null, name: N): event is ChainEventOf<N> =>
  event?.name === name

const orNull = (address: Address): Address | null => (address === ZERO_ADDRESS ? null : address)

const toAccount = ([signer, balance]: unknown[]): AccountState => ({
  signer: orNull(signer as Address),
  balance: balance as bigint
})
const toExit = ([amount, readyAt]: unknown[]): ExitState => ({ amount: amount as bigint, readyAt: Number(readyAt) })
const toChannel = ([settled, prefunded, units]: unknown[]): ChannelState => ({
  settled: settled as bigint,
  prefunded: prefunded as bigint,
  units: Number(units)
})
