/**
 * The append-only tree of a channel's receipts (docs/spec/money.md): depth 32, padded with zeros like a deposit tree.
 * Client and provider keep at most 32 nodes each, and every voucher's root covers all receipts before it.
 */
import { checkWei, type Wei } from './amounts.ts'
import { SeamError } from './errors.ts'
import { type Bytes32, bytesToHex, hexToBytes, keccak256 } from './eth.ts'

export const WORK_TREE_DEPTH = 32
export const WORK_TREE_LEAVES_MAX = 2 ** 32 - 1 // the last slot stays empty, so `count` always fits 32 bits
const COUNT_BYTES = 4

const hashPair = (left: Uint8Array, right: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(64)
  bytes.set(left)
  bytes.set(right, 32)
  return keccak256(bytes)
}

/** zeros[i] is the root of an empty subtree of height i. */
const zeros: Uint8Array[] = [new Uint8Array(32)]
for (let i = 0; i < WORK_TREE_DEPTH; i++) zeros.push(hashPair(zeros[i]!, zeros[i]!))

export const EMPTY_WORK_ROOT: Bytes32 = bytesToHex(zeros[WORK_TREE_DEPTH]!)

/** Hashed twice, so that no inner node can be passed off as a leaf. `cumAfter` places the receipt in the channel's total. */
export const workLeaf = (receiptHash: Bytes32, cumAfter: Wei): Bytes32 => {
  const bytes = new Uint8Array(64)
  bytes.set(hexToBytes(receiptHash, 32))
  bytes.set(hexToBytes(`0x${checkWei(cumAfter, 'cumAfter').toString(16).padStart(64, '0')}`), 32)
  return bytesToHex(keccak256(keccak256(bytes)))
}

export class WorkTree {
  /** nodes[i] is the full subtree of height i that waits for its right sibling; read only where bit i of the count is set. */
  readonly #nodes: Uint8Array[]
  #count: number

  constructor() {
    this.#nodes = zeros.slice(0, WORK_TREE_DEPTH)
    this.#count = 0
  }

  get count(): number {
    return this.#count
  }

