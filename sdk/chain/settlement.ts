/**
 * What calldata says of a settlement (docs/spec/money.md): the ledger called itself, or inside the call of whoever wraps it.
 * Read by hand: offsets in calldata may overlap, so that a few kilobytes stand for millions of vouchers, and who lands a transaction
 * chooses them. Here the ledger's own bound holds before anything is made, which no general decoder can know.
 */
import { WEI_MAX, type Wei } from '../protocol/amounts.ts'
import { SeamError } from '../protocol/errors.ts'
import type { Address, Bytes32, Hex } from '../protocol/eth.ts'
import { SETTLE_ITEMS_MAX } from '../protocol/limits.ts'
import { ledgerAbi } from './abi.ts'

/** A voucher as calldata has it; who it pays is said by the call. */
export interface Claim {
  client: Address
  modelId: Bytes32
  cumulative: Wei
  units: number
  workRoot: Bytes32
  /** The client's, compact (EIP-2098): r and vs. */
  signature: Hex
}

export type SettleMethod = 'settle' | 'settleFor'

export interface SettlementCall {
  method: SettleMethod
  /** Bytes of the input in front of it: what wraps it. */
  at: number
  claims: Claim[]
}

const WORD = 64 // digits
const SELECTOR = 8
const ITEM_WORDS = 6
const ADDRESS_MAX = 2n ** 160n - 1n
const CALLS_TRIED_MAX = 64 // places in calldata that look like a settlement: a relay or a smart wallet wraps one

const methods = (['settle', 'settleFor'] as const).map((method) => ({
  method,
  selector: ledgerAbi.getFunction(method)?.selector.slice(2) ?? '',
  groups: method === 'settle' ? 0 : 1 // the argument that holds them
}))

/** Every settlement that calldata in lower case may hold, the call itself first; whether it was one is proved by the root it makes. */
export function* settlementsIn(input: Hex): Generator<SettlementCall> {
  let tried = 0
  for (let at = 2; at < input.length && tried < CALLS_TRIED_MAX; at += 2) {
    const digits = input.slice(at, at + SELECTOR)
    const found = methods.find(({ selector }) => selector === digits)
    if (found === undefined) continue
    tried++
    const claims = claimsOf(input, at + SELECTOR, found.groups)
    if (claims !== null) yield { method: found.method, at: (at - 2) / 2, claims }
  }
}

/** Null for what looked like a settlement and is none that the ledger takes. */
const claimsOf = (input: Hex, args: number, argument: number): Claim[] | null => {
  const word = (at: number): string => {
    const digits = input.slice(at, at + WORD)
    if (digits.length < WORD) throw notOne()
    return digits
  }
  const uint = (at: number, max: bigint): bigint => {
    const value = BigInt(`0x${word(at)}`)
    if (value > max) throw notOne()
    return value
  }
  const lengthAt = (at: number): number => Number(uint(at, BigInt(input.length)))
  /** Where what a word points to begins: offsets are bytes from the start of what holds them. */
  const behind = (start: number, at: number): number => start + 2 * lengthAt(at)

  try {
    const claims: Claim[] = []
    const groups = behind(args, args + argument * WORD)
    const groupCount = lengthAt(groups)
    for (let i = 0; i < groupCount; i++) {
      const group = behind(groups + WORD, groups + WORD + i * WORD)
      const items = behind(group, group + WORD)
      const count = lengthAt(items)
      if (claims.length + count > SETTLE_ITEMS_MAX) return null
      for (let j = 0; j < count; j++) {
        const item = items + WORD + j * ITEM_WORDS * WORD
        claims.push({
          client: `0x${uint(item, ADDRESS_MAX).toString(16).padStart(40, '0')}`,
          modelId: `0x${word(group)}`,
          cumulative: uint(item + WORD, WEI_MAX),
          units: Number(uint(item + 2 * WORD, BigInt(Number.MAX_SAFE_INTEGER))),
          workRoot: `0x${word(item + 3 * WORD)}`,
          signature: `0x${word(item + 4 * WORD)}${word(item + 5 * WORD)}`
        })
      }
    }
    return claims
  } catch {
    return null
  }
}

const notOne = (): SeamError => new SeamError('BAD_REQUEST', 'these bytes are no settlement')
