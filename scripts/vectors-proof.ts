// Writes test/vectors/proof.json: proofs that hold, what the chain says of them, and one broken proof for every step. Frozen: a change
// here is a new `format`. `--check` fails when the code no longer gives them.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BatchLeaf, batchCommit, batchLeaf, batchProof, batchRoot } from '../sdk/protocol/batch-tree.ts'
import { addressOf, type Bytes32, bytesToHex, keccak256 } from '../sdk/protocol/eth.ts'
import type { Proof } from '../sdk/protocol/proof.ts'
import { type ProofJson, proofToJson } from '../sdk/protocol/proof-file.ts'
import { EndReason, modelIdOf, receiptHash, signTyped, type TypedDomain, type WorkReceipt } from '../sdk/protocol/typed-data.ts'
import { WorkTree, workLeaf, workProof } from '../sdk/protocol/work-tree.ts'

const hash = (text: string): Bytes32 => bytesToHex(keccak256(new TextEncoder().encode(text)))
const key = (text: string): Uint8Array => keccak256(new TextEncoder().encode(`openseam vector key ${text}`))

const domain: TypedDomain = { chainId: 31_337, ledger: '0x9fe46736679d2d9a65f0992f2272de9f3c7fa6e0' }
const client = addressOf(key('client'))
const provider = addressOf(key('provider'))
const signer = addressOf(key('signer'))
const modelId = modelIdOf(hash('manifest'))
const PRICE = 10n ** 12n
const POSTED_AT = 1_800_000_000
const BLOCK = 1_234

/** Six receipts of one channel: two legs, the last of them closed by an empty receipt. */
const receipts: WorkReceipt[] = [
  [0, 0, 0, 33, EndReason.running],
  [0, 1, 33, 65, EndReason.running],
  [0, 2, 65, 70, EndReason.died],
  [2, 0, 102, 134, EndReason.running],
  [2, 1, 134, 160, EndReason.running],
  [2, 2, 160, 160, EndReason.finished]
].map(([leg = 0, seq = 0, from = 0, to = 0, end = 0]) => ({
  sessionId: hash('session'),
  leg,
  seq,
  client,
  provider,
  modelId,
  from,
  to,
  promptUnits: from === 0 ? 30 : 0,
  amount: PRICE * BigInt(to - from),
  outputHash: hash(`output ${from}`),
  kvHead: `0x${'00'.repeat(32)}`,
  fingerprint: `0x${'00'.repeat(32)}`,
  end
}))

const totals = receipts.map((_, i) => receipts.slice(0, i + 1).reduce((sum, { amount }) => sum + amount, 0n))
const leaves = receipts.map((receipt, i) => workLeaf(receiptHash(domain, receipt), totals[i] as bigint))

/** Batch 0 paid the first three receipts and stood alone; batch 1 paid the rest, as the second of three vouchers. */
const batches = [
  { number: 0, count: 3, from: 0n, others: 0, at: 0, transaction: hash('transaction 0') },
  { number: 1, count: 6, from: totals[2] as bigint, others: 2, at: 1, transaction: hash('transaction 1') }
].map(({ number, count, from, others, at, transaction }) => {
  const tree = new WorkTree()
  for (const leaf of leaves.slice(0, count)) tree.append(leaf)
  const to = totals[count - 1] as bigint
  const leaf = { from, to, units: Number(to / PRICE), workRoot: tree.root() }
  const ours: BatchLeaf = { client, provider, modelId, ...leaf }
  const strangers = Array.from(
    { length: others },
    (_, i): BatchLeaf => ({
      ...ours,
      client: addressOf(key(`stranger ${i}`)),
      from: 0n,
      to: 7n,
      units: 7,
      workRoot: hash(`root ${i}`)
    })
  )
  const all = strangers.toSpliced(at, 0, ours)
  const hashes = all.map(batchLeaf)
  const header = {
    root: batchRoot(hashes),
    total: all.reduce((sum, row) => sum + row.to - row.from, 0n),
    count: all.length,
    postedAt: POSTED_AT + number
  }
  return {
    number,
    count,
    leaf,
    header,
    siblings: batchProof(hashes, at),
    transaction: { hash: transaction, block: BLOCK + number }
  }
})

