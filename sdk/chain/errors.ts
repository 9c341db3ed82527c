/** Turns what a chain or its RPC says into our codes: down, too slow, or reverted with the contract's own words. */
import { Interface } from 'ethers'
import { SeamError } from '../protocol/errors.ts'
import type { Hex } from '../protocol/eth.ts'
import { Committee, Court, Ledger, Models, OpenToken, Registry } from './artifacts.ts'

export interface RevertDetail {
  /** The custom error's name, `Error` for a text, null where the chain gave nothing to decode. */
  revert: string | null
  args: unknown[]
}

// Errors only, each once: the contracts share libraries.
const contracts = [Ledger, Registry, Models, Court, Committee, OpenToken]
const errorAbi = contracts.flatMap(({ abi }) => abi.filter(({ type }) => type === 'error'))
const errors = new Interface([...new Map(errorAbi.map((entry) => [JSON.stringify(entry), entry])).values()])

const SELECTOR_CHARS = 10 // 0x and four bytes

export const chainDown = (rpc: string, cause: unknown): SeamError =>
  new SeamError('CHAIN_DOWN', `cannot reach the chain at ${rpc}: check the URL and that the node runs`, {
    cause,
    detail: { rpc }
  })

export const chainTimeout = (rpc: string, what: string, deadlineMs: number): SeamError =>
  new SeamError('CHAIN_TIMEOUT', `${what} had no answer from ${rpc} within ${deadlineMs} ms`, {
    detail: { rpc, what, deadlineMs }
  })

export const decodeRevert = (data: Hex | null): RevertDetail => {
  // A bare revert and a failed instruction come with data too: none, or less than a name.
  const parsed = data === null || data.length < SELECTOR_CHARS ? null : errors.parseError(data)
  return parsed === null ? { revert: null, args: [] } : { revert: parsed.name, args: parsed.args.map(plain) }
}

export const chainReverted = (what: string, data: Hex | null, text?: string): SeamError => {
  const { revert, args } = decodeRevert(data)
  const reason = revert === null ? (text ?? 'no reason given') : `${revert}(${args.map(String).join(', ')})`
  return new SeamError('CHAIN_REVERTED', `${what} was refused by the chain: ${reason}`, { detail: { what, revert, args } })
}

/** The revert's name of a thrown value, for callers that treat one of them as an answer. */
export const revertOf = (error: unknown): string | null =>
  error instanceof SeamError && error.code === 'CHAIN_REVERTED' ? ((error.detail['revert'] as string | null) ?? null) : null

// A detail goes into logs and JSON, which know no bigint.
const plain = (value: unknown): unknown => {
  if (typeof value === 'bigint') return value.toString()
  return typeof value === 'string' && value.startsWith('0x') ? value.toLowerCase() : value
}
