/** x402 v2 over HTTP, as far as a gateway and a payer speak it (docs/spec/x402.md): three headers, each JSON in base64. */

import { SeamError } from './errors.ts'
import type { Address, Bytes32, Hex } from './eth.ts'

export const X402_VERSION = 2
/** Not `exact`: money is put down on the ledger first, and each request then signs for its own price out of it. */
export const X402_SCHEME = 'openseam-deposit'

/** Names of headers; a lookup by any other case finds them too. */
export const PAYMENT_REQUIRED = 'PAYMENT-REQUIRED'
export const PAYMENT_SIGNATURE = 'PAYMENT-SIGNATURE'
export const PAYMENT_RESPONSE = 'PAYMENT-RESPONSE'
/** What a payer has left at this gateway, in wei: beside every answer to a request that was signed. */
export const CREDIT_HEADER = 'x-openseam-credit'

export const HEADER_CHARS_MAX = 8_192

export interface PaymentRequirements {
  scheme: string
  /** CAIP-2: `eip155:1`. */
  network: string
  /** Wei: the most that this request can cost now. */
  amount: string
  /** The token; the zero address is the chain's own coin. */
  asset: Address
  payTo: Address
  maxTimeoutSeconds: number
  extra: { ledger: Address; name: string; version: string }
}

export interface PaymentRequired {
  x402Version: number
  error: string
  resource: { url: string; description: string; mimeType: string }
  accepts: PaymentRequirements[]
}

export interface PaymentPayload {
  x402Version: number
  accepted: PaymentRequirements
  payload: {
    payer: Address
    nonce: Bytes32
    /** Seconds since the epoch. */
    validBefore: number
    signature: Hex
    /** A deposit that this gateway has not seen yet. */
    transaction?: Hex
  }
}

export interface SettlementResponse {
  success: boolean
  errorReason?: string
  payer?: Address
  transaction: string
  network: string
  /** Wei that the answer cost; absent while it is still being made. */
  amount?: string
}

export const networkName = (chainId: number): string => `eip155:${chainId}`

export const encodeHeader = (value: object): string => {
  const bytes = new TextEncoder().encode(JSON.stringify(value))
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

/** What the header says, unchecked. Throws BAD_REQUEST for what is not JSON in base64. */
export const decodeHeader = (text: string): unknown => {
  try {
    if (text.length > HEADER_CHARS_MAX) throw new RangeError('too long')
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new SeamError('BAD_REQUEST', `a payment header is JSON in base64, at most ${HEADER_CHARS_MAX} characters`, { cause })
  }
}
