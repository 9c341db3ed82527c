import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { SeamError } from '../../../sdk/protocol/errors.ts'
import { type Bytes32, bytesToHex, hexToBytes, keccak256 } from '../../../sdk/protocol/eth.ts'
import { EMPTY_WORK_ROOT, verifyWork, WorkTree, workLeaf, workProof, workProofAt } from '../../../sdk/protocol/work-tree.ts'

const leafOf = (i: number): Bytes32 => bytesToHex(keccak256(new Uint8Array([i >> 8, i & 255])))
const concat = (a: Uint8Array, b: Uint8Array): Uint8Array => new Uint8Array([...a, ...b])

/** The definition, row by row. */
const naiveRoot = (leaves: readonly Bytes32[]): Bytes32 => {
  let row: Uint8Array[] = leaves.map((leaf) => hexToBytes(leaf))
  let zero: Uint8Array = new Uint8Array(32)
  for (let height = 0; height < 32; height++) {
    const next: Uint8Array[] = []
    for (let i = 0; i < row.length; i += 2) next.push(keccak256(concat(row[i]!, row[i + 1] ?? zero)))
    zero = keccak256(concat(zero, zero))
    row = next.length === 0 ? [zero] : next
  }
  return bytesToHex(row[0]!)
}

const treeOf = (leaves: readonly Bytes32[]): WorkTree => {
  const tree = new WorkTree()
  for (const leaf of leaves) tree.append(leaf)
  return tree
}

describe('work tree', () => {
  it('has the root of its definition at every size, and survives being stored', () => {
    expect(new WorkTree().root()).to.equal(EMPTY_WORK_ROOT)
    const leaves: Bytes32[] = []
    let tree = new WorkTree()
    for (let i = 0; i < 70; i++) {
      leaves.push(leafOf(i))
      tree.append(leafOf(i))
      expect(tree.root(), `after ${i + 1}`).to.equal(naiveRoot(leaves))
      expect(tree.count).to.equal(i + 1)
      tree = WorkTree.fromBytes(tree.toBytes())
    }
  })

  it('gives one side the root of the other, whatever each stored in between', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 65_535 }), { maxLength: 40 }), fc.nat({ max: 40 }), (ids, cut) => {
        const leaves = ids.map(leafOf)
        const half = WorkTree.fromBytes(treeOf(leaves.slice(0, cut)).toBytes())
        const copy = half.clone()
        for (const leaf of leaves.slice(cut)) half.append(leaf)
        expect(half.root()).to.equal(treeOf(leaves).root())
        expect(copy.root(), 'a clone stays behind').to.equal(treeOf(leaves.slice(0, cut)).root())
      })
    )
  })

  it('proves every leaf at every size it ever had, from the nodes that were kept', async () => {
    const nodes = new Map<string, Bytes32>()
    const tree = new WorkTree()
    const leaves = Array.from({ length: 37 }, (_, i) => leafOf(i))
    for (const leaf of leaves) tree.append(leaf, (height, index, node) => nodes.set(`${height}:${index}`, node))
    const nodeAt = async (height: number, index: number): Promise<Bytes32> => nodes.get(`${height}:${index}`) as Bytes32
    for (let count = 1; count <= leaves.length; count++) {
      for (let index = 0; index < count; index++) {
        expect(await workProofAt(nodeAt, count, index)).to.deep.equal(workProof(leaves.slice(0, count), index))
      }
    }
    for (const [count, index] of [
      [5, 5],
      [5, -1],
      [5, 0.5],
      [0, 0]
    ] as const) {
      expect(await workProofAt(nodeAt, count, index).catch((error) => error.code)).to.equal('BAD_REQUEST')
    }
  })

  it('proves every leaf and nothing else', () => {
    const leaves = Array.from({ length: 21 }, (_, i) => leafOf(i))
    const root = treeOf(leaves).root()
    for (const [i, leaf] of leaves.entries()) {
      const proof = workProof(leaves, i)
      expect(verifyWork(root, leaf, i, proof)).to.equal(true)
      expect(verifyWork(root, leaf, i ^ 1, proof), 'another place').to.equal(false)
      expect(verifyWork(root, leafOf(999), i, proof), 'another leaf').to.equal(false)
      expect(verifyWork(root, leaf, i, proof.slice(1)), 'a shorter proof').to.equal(false)
      expect(verifyWork(root, leaf, i, [leafOf(998), ...proof.slice(1)]), 'another sibling').to.equal(false)
      expect(verifyWork(root, leaf, 2 ** 32 + i, proof), 'a place outside').to.equal(false)
    }
    expect(() => workProof(leaves, 21)).to.throw(SeamError)
  })

  it('refuses a stored tree that is not one', () => {
    const bytes = treeOf([leafOf(1), leafOf(2), leafOf(3)]).toBytes()
    expect(bytes.length).to.equal(4 + 2 * 32)
    for (const bad of [new Uint8Array(0), bytes.slice(0, 3), bytes.slice(0, -1), new Uint8Array([...bytes, 0])]) {
      expect(() => WorkTree.fromBytes(bad))
        .to.throw(SeamError)
        .with.property('code', 'WIRE_MALFORMED')
    }
  })

  it('binds the place of a receipt in the total', () => {
    expect(workLeaf(leafOf(1), 5n)).to.not.equal(workLeaf(leafOf(1), 6n))
    expect(() => workLeaf(leafOf(1), 2n ** 96n)).to.throw(SeamError)
  })

  it('holds the frozen vectors', () => {
    const vectors = JSON.parse(readFileSync(join(import.meta.dirname, '../../vectors/work-tree.json'), 'utf8'))
    const tree = new WorkTree()
    expect(tree.root()).to.equal(vectors.empty)
    for (const { receiptHash, cumAfter, leaf, rootAfter } of vectors.leaves) {
      expect(workLeaf(receiptHash, BigInt(cumAfter))).to.equal(leaf)
      tree.append(leaf)
      expect(tree.root()).to.equal(rootAfter)
    }
    expect(bytesToHex(tree.toBytes())).to.equal(vectors.frontier)
    for (const { index, proof } of vectors.proofs)
      expect(verifyWork(tree.root(), vectors.leaves[index].leaf, index, proof)).to.equal(true)
  })
})
