/**
 * Recomputes what the payees of models were due of each group that a provider settled. A payee's part is a floor of what clients paid for the
 * model ever, at whichever provider, so every group of these models is read; what was paid before a model was registered does not count.
 */
import { type Batch, type ChainEventOf, eventTopic, type LedgerClient, readEvents } from 'openseam/chain/index'
import type { Wei } from 'openseam/protocol/amounts'
import type { Address, Bytes32, Hex } from 'openseam/protocol/eth'
import { splitRoyalty } from 'openseam/protocol/royalties'
import { modelIdOf } from 'openseam/protocol/typed-data'
import { type BookCheck, check, missing, sumOf } from './book-check.ts'

/** One group of the provider. */
interface Split {
  modelId: Bytes32
  logged: Wei
  /** Null where the chain does not show when its model was registered. */
  due: Wei | null
}

export interface Splits {
  /** By batch, in the order of the chain. */
  groups: Map<number, Split[]>
  /** What was paid for each model since it was registered: `found` recomputed, null where that cannot be, `held` by the ledger. */
  totals: Map<Bytes32, { found: Wei | null; held: Wei }>
}

type Registration = ChainEventOf<'ModelRegistered'>
type Group = ChainEventOf<'GroupSettled'>

const MODELS_PER_QUERY = 64 // topics of one filter, which endpoints limit
const STEP = 'royalties'

/** `ledger` as it stood after `block`. Throws only what the chain throws. */
export const readSplits = async (
  ledger: LedgerClient,
  provider: Address,
  models: readonly Bytes32[],
  block: number
): Promise<Splits> => {
  const splits: Splits = { groups: new Map(), totals: new Map() }
  for (let at = 0; at < models.length; at += MODELS_PER_QUERY) {
    const some = models.slice(at, at + MODELS_PER_QUERY)
    const registered = await registrations(ledger, some, block)
    const books = new Map(await Promise.all(some.map(async (id) => [id, await ledger.royalty(id)] as const)))
    const groups = await groupsOf(ledger, some, block)
    for (const id of some) {
      const { bps, gross } = books.get(id) ?? { bps: [], gross: 0n }
      // Whoever hides when a model was registered cannot hide from the ledger's own word that it has payees.
      const since = registered.get(id) ?? (bps.length === 0 ? 'never' : 'hidden')
      splits.totals.set(id, { found: splitModel(groups.get(id) ?? [], since, provider, splits), held: gross })
    }
  }
  return splits
}

/** Adds the provider's groups of one model, and gives what all providers were paid for it since it was registered. */
const splitModel = (
  groups: readonly Group[],
  since: Registration | 'never' | 'hidden',
  provider: Address,
  splits: Splits
): Wei | null => {
  let gross = 0n
  for (const group of groups) {
    const bps = typeof since === 'object' && isAfter(group, since) ? since.bps : []
    const paid = sumOf(group.paid.map(({ amount }) => amount))
    const { parts, counted } = splitRoyalty(bps, gross, paid)
    const due = since === 'hidden' ? null : sumOf(parts)
    if (bps.length > 0) gross = counted
    if (group.provider !== provider) continue
    const rows = splits.groups.get(group.batch) ?? []
    rows.push({ modelId: group.modelId, logged: group.royalty, due })
    splits.groups.set(group.batch, rows)
  }
  return since === 'hidden' ? null : gross
}

/** What went to payees in one batch is what each of its groups owed them. */
export const checkBatchSplit = ({ groups }: Splits, { number, royalty, header }: Batch): BookCheck => {
  const rows = groups.get(number) ?? []
  if (royalty > header.total) return check(STEP, false, '', `royalties of ${royalty} wei are more than it paid`)
  const wrong = rows.find(({ due, logged }) => due !== null && due !== logged)
  if (wrong !== undefined)
    return check(STEP, false, '', `${wrong.logged} wei went to the payees of ${wrong.modelId}; due were ${wrong.due}`)
  const hidden = rows.find(({ due }) => due === null)
  if (hidden !== undefined) return missing(STEP, unshown(hidden.modelId))
  const due = sumOf(rows.map((row) => row.due ?? 0n))
  return check(
    STEP,
    due === royalty,
    `${royalty} wei of it are royalties, as due`,
    `${royalty} wei are royalties; due were ${due}`
  )
}

/** What was paid for each model, at all providers, is what the ledger's floors are taken of. */
export const checkTotals = ({ totals }: Splits): BookCheck => {
  for (const [modelId, { found, held }] of totals) {
    if (found !== null && found !== held)
      return check(STEP, false, '', `paid for ${modelId} since it was registered: ${found}; the ledger's total: ${held}`)
  }
  const hidden = [...totals].find(([, { found }]) => found === null)
  if (hidden !== undefined) return missing(STEP, unshown(hidden[0]))
  return check(STEP, true, `${totals.size} models, what payees got of each as their parts of its total make it`, '')
}

const unshown = (modelId: Bytes32): string => `the chain does not show when ${modelId} was registered, and with which payees`

/** Those whose terms make their id: others no contract has emitted. */
const registrations = async (
  { rpc, deployment }: LedgerClient,
  models: readonly Bytes32[],
  block: number
): Promise<Map<Bytes32, Registration>> => {
  const found = new Map<Bytes32, Registration>()
  const topics: (Hex | Hex[])[] = [eventTopic('ModelRegistered'), [...models]]
  for await (const event of readEvents(rpc, deployment, deployment.block, block, topics)) {
    if (event.name === 'ModelRegistered' && isWhole(event)) found.set(event.modelId, event)
  }
  return found
}

const isWhole = ({ modelId, manifestHash, payees, bps }: Registration): boolean => {
  try {
    return modelIdOf(manifestHash, payees, bps) === modelId
  } catch {
    return false // parts that the contract takes from nobody
  }
}

const groupsOf = async (
  { rpc, deployment }: LedgerClient,
  models: readonly Bytes32[],
  block: number
): Promise<Map<Bytes32, Group[]>> => {
  const found = new Map<Bytes32, Group[]>()
  const topics: (Hex | Hex[] | null)[] = [eventTopic('GroupSettled'), null, [...models]]
  for await (const event of readEvents(rpc, deployment, deployment.block, block, topics)) {
    if (event.name !== 'GroupSettled') continue
    const rows = found.get(event.modelId) ?? []
    rows.push(event)
    found.set(event.modelId, rows)
  }
  return found
}

const isAfter = (one: Group, other: Registration): boolean =>
  one.block === other.block ? one.logIndex > other.logIndex : one.block > other.block
