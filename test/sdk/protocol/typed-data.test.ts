import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { AbiCoder, keccak256 as ethersKeccak, TypedDataEncoder } from 'ethers'
import fc from 'fast-check'
import { moneyVectors } from '../../../scripts/vectors-money.ts'
import { SeamError } from '../../../sdk/protocol/errors.ts'
import { type Address, addressOf, type Bytes32, bytesToHex, hexToBytes, randomSecretKey } from '../../../sdk/protocol/eth.ts'
import {
  digest,
  domainSeparator,
  EndReason,
  endName,
  modelIdOf,
  receiptHash,
  recoverTyped,
  signTyped,
  type TypedDomain,
  type TypedName,
  type TypedStructs,
  typedMembers,
  type WorkReceipt
} from '../../../sdk/protocol/typed-data.ts'

type AnyValue = TypedStructs[TypedName]
type Fields = Record<string, string | number | bigint>

const names = Object.keys(typedMembers) as TypedName[]
const members = (name: TypedName): { type: string; name: string }[] =>
  typedMembers[name].split(',').map((member) => ({ type: member.split(' ')[0]!, name: member.split(' ')[1]! }))

const hex = (bytes: number): fc.Arbitrary<`0x${string}`> =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((value) => bytesToHex(value))
const fieldOf = (type: string): fc.Arbitrary<string | number | bigint> => {
  if (type === 'address') return hex(20)
  if (type === 'bytes32') return hex(32)
  if (type === 'uint96') return fc.bigInt({ min: 0n, max: 2n ** 96n - 1n })
  return fc.nat({ max: type === 'uint64' ? Number.MAX_SAFE_INTEGER : 2 ** Number(type.slice(4)) - 1 })
}
const structOf = (name: TypedName): fc.Arbitrary<Fields> =>
  fc.record(Object.fromEntries(members(name).map((member) => [member.name, fieldOf(member.type)])))
const someStruct = fc.constantFrom(...names).chain((name) => structOf(name).map((value) => ({ name, value })))
const someDomain = fc.record({ chainId: fc.nat({ max: 2 ** 40 }), ledger: hex(20) })

const ours = (domain: TypedDomain, name: TypedName, value: Fields): string =>
  bytesToHex(digest(domain, name, value as unknown as AnyValue))
const theirs = ({ chainId, ledger }: TypedDomain, name: TypedName, value: Fields): string =>
  TypedDataEncoder.hash({ name: 'openseam', version: '1', chainId, verifyingContract: ledger }, { [name]: members(name) }, value)

const changed = (value: string | number | bigint): string | number | bigint => {
  if (typeof value === 'bigint') return value ^ 1n
  if (typeof value === 'number') return value % 2 === 0 ? value + 1 : value - 1
  return `${value.slice(0, -1)}${value.endsWith('0') ? '1' : '0'}`
}

