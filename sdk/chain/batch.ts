/** What the ledger commits a batch to: the tree over its paid vouchers and the header's hash, recomputed from public data. */
import type { Wei } from '../protocol/amounts.ts'
import { type Address, type Bytes32, bytesToHex, compactSignature, hexToBytes, keccak256 } from '../protocol/eth.ts'
import { encodeAbi } from './abi.ts'

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

export interface BatchLeaf {
  client: Address
  provider: Address
  modelId: Bytes32
  from: Wei
  to: Wei
  units: number
  workRoot: Bytes32
}

export interface BatchHeader {
  root: Bytes32
  total: Wei
  count: number
  /** Seconds: the block's timestamp. */
  postedAt: number
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

export const batchLeaf = ({ client, provider, modelId, from, to, units, workRoot }: BatchLeaf): Bytes32 => {
  const types = ['address', 'address', 'bytes32', 'uint96', 'uint96', 'uint64', 'bytes32']
  return bytesToHex(keccak256(keccak256(encodeAbi(types, [client, provider, modelId, from, to, units, workRoot]))))
}

/** OpenZeppelin's SimpleMerkleTree layout, leaves unsorted: node i has the children 2i+1 and 2i+2, the first leaf is the last node. */
const batchTree = (leaves: readonly Bytes32[]): Bytes32[] => {
  const tree: Bytes32[] = new Array(2 * leaves.length - 1)
  for (const [i, leaf] of leaves.entries()) tree[tree.length - 1 - i] = leaf
  for (let i = leaves.length - 2; i >= 0; i--) tree[i] = hashSorted(tree[2 * i + 1]!, tree[2 * i + 2]!)
  return tree
}

export const batchRoot = (leaves: readonly Bytes32[]): Bytes32 => batchTree(leaves)[0]!

export const batchProof = (leaves: readonly Bytes32[], index: number): Bytes32[] => {
  const tree = batchTree(leaves)
  const proof: Bytes32[] = []
  for (let i = tree.length - 1 - index; i > 0; i = Math.floor((i - 1) / 2)) proof.push(tree[i % 2 === 0 ? i - 1 : i + 1]!)
  return proof
}

export const verifyBatch = (root: Bytes32, leaf: Bytes32, proof: readonly Bytes32[]): boolean =>
  proof.reduce((node, sibling) => hashSorted(node, sibling), leaf) === root

export const batchCommit = ({ root, total, count, postedAt }: BatchHeader): Bytes32 =>
  bytesToHex(keccak256(encodeAbi(['bytes32', 'uint256', 'uint256', 'uint256'], [root, total, count, postedAt])))

const hashSorted = (a: Bytes32, b: Bytes32): Bytes32 => {
  const [low, high] = a < b ? [a, b] : [b, a]
  const bytes = new Uint8Array(64)
  bytes.set(hexToBytes(low, 32))
  bytes.set(hexToBytes(high, 32), 32)
  return bytesToHex(keccak256(bytes))
}
