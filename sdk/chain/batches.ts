/**
 * A provider's batches, rebuilt from public data (docs/spec/money.md): events say who was paid what, calldata says under which work root.
 * Each is checked against the root that the ledger computed, so nothing here rests on the endpoint's word or the provider's.
 */
import type { Wei } from '../protocol/amounts.ts'
import { type BatchHeader, type BatchLeaf, batchCommit, batchLeaf, batchRoot } from '../protocol/batch-tree.ts'
import { SeamError } from '../protocol/errors.ts'
import { type Address, type Bytes32, type Hex, ZERO_ADDRESS } from '../protocol/eth.ts'
import type { ProofChain, SettledBatch } from '../protocol/proof.ts'
import { ledgerAbi } from './abi.ts'
import type { Deployment } from './deploy.ts'
import { type ChainEventOf, decodeLog, readEvents } from './events.ts'
import type { LedgerClient } from './ledger.ts'
import type { RegistryClient } from './registry.ts'
import type { Rpc } from './rpc.ts'
import { type Claim, type SettlementCall, settlementsIn } from './settlement.ts'
import { type RawLog, toLog } from './tx.ts'

/** What one client was paid for in a batch: its channel's settled total went from `from` to `to`. */
export interface BatchPayment {
  client: Address
  modelId: Bytes32
  from: Wei
  to: Wei
}

export interface Batch {
  provider: Address
  number: number
  header: BatchHeader
  /** Of the total, what was the models' payees'. */
  royalty: Wei
  /** In the order of the tree's leaves. */
  payments: BatchPayment[]
  /** One a payment; null where the transaction's calldata does not show the vouchers, or another set of them. */
  leaves: BatchLeaf[] | null
  transaction: Hex
  block: number
}

/** The transaction that settled a batch. */
export interface Settlement {
  sender: Address
  /** What it called; null where it made a contract. */
  to: Address | null
  input: Hex
  /** Null where the input does not show the batch's vouchers, or another set of them. */
  call: SettledCall | null
}

/** The call that made a batch: of its claims those that paid, one a leaf. */
export interface SettledCall extends SettlementCall {
  leaves: BatchLeaf[]
}

const topicOf = (name: string): Hex => ledgerAbi.getEvent(name)?.topicHash as Hex
const TOPICS = ['GroupSettled', 'BatchSettled'].map(topicOf)

/** Every batch of one provider up to `toBlock`, in order. Throws CHAIN_* only. */
export const readBatches = async (rpc: Rpc, deployment: Deployment, provider: Address, toBlock?: number): Promise<Batch[]> => {
  const last = toBlock ?? (await rpc.blockNumber())
  const settled = new Map<string, Wei>()
  const batches: Batch[] = []
  let groups: ChainEventOf<'GroupSettled'>[] = []
  const account: Hex = `0x${provider.slice(2).padStart(64, '0')}`
  for await (const event of readEvents(rpc, deployment, deployment.block, last, [TOPICS, account])) {
    if (event.name === 'GroupSettled') groups.push(event)
    if (event.name !== 'BatchSettled') continue
    batches.push(await batchOf(rpc, event, groups, settled))
    groups = []
  }
  return batches
}

const batchOf = async (
  rpc: Rpc,
  event: ChainEventOf<'BatchSettled'>,
  groups: readonly ChainEventOf<'GroupSettled'>[],
  settled: Map<string, Wei>
): Promise<Batch> => {
  const { provider, batch: number, root, total, count, transaction, block } = event
  const payments = groups.flatMap(({ modelId, paid }) =>
    paid.map(({ client, amount }): BatchPayment => {
      const key = `${modelId}:${client}`
      const from = settled.get(key) ?? 0n
      settled.set(key, from + amount)
      return { client, modelId, from, to: from + amount }
    })
  )
  const royalty = groups.reduce((sum, group) => sum + group.royalty, 0n)
  const header = { root, total, count, postedAt: await rpc.timestamp(block) }
  const leaves = await readLeaves(rpc, { provider, header, payments, transaction })
  return { provider, number, header, royalty, payments, leaves, transaction, block }
}

/** What `Batch.leaves` holds, for a batch whose payments are known already. Throws CHAIN_*. */
export const readLeaves = async (rpc: Rpc, batch: Settled): Promise<BatchLeaf[] | null> =>
  (await readSettlement(rpc, batch)).call?.leaves ?? null

