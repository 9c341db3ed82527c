/**
 * What the ledger commits a batch to (docs/spec/money.md): the tree over its paid vouchers and the header's hash, from public data
 * alone and with no chain client, so that a page or a file can be checked anywhere.
 */
import type { Wei } from './amounts.ts'
import { SeamError } from './errors.ts'
import { type Address, type Bytes32, bytesToHex, hexToBytes, keccak256 } from './eth.ts'
import { encodeWords } from './words.ts'

/** One paid voucher: the channel's settled total went from `from` to `to`. */
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

export const batchLeaf = (leaf: BatchLeaf): Bytes32 => {
  const words = encodeWords(
    ['address', leaf.client, 'leaf.client'],
    ['address', leaf.provider, 'leaf.provider'],
    ['bytes32', leaf.modelId, 'leaf.modelId'],
    ['uint96', leaf.from, 'leaf.from'],
    ['uint96', leaf.to, 'leaf.to'],
    ['uint64', leaf.units, 'leaf.units'],
    ['bytes32', leaf.workRoot, 'leaf.workRoot']
  )
  return bytesToHex(keccak256(keccak256(words)))
}

/** OpenZeppelin's SimpleMerkleTree layout, leaves unsorted: node i has the children 2i+1 and 2i+2, the first leaf is the last node. */
const batchTree = (leaves: readonly Bytes32[]): Bytes32[] => {
  if (leaves.length === 0) throw new SeamError('BAD_REQUEST', 'a batch has at least one voucher')
  const tree: Bytes32[] = new Array(2 * leaves.length - 1)
  for (const [i, leaf] of leaves.entries()) tree[tree.length - 1 - i] = leaf
  for (let i = leaves.length - 2; i >= 0; i--) tree[i] = hashSorted(tree[2 * i + 1]!, tree[2 * i + 2]!)
  return tree
}

export const batchRoot = (leaves: readonly Bytes32[]): Bytes32 => batchTree(leaves)[0]!

/** The siblings from leaf to root. */
export const batchProof = (leaves: readonly Bytes32[], index: number): Bytes32[] => {
  const tree = batchTree(leaves)
  const proof: Bytes32[] = []
  for (let i = tree.length - 1 - index; i > 0; i = Math.floor((i - 1) / 2)) proof.push(tree[i % 2 === 0 ? i - 1 : i + 1]!)
  return proof
}

export const verifyBatch = (root: Bytes32, leaf: Bytes32, proof: readonly Bytes32[]): boolean =>
  batchPath(leaf, proof).at(-1) === root

/** The nodes from the leaf, itself first, to where its siblings lead. */
export const batchPath = (leaf: Bytes32, siblings: readonly Bytes32[]): Bytes32[] => {
  const nodes = [leaf]
  for (const sibling of siblings) nodes.push(hashSorted(nodes.at(-1)!, sibling))
  return nodes
}

/** The word in the ledger's `batchCommit`. */
export const batchCommit = ({ root, total, count, postedAt }: BatchHeader): Bytes32 =>
  bytesToHex(
    keccak256(
      encodeWords(
        ['bytes32', root, 'header.root'],
        ['uint96', total, 'header.total'],
        ['uint32', count, 'header.count'],
        ['uint40', postedAt, 'header.postedAt']
      )
    )
  )

const hashSorted = (a: Bytes32, b: Bytes32): Bytes32 => {
  const [low, high] = a < b ? [a, b] : [b, a]
  const bytes = new Uint8Array(64)
  bytes.set(hexToBytes(low, 32))
  bytes.set(hexToBytes(high, 32), 32)
  return bytesToHex(keccak256(bytes))
}