  /** `onNode` hears of every full subtree that this leaf completes, itself (height 0) first: who keeps them can prove any leaf later. */
  append(leaf: Bytes32, onNode?: (height: number, index: number, node: Bytes32) => void): void {
    if (this.#count >= WORK_TREE_LEAVES_MAX) throw new SeamError('INTERNAL', 'the work tree of this channel is full')
    let node: Uint8Array = hexToBytes(leaf, 32)
    let height = 0
    onNode?.(0, this.#count, leaf)
    for (let n = this.#count; n % 2 === 1; n = Math.floor(n / 2)) {
      node = hashPair(this.#nodes[height++]!, node)
      onNode?.(height, Math.floor(n / 2), bytesToHex(node))
    }
    this.#nodes[height] = node
    this.#count += 1
  }

  root(): Bytes32 {
    let node = zeros[0]!
    let n = this.#count
    for (let height = 0; height < WORK_TREE_DEPTH; height++) {
      node = n % 2 === 1 ? hashPair(this.#nodes[height]!, node) : hashPair(node, zeros[height]!)
      n = Math.floor(n / 2)
    }
    return bytesToHex(node)
  }

  clone(): WorkTree {
    return WorkTree.fromBytes(this.toBytes())
  }

  /** count (4 bytes, big-endian), then the waiting nodes from low to high: one encoding a tree, at most 1 028 bytes. */
  toBytes(): Uint8Array<ArrayBuffer> {
    const heights = setBits(this.#count)
    const bytes = new Uint8Array(COUNT_BYTES + heights.length * 32)
    new DataView(bytes.buffer).setUint32(0, this.#count)
    for (const [i, height] of heights.entries()) bytes.set(this.#nodes[height]!, COUNT_BYTES + i * 32)
    return bytes
  }

  static fromBytes(bytes: Uint8Array): WorkTree {
    if (bytes.length < COUNT_BYTES) throw new SeamError('WIRE_MALFORMED', 'a work tree starts with its count')
    const count = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
    const heights = setBits(count)
    if (bytes.length !== COUNT_BYTES + heights.length * 32) {
      throw new SeamError('WIRE_MALFORMED', `a work tree of ${count} has ${heights.length} nodes, got ${bytes.length} bytes`)
    }
    const tree = new WorkTree()
    tree.#count = count
    for (const [i, height] of heights.entries())
      tree.#nodes[height] = bytes.slice(COUNT_BYTES + i * 32, COUNT_BYTES + i * 32 + 32)
    return tree
  }
}

/** The 32 siblings from leaf to root. */
export const workProof = (leaves: readonly Bytes32[], index: number): Bytes32[] => {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length) {
    throw new SeamError('BAD_REQUEST', `no leaf ${index} among ${leaves.length}`)
  }
  const proof: Bytes32[] = []
  let row: Uint8Array[] = leaves.map((leaf) => hexToBytes(leaf, 32))
  for (let height = 0, at = index; height < WORK_TREE_DEPTH; height++, at = Math.floor(at / 2)) {
    proof.push(bytesToHex(row[at % 2 === 0 ? at + 1 : at - 1] ?? zeros[height]!))
    row = Array.from({ length: Math.ceil(row.length / 2) }, (_, i) => hashPair(row[2 * i]!, row[2 * i + 1] ?? zeros[height]!))
  }
  return proof
}

/**
 * The same from kept nodes, for the tree as it was with `count` leaves: at most 32 reads and 32 hashes, however large the tree became.
 * `nodeAt` gives the full subtree of that height; it is asked only for subtrees inside the first `count` leaves.
 */
export const workProofAt = async (
  nodeAt: (height: number, index: number) => Promise<Bytes32>,
  count: number,
  index: number
): Promise<Bytes32[]> => {
  if (!Number.isInteger(index) || index < 0 || index >= count)
    throw new SeamError('BAD_REQUEST', `no leaf ${index} among ${count}`)
  // Only one subtree of each height is cut by `count`: what is left of the cut is full, what is right of it is empty.
  const subtree = async (height: number, at: number): Promise<Uint8Array> => {
    const size = 2 ** height
    if (at * size >= count) return zeros[height]!
    if ((at + 1) * size <= count) return hexToBytes(await nodeAt(height, at), 32)
    return hashPair(await subtree(height - 1, 2 * at), await subtree(height - 1, 2 * at + 1))
  }
  const proof: Bytes32[] = []
  for (let height = 0, at = index; height < WORK_TREE_DEPTH; height++, at = Math.floor(at / 2))
    proof.push(bytesToHex(await subtree(height, at % 2 === 0 ? at + 1 : at - 1)))
  return proof
}

export const verifyWork = (root: Bytes32, leaf: Bytes32, index: number, proof: readonly Bytes32[]): boolean => {
  if (proof.length !== WORK_TREE_DEPTH || !Number.isInteger(index) || index < 0 || index >= 2 ** WORK_TREE_DEPTH) return false
  return workPath(leaf, index, proof).at(-1)?.node === root
}

export interface WorkPathStep {
  /** What stands beside the path at this height, and on which side. */
  sibling: Bytes32
  isLeft: boolean
  /** Nothing has been appended there yet. */
  isEmpty: boolean
  /** What both make. */
  node: Bytes32
}

/** How a leaf and its siblings lead upward, for a page to draw and `verifyWork` to end in the root. */
export const workPath = (leaf: Bytes32, index: number, siblings: readonly Bytes32[]): WorkPathStep[] => {
  let node: Uint8Array = hexToBytes(leaf, 32)
  let at = index
  return siblings.map((sibling, height) => {
    const other = hexToBytes(sibling, 32)
    const isLeft = at % 2 === 1
    node = isLeft ? hashPair(other, node) : hashPair(node, other)
    at = Math.floor(at / 2)
    return { sibling, isLeft, isEmpty: !isLeft && sibling === bytesToHex(zeros[height]!), node: bytesToHex(node) }
  })
}

const setBits = (count: number): number[] =>
  Array.from({ length: WORK_TREE_DEPTH }, (_, i) => i).filter((i) => Math.floor(count / 2 ** i) % 2 === 1)
