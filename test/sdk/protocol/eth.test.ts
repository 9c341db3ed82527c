import { expect } from 'chai'
import { getAddress, hexlify, SigningKey, Wallet } from 'ethers'
import fc from 'fast-check'
import type { SeamError } from '../../../sdk/protocol/errors.ts'
import {
  addressFromBytes,
  addressOf,
  bytesToHex,
  checksumAddress,
  compactSignature,
  fullSignature,
  hexToBytes,
  keccak256,
  parseAddress,
  randomSecretKey,
  recoverHash,
  signHash
} from '../../../sdk/protocol/eth.ts'

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
const N = 0xffff_ffff_ffff_ffff_ffff_ffff_ffff_fffe_baae_dce6_af48_a03b_bfd2_5e8c_d036_4141n
const codeOf = (act: () => unknown): string => {
  try {
    act()
  } catch (error) {
    return (error as SeamError).code
  }
  return 'none'
}

describe('eth', () => {
  it('agrees with ethers on addresses, checksums and signatures', () => {
    fc.assert(
      fc.property(bytes32, bytes32, (seed, hash) => {
        const secretKey = keccak256(seed)
        const wallet = new Wallet(hexlify(secretKey))
        expect(addressOf(secretKey)).to.equal(wallet.address.toLowerCase())
        expect(checksumAddress(addressOf(secretKey))).to.equal(wallet.address)
        const signature = signHash(hash, secretKey)
        const theirs = new SigningKey(hexlify(secretKey)).sign(hash)
        expect(bytesToHex(signature)).to.equal(theirs.serialized)
        const { r, vs } = compactSignature(signature)
        expect([r, vs]).to.deep.equal([theirs.r, theirs.yParityAndS])
        expect(fullSignature(r, vs)).to.deep.equal(signature)
        expect(recoverHash(hash, signature)).to.equal(addressOf(secretKey))
      }),
      { numRuns: 50 }
    )
  })

  it('leaves a signature that came as a Buffer as it was', () => {
    const secretKey = keccak256(new Uint8Array([5]))
    const vs: string[] = []
    for (let n = 0; n < 16; n++) {
      const signature = Buffer.from(signHash(keccak256(new Uint8Array([n])), secretKey))
      const before = signature.toString('hex')
      vs.push(compactSignature(signature).vs)
      expect(signature.toString('hex')).to.equal(before)
    }
    expect(
      vs.some((word) => BigInt(word) >> 255n === 1n),
      'one of them with the parity bit'
    ).to.equal(true)
  })

  it('takes exactly one signature for one message and key', () => {
    const hash = keccak256(new Uint8Array([7]))
    const signature = signHash(hash, randomSecretKey())
    const highS = signature.slice()
    const s = BigInt(bytesToHex(signature.slice(32, 64)))
    highS.set(hexToBytes(`0x${(N - s).toString(16).padStart(64, '0')}`), 32)
    highS[64] = signature[64] === 27 ? 28 : 27
    expect(recoverHash(hash, highS), 'the mirrored s').to.equal(null)
    const withV = (v: number): Uint8Array => Uint8Array.from([...signature.slice(0, 64), v])
    for (const v of [0, 1, 26, 29, 255]) expect(recoverHash(hash, withV(v)), `v ${v}`).to.equal(null)
    expect(recoverHash(hash, signature.slice(0, 64))).to.equal(null)
    expect(recoverHash(hash, new Uint8Array([...signature, 0]))).to.equal(null)
    expect(recoverHash(hash, withV(27).fill(0, 0, 64))).to.equal(null)
    expect(recoverHash(hash, withV(27).fill(0xff, 0, 64))).to.equal(null)
    expect(recoverHash(hash.slice(1), signature)).to.equal(null)
  })

  it('never throws on hostile signatures', () => {
    fc.assert(
      fc.property(bytes32, fc.uint8Array({ maxLength: 70 }), (hash, signature) => {
        const address = recoverHash(hash, signature)
        expect(address === null || /^0x[0-9a-f]{40}$/.test(address)).to.equal(true)
      })
    )
  })

  it('reads addresses that people give', () => {
    const address = addressOf(randomSecretKey())
    expect(parseAddress(address)).to.equal(address)
    expect(parseAddress(getAddress(address))).to.equal(address)
    expect(parseAddress(`0x${address.slice(2).toUpperCase()}`)).to.equal(address)
    const mixed = getAddress('0x5fbdb2315678afecb367f032d93f642f64180aa3')
    expect(codeOf(() => parseAddress(mixed.replace('F', 'f')))).to.equal('BAD_REQUEST')
    for (const bad of ['', '0x', address.slice(2), `${address}0`, address.replace('0x', '0X')]) {
      expect(
        codeOf(() => parseAddress(bad)),
        bad
      ).to.equal('BAD_REQUEST')
    }
    expect(codeOf(() => addressFromBytes(new Uint8Array(19)))).to.equal('WIRE_MALFORMED')
  })

  it('reads hex strictly', () => {
    expect(hexToBytes('0x')).to.deep.equal(new Uint8Array(0))
    expect(hexToBytes('0x00fF', 2)).to.deep.equal(new Uint8Array([0, 255]))
    for (const bad of ['', '00', '0x0', '0xzz', '0X00', ' 0x00'])
      expect(
        codeOf(() => hexToBytes(bad)),
        bad
      ).to.equal('WIRE_MALFORMED')
    expect(codeOf(() => hexToBytes('0x00', 2))).to.equal('WIRE_MALFORMED')
    expect(codeOf(() => compactSignature(new Uint8Array(64)))).to.equal('WIRE_MALFORMED')
  })
})