const proofOf = (index: number, signed: boolean): Proof => {
  const receipt = receipts[index] as WorkReceipt
  const batch = batches.find(({ count }) => index < count)
  if (batch === undefined) throw new Error(`no batch paid receipt ${index}`)
  const { number, leaf, siblings, header, transaction } = batch
  return {
    domain,
    receipt,
    receiptHash: receiptHash(domain, receipt),
    signature: signed ? bytesToHex(signTyped(domain, 'WorkReceipt', receipt, key('signer'))) : null,
    work: { index, cumAfter: totals[index] as bigint, siblings: workProof(leaves.slice(0, batch.count), index) },
    batch: { number, leaf, siblings, header },
    transaction
  }
}

const valid: Record<string, Proof> = {
  'the first receipt, in a batch of one voucher': proofOf(0, true),
  'a receipt of a dead peer that never signed it': proofOf(2, false),
  'a receipt in a batch of three vouchers': proofOf(3, true),
  'an empty closing receipt': proofOf(5, true)
}

/** One bit, one wei or one word changed: the step that must say so. */
const broken = (): { name: string; step: string; proof: ProofJson }[] => {
  const spoil = (
    name: string,
    step: string,
    change: (proof: ProofJson) => void
  ): { name: string; step: string; proof: ProofJson } => {
    const proof = structuredClone(proofToJson(proofOf(3, true)))
    change(proof)
    return { name, step, proof }
  }
  const other = hash('another')
  return [
    spoil('the format of another version', 'format', (proof) => Object.assign(proof, { format: 'openseam-proof-0' })),
    spoil('an amount that is a number', 'format', (proof) => Object.assign(proof.receipt, { amount: 32 })),
    spoil('31 siblings', 'format', (proof) => proof.work.siblings.pop()),
    spoil('a wei more', 'receipt', (proof) => {
      proof.receipt.amount = (BigInt(proof.receipt.amount) + 1n).toString()
    }),
    spoil('another output', 'receipt', (proof) => {
      proof.receipt.outputHash = other
    }),
    spoil('another chain', 'receipt', (proof) => {
      proof.chainId = 1
    }),
    spoil('a signature with high s', 'signature', (proof) => {
      proof.signature = `0x${(proof.signature ?? '').slice(2, 66)}${'ff'.repeat(32)}1b`
    }),
    spoil('signed by a stranger', 'signer', (proof) => {
      proof.signature = bytesToHex(signTyped(domain, 'WorkReceipt', receipts[3] as WorkReceipt, key('stranger')))
    }),
    spoil('another place in the work tree', 'work', (proof) => {
      proof.work.index += 1
    }),
    spoil('another sibling in the work tree', 'work', (proof) => {
      proof.work.siblings[3] = other
    }),
    spoil('a wei less in the leaf of the work tree', 'work', (proof) => {
      proof.work.cumAfter = (BigInt(proof.work.cumAfter) - 1n).toString()
    }),
    spoil('another root', 'batch', (proof) => {
      proof.batch.header.root = other
    }),
    spoil('more units', 'batch', (proof) => {
      proof.batch.leaf.units += 1
    }),
    spoil('a paid range that ends before the receipt', 'amount', (proof) => {
      proof.batch.leaf.to = (BigInt(proof.work.cumAfter) - 1n).toString()
    }),
    spoil('another time', 'commit', (proof) => {
      proof.batch.header.postedAt += 1
    }),
    spoil('another batch', 'commit', (proof) => {
      proof.batch.number = 0
    }),
    spoil('another transaction', 'transaction', (proof) => {
      proof.transaction.hash = other
    }),
    spoil('another block', 'transaction', (proof) => {
      proof.transaction.block += 1
    })
  ]
}

export const proofVectors = (): string => {
  const text = {
    chain: {
      keys: [{ provider, key: signer }],
      batches: batches.map(({ number, header, transaction }) => ({
        provider,
        number,
        commit: batchCommit(header),
        transaction: transaction.hash,
        block: transaction.block,
        ...header,
        total: header.total.toString()
      }))
    },
    valid: Object.entries(valid).map(([name, proof]) => ({ name, proof: proofToJson(proof) })),
    broken: broken()
  }
  return `${JSON.stringify(text, null, 2)}\n`
}

if (import.meta.main) {
  const file = join(import.meta.dirname, '../test/vectors/proof.json')
  if (!process.argv.includes('--check')) writeFileSync(file, proofVectors())
  else if (readFileSync(file, 'utf8') !== proofVectors()) {
    console.error('test/vectors/proof.json is not what the code gives: proofs made before would no longer verify')
    process.exitCode = 1
  }
}
