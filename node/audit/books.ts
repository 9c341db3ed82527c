/** The chain as an auditor reads it: each provider's batches once, and answers to proofs remembered, so that a session costs few requests. */
import { type Batch, domainOf, type LedgerClient, proofChain, type RegistryClient, readBatches } from 'openseam/chain/index'
import type { Wei } from 'openseam/protocol/amounts'
import { type BatchLeaf, batchLeaf, batchProof } from 'openseam/protocol/batch-tree'
import type { Address } from 'openseam/protocol/eth'
import type { Proof, ProofChain } from 'openseam/protocol/proof'
import type { TypedDomain, WorkReceipt } from 'openseam/protocol/typed-data'

export interface Books {
  readonly domain: TypedDomain
  readonly chain: ProofChain
  /** Every batch of a provider, in order. Throws CHAIN_*. */
  batches(provider: Address): Promise<Batch[]>
}

/** A batch that paid some of a channel's money, and the voucher's leaf in it. */
export interface PaidBy {
  batch: Batch
  leaf: BatchLeaf
  /** The leaf's place. */
  at: number
}

export const chainBooks = (ledger: LedgerClient, registry: RegistryClient): Books => {
  const batches = new Map<Address, Promise<Batch[]>>()
  return {
    domain: domainOf(ledger.deployment),
    chain: remembered(proofChain(ledger, registry)),
    batches: (provider) => once(batches, provider, () => readBatches(ledger.rpc, ledger.deployment, provider))
  }
}

/**
 * The batches that may have paid a receipt whose channel stood at `cumAfter` after it: the one that took the total over it, or, where it owns
 * no money, any that came to it. `hidden`: there is one, and its transaction does not show the vouchers.
 */
export const payersOf = (
  batches: readonly Batch[],
  { client, modelId, amount }: Pick<WorkReceipt, 'client' | 'modelId' | 'amount'>,
  cumAfter: Wei
): PaidBy[] | 'hidden' => {
  const found: PaidBy[] = []
  let hidden = false
  for (const batch of batches) {
    for (const [i, row] of batch.payments.entries()) {
      const ours = row.client === client && row.modelId === modelId
      if (!ours || cumAfter > row.to || (amount > 0n && cumAfter <= row.from)) continue
      const leaf = batch.leaves?.[i]
      if (leaf === undefined) hidden = true
      else found.push({ batch, leaf, at: i })
    }
  }
  return found.length === 0 && hidden ? 'hidden' : found
}

/** Puts the parts of a proof together; nothing is checked here. */
export const proofOf = (
  domain: TypedDomain,
  { work, ...shown }: Pick<Proof, 'receipt' | 'receiptHash' | 'signature' | 'work'>,
  { batch, leaf, at }: PaidBy
): Proof => ({
  domain,
  ...shown,
  work,
  batch: {
    number: batch.number,
    leaf: { from: leaf.from, to: leaf.to, units: leaf.units, workRoot: leaf.workRoot },
    siblings: batchProof((batch.leaves ?? []).map(batchLeaf), at),
    header: batch.header
  },
  transaction: { hash: batch.transaction, block: batch.block }
})

const remembered = (chain: ProofChain): ProofChain => {
  const commits = new Map<string, ReturnType<ProofChain['commitOf']>>()
  const settled = new Map<string, ReturnType<ProofChain['settledIn']>>()
  const keys = new Map<string, ReturnType<ProofChain['isKeyOf']>>()
  return {
    commitOf: (provider, batch) => once(commits, `${provider}:${batch}`, () => chain.commitOf(provider, batch)),
    settledIn: (transaction) => once(settled, transaction, () => chain.settledIn(transaction)),
    isKeyOf: (provider, key) => once(keys, `${provider}:${key}`, () => chain.isKeyOf(provider, key))
  }
}

const once = <T>(cache: Map<string, Promise<T>>, key: string, read: () => Promise<T>): Promise<T> => {
  let value = cache.get(key)
  if (value === undefined) {
    value = read()
    value.catch(() => cache.delete(key)) // a chain that was away is asked again
    cache.set(key, value)
  }
  return value
}
