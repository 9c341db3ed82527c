/**
 * The proof that a receipt was paid (docs/spec/proof.md): receipt, work tree, batch leaf, batch root, transaction. Pure: a browser page,
 * a file on a disconnected machine and `openseam audit` check it with this code. What only a chain can say is asked through `ProofChain`.
 */
import type { Wei } from './amounts.ts'
import { batchCommit, batchLeaf, verifyBatch } from './batch-tree.ts'
import { SeamError } from './errors.ts'
import { type Address, type Bytes32, type Hex, hexToBytes } from './eth.ts'
import { receiptHash, recoverTyped, type TypedDomain, type WorkReceipt } from './typed-data.ts'
import { verifyWork, workLeaf } from './work-tree.ts'

export const PROOF_FORMAT = 'openseam-proof-1'

export interface Proof {
  domain: TypedDomain
  receipt: WorkReceipt
  receiptHash: Bytes32
  /** The provider's, over the receipt's hash; null where it never signed: the client's voucher alone then stands for the receipt. */
  signature: Hex | null
  /** The receipt's place in the work tree that the settled voucher covers, and the channel's total after it. */
  work: { index: number; cumAfter: Wei; siblings: Bytes32[] }
  /** The leaf's client, provider and model are the receipt's. */
  batch: {
    number: number
    leaf: { from: Wei; to: Wei; units: number; workRoot: Bytes32 }
    siblings: Bytes32[]
    header: { root: Bytes32; total: Wei; count: number; postedAt: number }
  }
  transaction: { hash: Bytes32; block: number }
}

/** In the order in which they are checked; each relies on those before it. */
export const proofSteps = ['receipt', 'signature', 'signer', 'work', 'amount', 'batch', 'commit', 'transaction'] as const
export type ProofStep = (typeof proofSteps)[number]

export interface ProofCheck {
  step: ProofStep
  /** `skipped`: nothing to check, or nobody to ask. Never a failure, and never a proof. */
  outcome: 'holds' | 'fails' | 'skipped'
  /** One sentence: what was found. */
  detail: string
}

/** One `BatchSettled` of the ledger, with the block it stands in. */
export interface SettledBatch {
  provider: Address
  number: number
  root: Bytes32
  total: Wei
  count: number
  block: number
  /** Seconds: the block's timestamp. */
  postedAt: number
}

/** What a proof asks the chain. Everything it answers is compared, so a wrong answer can only make a proof fail. */
export interface ProofChain {
  /** The word in `batchCommit`; zero where there is no such batch. */
  commitOf(provider: Address, batch: number): Promise<Bytes32>
  /** Every `BatchSettled` that the ledger emitted in that transaction. */
  settledIn(transaction: Bytes32): Promise<SettledBatch[]>
  /** Whether the key ever spoke for the provider: a revoked key still signed what it signed. */
  isKeyOf(provider: Address, key: Address): Promise<boolean>
}

/** The steps that need no chain. Never throws on a proof that was read with `readProof`. */
export const checkProof = (proof: Proof): ProofCheck[] => [
  checkReceipt(proof),
  checkSignature(proof),
  checkWork(proof),
  checkAmount(proof),
  checkBatch(proof)
]

/** Every step, in order. Throws only what `chain` throws: a chain that is away is no verdict. */
export const verifyProof = async (proof: Proof, chain: ProofChain): Promise<ProofCheck[]> => {
  const checks = [...checkProof(proof), await checkSigner(proof, chain), await checkCommit(proof, chain)]
  checks.push(await checkTransaction(proof, chain))
  return checks.sort((a, b) => proofSteps.indexOf(a.step) - proofSteps.indexOf(b.step))
}

/** The steps that say whose word a receipt is, paid or not. Throws only what `chain` throws. */
export const verifySigned = async (signed: Signed, chain: ProofChain): Promise<ProofCheck[]> => [
  checkSignature(signed),
  await checkSigner(signed, chain)
]

/** Throws PROOF_INVALID naming the first step that fails. */
export const requireProof = (checks: readonly ProofCheck[]): void => {
  const failed = checks.find((check) => check.outcome === 'fails')
  if (failed !== undefined) throw proofInvalid(failed.step, failed.detail)
}

export const proofInvalid = (step: ProofStep | 'format', detail: string): SeamError =>
  new SeamError('PROOF_INVALID', `${step}: ${detail}`, { detail: { step } })

