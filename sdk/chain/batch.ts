/** The groups of vouchers that a batch is made of, as the contract takes them. What it commits to is in `protocol/batch-tree.ts`. */
import type { Wei } from '../protocol/amounts.ts'
import { type Address, type Bytes32, bytesToHex, compactSignature, keccak256 } from '../protocol/eth.ts'
import { encodeAbi } from './abi.ts'

export {
  type BatchHeader,
  type BatchLeaf,
  batchCommit,
  batchLeaf,
  batchProof,
  batchRoot,
  verifyBatch
} from '../protocol/batch-tree.ts'

export interface SettleItem {
  client: Address
  cumulative: Wei
  units: number
  workRoot: Bytes32
  /** 65 bytes, by the client's key. */
  signature: Uint8Array
}

export interface SettleGroup {
  modelId: Bytes32
  items: SettleItem[]
}

export const SETTLE_ITEMS_MAX = 256

const GROUPS_TYPE = 'tuple(bytes32,tuple(address,uint96,uint64,bytes32,bytes32,bytes32)[])[]'

/** The groups as the contract takes them. */
export const groupArgs = (groups: readonly SettleGroup[]): unknown[] =>
  groups.map(({ modelId, items }) => [
    modelId,
    items.map(({ client, cumulative, units, workRoot, signature }) => {
      const { r, vs } = compactSignature(signature)
      return [client, cumulative, units, workRoot, r, vs]
    })
  ])

/** What a provider signs in SettleBatch. */
export const groupsHash = (groups: readonly SettleGroup[]): Bytes32 =>
  bytesToHex(keccak256(encodeAbi([GROUPS_TYPE], [groupArgs(groups)])))
