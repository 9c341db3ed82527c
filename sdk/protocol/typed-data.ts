/**
 * EIP-712 of everything that openseam signs (docs/spec/typed-data.md), frozen by test/vectors/typed-data.json.
 * Pure and fast: a domain is hashed once, a digest is three keccaks.
 */
import { SeamError } from './errors.ts'
import { type Address, type Bytes32, bytesToHex, keccak256, recoverHash, signHash } from './eth.ts'
import { type TypedName, type TypedStructs, typedMembers, type WorkReceipt } from './typed-structs.ts'
import { type UintType, writeHex, writeUint } from './words.ts'

export * from './typed-structs.ts'

export interface TypedDomain {
  chainId: number
  /** The verifying contract: the ledger, but for `SignerKey`, which the registry verifies. */
  ledger: Address
}

interface Member {
  label: string
  name: string
  type: string
}
interface Layout {
  typeHash: Uint8Array
  members: Member[]
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

const layouts = Object.fromEntries(
  Object.entries(typedMembers).map(([struct, list]) => {
    const members = list.split(',').map((member) => {
      const [type = '', name = ''] = member.split(' ')
      return { label: `${struct}.${name}`, name, type }
    })
    return [struct, { typeHash: keccak256(utf8(`${struct}(${list})`)), members }]
  })
) as unknown as Record<TypedName, Layout>

const DOMAIN_TYPE_HASH = keccak256(utf8('EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'))
const NAME_HASH = keccak256(utf8('openseam'))
const VERSION_HASH = keccak256(utf8('1'))
const DOMAINS_CACHED_MAX = 16 // a process speaks to one ledger, a test to a few

const separators = new Map<string, Uint8Array>()

export const domainSeparator = ({ chainId, ledger }: TypedDomain): Uint8Array => {
  const key = `${chainId}:${ledger}`
  const cached = separators.get(key)
  if (cached !== undefined) return cached
  const bytes = new Uint8Array(5 * 32)
  bytes.set(DOMAIN_TYPE_HASH)
  bytes.set(NAME_HASH, 32)
  bytes.set(VERSION_HASH, 64)
  writeUint(bytes, 96, 'uint64', chainId, 'domain.chainId')
  writeHex(bytes, 128, 20, ledger, 'domain.ledger')
  if (separators.size >= DOMAINS_CACHED_MAX) separators.clear()
  const separator = keccak256(bytes)
  separators.set(key, separator)
  return separator
}

export const structHash = <K extends TypedName>(name: K, value: TypedStructs[K]): Uint8Array<ArrayBuffer> => {
  const { typeHash, members } = layouts[name]
  const bytes = new Uint8Array((members.length + 1) * 32)
  bytes.set(typeHash)
  let offset = 32
  for (const member of members) {
    const field = (value as unknown as Record<string, unknown>)[member.name]
    if (member.type === 'address') writeHex(bytes, offset, 20, field, member.label)
    else if (member.type === 'bytes32') writeHex(bytes, offset, 32, field, member.label)
    else writeUint(bytes, offset, member.type as UintType, field, member.label)
    offset += 32
  }
  return keccak256(bytes)
}

/** What is signed: keccak256(0x1901 || domain separator || struct hash). Throws WIRE_MALFORMED naming the field that is out of bounds. */
export const digest = <K extends TypedName>(domain: TypedDomain, name: K, value: TypedStructs[K]): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(66)
  bytes[0] = 0x19
  bytes[1] = 0x01
  bytes.set(domainSeparator(domain), 2)
  bytes.set(structHash(name, value), 34)
  return keccak256(bytes)
}

export const signTyped = <K extends TypedName>(
  domain: TypedDomain,
  name: K,
  value: TypedStructs[K],
  secretKey: Uint8Array
): Uint8Array<ArrayBuffer> => signHash(digest(domain, name, value), secretKey)

/** The signer, or null when the signature is not canonical. A wrong field gives another address, never an error. */
export const recoverTyped = <K extends TypedName>(
  domain: TypedDomain,
  name: K,
  value: TypedStructs[K],
  signature: Uint8Array
): Address | null => recoverHash(digest(domain, name, value), signature)

/** The name of a receipt in the work tree and everywhere else: its EIP-712 digest, the very bytes its provider signs. */
export const receiptHash = (domain: TypedDomain, receipt: WorkReceipt): Bytes32 =>
  bytesToHex(digest(domain, 'WorkReceipt', receipt))

const MODEL_PAYEES_MAX = 16
const MODEL_BPS_MAX = 3_000

/**
 * keccak256(abi.encode(manifestHash, payees, bps)): weights, tokenizer and royalties under one name, so none of them can change later.
 * An unregistered model has no payees.
 */
export const modelIdOf = (manifestHash: Bytes32, payees: readonly Address[] = [], bps: readonly number[] = []): Bytes32 => {
  requireShares(payees, bps)
  const count = payees.length
  const bytes = new Uint8Array((5 + 2 * count) * 32)
  const word = (at: number, value: number, label: string): void => writeUint(bytes, at * 32, 'uint64', value, label)
  writeHex(bytes, 0, 32, manifestHash, 'manifestHash')
  word(1, 96, 'payees')
  word(2, 96 + 32 * (1 + count), 'bps')
  word(3, count, 'payees')
  for (const [i, payee] of payees.entries()) writeHex(bytes, (4 + i) * 32, 20, payee, `payees[${i}]`)
  word(4 + count, count, 'bps')
  for (const [i, part] of bps.entries()) word(5 + count + i, part, `bps[${i}]`)
  return bytesToHex(keccak256(bytes))
}

/** Throws WIRE_MALFORMED for shares that no model can have. */
export const requireShares = (payees: readonly unknown[], bps: readonly number[]): void => {
  if (payees.length !== bps.length || payees.length > MODEL_PAYEES_MAX)
    throw malformed(`a model has at most ${MODEL_PAYEES_MAX} payees, each with its bps`)
  if (bps.some((part) => part < 1) || bps.reduce((sum, part) => sum + part, 0) > MODEL_BPS_MAX) {
    throw malformed(`each payee gets at least 1 bps and all of them at most ${MODEL_BPS_MAX}`)
  }
}

function malformed(message: string): SeamError {
  return new SeamError('WIRE_MALFORMED', message)
}
