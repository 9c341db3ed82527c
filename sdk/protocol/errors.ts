/**
 * One error type, stable codes, and one table from a code to its consequences (docs/spec/errors.md).
 * `http` is the gateway's status, `peer` what the sender of the fault gets, `retry` whether the same request may succeed elsewhere.
 */
export type PeerAction = 'none' | 'exclude' | 'score' | 'disconnect'
export interface Consequence {
  http: number
  peer: PeerAction
  retry: boolean
}

const row = (http: number, peer: PeerAction, retry: boolean): Consequence => ({ http, peer, retry })

export const consequences = {
  // what a caller asked for
  BAD_REQUEST: row(400, 'none', false),
  MODEL_UNKNOWN: row(404, 'none', false),
  CONTEXT_TOO_LONG: row(400, 'none', false),
  GRAMMAR_INVALID: row(400, 'none', false),
  PRICE_ABOVE_CAP: row(503, 'none', false),
  NO_PROVIDER: row(503, 'none', true),
  NOT_CHOSEN: row(503, 'none', true), // in the reasons of a placement: fit to serve, another was drawn
  NOT_ALLOWED: row(503, 'none', false), // in the reasons of a placement: the client's own lists leave it out
  WALLET_UNFUNDED: row(402, 'none', false),
  SPEND_CAP: row(402, 'none', false),
  SESSION_UNKNOWN: row(404, 'none', false),
  SESSION_DIVERGED: row(409, 'none', false),
  SESSION_BUSY: row(409, 'none', true),
  SESSION_MOVED: row(409, 'none', true), // another gateway of the wallet has it now
  CANCELLED: row(499, 'none', false),
  // a provider's refusals
  NO_SLOT: row(503, 'exclude', true),
  BUSY: row(503, 'exclude', true),
  DRAINING: row(503, 'exclude', true),
  UNPAID_LEG: row(402, 'exclude', true),
  CREDIT_EXHAUSTED: row(402, 'exclude', true),
  OFFER_EXPIRED: row(503, 'exclude', true),
  LEG_STALE: row(409, 'none', false),
  LEG_SIGNATURE: row(400, 'score', false),
  LEG_MISMATCH: row(400, 'score', false),
  BAD_TOKEN_ID: row(400, 'none', false), // a caller's ids pass through a client that cannot know the vocabulary: cheap to refuse, no fault of the peer
  SECRET_UNREADABLE: row(400, 'score', true),
  PROVIDER_INACTIVE: row(503, 'exclude', true),
  BINDING_INVALID: row(503, 'score', true),
  // vouchers and receipts
  VOUCHER_MISSING: row(402, 'none', true),
  VOUCHER_SIGNATURE: row(402, 'score', false),
  VOUCHER_REGRESSED: row(402, 'score', false),
  VOUCHER_AMOUNT: row(402, 'score', false),
  RECEIPT_MISMATCH: row(502, 'exclude', true),
  RECEIPT_UNKNOWN: row(404, 'none', true),
  PROOF_INVALID: row(422, 'none', false), // detail.step says which
  OPENING_INVALID: row(422, 'none', false),
  // state
  GRANT_UNKNOWN: row(409, 'none', true),
  GRANT_QUOTA: row(503, 'none', true),
  KV_FENCED: row(409, 'score', false),
  KV_CHAIN: row(502, 'score', true),
  KV_SIGNATURE: row(502, 'disconnect', true),
  KV_CORRUPT: row(502, 'score', true),
  KV_QUOTA: row(503, 'score', true),
  // wire
  WIRE_MALFORMED: row(400, 'disconnect', false),
  WIRE_TOO_LONG: row(400, 'disconnect', false),
  WIRE_ORDER: row(400, 'score', false),
  RATE_LIMITED: row(429, 'score', true),
  NET_DIAL: row(503, 'exclude', true),
  NET_TIMEOUT: row(504, 'exclude', true),
  NET_CLOSED: row(502, 'exclude', true),
  // engine and model directory
  MODEL_FILE_MISSING: row(500, 'none', false),
  MODEL_UNSUPPORTED: row(500, 'none', false),
  MODEL_CORRUPT: row(500, 'none', false),
  ENGINE_FAILED: row(502, 'exclude', true),
  // chain
  CHAIN_DOWN: row(503, 'none', true),
  CHAIN_PRUNED: row(503, 'none', true), // this node no longer has what was asked for; another may
  CHAIN_REVERTED: row(502, 'none', false),
  CHAIN_TIMEOUT: row(504, 'none', true),
  // this machine
  HOME_LOCKED: row(500, 'none', false),
  STORE_CORRUPT: row(500, 'none', false),
  STORE_DOWN: row(503, 'none', true),
  KEYSTORE: row(500, 'none', false),
  CONFIG: row(500, 'none', false),
  INTERNAL: row(500, 'exclude', true)
} as const satisfies Record<string, Consequence>

export type ErrorCode = keyof typeof consequences

export interface SeamErrorOptions {
  cause?: unknown
  /** Values for the reader and for JSON; never a key, a prompt or a completion. */
  detail?: Record<string, unknown>
}

export class SeamError extends Error {
  readonly code: ErrorCode
  readonly detail: Record<string, unknown>

  constructor(code: ErrorCode, message: string, options: SeamErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'SeamError'
    this.code = code
    this.detail = options.detail ?? {}
  }

  get consequence(): Consequence {
    return consequences[this.code]
  }
}

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(consequences, code)

/** The code of any thrown value; what is not ours is INTERNAL. */
export const codeOf = (error: unknown): ErrorCode => (error instanceof SeamError ? error.code : 'INTERNAL')

/** Turns a refusal that a peer sent into our error. An unknown code is kept in the text, and treated as INTERNAL. */
export const refusalError = (refusal: { code: string; message: string }): SeamError => {
  const message = refusal.message.slice(0, 500)
  return isErrorCode(refusal.code)
    ? new SeamError(refusal.code, message)
    : new SeamError('INTERNAL', `${refusal.code.slice(0, 40)}: ${message}`)
}
