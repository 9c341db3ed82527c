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

interface Claim {
  client: Address
  cumulative: Wei
  units: number
  workRoot: Bytes32
}
interface ClaimGroup {
  modelId: Bytes32
  items: Claim[]
}

const topicOf = (name: string): Hex => ledgerAbi.getEvent(name)?.topicHash as Hex
const TOPICS = ['GroupSettled', 'BatchSettled'].map(topicOf)
const SELECTORS = ['settle', 'settleFor'].map((name) => ledgerAbi.getFunction(name)?.selector.slice(2) ?? '')
const CALLS_TRIED_MAX = 64 // places in calldata that look like a settlement: a relay or a smart wallet wraps one

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
export const readLeaves = async (
  rpc: Rpc,
  { provider, header, payments, transaction }: Pick<Batch, 'provider' | 'header' | 'payments' | 'transaction'>
): Promise<BatchLeaf[] | null> => leavesOf(provider, payments, header.root, callsIn(await inputOf(rpc, transaction)))

/** The leaves of a batch, from whichever of the calls makes its root. */
const leavesOf = (
  provider: Address,
  payments: readonly BatchPayment[],
  root: Bytes32,
  calls: Iterable<ClaimGroup[]>
): BatchLeaf[] | null => {
  if (payments.length === 0) return null
  for (const groups of calls) {
    const leaves = pair(provider, payments, groups)
    if (leaves !== null && batchRoot(leaves.map(batchLeaf)) === root) return leaves
  }
  return null
}

/** Payments stand in the order of the calldata; items that paid nothing are passed over. */
const pair = (provider: Address, payments: readonly BatchPayment[], groups: readonly ClaimGroup[]): BatchLeaf[] | null => {
  const claims = groups.flatMap(({ modelId, items }) => items.map((item) => ({ modelId, ...item })))
  const leaves: BatchLeaf[] = []
  let next = 0
  for (const { client, modelId, from, to } of payments) {
    const at = claims.findIndex(
      (claim, i) => i >= next && claim.client === client && claim.modelId === modelId && claim.cumulative > from
    )
    const claim = claims[at]
    if (claim === undefined || claim.cumulative < to) return null
    leaves.push({ client, provider, modelId, from, to, units: claim.units, workRoot: claim.workRoot })
    next = at + 1
  }
  return leaves
}

/** Every settlement that calldata may hold, the call itself first; a wrapped one is found by its selector and proved by the root. */
function* callsIn(input: string): Generator<ClaimGroup[]> {
  const data = input.slice(2)
  let tried = 0
  for (let at = 0; at < data.length && tried < CALLS_TRIED_MAX; at += 2) {
    if (!SELECTORS.includes(data.slice(at, at + 8))) continue
    tried++
    const groups = decodeGroups(`0x${data.slice(at)}`)
    if (groups !== null) yield groups
  }
}

const decodeGroups = (data: Hex): ClaimGroup[] | null => {
  try {
    const call = ledgerAbi.parseTransaction({ data })
    if (call === null) return null
    const groups = call.args['groups'] as { modelId: string; items: Record<string, unknown>[] }[]
    return groups.map((group) => ({
      modelId: group.modelId.toLowerCase() as Bytes32,
      items: group.items.map((item) => ({
        client: String(item['client']).toLowerCase() as Address,
        cumulative: item['cumulative'] as bigint,
        units: Number(item['units']),
        workRoot: String(item['workRoot']).toLowerCase() as Bytes32
      }))
    }))
  } catch {
    return null // looked like one, was none
  }
}

const inputOf = async (rpc: Rpc, transaction: Hex): Promise<string> => {
  const found = (await rpc.send('eth_getTransactionByHash', [transaction])) as { input?: unknown } | null
  if (typeof found?.input === 'string' && /^0x[0-9a-f]*$/i.test(found.input)) return found.input.toLowerCase()
  throw new SeamError('CHAIN_DOWN', `the chain's node does not show transaction ${transaction}`, { detail: { transaction } })
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
