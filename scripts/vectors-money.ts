// Writes test/vectors/{typed-data,work-tree}.json, which TypeScript and Solidity tests both read. They are frozen: a change here is
// a new version of the signing domain. `--check` fails when the code no longer gives them.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addressOf, type Bytes32, bytesToHex, keccak256 } from '../sdk/protocol/eth.ts'
import {
  digest,
  domainSeparator,
  EndReason,
  modelIdOf,
  signTyped,
  structHash,
  type TypedDomain,
  type TypedName,
  type TypedStructs,
  typedMembers
} from '../sdk/protocol/typed-data.ts'
import { EMPTY_WORK_ROOT, WorkTree, workLeaf, workProof } from '../sdk/protocol/work-tree.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const hash = (text: string): Bytes32 => bytesToHex(keccak256(utf8(text)))
const key = (text: string): Uint8Array => keccak256(utf8(`openseam vector key ${text}`))

const client = addressOf(key('client'))
const provider = addressOf(key('provider'))
const peer = hash('peer')
const modelId = modelIdOf(hash('manifest'))
const domain: TypedDomain = { chainId: 31_337, ledger: '0x9fe46736679d2d9a65f0992f2272de9f3c7fa6e0' }
const registry: TypedDomain = { chainId: 31_337, ledger: '0xe7f1725e7734ce288f8367e1bb143e90bb3f0512' }
const WEI_MAX = 2n ** 96n - 1n
const U64_MAX = Number.MAX_SAFE_INTEGER
const U40_MAX = 2 ** 40 - 1

const examples: { [K in TypedName]: { typical: TypedStructs[K]; largest: TypedStructs[K] } } = {
  Voucher: {
    typical: { client, provider, modelId, cumulative: 1_234_500_000_000_000n, units: 417, workRoot: hash('work root') },
    largest: { client, provider, modelId, cumulative: WEI_MAX, units: U64_MAX, workRoot: `0x${'ff'.repeat(32)}` }
  },
  Prefund: {
    typical: { client, provider, modelId, upTo: 10n ** 18n, deadline: 1_800_000_000 },
    largest: { client, provider, modelId, upTo: WEI_MAX, deadline: U40_MAX }
  },
  Release: {
    typical: { client, provider, modelId, downTo: 0n, deadline: 1_800_000_000 },
    largest: { client, provider, modelId, downTo: WEI_MAX, deadline: U40_MAX }
  },
  LegOpen: {
    typical: {
      sessionId: hash('session'),
      leg: 1,
      client,
      clientPeer: peer,
      provider,
      providerPeer: hash('provider peer'),
      modelId,
      promptWei: 1_000_000_000n,
      completionWei: 3_000_000_000n,
      from: 417,
      maxTo: 1_024,
      requestHash: hash('request'),
      prevEnd: EndReason.died,
      prevHead: hash('head'),
      deadline: 1_800_000_000
    },
    largest: {
      sessionId: hash('session'),
      leg: 2 ** 32 - 1,
      client,
      clientPeer: peer,
      provider,
      providerPeer: hash('provider peer'),
      modelId,
      promptWei: WEI_MAX,
      completionWei: WEI_MAX,
      from: U64_MAX,
      maxTo: U64_MAX,
      requestHash: hash('request'),
      prevEnd: 255,
      prevHead: hash('head'),
      deadline: U40_MAX
    }
  },
  WorkReceipt: {
    typical: {
      sessionId: hash('session'),
      leg: 0,
      seq: 3,
      client,
      provider,
      modelId,
      from: 0,
      to: 417,
      promptUnits: 30,
      amount: 1_191_000_000_000n,
      outputHash: hash('output'),
      kvHead: hash('head'),
      fingerprint: `0x${'00'.repeat(32)}`,
      end: EndReason.silent
    },
    largest: {
      sessionId: hash('session'),
      leg: 2 ** 32 - 1,
      seq: U64_MAX,
      client,
      provider,
      modelId,
      from: U64_MAX,
      to: U64_MAX,
      promptUnits: U64_MAX,
      amount: WEI_MAX,
      outputHash: hash('output'),
      kvHead: hash('head'),
      fingerprint: hash('fingerprint'),
      end: 255
    }
  },
  HandOff: {
    typical: { sessionId: hash('session'), leg: 0, provider, to: 417, seq: 4 },
    largest: { sessionId: hash('session'), leg: 2 ** 32 - 1, provider, to: U64_MAX, seq: U64_MAX }
  },
  PeerBinding: {
    typical: { provider, peer, x25519: hash('x25519'), signer: addressOf(key('signer')), validUntil: 1_800_000_000 },
    largest: { provider, peer, x25519: hash('x25519'), signer: addressOf(key('signer')), validUntil: U40_MAX }
  },
  SettleBatch: {
    typical: { provider, groupsHash: hash('groups'), deadline: 1_800_000_000 },
    largest: { provider, groupsHash: hash('groups'), deadline: U40_MAX }
  },
  SignerKey: {
    typical: { provider, key: addressOf(key('signer')) },
    largest: { provider: `0x${'ff'.repeat(20)}`, key: addressOf(key('signer')) }
  }
}

