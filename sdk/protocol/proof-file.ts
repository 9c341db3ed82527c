/** A proof as JSON (docs/spec/proof.md): what an explorer offers for download and an auditor reads from anywhere. */
import { type Wei, weiFromString, weiToString } from './amounts.ts'
import type { Address, Bytes32, Hex } from './eth.ts'
import { PROOF_FORMAT, type Proof, proofInvalid } from './proof.ts'
import { EndReason, type WorkReceipt } from './typed-structs.ts'
import { WORK_TREE_DEPTH } from './work-tree.ts'

export const PROOF_BYTES_MAX = 16 * 1024
const BATCH_DEPTH_MAX = 8 // of 256 vouchers

/** A receipt with its amount as a decimal string. */
export type ReceiptJson = Omit<WorkReceipt, 'amount'> & { amount: string }

export interface ProofJson {
  format: typeof PROOF_FORMAT
  chainId: number
  ledger: Address
  receiptHash: Bytes32
  receipt: ReceiptJson
  signature: Hex | null
  work: { index: number; cumAfter: string; siblings: Bytes32[] }
  batch: {
    number: number
    leaf: { from: string; to: string; units: number; workRoot: Bytes32 }
    siblings: Bytes32[]
    header: { root: Bytes32; total: string; count: number; postedAt: number }
  }
  transaction: { hash: Bytes32; block: number }
}

export const receiptToJson = (receipt: WorkReceipt): ReceiptJson => ({ ...receipt, amount: weiToString(receipt.amount) })

export const proofToJson = ({ domain, receipt, receiptHash, signature, work, batch, transaction }: Proof): ProofJson => ({
  format: PROOF_FORMAT,
  chainId: domain.chainId,
  ledger: domain.ledger,
  receiptHash,
  receipt: receiptToJson(receipt),
  signature,
  work: { ...work, cumAfter: weiToString(work.cumAfter) },
  batch: {
    number: batch.number,
    leaf: { ...batch.leaf, from: weiToString(batch.leaf.from), to: weiToString(batch.leaf.to) },
    siblings: batch.siblings,
    header: { ...batch.header, total: weiToString(batch.header.total) }
  },
  transaction
})

/** Reads a proof's text. Throws PROOF_INVALID with step `format`, naming the field; everything after may trust the shapes. */
export const readProof = (text: string): Proof => {
  if (text.length > PROOF_BYTES_MAX) throw proofInvalid('format', `a proof has at most ${PROOF_BYTES_MAX} characters`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw proofInvalid('format', 'this is no JSON')
  }
  return proofFromJson(value)
}

export const proofFromJson = (value: unknown): Proof => {
  const file = new Fields(value, '')
  if (file.raw('format') !== PROOF_FORMAT) throw proofInvalid('format', `format is not ${PROOF_FORMAT}`)
  const work = file.object('work')
  const batch = file.object('batch')
  const leaf = batch.object('leaf')
  const header = batch.object('header')
  const transaction = file.object('transaction')
  return {
    domain: { chainId: file.count('chainId'), ledger: file.hex('ledger', 20) },
    receiptHash: file.hex('receiptHash', 32),
    receipt: readReceipt(file.object('receipt')),
    signature: file.raw('signature') === null ? null : file.hex('signature', 65),
    work: {
      index: work.count('index', 2 ** 32 - 1),
      cumAfter: work.wei('cumAfter'),
      siblings: work.hashes('siblings', WORK_TREE_DEPTH, WORK_TREE_DEPTH)
    },
    batch: {
      number: batch.count('number', 2 ** 32 - 1),
      leaf: { from: leaf.wei('from'), to: leaf.wei('to'), units: leaf.count('units'), workRoot: leaf.hex('workRoot', 32) },
      siblings: batch.hashes('siblings', 0, BATCH_DEPTH_MAX),
      header: {
        root: header.hex('root', 32),
        total: header.wei('total'),
        count: header.count('count', 2 ** 32 - 1),
        postedAt: header.count('postedAt', 2 ** 40 - 1)
      }
    },
    transaction: { hash: transaction.hex('hash', 32), block: transaction.count('block') }
  }
}

export const receiptFromJson = (value: unknown): WorkReceipt => readReceipt(new Fields(value, 'receipt.'))

const readReceipt = (fields: Fields): WorkReceipt => ({
  sessionId: fields.hex('sessionId', 32),
  leg: fields.count('leg', 2 ** 32 - 1),
  seq: fields.count('seq'),
  client: fields.hex('client', 20),
  provider: fields.hex('provider', 20),
  modelId: fields.hex('modelId', 32),
  from: fields.count('from'),
  to: fields.count('to'),
  promptUnits: fields.count('promptUnits'),
  amount: fields.wei('amount'),
  outputHash: fields.hex('outputHash', 32),
  kvHead: fields.hex('kvHead', 32),
  fingerprint: fields.hex('fingerprint', 32),
  end: fields.count('end', EndReason.moved)
})

/** Checked reads of one JSON object. Hex comes out in lower case, as everywhere inside. */
class Fields {
  readonly #value: Record<string, unknown>
  readonly #path: string

  constructor(value: unknown, path: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw proofInvalid('format', `${path === '' ? 'a proof' : path.slice(0, -1)} is an object`)
    }
    this.#value = value as Record<string, unknown>
    this.#path = path
  }

  raw(name: string): unknown {
    return Object.hasOwn(this.#value, name) ? this.#value[name] : undefined
  }

  object(name: string): Fields {
    return new Fields(this.raw(name), `${this.#path}${name}.`)
  }

  count(name: string, max: number = Number.MAX_SAFE_INTEGER): number {
    const value = this.raw(name)
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= max) return value
    throw this.#bad(name, `is a whole number up to ${max}`)
  }

  wei(name: string): Wei {
    const value = this.raw(name)
    if (typeof value !== 'string') throw this.#bad(name, 'is a decimal string of wei')
    try {
      return weiFromString(value)
    } catch {
      throw this.#bad(name, 'is a decimal string of wei below 2^96')
    }
  }

  hex(name: string, length: number): Hex {
    return this.#hex(name, this.raw(name), length)
  }

  hashes(name: string, min: number, max: number): Bytes32[] {
    const list = this.raw(name)
    if (!Array.isArray(list) || list.length < min || list.length > max) {
      throw this.#bad(name, min === max ? `has ${max} hashes` : `has at most ${max} hashes`)
    }
    return list.map((item) => this.#hex(name, item, 32))
  }

  #hex(name: string, value: unknown, length: number): Hex {
    const holds = typeof value === 'string' && value.length === 2 + 2 * length && /^0x[0-9a-fA-F]+$/.test(value)
    if (!holds) throw this.#bad(name, `is ${length} bytes of hex`)
    return value.toLowerCase() as Hex
  }

  #bad(name: string, should: string): Error {
    return proofInvalid('format', `${this.#path}${name} ${should}`)
  }
}
