/** One step of an audit of books, and the two ways in which most of them are taken. */
import type { Wei } from 'openseam/protocol/amounts'

/** `missing`: the chain does not show what it takes. */
export interface BookCheck {
  step: string
  outcome: 'holds' | 'fails' | 'missing'
  detail: string
}

export const check = (step: string, holds: boolean, yes: string, no: string): BookCheck => ({
  step,
  outcome: holds ? 'holds' : 'fails',
  detail: holds ? yes : no
})

export const equal = (step: string, what: string, found: Wei, books: string, held: Wei): BookCheck =>
  check(step, found === held, `${what}: ${found}, as the ledger's ${books}`, `${what}: ${found}; the ledger's ${books}: ${held}`)

export const missing = (step: string, detail: string): BookCheck => ({ step, outcome: 'missing', detail })

export const sumOf = (amounts: readonly Wei[]): Wei => amounts.reduce((sum, amount) => sum + amount, 0n)
