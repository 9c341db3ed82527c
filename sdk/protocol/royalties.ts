/** How a model's payees share what it earns (docs/spec/money.md, "Royalties"). The same floors as the ledger's, for whoever checks it. */
import type { Wei } from './amounts.ts'

export const ROYALTY_PAYEES_MAX = 16
export const ROYALTY_BPS_MAX = 3_000
const WHOLE = 10_000n

/** What a payee of `bps` has earned, ever, when clients have paid `gross` for the model since it was registered. */
export const royaltyOf = (bps: number, gross: Wei): Wei => (gross * BigInt(bps)) / WHOLE

/**
 * What each payee gets of `paid` when it comes on top of `gross`; the rest is the provider's. `counted` is what the next payment comes on top
 * of: a few wei for which the floors of all payees would rise by more count for nobody.
 */
export const splitRoyalty = (bps: readonly number[], gross: Wei, paid: Wei): { parts: Wei[]; counted: Wei } => {
  const parts = bps.map((part) => royaltyOf(part, gross + paid) - royaltyOf(part, gross))
  const due = parts.reduce((sum, part) => sum + part, 0n)
  return due > paid ? { parts: parts.map(() => 0n), counted: gross } : { parts, counted: gross + paid }
}