describe('typed data', () => {
  it('hashes 1 000 random structs as ethers does', () => {
    fc.assert(
      fc.property(someDomain, someStruct, (domain, { name, value }) => {
        expect(ours(domain, name, value), name).to.equal(theirs(domain, name, value))
      }),
      { numRuns: 1_000 }
    )
  })

  for (const name of names) {
    it(`${name}: every single field changes the digest`, () => {
      fc.assert(
        fc.property(someDomain, structOf(name), (domain, value) => {
          const base = ours(domain, name, value)
          for (const member of members(name)) {
            const other = { ...value, [member.name]: changed(value[member.name]!) }
            expect(ours(domain, name, other), member.name).to.not.equal(base)
          }
          expect(ours({ ...domain, chainId: domain.chainId + 1 }, name, value), 'chain').to.not.equal(base)
          expect(ours({ ...domain, ledger: changed(domain.ledger) as Address }, name, value), 'contract').to.not.equal(base)
        }),
        { numRuns: 20 }
      )
    })

    it(`${name}: refuses values out of bounds and names the field`, () => {
      const domain = { chainId: 31_337, ledger: `0x${'11'.repeat(20)}` } as const
      const [value] = fc.sample(structOf(name), { numRuns: 1, seed: 7 }) as [Fields]
      for (const member of members(name)) {
        const bits = Number(member.type.slice(4))
        const bad: unknown[] = member.type.startsWith('uint')
          ? bits === 96
            ? [-1n, 2n ** 96n, 1, '1', undefined]
            : [-1, 0.5, Number.NaN, bits === 64 ? 2 ** 53 : 2 ** bits, 1n, '1', undefined]
          : ['0x', 'ff', `0x${'0'.repeat(63)}`, `0x${'zz'.repeat(20)}`, 1, undefined]
        for (const field of bad) {
          const other = { ...value, [member.name]: field } as unknown as Fields
          expect(() => ours(domain, name, other), `${member.name} ${String(field)}`)
            .to.throw(SeamError, `${name}.${member.name}`)
            .with.property('code', 'WIRE_MALFORMED')
        }
      }
    })
  }

  it('signs and recovers, and any other domain, struct or value gives someone else', () => {
    const secretKey = randomSecretKey()
    const signer = addressOf(secretKey)
    const domain = { chainId: 1_612, ledger: addressOf(randomSecretKey()) }
    const value = { client: signer, provider: signer, modelId: modelIdOf(`0x${'01'.repeat(32)}`), upTo: 5n, deadline: 9 }
    const signature = signTyped(domain, 'Prefund', value, secretKey)
    expect(recoverTyped(domain, 'Prefund', value, signature)).to.equal(signer)
    expect(recoverTyped(domain, 'Prefund', { ...value, upTo: 6n }, signature)).to.not.equal(signer)
    expect(recoverTyped({ ...domain, chainId: 161_201 }, 'Prefund', value, signature)).to.not.equal(signer)
    const release = { client: signer, provider: signer, modelId: value.modelId, downTo: 5n, deadline: 9 }
    expect(recoverTyped(domain, 'Release', release, signature), 'the same fields under another name').to.not.equal(signer)
    expect(recoverTyped(domain, 'Prefund', value, signature.slice(1))).to.equal(null)
  })

  it('names a model by everything in it, in order', () => {
    const manifest = `0x${'0a'.repeat(32)}` as Bytes32
    const payees = [addressOf(randomSecretKey()), addressOf(randomSecretKey())]
    const bps = [1_000, 2_000]
    const encode = (p: Address[], b: number[]): string =>
      ethersKeccak(AbiCoder.defaultAbiCoder().encode(['bytes32', 'address[]', 'uint16[]'], [manifest, p, b]))
    expect(modelIdOf(manifest)).to.equal(encode([], []))
    expect(modelIdOf(manifest, payees, bps)).to.equal(encode(payees, bps))
    expect(modelIdOf(manifest, payees.toReversed(), bps)).to.not.equal(modelIdOf(manifest, payees, bps))
    for (const [p, b] of [
      [payees, [1]],
      [payees, [0, 1]],
      [payees, [1_000, 2_001]],
      [Array(17).fill(payees[0]), Array(17).fill(1)]
    ] as const) {
      expect(() => modelIdOf(manifest, p, b)).to.throw(SeamError)
    }
  })

  it('knows why a leg ended', () => {
    expect(Object.entries(EndReason).every(([name, end]) => endName(end) === name)).to.equal(true)
    expect(() => endName(9)).to.throw(SeamError)
  })

  describe('frozen vectors', () => {
    const folder = join(import.meta.dirname, '../../vectors')
    const vectors = JSON.parse(readFileSync(join(folder, 'typed-data.json'), 'utf8'))

    it('have not drifted', () => {
      for (const [name, text] of Object.entries(moneyVectors()))
        expect(readFileSync(join(folder, name), 'utf8'), name).to.equal(text)
    })

    it('hold for the domain', () => {
      expect(bytesToHex(domainSeparator(vectors.domain))).to.equal(vectors.separator)
    })

    for (const vector of vectors.cases) {
      it(vector.name, () => {
        const name = vector.struct as TypedName
        const value: Fields = { ...vector.value }
        for (const member of members(name))
          if (member.type === 'uint96') value[member.name] = BigInt(value[member.name] as string)
        const domain = { chainId: vectors.domain.chainId, ledger: vector.contract }
        expect(ours(domain, name, value)).to.equal(vector.digest)
        expect(theirs(domain, name, value)).to.equal(vector.digest)
        expect(recoverTyped(domain, name, value as unknown as AnyValue, hexToBytes(vector.signature))).to.equal(vector.signer)
        if (name === 'WorkReceipt') expect(receiptHash(domain, value as unknown as WorkReceipt)).to.equal(vector.digest)
      })
    }
  })
})
