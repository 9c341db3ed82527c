/** What a transaction put down for the gateway, read from the chain and believed from nobody else. */
import { type Deployment, decodeLog, type Rpc } from 'openseam/chain/index'
import { quantity } from 'openseam/chain/rpc'
import { type RawReceipt, toReceipt } from 'openseam/chain/tx'
import type { Wei } from 'openseam/protocol/amounts'
import type { Address, Bytes32 } from 'openseam/protocol/eth'

export type Deposit = { wei: Wei } | { refused: 'pending' | 'failed' | 'old' | 'none' }

export interface DepositReader {
  /** The newest block. */
  head(): Promise<number>
  /** What `payer` itself deposited for the gateway in this transaction, in a block from `since` on. */
  read(transaction: Bytes32, payer: Address, since: number): Promise<Deposit>
}

/** @param confirmations blocks on top of a deposit's own before it counts */
export const depositReader = (rpc: Rpc, deployment: Deployment, payTo: Address, confirmations: number): DepositReader => ({
  head: () => rpc.blockNumber(),
  async read(transaction, payer, since) {
    const raw = (await rpc.send('eth_getTransactionReceipt', [transaction])) as RawReceipt | null
    if (raw === null || raw.blockNumber == null) return { refused: 'pending' }
    if (quantity(raw.status, 'receipt') !== 1n) return { refused: 'failed' }
    const { blockNumber, logs } = toReceipt(transaction, raw)
    if (blockNumber < since) return { refused: 'old' }
    if (confirmations > 0 && (await rpc.blockNumber()) < blockNumber + confirmations) return { refused: 'pending' }
    let wei = 0n
    for (const log of logs) {
      const event = decodeLog(deployment, log)
      if (event?.name === 'Deposited' && event.client === payTo && event.from === payer) wei += event.amount
    }
    return wei > 0n ? { wei } : { refused: 'none' }
  }
})