type Settled = Pick<Batch, 'provider' | 'header' | 'payments' | 'transaction'>

/** The transaction of a batch whose payments are known already, and what it says. Throws CHAIN_*; CHAIN_PRUNED: the node no longer has it. */
export const readSettlement = async (rpc: Rpc, { provider, header, payments, transaction }: Settled): Promise<Settlement> => {
  const sent = await sentAs(rpc, transaction)
  return { ...sent, call: callOf(provider, payments, header.root, settlementsIn(sent.input)) }
}

/** Whichever of the calls makes the root. */
const callOf = (
  provider: Address,
  payments: readonly BatchPayment[],
  root: Bytes32,
  calls: Iterable<SettlementCall>
): SettledCall | null => {
  if (payments.length === 0) return null
  for (const call of calls) {
    const paid = pair(provider, payments, call.claims)
    if (paid !== null && batchRoot(paid.leaves.map(batchLeaf)) === root) return { ...call, ...paid }
  }
  return null
}

/** Payments stand in the order of the calldata; claims that paid nothing are passed over. */
const pair = (
  provider: Address,
  payments: readonly BatchPayment[],
  claims: readonly Claim[]
): Pick<SettledCall, 'claims' | 'leaves'> | null => {
  const paid: Claim[] = []
  const leaves: BatchLeaf[] = []
  let next = 0
  for (const { client, modelId, from, to } of payments) {
    const at = claims.findIndex(
      (claim, i) => i >= next && claim.client === client && claim.modelId === modelId && claim.cumulative > from
    )
    const claim = claims[at]
    if (claim === undefined || claim.cumulative < to) return null
    paid.push(claim)
    leaves.push({ client, provider, modelId, from, to, units: claim.units, workRoot: claim.workRoot })
    next = at + 1
  }
  return { claims: paid, leaves }
}

const sentAs = async (rpc: Rpc, transaction: Hex): Promise<Omit<Settlement, 'call'>> => {
  const found = (await rpc.send('eth_getTransactionByHash', [transaction])) as Record<'from' | 'to' | 'input', unknown> | null
  if (found === null) {
    throw new SeamError(
      'CHAIN_PRUNED',
      `the chain's node does not have transaction ${transaction} any more: ask one that keeps all`,
      {
        detail: { transaction }
      }
    )
  }
  const hex = (value: unknown, digits: string): Hex => {
    if (typeof value === 'string' && new RegExp(`^0x[0-9a-f]${digits}$`, 'i').test(value)) return value.toLowerCase() as Hex
    throw new SeamError('CHAIN_DOWN', `the chain's node shows transaction ${transaction} as none can be`, {
      detail: { transaction }
    })
  }
  return { sender: hex(found.from, '{40}'), to: found.to == null ? null : hex(found.to, '{40}'), input: hex(found.input, '*') }
}

/** The chain as a proof asks it. */
export const proofChain = (ledger: LedgerClient, registry: RegistryClient): ProofChain => ({
  commitOf: (provider, batch) => ledger.batchCommit(provider, batch),
  isKeyOf: async (provider, key) => {
    const owner = await registry.keyOwner(key)
    return owner !== ZERO_ADDRESS && owner === provider
  },
  settledIn: (transaction) => settledIn(ledger.rpc, ledger.deployment, transaction)
})

const settledIn = async (rpc: Rpc, deployment: Deployment, transaction: Hex): Promise<SettledBatch[]> => {
  const receipt = (await rpc.send('eth_getTransactionReceipt', [transaction])) as { status?: string; logs?: RawLog[] } | null
  if (receipt === null || receipt.status === '0x0') return []
  const events = (receipt.logs ?? []).map((raw) => decodeLog(deployment, toLog(raw)))
  const settled: SettledBatch[] = []
  for (const event of events) {
    if (event?.name !== 'BatchSettled') continue
    const { provider, batch: number, root, total, count, block } = event
    settled.push({ provider, number, root, total, count, block, postedAt: await rpc.timestamp(block) })
  }
  return settled
}

/** Whether the ledger holds this batch as it was rebuilt. */
export const isCommitted = async (ledger: LedgerClient, { provider, number, header }: Batch): Promise<boolean> =>
  (await ledger.batchCommit(provider, number)) === batchCommit(header)
