import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { SeamError } from 'openseam/protocol/errors'
import type { Bytes32 } from 'openseam/protocol/eth'
import { checkProof, type ProofChain, type ProofCheck, proofSteps, requireProof, verifyProof } from 'openseam/protocol/proof'
import { PROOF_BYTES_MAX, type ProofJson, proofToJson, readProof } from 'openseam/protocol/proof-file'
import { proofVectors } from '../../../scripts/vectors-proof.ts'

const file = new URL('../../vectors/proof.json', import.meta.url)
const vectors: {
  chain: { keys: any[]; batches: any[] }
  valid: { name: string; proof: ProofJson }[]
  broken: { name: string; step: string; proof: any }[]
} = JSON.parse(readFileSync(file, 'utf8'))

const chain: ProofChain = {
  commitOf: (provider, number) => {
    const batch = vectors.chain.batches.find((row) => row.provider === provider && row.number === number)
    return Promise.resolve(batch?.commit ?? `0x${'00'.repeat(32)}`)
  },
  settledIn: (transaction) => {
    const rows = vectors.chain.batches.filter((row) => row.transaction === transaction)
    return Promise.resolve(rows.map((row) => ({ ...row, total: BigInt(row.total) })))
  },
  isKeyOf: (provider, key) => Promise.resolve(vectors.chain.keys.some((row) => row.provider === provider && row.key === key))
}
const failures = (checks: ProofCheck[]): string[] => checks.filter(({ outcome }) => outcome === 'fails').map(({ step }) => step)
const textOf = (proof: unknown): string => JSON.stringify(proof)
const stepOf = (run: () => unknown): unknown => {
  try {
    run()
  } catch (error) {
    expect(error).to.be.instanceOf(SeamError)
    expect((error as SeamError).code).to.equal('PROOF_INVALID')
    return (error as SeamError).detail['step']
  }
  return undefined
}

describe('proofs', () => {
  it('are frozen', () => {
    expect(readFileSync(file, 'utf8')).to.equal(proofVectors())
  })

  for (const { name, proof } of vectors.valid) {
    it(`${name}: every step holds, and the file is written as it was read`, async () => {
      const read = readProof(textOf(proof))
      expect(proofToJson(read)).to.deep.equal(proof)
      const checks = await verifyProof(read, chain)
      expect(checks.map(({ step }) => step)).to.deep.equal([...proofSteps])
      expect(failures(checks)).to.deep.equal([])
      const skipped = checks.filter(({ outcome }) => outcome === 'skipped').map(({ step }) => step)
      expect(skipped).to.deep.equal(proof.signature === null ? ['signature', 'signer'] : [])
      requireProof(checks)
    })
  }

  for (const { name, step, proof } of vectors.broken) {
    it(`${name}: fails at ${step}`, async () => {
      if (step === 'format') return expect(stepOf(() => readProof(textOf(proof)))).to.equal('format')
      const checks = await verifyProof(readProof(textOf(proof)), chain)
      expect(failures(checks)).to.include(step)
      expect(stepOf(() => requireProof(checks))).to.equal(failures(checks)[0])
      return undefined
    })
  }

  it('every step has a broken proof', () => {
    expect(new Set(vectors.broken.map(({ step }) => step))).to.deep.equal(new Set(['format', ...proofSteps]))
  })

  it('without a chain nothing about the chain is claimed', () => {
    const steps = checkProof(readProof(textOf(vectors.valid[0]?.proof))).map(({ step }) => step)
    expect(steps).to.deep.equal(['receipt', 'signature', 'work', 'amount', 'batch'])
  })

  it('any single hex digit of the file, changed, is noticed', async () => {
    const text = textOf(vectors.valid[2]?.proof)
    const hexes = [...text.matchAll(/0x[0-9a-f]{40,}/g)]
    for (const [i, found] of hexes.entries()) {
      const at = found.index + 2 + (i % (found[0].length - 2))
      const digit = text[at] === '0' ? '1' : '0'
      const checks = await verifyProof(readProof(`${text.slice(0, at)}${digit}${text.slice(at + 1)}`), chain)
      expect(failures(checks), `hex ${i} at ${at}`).to.not.deep.equal([])
    }
  })

  it('a chain that answers nothing proves nothing', async () => {
    const mute: ProofChain = {
      commitOf: () => Promise.resolve(`0x${'00'.repeat(32)}` as Bytes32),
      settledIn: () => Promise.resolve([]),
      isKeyOf: () => Promise.resolve(false)
    }
    const checks = await verifyProof(readProof(textOf(vectors.valid[0]?.proof)), mute)
    expect(failures(checks)).to.deep.equal(['signer', 'commit', 'transaction'])
  })

  it('garbage is refused by format, however it is broken', () => {
    const good = vectors.valid[0]?.proof
    for (const text of [
      '',
      '{',
      'null',
      '[]',
      '7',
      '"x"',
      '{}',
      textOf({ ...good, work: null }),
      ' '.repeat(PROOF_BYTES_MAX + 1)
    ]) {
      expect(
        stepOf(() => readProof(text)),
        text.slice(0, 20)
      ).to.equal('format')
    }
    const spoiled: [string, (proof: any) => void][] = [
      ['a fraction', (proof) => (proof.work.index = 0.5)],
      ['a negative', (proof) => (proof.batch.number = -1)],
      ['too large', (proof) => (proof.batch.leaf.to = (2n ** 96n).toString())],
      ['short hash', (proof) => (proof.receiptHash = '0x00')],
      ['nine batch siblings', (proof) => (proof.batch.siblings = Array(9).fill(proof.receiptHash))],
      ['inherited fields', (proof) => (proof.receipt = Object.create(proof.receipt))]
    ]
    for (const [name, change] of spoiled) {
      const proof = structuredClone(good)
      change(proof)
      expect(
        stepOf(() => readProof(textOf(proof))),
        name
      ).to.equal('format')
    }
  })
})
