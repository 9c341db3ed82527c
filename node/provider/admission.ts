/** How much a provider lends to whom: a pure rule over what it knows of an account (session.md, "Exposure"). */
import type { Wei } from 'openseam/protocol/amounts'
import { SeamError } from 'openseam/protocol/errors'
import {
  STRANGER_ESCROW_FACTOR,
  STRANGER_PROMPT_MAX,
  STRANGER_UNSECURED_POSITIONS,
  STRANGERS_UNSECURED_POSITIONS
} from 'openseam/protocol/limits'

export interface AccountView {
  /** Free escrow on chain. */
  balance: Wei
  /** Prefunded to this provider and model, and not settled yet. */
  left: Wei
  settled: Wei
  /** The newest voucher's total. */
  signed: Wei
  exitPending: boolean
  /** Has any voucher of this account been stored? */
  known: boolean
  openLegs: number
  /** Legs that ended without their closing voucher, and what they owe. */
  unpaidLegs: number
  unpaid: Wei
  /** Exposure of the legs of this account that are open now. */
  lent: Wei
  /** The same over all accounts. */
  lentToAll: Wei
}

export interface AdmissionRequest {
  promptPositions: number
  exposure: Wei
  completionWei: Wei
}

/** Throws a SeamError that says why the leg is refused and what would help. */
export const admit = (account: AccountView, request: AdmissionRequest): void => {
  if (account.unpaid > 0n) {
    throw new SeamError(
      'UNPAID_LEG',
      `an earlier leg of this account is unpaid: send its closing voucher over ${account.unpaid} wei`,
      {
        detail: { amount: account.unpaid.toString() }
      }
    )
  }
  if (account.exitPending && account.left < request.exposure) {
    throw new SeamError('WALLET_UNFUNDED', 'this account is leaving its escrow: cancel the exit, or prefund this provider')
  }
  if (!account.known && account.openLegs > 0) {
    throw new SeamError('BUSY', 'one leg at a time until the first voucher of this account')
  }
  if (!account.known && request.promptPositions > STRANGER_PROMPT_MAX) {
    throw new SeamError('CREDIT_EXHAUSTED', `the first prompt of an account may have ${STRANGER_PROMPT_MAX} positions at most`)
  }
  if (
    account.left < request.exposure &&
    account.lentToAll + request.exposure > BigInt(STRANGERS_UNSECURED_POSITIONS) * request.completionWei
  ) {
    throw new SeamError('BUSY', 'this provider lends no more on unsecured credit now: prefund it, or try another')
  }
  const owed = account.signed - account.settled + account.lent + request.exposure
  const allowed = account.left + unsecured(account, request)
  if (owed > allowed) {
    const short = owed - allowed
    throw new SeamError(
      'CREDIT_EXHAUSTED',
      `deposit or prefund ${short} wei more: ${owed} wei would be lent, ${allowed} are covered`,
      {
        detail: { amount: short.toString() }
      }
    )
  }
}

/** What is lent on nothing but the account's free escrow: halved after each leg that ended unpaid, and never more than is there. */
export const unsecured = (
  account: Pick<AccountView, 'balance' | 'unpaidLegs'>,
  request: Pick<AdmissionRequest, 'exposure' | 'completionWei'>
): Wei => {
  if (account.balance < STRANGER_ESCROW_FACTOR * request.exposure) return 0n
  const line = (BigInt(STRANGER_UNSECURED_POSITIONS) >> BigInt(Math.min(account.unpaidLegs, 30))) * request.completionWei
  return line < account.balance ? line : account.balance
}
