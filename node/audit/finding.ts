/** One receipt, as one source shows it: is it paid? Takes the batch from the chain, the place in the work tree from whoever shows it. */
import type { Batch } from 'openseam/chain/index'
import type { Wei } from 'openseam/protocol/amounts'
import type { Bytes32 } from 'openseam/protocol/eth'
import { type Proof, type ProofCheck, verifyProof, verifySigned } from 'openseam/protocol/proof'
import type { TypedDomain, WorkReceipt } from 'openseam/protocol/typed-data'
import { type Books, payersOf, proofOf } from './books.ts'
import type { Paths } from './paths.ts'
import type { Candidate } from './source.ts'

/** The better first: of what several sources show of a receipt, the best counts. */
export const states = ['paid', 'empty', 'unsettled', 'unproved', 'failed'] as const

// An empty receipt may stand in the tree of any batch that came to its total: in one of the first, unless somebody counts wrongly.
const PAYERS_TRIED_MAX = 8

export interface Finding {
  receipt: WorkReceipt
  hash: Bytes32
  /** As they were shown; proved where the receipt is. */
  index: number
  cumAfter: Wei
  /** By its provider: checked, unless the state is `failed`. */
  signed: boolean
  /** `paid`: proved. `empty`: owns no money. `unsettled`: no batch has paid it yet. `unproved`: nobody shows what would prove it. `failed`: a step says no. */
  state: (typeof states)[number]
  detail: string
  checks: ProofCheck[]
  proof: Proof | null
  /** Who showed it. */
  source: string
}

/** Throws only what the chain throws: a chain that is away is no verdict. */
export const findingOf = async (candidate: Candidate, paths: Paths, books: Books): Promise<Finding> => {
  const { receipt, hash, index, cumAfter, signature, source, proof } = candidate
  const base = { receipt, hash, index, cumAfter, signed: signature !== null, source: source.name, checks: [], proof: null }
  if (proof !== undefined) return judged(base, proof, books)
  const word = await verifySigned({ domain: books.domain, receipt, signature }, books.chain)
  const forged = word.find(({ outcome }) => outcome === 'fails')
  if (forged !== undefined) return { ...base, checks: word, state: 'failed', detail: `${forged.step}: ${forged.detail}` }
  const none: Finding | null = receipt.amount === 0n ? { ...base, state: 'empty', detail: 'it owns no money' } : null
  const payers = payersOf(await books.batches(receipt.provider), receipt, cumAfter)
  if (payers === 'hidden') return none ?? unproved(base, 'the transaction that paid it does not show its vouchers')
  if (payers.length === 0) return none ?? { ...base, state: 'unsettled', detail: 'no batch has paid it yet' }
  let failed: Finding | undefined
  let code = ''
  for (const paidBy of payers.slice(0, PAYERS_TRIED_MAX)) {
    const siblings = await paths.of({ source, receipt, workRoot: paidBy.leaf.workRoot, index })
    if (typeof siblings === 'string') {
      code = siblings
      continue
    }
    const shown = { receipt, receiptHash: hash, signature, work: { index, cumAfter, siblings } }
    const finding = await judged(base, proofOf(books.domain, shown, paidBy), books)
    if (finding.state !== 'failed') return finding
    failed = finding
  }
  return failed ?? none ?? unproved(base, `nobody shows its place in the work tree (${code})`)
}

type Base = Omit<Finding, 'state' | 'detail'>

const unproved = (base: Base, detail: string): Finding => ({ ...base, state: 'unproved', detail })

const judged = async (base: Base, proof: Proof, books: Books): Promise<Finding> => {
  if (!isSame(proof.domain, books.domain)) return { ...base, proof, state: 'failed', detail: foreign(proof.domain) }
  const checks = await verifyProof(proof, books.chain)
  const fault = checks.find(({ outcome }) => outcome === 'fails')
  if (fault !== undefined) return { ...base, checks, proof, state: 'failed', detail: `${fault.step}: ${fault.detail}` }
  const { batch, transaction, receipt } = proof
  const detail = `batch ${batch.number}, transaction ${transaction.hash}`
  return { ...base, checks, proof, state: receipt.amount === 0n ? 'empty' : 'paid', detail }
}

const isSame = (a: TypedDomain, b: TypedDomain): boolean => a.chainId === b.chainId && a.ledger === b.ledger

const foreign = ({ chainId, ledger }: TypedDomain): string =>
  `format: the proof is about the ledger ${ledger} of chain ${chainId}, another than the one that is asked`

/** The lower the better. */
export const rank = ({ state, signed }: Finding): number => 2 * states.indexOf(state) + (signed ? 0 : 1)

/** Of each receipt the best that any source shows: who serves a wrong place cannot hide who serves the right one. */
export const bestFindings = async (candidates: readonly Candidate[], paths: Paths, books: Books): Promise<Finding[]> => {
  const best = new Map<Bytes32, Finding>()
  for (const candidate of candidates) {
    const held = best.get(candidate.hash)
    if (held?.state === 'paid' && (held.signed || candidate.signature === null)) continue
    const finding = await findingOf(candidate, paths, books)
    if (held === undefined || rank(finding) < rank(held)) best.set(candidate.hash, finding)
  }
  return [...best.values()]
}

/** Which places in which trees it takes to prove all of these. */
export const wantedBy = async (candidates: readonly Candidate[], books: Books): Promise<Parameters<Paths['prefetch']>[0]> => {
  const batches = new Map<string, readonly Batch[]>()
  for (const { receipt } of candidates) batches.set(receipt.provider, await books.batches(receipt.provider))
  return candidates.flatMap(({ receipt, source, index, cumAfter, proof }) => {
    if (proof !== undefined) return []
    const payers = payersOf(batches.get(receipt.provider) ?? [], receipt, cumAfter)
    const workRoot = payers === 'hidden' ? undefined : payers[0]?.leaf.workRoot
    return workRoot === undefined ? [] : [{ source, receipt, workRoot, index }]
  })
}
