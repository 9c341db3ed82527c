/** A transaction from request to receipt: what is asked, what is signed, and what a node says of it. */
import { Wallet } from 'ethers'
import { type Address, addressOf, bytesToHex, type Hex } from '../protocol/eth.ts'
import type { Fees } from './fees.ts'
import { quantity } from './rpc.ts'

export interface TxRequest {
  /** null deploys. */
  to: Address | null
  data: Hex
  value?: bigint
  /** Always explicit: an estimate right after another transaction may see old state and fall short. */
  gasLimit: number
  /** Only as this transaction of the account, counted from 0; throws CONFIG once that place is taken. For keys that sign here. */
  nonce?: number
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
  /** Seconds: when its block was made, where the endpoint tells that with the log. */
  blockTime?: number
}

export interface TxReceipt {
  hash: Hex
  blockNumber: number
  gasUsed: number
  contractAddress: Address | null
  logs: ChainLog[]
}

/** A transaction with everything a key needs to sign it. */
export type UnsignedTx = {
  chainId: number
  nonce: number
  to: Address | null
  data: Hex
  value: bigint
  gasLimit: number
} & Fees

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

export interface RawReceipt {
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
  blockTimestamp?: string
}

export const toLog = (log: RawLog): ChainLog => ({
  address: log.address.toLowerCase() as Address,
  topics: log.topics,
  data: log.data,
  blockNumber: Number(quantity(log.blockNumber, 'log')),
  transactionHash: log.transactionHash,
  logIndex: Number(quantity(log.logIndex, 'log')),
  // Some endpoints have the field and say nothing in it.
  ...(Number(log.blockTimestamp ?? 0) > 0 && { blockTime: Number(quantity(log.blockTimestamp, 'log')) })
})

export const toReceipt = (hash: Hex, raw: RawReceipt): TxReceipt => ({
  hash,
  blockNumber: Number(quantity(raw.blockNumber, 'receipt')),
  gasUsed: Number(quantity(raw.gasUsed, 'receipt')),
  contractAddress: raw.contractAddress === null ? null : (raw.contractAddress.toLowerCase() as Address),
  logs: raw.logs.map(toLog)
})
