/**
 * What a payer signs for one request at a gateway (docs/spec/x402.md). EIP-712 in a domain of its own: no contract reads it, and none of
 * what the ledger reads can be mistaken for it.
 */
import type { Wei } from './amounts.ts'
import { type Address, type Bytes32, bytesToHex, keccak256, recoverHash, signHash } from './eth.ts'
import { encodeWords } from './words.ts'

export const PAYMENT_NAME = 'openseam x402'
export const PAYMENT_VERSION = '1'

export interface PaymentDomain {
  chainId: number
  ledger: Address
}

export interface Payment {
  payer: Address
  /** The gateway's account in the ledger. */
  payTo: Address
  /** The most that the request may cost. */
  amount: Wei
  /** keccak256 of the request's body, byte for byte. */
  request: Bytes32
  /** Random, so that the same request can be paid twice. */
  nonce: Bytes32
  /** Seconds since the epoch. */
  validBefore: number
}

export const PAYMENT_MEMBERS = 'address payer,address payTo,uint96 amount,bytes32 request,bytes32 nonce,uint40 validBefore'

const hashText = (text: string): Bytes32 => bytesToHex(keccak256(new TextEncoder().encode(text)))

const DOMAIN_TYPE = hashText('EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)')
const PAYMENT_TYPE = hashText(`Payment(${PAYMENT_MEMBERS})`)
const NAME = hashText(PAYMENT_NAME)
const VERSION = hashText(PAYMENT_VERSION)

/** Throws WIRE_MALFORMED naming the field that is out of bounds. */
export const paymentDigest = ({ chainId, ledger }: PaymentDomain, payment: Payment): Uint8Array<ArrayBuffer> => {
  const { payer, payTo, amount, request, nonce, validBefore } = payment
  const domain = encodeWords(
    ['bytes32', DOMAIN_TYPE, 'domain'],
    ['bytes32', NAME, 'domain.name'],
    ['bytes32', VERSION, 'domain.version'],
    ['uint64', chainId, 'domain.chainId'],
    ['address', ledger, 'domain.ledger']
  )
  const struct = encodeWords(
    ['bytes32', PAYMENT_TYPE, 'Payment'],
    ['address', payer, 'payer'],
    ['address', payTo, 'payTo'],
    ['uint96', amount, 'amount'],
    ['bytes32', request, 'request'],
    ['bytes32', nonce, 'nonce'],
    ['uint40', validBefore, 'validBefore']
  )
  const bytes = new Uint8Array(66)
  bytes.set([0x19, 0x01])
  bytes.set(keccak256(domain), 2)
  bytes.set(keccak256(struct), 34)
  return keccak256(bytes)
}

export const signPayment = (domain: PaymentDomain, payment: Payment, secretKey: Uint8Array): Uint8Array<ArrayBuffer> =>
  signHash(paymentDigest(domain, payment), secretKey)

/** The signer, or null when the signature is not canonical. */
export const recoverPayment = (domain: PaymentDomain, payment: Payment, signature: Uint8Array): Address | null =>
  recoverHash(paymentDigest(domain, payment), signature)

export const requestHash = (body: Uint8Array): Bytes32 => bytesToHex(keccak256(body))
