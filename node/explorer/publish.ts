/**
 * Takes proofs of payment from whoever publishes one. Nothing is believed: every step is checked against what the index itself read from
 * the chain, so a stranger costs no request to an endpoint, and what is stored is what the chain paid.
 */
import type { Deployment } from 'openseam/chain/deploy'
import { type Wei, weiToString } from 'openseam/protocol/amounts'
import { batchCommit } from 'openseam/protocol/batch-tree'
import { SeamError } from 'openseam/protocol/errors'
import type { Address, Bytes32 } from 'openseam/protocol/eth'
import { decodeJson, encodeJson } from 'openseam/protocol/json'
import { EXPLORER_RECEIPTS_PER_BATCH_MAX } from 'openseam/protocol/limits'
import { type Proof, type ProofChain, requireProof, verifyProof } from 'openseam/protocol/proof'
import { type ProofJson, proofToJson, readProof } from 'openseam/protocol/proof-file'
import type { IndexStore } from './index-store.ts'
import { type BatchRow, keys } from './rows.ts'

/** What is kept of a session's receipts; the session itself is shown from the receipts. */
export interface SessionRow {
  id: Bytes32
  receipts: number
  amount: string
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

/** Whether the batch that pays a stored receipt still stands: a reorganisation may have taken it. */
export const isSettled = async (store: IndexStore, { receipt, batch, transaction }: ProofJson): Promise<boolean> => {
  const row = await batchAt(store, receipt.provider, batch.number)
  return row?.header.root === batch.header.root && row.transaction === transaction.hash && row.block === transaction.block
}

export class Publisher {
  readonly #store: IndexStore
  readonly #deployment: Deployment
  #last: Promise<unknown> = Promise.resolve()

  constructor(store: IndexStore, deployment: Deployment) {
    this.#store = store
    this.#deployment = deployment
  }

  /** Stores a proof that holds, once. Throws PROOF_INVALID with the step that fails; BUSY where a batch has all it may have. */
  async publish(text: string): Promise<{ hash: Bytes32; stored: boolean }> {
    const proof = readProof(text)
    const { chainId, ledger } = this.#deployment
    if (proof.domain.chainId !== chainId || proof.domain.ledger !== ledger) {
      throw new SeamError('PROOF_INVALID', 'format: this proof is about another ledger', { detail: { step: 'format' } })
    }
    requireProof(await verifyProof(proof, indexChain(this.#store)))
    // One after the other: counts are read and written.
    const stored = this.#last.then(() => this.#keep(proof))
    this.#last = stored.catch(() => undefined)
    return { hash: proof.receiptHash, stored: await stored }
  }

  async #keep(proof: Proof): Promise<boolean> {
    const store = this.#store
    const { receipt, receiptHash: hash, batch } = proof
    const known = await store.get(keys.receipt(hash))
    // Proved again where the batch that paid it stands elsewhere now; counted once.
    if (known !== undefined && (await isSettled(store, decodeJson<ProofJson>(known)))) return false
    const value = encodeJson(proofToJson(proof))
    if (known !== undefined) {
      await store.batch([{ put: keys.receipt(hash), value }])
      return true
    }
    const countKey = keys.receiptsOfBatch(receipt.provider, batch.number)
    const count = await this.#read<number>(countKey, 0)
    if (count >= EXPLORER_RECEIPTS_PER_BATCH_MAX) {
      throw new SeamError('BUSY', `${EXPLORER_RECEIPTS_PER_BATCH_MAX} receipts of that batch are kept here already`)
    }
    const sessionKey = keys.session(receipt.sessionId)
    const session = await this.#read<SessionRow>(sessionKey, { id: receipt.sessionId, receipts: 0, amount: '0' })
    const amount: Wei = BigInt(session.amount) + receipt.amount
    await store.batch([
      { put: keys.receipt(hash), value },
      { put: keys.receiptOfSession(receipt.sessionId, receipt.leg, receipt.seq, hash), value: encodeJson(hash) },
      { put: keys.receiptOfBatch(receipt.provider, batch.number, hash), value: encodeJson(hash) },
      { put: countKey, value: encodeJson(count + 1) },
      { put: sessionKey, value: encodeJson({ ...session, receipts: session.receipts + 1, amount: weiToString(amount) }) }
    ])
    return true
  }

  async #read<Value>(key: string, otherwise: Value): Promise<Value> {
    const bytes = await this.#store.get(key)
    return bytes === undefined ? otherwise : decodeJson<Value>(bytes)
  }
}
