/** A chain in a process of its own with the contracts on it, one provider that is registered, and clients with money in escrow. */
import { fork } from 'node:child_process'
import { join } from 'node:path'
import {
  type Deployment,
  deploy,
  domainOf,
  LedgerClient,
  RegistryClient,
  Rpc,
  Sender,
  transfer,
  type Wallet,
  walletFromHex,
  walletOf
} from 'openseam/chain/index'
import { parseOpen } from 'openseam/protocol/amounts'
import { ChannelState } from 'openseam/protocol/channel'
import { receiptToWire, voucherToWire } from 'openseam/protocol/convert'
import { type Address, bytesToHex, keccak256, ZERO_BYTES32 } from 'openseam/protocol/eth'
import { type LegOpen, signTyped, type WorkReceipt } from 'openseam/protocol/typed-data'
import { draftReceipt } from 'openseam/protocol/work'
import { type ChainReady, fundedKeys } from '../../../../node/devnet/chain.ts'
import { legOpen, modelId, salt } from '../../../sdk/session/support.ts'
import { NOW_MS, PROMPT } from '../support.ts'
import type { ToChild } from './child.ts'

const CLIENTS = 3
export const DEPOSIT = parseOpen('1')
const bytesOf = (text: string): Uint8Array => keccak256(new TextEncoder().encode(text))

/** A client as the harness needs it: it keeps every receipt, so it can send again what its provider lost. */
export class Payer {
  readonly wallet: Wallet
  readonly open: LegOpen
  readonly receipts: WorkReceipt[] = []
  readonly state: ChannelState
  /** What the provider said is stored. */
  acked = 0
  settled = 0n
  readonly #deployment: Deployment

  /** Positions a receipt. */
  readonly #size: number

  constructor(name: string, provider: LegOpen['provider'], deployment: Deployment, size = 10) {
    this.#size = size
    this.wallet = walletOf(bytesOf(name))
    const client = this.wallet.address
    this.open = legOpen({ client, provider, sessionId: bytesToHex(bytesOf(`session of ${name}`)), maxTo: 1_000_000 })
    this.state = new ChannelState({ client, provider, modelId })
    this.#deployment = deployment
  }

  next(stored: number): Extract<ToChild, { ack: unknown }> {
    const seq = this.receipts.length
    const from = seq * this.#size
    const ids = Array.from({ length: this.#size }, (_, i) => from + i)
    const to = from + this.#size
    const terms = { open: this.open, salt, completionFrom: PROMPT }
    const receipt = draftReceipt(terms, { seq, from, to, ids, kvHead: ZERO_BYTES32, end: 0 })
    const domain = domainOf(this.#deployment)
    this.receipts.push(receipt)
    this.state.append(domain, receipt)
    const voucher = this.state.voucher()
    const signature = signTyped(domain, 'Voucher', voucher, this.wallet.secretKey)
    const appended = this.receipts.slice(stored).map(receiptToWire)
    return {
      client: this.wallet.address,
      ack: { voucher: voucherToWire({ voucher, signature }), count: this.state.count, appended }
    }
  }
}

export const openChain = async (undo: (step: () => void) => void) => {
  const chain = fork(join(import.meta.dirname, '../../../../node/devnet/chain.ts'), ['0'], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc']
  })
  undo(() => chain.kill('SIGKILL'))
  const { rpc: url } = await new Promise<ChainReady>((resolve, reject) => {
    chain.once('message', (ready: ChainReady) => resolve(ready))
    chain.once('exit', (code) => reject(new Error(`the chain ended with ${code}`)))
  })
  const rpc = new Rpc(url)
  await rpc.send('evm_setNextBlockTimestamp', [NOW_MS / 1000]) // the tests' own clock begins there
  const [deployer, provider] = fundedKeys()
    .slice(0, 2)
    .map((key) => walletFromHex(key)) as [Wallet, Wallet]
  const sender = new Sender(rpc, deployer.secretKey)
  const deployment = await deploy(sender)
  const register = async (wallet: Wallet, to: Address): Promise<void> => {
    const registry = new RegistryClient(rpc, deployment, new Sender(rpc, wallet.secretKey))
    const stake = await registry.minStake()
    await transfer(sender, deployment, wallet.address, stake)
    await registry.register(to, stake)
  }
  const payout = walletOf(bytesOf('payout')).address
  await register(provider, payout)
  const ledger = new LedgerClient(rpc, deployment, sender)
  const payers = Array.from({ length: CLIENTS }, (_, i) => new Payer(`killer's client ${i}`, provider.address, deployment))
  for (const { wallet } of payers) await ledger.deposit(wallet.address, DEPOSIT)
  /** Another provider, honest or not. */
  const another = async (index: number): Promise<Wallet> => {
    const wallet = walletFromHex(fundedKeys()[index] as string)
    await register(wallet, wallet.address)
    return wallet
  }
  /** The ledger as this client may use it, with coins for its gas. */
  const as = async ({ address, secretKey }: Wallet): Promise<LedgerClient> => {
    await rpc.send('hardhat_setBalance', [address, '0xde0b6b3a7640000'])
    return new LedgerClient(rpc, deployment, new Sender(rpc, secretKey))
  }
  return { rpc, url, deployment, provider, payout, ledger, payers, another, as }
}
