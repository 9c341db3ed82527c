import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { AbiCoder, getAddress, keccak256, TypedDataEncoder, toBeHex } from 'ethers'
import { bytesToHex, keccak256 as ourKeccak } from '../../../sdk/protocol/eth.ts'
import { typedMembers } from '../../../sdk/protocol/typed-data.ts'

/**
 * A thousand random messages of each kind that a contract verifies, on as many chains, hashed by ethers. test/contracts/Digests.t.sol
 * makes the same messages and has the contracts' own code hash them; both must come to the sums in the vectors.
 */
const file = join(import.meta.dirname, '../../vectors/digests.json')
const CASES = 1_000
const VERIFIER = getAddress('0x00000000000000000000000000000000005ea119')
const KINDS = ['Voucher', 'Prefund', 'Release', 'SettleBatch', 'SignerKey', 'WorkReceipt', 'HandOff'] as const

const abi = AbiCoder.defaultAbiCoder()
/** keccak256(abi.encode(kind, at, field)) */
const wordOf = (...place: [number, number, number]): bigint => {
  const words = new DataView(new ArrayBuffer(96))
  for (const [i, number] of place.entries()) words.setUint32(32 * i + 28, number)
  return BigInt(bytesToHex(ourKeccak(new Uint8Array(words.buffer))))
}

const fieldOf = (type: string, word: bigint): string | bigint => {
  if (type === 'bytes32') return toBeHex(word, 32)
  if (type === 'address') return toBeHex(BigInt.asUintN(160, word), 20)
  return BigInt.asUintN(Number(type.slice(4)), word)
}

const sumOf = (name: (typeof KINDS)[number], kind: number): string => {
  const members = typedMembers[name].split(',').map((member) => ({ type: member.split(' ')[0]!, name: member.split(' ')[1]! }))
  const encoder = TypedDataEncoder.from({ [name]: members })
  let sum = toBeHex(0, 32)
  for (let at = 0; at < CASES; at++) {
    const chainId = 1n + (wordOf(kind, at, 255) >> 224n)
    const domain = { name: 'openseam', version: '1', chainId, verifyingContract: VERIFIER }
    const value = Object.fromEntries(members.map((member, field) => [member.name, fieldOf(member.type, wordOf(kind, at, field))]))
    const digest = keccak256(`0x1901${TypedDataEncoder.hashDomain(domain).slice(2)}${encoder.hash(value).slice(2)}`)
    sum = keccak256(abi.encode(['bytes32', 'bytes32'], [sum, digest]))
  }
  return sum
}

describe('digests', () => {
  it('are what ethers makes of a thousand messages of each kind', () => {
    const digests = Object.fromEntries(KINDS.map((name, kind) => [name, sumOf(name, kind)]))
    const text = `${JSON.stringify({ cases: CASES, digests }, null, 2)}\n`
    if (process.env['VECTORS_WRITE'] === '1') writeFileSync(file, text)
    expect(readFileSync(file, 'utf8')).to.equal(text)
  }).timeout(60_000)
})