const signers: Record<TypedName, string> = {
  Voucher: 'client',
  Prefund: 'client',
  Release: 'provider',
  LegOpen: 'client',
  WorkReceipt: 'signer',
  HandOff: 'signer',
  PeerBinding: 'provider',
  SettleBatch: 'provider',
  SignerKey: 'signer'
}

const typedCase = <K extends TypedName>(name: K, size: 'typical' | 'largest'): object => {
  const value = examples[name][size] as TypedStructs[K]
  const where = name === 'SignerKey' ? registry : domain
  const secretKey = key(signers[name])
  return {
    name: `${name}, ${size}`,
    struct: name,
    contract: where.ledger,
    value,
    structHash: bytesToHex(structHash(name, value)),
    digest: bytesToHex(digest(where, name, value)),
    signer: addressOf(secretKey),
    signature: bytesToHex(signTyped(where, name, value, secretKey))
  }
}

const typedData = (): object => {
  const names = Object.keys(examples) as TypedName[]
  const payees = [addressOf(key('owner')), addressOf(key('adapter'))]
  return {
    domain: { name: 'openseam', version: '1', chainId: domain.chainId, ledger: domain.ledger, registry: registry.ledger },
    separator: bytesToHex(domainSeparator(domain)),
    types: Object.fromEntries(names.map((name) => [name, `${name}(${typedMembers[name]})`])),
    end: EndReason,
    cases: names.flatMap((name) => [typedCase(name, 'typical'), typedCase(name, 'largest')]),
    models: [
      { manifestHash: hash('manifest'), payees: [], bps: [], modelId },
      { manifestHash: hash('manifest'), payees, bps: [1_500, 500], modelId: modelIdOf(hash('manifest'), payees, [1_500, 500]) }
    ]
  }
}

const workTree = (): object => {
  const receipts = Array.from({ length: 33 }, (_, i) => ({
    receiptHash: hash(`receipt ${i}`),
    cumAfter: BigInt(i + 1) * 10n ** 15n
  }))
  const leaves = receipts.map(({ receiptHash, cumAfter }) => workLeaf(receiptHash, cumAfter))
  const tree = new WorkTree()
  const appended = leaves.map((leaf) => {
    tree.append(leaf)
    return tree.root()
  })
  return {
    empty: EMPTY_WORK_ROOT,
    leaves: receipts.map((receipt, i) => ({ ...receipt, leaf: leaves[i], rootAfter: appended[i] })),
    frontier: bytesToHex(tree.toBytes()),
    proofs: [0, 17, 32].map((index) => ({ index, proof: workProof(leaves, index) }))
  }
}

const render = (value: object): string =>
  `${JSON.stringify(value, (_, field: unknown) => (typeof field === 'bigint' ? field.toString() : field), 2)}\n`

export const moneyVectors = (): Record<string, string> => ({
  'typed-data.json': render(typedData()),
  'work-tree.json': render(workTree())
})

if (import.meta.main) {
  const folder = join(import.meta.dirname, '../test/vectors')
  for (const [name, text] of Object.entries(moneyVectors())) {
    if (!process.argv.includes('--check')) writeFileSync(join(folder, name), text)
    else if (readFileSync(join(folder, name), 'utf8') !== text) {
      console.error(`test/vectors/${name} is not what the code gives: signatures made before would no longer verify`)
      process.exitCode = 1
    }
  }
}