/** Which of its channel's money a receipt is paid from: (after, to]. No two receipts of a channel may overlap. */
export const moneyOf = ({ receipt, work }: Pick<Proof, 'receipt' | 'work'>): { after: Wei; to: Wei } => ({
  after: work.cumAfter - receipt.amount,
  to: work.cumAfter
})

const verdict = (step: ProofStep, holds: boolean, yes: string, no: string): ProofCheck => ({
  step,
  outcome: holds ? 'holds' : 'fails',
  detail: holds ? yes : no
})

type Signed = Pick<Proof, 'domain' | 'receipt' | 'signature'>

const signerOf = ({ domain, receipt, signature }: Signed): Address | null =>
  signature === null ? null : recoverTyped(domain, 'WorkReceipt', receipt, hexToBytes(signature))

const checkReceipt = ({ domain, receipt, receiptHash: named }: Proof): ProofCheck => {
  const hash = receiptHash(domain, receipt)
  return verdict('receipt', hash === named, `it hashes to ${hash}`, `it hashes to ${hash}, and is called ${named}`)
}

const checkSignature = (proof: Signed): ProofCheck => {
  if (proof.signature === null) {
    return {
      step: 'signature',
      outcome: 'skipped',
      detail: 'the provider has not signed it: the voucher over its root stands for it'
    }
  }
  const signer = signerOf(proof)
  return verdict('signature', signer !== null, `signed by ${signer}`, 'this is no canonical signature')
}

const checkSigner = async (proof: Signed, chain: ProofChain): Promise<ProofCheck> => {
  const signer = signerOf(proof)
  if (signer === null) return { step: 'signer', outcome: 'skipped', detail: 'there is no signature to ask about' }
  const { provider } = proof.receipt
  const holds = signer === provider || (await chain.isKeyOf(provider, signer))
  return verdict('signer', holds, `${signer} signs for ${provider}`, `${signer} is no key of ${provider}`)
}

const checkWork = ({ receiptHash: hash, work, batch }: Proof): ProofCheck => {
  const { index, cumAfter, siblings } = work
  const holds = verifyWork(batch.leaf.workRoot, workLeaf(hash, cumAfter), index, siblings)
  return verdict('work', holds, `leaf ${index} of the work tree`, `leaf ${index} does not lead to the work root of the voucher`)
}

const checkAmount = (proof: Proof): ProofCheck => {
  const { after, to } = moneyOf(proof)
  const { leaf, header } = proof.batch
  const sane = after >= 0n && leaf.from < leaf.to && leaf.to - leaf.from <= header.total
  // An empty receipt owns no money: it only has to stand below what was settled.
  const holds = sane && to <= leaf.to && (proof.receipt.amount === 0n || leaf.from < to)
  const range = `(${leaf.from}, ${leaf.to}]`
  return verdict('amount', holds, `total ${to} lies in the paid ${range}`, `total ${to} does not lie in the paid ${range}`)
}

const checkBatch = ({ receipt, batch }: Proof): ProofCheck => {
  const { client, provider, modelId } = receipt
  const holds = verifyBatch(batch.header.root, batchLeaf({ client, provider, modelId, ...batch.leaf }), batch.siblings)
  return verdict('batch', holds, `a leaf of batch ${batch.number}`, `the leaf does not lead to the root of batch ${batch.number}`)
}

const checkCommit = async ({ receipt, batch }: Proof, chain: ProofChain): Promise<ProofCheck> => {
  const expected = batchCommit(batch.header)
  const stored = await chain.commitOf(receipt.provider, batch.number)
  const no = `the ledger holds ${stored} for batch ${batch.number}, the header makes ${expected}`
  return verdict('commit', stored === expected, `the ledger holds ${expected}`, no)
}

const checkTransaction = async ({ receipt, batch, transaction }: Proof, chain: ProofChain): Promise<ProofCheck> => {
  const { root, total, count, postedAt } = batch.header
  const settled = await chain.settledIn(transaction.hash)
  const event = settled.find(({ provider, number }) => provider === receipt.provider && number === batch.number)
  if (event === undefined) {
    const detail = `${transaction.hash} settled no batch ${batch.number} of ${receipt.provider}`
    return { step: 'transaction', outcome: 'fails', detail }
  }
  const holds = event.root === root && event.total === total && event.count === count && event.postedAt === postedAt
  const same = holds && event.block === transaction.block
  return verdict(
    'transaction',
    same,
    `${transaction.hash} in block ${event.block}`,
    'the event of that transaction says otherwise'
  )
}
