import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { type Bytes32, bytesToHex, hexToBytes, ZERO_BYTES32 } from '../../../sdk/protocol/eth.ts'
import {
  absentPrints,
  comparePrints,
  decodePrint,
  encodePrint,
  fingerprintOf,
  PRINT_BYTES,
  printBase,
  printsOf
} from '../../../sdk/protocol/fingerprint.ts'
import { type Opening, openedBase, openingText, readOpening } from '../../../sdk/protocol/opening.ts'
import { PrintLog } from '../../../sdk/protocol/print-log.ts'
import { outputHash } from '../../../sdk/protocol/work.ts'

const entry = (...top: number[]): Uint8Array => {
  const bytes = new Uint8Array(PRINT_BYTES)
  encodePrint(top, bytes, 0)
  return bytes
}
const hash = (digit: string): `0x${string}` => `0x${digit.repeat(64)}`

describe('fingerprints', () => {
  it('holds the largest logit and the gaps below it in steps of 1/1024', () => {
    expect(Buffer.from(entry(2, 1.5, 1, -1)).toString('hex')).to.equal('000800020004000c00')
    expect(decodePrint(entry(-3.25, -4, -5, -6), 0)).to.deep.equal([-3328, 768, 1792, 2816])
  })

  it('has a value for every row, numbers or not, and none is taken for silence', () => {
    expect(decodePrint(entry(1e9, -1e9, Number.NaN, Number.NEGATIVE_INFINITY), 0)).to.deep.equal([
      2 ** 23 - 1,
      65_534,
      65_534,
      65_534
    ])
    expect(decodePrint(entry(Number.NaN), 0)).to.not.equal(null)
    expect(decodePrint(entry(-1 / 1024), 0)).to.deep.equal([-1, 65_534, 65_534, 65_534])
    expect(decodePrint(absentPrints(1), 0)).to.equal(null)
  })

  it('compares positions, and leaves out those without an entry', () => {
    const said = Buffer.concat([entry(2, 1, 0, 0), absentPrints(1), entry(3, 1, 1, 1)])
    const found = Buffer.concat([entry(2, 1, 0, 0), entry(9, 9, 9, 9), entry(3.5, 1, 1, 1)])
    expect(comparePrints(said, found)).to.deep.equal({ compared: 2, absent: 1, max: 512, mean: 256 })
    expect(() => comparePrints(said, found.subarray(PRINT_BYTES))).to.throw(RangeError)
  })

  it('refuses entries of another number of positions', () => {
    expect(printsOf(new Uint8Array(0), 2)).to.deep.equal(absentPrints(2))
    expect(() => printsOf(new Uint8Array(10), 1)).to.throw('prints')
  })

  it('binds salt, request, what was given and every entry; a stretch with a gap has none', () => {
    const base = printBase(new Uint8Array(32), hash('1'), hash('2'))
    const one = fingerprintOf(base, entry(2, 1, 0, 0))
    const others = [
      fingerprintOf(printBase(new Uint8Array(32).fill(1), hash('1'), hash('2')), entry(2, 1, 0, 0)),
      fingerprintOf(printBase(new Uint8Array(32), hash('3'), hash('2')), entry(2, 1, 0, 0)),
      fingerprintOf(printBase(new Uint8Array(32), hash('1'), hash('3')), entry(2, 1, 0, 0)),
      fingerprintOf(base, entry(2, 1, 0, -1))
    ]
    expect(new Set([one, ...others]).size).to.equal(5)
    expect(fingerprintOf(base, Buffer.concat([entry(2), absentPrints(1)]))).to.equal(ZERO_BYTES32)
    expect(fingerprintOf(base, new Uint8Array(0))).to.equal(ZERO_BYTES32)
  })

  it('an opening survives its text, and a damaged one is refused', () => {
    const opening: Opening = {
      sessionId: hash('a'),
      modelId: hash('b'),
      ids: [1, 2, 3],
      completionFrom: 2,
      prints: entry(1, 0, 0, 0),
      sampling: new Uint8Array(0),
      legs: [{ leg: 0, from: 0, salt: new Uint8Array(32) }]
    }
    const text = openingText(opening)
    expect(readOpening(text)).to.deep.equal(opening)
    for (const [from, to] of [
      ['opening-1', 'opening-2'],
      ['"completionFrom":2', '"completionFrom":4'],
      ['"ids":"0x', '"ids":"0x00'],
      ['{', '[']
    ] as const)
      expect(() => readOpening(text.replace(from, to)), from).to.throw('an opening')
  })
})

describe('fingerprint vectors', () => {
  const { entries, absent, leg, receipts, missing, opening } = JSON.parse(
    readFileSync(new URL('../../vectors/fingerprint.json', import.meta.url), 'utf8')
  )
  const salt = hexToBytes(leg.salt)
  const baseOf = (given: number): Bytes32 => printBase(salt, leg.requestHash, outputHash(salt, leg.ids.slice(0, given)))

  it('an entry has one encoding', () => {
    for (const { top, entry: expected } of entries) expect(bytesToHex(entry(...top.map(Number))), top).to.equal(expected)
    expect(bytesToHex(absentPrints(1))).to.equal(absent)
  })

  it('base and fingerprints of a leg', () => {
    expect(baseOf(leg.completionFrom)).to.equal(leg.base)
    const log = new PrintLog(leg.completionFrom)
    log.put(leg.completionFrom, hexToBytes(leg.prints))
    for (const { given, from, to, fingerprint } of receipts)
      expect(log.fingerprint(baseOf(given), from, to), `[${from}, ${to})`).to.equal(fingerprint)
    expect(receipts.some(({ fingerprint }: { fingerprint: Bytes32 }) => fingerprint === ZERO_BYTES32)).to.equal(true)
    expect(fingerprintOf(leg.base, hexToBytes(missing.prints))).to.equal(missing.fingerprint)
  })

  it('an opening reads as it was meant, is written as it was read, and gives the same bases', () => {
    const read = readOpening(opening.text)
    expect(openingText(read)).to.equal(opening.text)
    expect(read.ids).to.deep.equal(leg.ids)
    expect(read.legs.map((opened) => openedBase(read, opened))).to.deep.equal(opening.bases)
    expect(opening.bases[0]).to.equal(leg.base)
  })
})
