/**
 * What the transactions of batches said. The index holds events alone, so they are read from the chain's node when somebody asks, and a
 * few are kept: one inclusion of a transaction never changes. A stranger can ask for any batch, so only so many are read at a time.
 */
import { readSettlement, type SettledCall } from 'openseam/chain/batches'
import type { Deployment } from 'openseam/chain/deploy'
import { quantity, type Rpc } from 'openseam/chain/rpc'
import type { Claim, SettleMethod } from 'openseam/chain/settlement'
import type { Wei } from 'openseam/protocol/amounts'
import { SeamError } from 'openseam/protocol/errors'
import type { Address, Hex } from 'openseam/protocol/eth'
import { EXPLORER_INPUT_BYTES_MAX, EXPLORER_TRANSACTIONS_READ_MAX } from 'openseam/protocol/limits'
import type { BatchRow } from './rows.ts'

/** A voucher as its client signed it; the total may be more than could be paid. */
export interface VoucherView extends Claim {
  /** What it paid: the channel's settled total went from `from` to `to`. */
  from: Wei
  to: Wei
}

export interface TransactionView {
  transaction: Hex
  block: number
  sender: Address
  /** The contract that it called; null where it made one. */
  to: Address | null
  gasUsed: number | null
  /** Null where the input does not show the vouchers of the batch. */
  call: {
    method: SettleMethod
    /** It stands inside the call of another contract. */
    wrapped: boolean
    /** In the order of the batch's leaves; who paid nothing is left out. */
    vouchers: VoucherView[]
  } | null
  inputBytes: number
  /** Null where it is too long to be shown. */
  input: Hex | null
}

const KEPT = 32

export class Transactions {
  readonly #rpc: Rpc
  readonly #ledger: Address
  /** Those read last are at the end; what failed is not kept. */
  readonly #kept = new Map<string, Promise<TransactionView>>()
  #reading = 0

  constructor(rpc: Rpc, { ledger }: Deployment) {
    this.#rpc = rpc
    this.#ledger = ledger
  }

  /** Throws CHAIN_PRUNED where the node no longer has it, CHAIN_*, BUSY. */
  of(batch: BatchRow): Promise<TransactionView> {
    const key = `${batch.transaction}:${batch.block}:${batch.header.root}`
    const kept = this.#kept.get(key)
    this.#kept.delete(key)
    const view = kept ?? this.#read(batch)
    this.#kept.set(key, view)
    if (kept === undefined) view.catch(() => this.#kept.delete(key))
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) break
      this.#kept.delete(oldest)
    }
    return view
  }

  async #read(batch: BatchRow): Promise<TransactionView> {
    if (this.#reading >= EXPLORER_TRANSACTIONS_READ_MAX) {
      throw new SeamError('BUSY', 'as many transactions are being read as may be: ask in a second')
    }
    this.#reading++
    try {
      const { transaction, block } = batch
      // Each of the two has the deadline of the client.
      const [{ sender, to, input, call }, gasUsed] = await Promise.all([
        readSettlement(this.#rpc, batch),
        this.#gasOf(transaction)
      ])
      const inputBytes = (input.length - 2) / 2
      return {
        transaction,
        block,
        sender,
        to,
        gasUsed,
        call: call && { method: call.method, wrapped: call.at > 0 || to !== this.#ledger, vouchers: vouchersOf(call) },
        inputBytes,
        input: inputBytes > EXPLORER_INPUT_BYTES_MAX ? null : input
      }
    } finally {
      this.#reading--
    }
  }

  async #gasOf(transaction: Hex): Promise<number | null> {
    const receipt = (await this.#rpc.send('eth_getTransactionReceipt', [transaction])) as { gasUsed?: unknown } | null
    return receipt === null ? null : Number(quantity(receipt.gasUsed, 'eth_getTransactionReceipt'))
  }
}

const vouchersOf = ({ claims, leaves }: SettledCall): VoucherView[] =>
  claims.map((claim, i) => ({ ...claim, from: leaves[i]!.from, to: leaves[i]!.to }))
