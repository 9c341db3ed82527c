/**
 * Takes proofs of payment from whoever publishes one. Nothing is believed: every step is checked against what the index itself read from
 * the chain, so a stranger costs no request to an endpoint, and what is stored is what the chain paid.
 */
import type { Deployment } from 'openseam/chain/deploy'
import { type Wei, weiToString } from 'openseam/protocol/amounts'
import { batchCommit } from 'openseam/protocol/batch-tree'
import { SeamError } from 'openseam/protocol/errors'
import type { Address, Bytes32 } from 'openseam/protocol/eth'
import { decodeJson } from 'openseam/protocol/json'
import { EXPLORER_RECEIPTS_PER_BATCH_MAX } from 'openseam/protocol/limits'
import { type Proof, type ProofChain, requireProof, verifyProof } from 'openseam/protocol/proof'
import { type ProofJson, proofToJson, readProof } from 'openseam/protocol/proof-file'
import type { IndexStore } from './index-store.ts'
import { Overlay } from './overlay.ts'
import { type BatchRow, keys } from './rows.ts'
import { addServed, servedBy } from './served.ts'

/** What is kept of a session's receipts; the session itself is shown from the receipts. */
export interface SessionRow {
  id: Bytes32
  receipts: number
  amount: string
  /** Seconds: when the batch of the receipt that came first was posted. */
  paidAt: number
}

const ZERO: Bytes32 = `0x${'00'.repeat(32)}`
const BATCHES_PER_TRANSACTION_MAX = 64

/** The chain as a proof asks it, answered from the index. */
export const indexChain = (store: IndexStore): ProofChain => ({
  commitOf: async (provider, number) => {
    const batch = await batchAt(store, provider, number)
    return batch === undefined ? ZERO : batchCommit(batch.header)
  },
  settledIn: async (transaction) => {
    const pointers = await store.range({ prefix: `tx:${transaction}:`, limit: BATCHES_PER_TRANSACTION_MAX })
    const found = await Promise.all(pointers.map(([, pointer]) => store.get(decodeJson<string>(pointer))))
    return found
      .filter((bytes) => bytes !== undefined)
      .map((bytes) => decodeJson<BatchRow>(bytes))
      .map(({ provider, number, header, block }) => ({ provider, number, ...header, block }))
  },
  isKeyOf: async (provider, key) => {
    const bytes = await store.get(keys.key(key))
    return bytes !== undefined && decodeJson<Address>(bytes) === provider
  }
})

export const batchAt = async (store: IndexStore, provider: Address, number: number): Promise<BatchRow | undefined> => {
  const bytes = await store.get(keys.batch(provider, number))
  return bytes === undefined ? undefined : decodeJson<BatchRow>(bytes)
}

/** Whether a batch that stands is the one that pays a stored receipt: a reorganisation may have put another in its place. */
export const isPaidBy = ({ batch, transaction }: ProofJson, row: BatchRow | undefined): boolean =>
  row?.header.root === batch.header.root && row.transaction === transaction.hash && row.block === transaction.block

const isSettled = async (store: IndexStore, proof: ProofJson): Promise<boolean> =>
  isPaidBy(proof, await batchAt(store, proof.receipt.provider, proof.batch.number))

export class Publisher {
  readonly #store: IndexStore
  readonly #deployment: Deployment
  readonly #chain: ProofChain
  #last: Promise<unknown> = Promise.resolve()
  #isSure = true
  #changes = 0

  constructor(store: IndexStore, deployment: Deployment) {
    this.#store = store
    this.#deployment = deployment
    this.#chain = indexChain(store)
  }

  /** How often what is shown has changed: no block tells of that. */
  get changes(): number {
    return this.#changes
  }

  /** Stores a proof that holds, once. Throws PROOF_INVALID with the step that fails; BUSY where a batch has all it may have. */
  async publish(text: string): Promise<{ hash: Bytes32; stored: boolean }> {
    const proof = readProof(text)
    const { chainId, ledger } = this.#deployment
    if (proof.domain.chainId !== chainId || proof.domain.ledger !== ledger) {
      throw new SeamError('PROOF_INVALID', 'format: this proof is about another ledger', { detail: { step: 'format' } })
    }
    return { hash: proof.receiptHash, stored: (await this.accept([proof])) > 0 }
  }

