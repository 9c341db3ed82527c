/** What a payer signs is what any wallet signs: ethers, over the typed data of docs/spec/x402.md. */
import { expect } from 'chai'
import { TypedDataEncoder, Wallet } from 'ethers'
import fc from 'fast-check'
import { addressOf, bytesToHex, hexToBytes, keccak256 } from '../../../sdk/protocol/eth.ts'
import {
  PAYMENT_MEMBERS,
  type Payment,
  paymentDigest,
  recoverPayment,
  requestHash,
  signPayment
} from '../../../sdk/protocol/payment.ts'
import { typedMembers } from '../../../sdk/protocol/typed-data.ts'
import { decodeHeader, encodeHeader, HEADER_CHARS_MAX } from '../../../sdk/protocol/x402.ts'

const hex = (bytes: number) => fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((value) => bytesToHex(value))
const someDomain = fc.record({ chainId: fc.nat({ max: 2 ** 40 }), ledger: hex(20) })
const somePayment: fc.Arbitrary<Payment> = fc.record({
  payer: hex(20),
  payTo: hex(20),
  amount: fc.bigInt({ min: 0n, max: 2n ** 96n - 1n }),
  request: hex(32),
  nonce: hex(32),
  validBefore: fc.nat({ max: 2 ** 40 - 1 })
})
const types = {
  Payment: PAYMENT_MEMBERS.split(',').map((member) => ({ type: member.split(' ')[0]!, name: member.split(' ')[1]! }))
}
const domainOf = ({ chainId, ledger }: { chainId: number; ledger: string }) => {
  return { name: 'openseam x402', version: '1', chainId, verifyingContract: ledger }
}

describe('x402 payments', () => {
  it('hash as ethers hashes them', () => {
    fc.assert(
      fc.property(someDomain, somePayment, (domain, payment) => {
        expect(bytesToHex(paymentDigest(domain, payment))).to.equal(TypedDataEncoder.hash(domainOf(domain), types, payment))
      }),
      { numRuns: 200 }
    )
  })

  it('are the same signature, byte for byte, from a wallet that knows nothing of openseam', async () => {
    const secretKey = keccak256(new TextEncoder().encode('payer'))
    const domain = { chainId: 31_337, ledger: `0x${'1e'.repeat(20)}` as const }
    const payment: Payment = {
      payer: addressOf(secretKey),
      payTo: `0x${'2f'.repeat(20)}`,
      amount: 10n ** 16n,
      request: requestHash(new TextEncoder().encode('{"model":"seam-chat"}')),
      nonce: `0x${'3a'.repeat(32)}`,
      validBefore: 1_764_158_400
    }
    const signature = bytesToHex(signPayment(domain, payment, secretKey))
    expect(signature).to.equal(await new Wallet(bytesToHex(secretKey)).signTypedData(domainOf(domain), types, payment))
    expect(recoverPayment(domain, payment, hexToBytes(signature))).to.equal(payment.payer)
    // Frozen: an agent in another language can compare.
    expect(bytesToHex(paymentDigest(domain, payment))).to.equal(VECTOR)
  })

  it('change with every field', () => {
    fc.assert(
      fc.property(someDomain, somePayment, (domain, payment) => {
        const base = bytesToHex(paymentDigest(domain, payment))
        for (const [name, value] of Object.entries(payment)) {
          const other = typeof value === 'string' ? `${value.slice(0, -1)}${value.endsWith('0') ? '1' : '0'}` : flipped(value)
          expect(bytesToHex(paymentDigest(domain, { ...payment, [name]: other })), name).to.not.equal(base)
        }
      }),
      { numRuns: 50 }
    )
  })

  it('have a type of their own: nothing that the ledger reads is shaped like one', () => {
    expect(Object.values(typedMembers)).to.not.include(PAYMENT_MEMBERS)
  })

  it('travel in headers, whatever is in them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const value = { text: text.toWellFormed() }
        expect(decodeHeader(encodeHeader(value))).to.deep.equal(value)
      })
    )
    for (const garbage of ['', '!', btoa('no json'), btoa('\xff"'), 'A'.repeat(HEADER_CHARS_MAX + 1)])
      expect(() => decodeHeader(garbage)).to.throw(/base64/)
  })
})

const VECTOR = '0x3387089e2cca0bafde836a9dd5763541d0917f37201b63ce24bb0722f2e4057a'

const flipped = (value: bigint | number): bigint | number =>
  typeof value === 'bigint' ? value ^ 1n : value % 2 === 0 ? value + 1 : value - 1