  /** Stores proofs about this ledger in one write, all or none, and says how many were news. Throws as `publish` does. */
  async accept(proofs: readonly Proof[]): Promise<number> {
    for (const proof of proofs) requireProof(await verifyProof(proof, this.#chain))
    return this.#inTurn(proofs)
  }

  /** As `accept`, for what a provider shows: a signature of its own that does not hold counts as none, and hides no payment. */
  async acceptShown(proofs: readonly Proof[]): Promise<number> {
    const held: Proof[] = []
    for (const proof of proofs) {
      const failed = (await verifyProof(proof, this.#chain)).filter(({ outcome }) => outcome === 'fails')
      const paid = failed.filter(({ step }) => step !== 'signature' && step !== 'signer')
      requireProof(paid)
      held.push(failed.length === 0 ? proof : { ...proof, signature: null })
    }
    return this.#inTurn(held)
  }

  #inTurn(proofs: readonly Proof[]): Promise<number> {
    // One after the other: counts are read and written.
    const stored = this.#last.then(() => this.#keep(proofs))
    this.#last = stored.catch(() => undefined)
    return stored
  }

  /** Whether a receipt is here, with its provider's signature, and paid by a batch that stands: there is nothing to learn about it. */
  async knows(hash: Bytes32): Promise<boolean> {
    const bytes = await this.#store.get(keys.receipt(hash))
    return bytes !== undefined && this.#isWhole(decodeJson<ProofJson>(bytes))
  }

  async #isWhole(known: ProofJson): Promise<boolean> {
    return known.signature !== null && (await isSettled(this.#store, known))
  }

  async #keep(proofs: readonly Proof[]): Promise<number> {
    if (!this.#isSure) await this.#store.batch([]) // the write that failed may be stored all the same, and counted
    this.#isSure = true
    const rows = new Overlay(this.#store)
    let stored = 0
    for (const proof of proofs) if (await this.#put(rows, proof)) stored++
    if (stored === 0) return 0
    this.#isSure = false
    await this.#store.batch(rows.writes())
    this.#isSure = true
    this.#changes++
    return stored
  }

  async #put(rows: Overlay, proof: Proof): Promise<boolean> {
    const { receipt, receiptHash: hash, signature, batch, transaction } = proof
    const { sessionId: id, leg, seq } = receipt
    const countKey = keys.receiptsOfBatch(receipt.provider, batch.number)
    const ofBatch = keys.receiptOfBatch(receipt.provider, batch.number, hash)
    await rows.load([keys.receipt(hash), ofBatch, countKey, keys.session(id), ...servedBy(receipt, batch.header.postedAt)])
    const known = rows.read<ProofJson>(keys.receipt(hash))
    // Proved again where the batch that paid it stands elsewhere now, or its provider has signed it since; counted once.
    if (known !== undefined) {
      const settled = await isSettled(this.#store, known)
      if (settled && (known.signature !== null || signature === null)) return false
      rows.write(keys.receipt(hash), { ...proofToJson(proof), signature: signature ?? known.signature })
      rows.write(ofBatch, hash)
      return true
    }
    const count = rows.read<number>(countKey) ?? 0
    if (count >= EXPLORER_RECEIPTS_PER_BATCH_MAX) {
      throw new SeamError('BUSY', `${EXPLORER_RECEIPTS_PER_BATCH_MAX} receipts of that batch are kept here already`)
    }
    const seen = rows.read<SessionRow>(keys.session(id))
    if (seen === undefined) rows.add(keys.sessionAt(transaction.block, id), id)
    const session = seen ?? { id, receipts: 0, amount: '0', paidAt: batch.header.postedAt }
    const amount: Wei = BigInt(session.amount) + receipt.amount
    rows.write(keys.receipt(hash), proofToJson(proof))
    rows.add(keys.receiptOfSession(id, leg, seq, hash), hash)
    rows.write(ofBatch, hash)
    rows.write(countKey, count + 1)
    addServed(rows, receipt, batch.header.postedAt)
    rows.write(keys.session(id), { ...session, receipts: session.receipts + 1, amount: weiToString(amount) })
    return true
  }
}
