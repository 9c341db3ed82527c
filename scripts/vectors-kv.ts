// Writes test/vectors/kv.json and keys.json from fixed inputs; `--check` fails when they differ. Frozen: a change of an encoding is a new
// version, with vectors beside these. HPKE draws a fresh key for every message, so its one sealed secret is kept as it was first written.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bytesToHex, hexToBytes } from 'openseam/protocol/eth'
import { CHAIN_START, tokenHashOf } from 'openseam/protocol/kv-header'
import { LegSecret } from 'openseam/protocol/pb'
import {
  auditSalt,
  epochKey,
  logKeyOf,
  openLegSecret,
  parkKeyOf,
  replicaOf,
  sealLegSecret,
  x25519KeyPair
} from 'openseam/session/keys'
import { signerOf } from '../node/kv/ed25519.ts'
import { sealBlock } from '../node/kv/seal.ts'

const root = join(import.meta.dirname, '..')
const filled = (count: number, value: number): Uint8Array<ArrayBuffer> => new Uint8Array(count).fill(value)
/** Byte i of a vector's plaintext is (31 i + block) mod 256. */
const plaintext = (block: number, length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (31 * i + block) & 255)
const ids = (block: number): number[] => Array.from({ length: 32 }, (_, i) => 1000 * block + i)

const seed = filled(32, 1)
const fields = { dtype: 1, replica: filled(16, 2), leg: 3, modelId: filled(32, 4), numerics: filled(32, 5) }

const chain = (): Record<string, unknown>[] => {
  let prevHead = CHAIN_START
  const lengths = [65_536, 100, 70_000] // a full cell, a short one, and two with padding
  return lengths.map((length, block) => {
    const generation = block === 2 ? 1 : 0
    const key = filled(32, 20 + generation)
    const salt = filled(24, 30 + block)
    const tokenHash = tokenHashOf(filled(32, 6), ids(block))
    const sealed = sealBlock({
      ...fields,
      generation,
      block,
      epochKey: key,
      plaintext: plaintext(block, length),
      tokenHash,
      prevHead,
      salt,
      sign: signerOf(seed)
    })
    prevHead = sealed.head
    return {
      block,
      generation,
      epochKey: bytesToHex(key),
      salt: bytesToHex(salt),
      plaintextLength: length,
      tokenHash: bytesToHex(tokenHash),
      header: bytesToHex(sealed.header),
      cells: sealed.cells.length,
      ciphertextStart: bytesToHex(sealed.cells[0]?.subarray(0, 32) as Uint8Array),
      ciphertextHash: bytesToHex(sealed.ciphertextHash),
      tag: bytesToHex(sealed.tag),
      head: bytesToHex(sealed.head),
      signature: bytesToHex(sealed.signature)
    }
  })
}

const keys = async (): Promise<Record<string, unknown>> => {
  const secretRoot = filled(32, 40)
  const peer = filled(32, 41)
  const modelId = filled(32, 42)
  const pair = x25519KeyPair(filled(32, 43))
  const scope = { sessionId: filled(32, 44), leg: 2, providerPeer: peer }
  const key = (leg: number, generation: number): Uint8Array<ArrayBuffer> =>
    epochKey(secretRoot, { leg, generation, providerPeer: peer, modelId })
  const secret = {
    write: { leg: 2, generation: 0, key: key(2, 0) },
    read: [{ leg: 1, generation: 0, key: key(1, 0) }],
    auditSalt: auditSalt(secretRoot, 2)
  }
  const path = join(root, 'test/vectors/keys.json')
  const kept = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).legSecret : undefined
  const sealed =
    kept === undefined
      ? await sealLegSecret({ ...scope, recipient: pair.publicKey, secret })
      : { enc: hexToBytes(kept.enc), ciphertext: hexToBytes(kept.ciphertext) }
  await openLegSecret({ ...pair, ...scope, sealed })
  return {
    root: bytesToHex(secretRoot),
    peer: bytesToHex(peer),
    modelId: bytesToHex(modelId),
    epochKeys: [
      [0, 0],
      [1, 0],
      [1, 1],
      [2, 0]
    ].map(([leg = 0, generation = 0]) => ({ leg, generation, key: bytesToHex(key(leg, generation)) })),
    auditSalts: [0, 1, 2].map((leg) => ({ leg, salt: bytesToHex(auditSalt(secretRoot, leg)) })),
    replicas: [0, 1, 2].map((leg) => ({ leg, replica: bytesToHex(replicaOf(secretRoot, leg)) })),
    parkKey: bytesToHex(parkKeyOf(secretRoot, peer)),
    logKey: bytesToHex(logKeyOf(secretRoot)),
    x25519: { seed: bytesToHex(filled(32, 43)), privateKey: bytesToHex(pair.privateKey), publicKey: bytesToHex(pair.publicKey) },
    legSecret: {
      sessionId: bytesToHex(scope.sessionId),
      leg: scope.leg,
      plaintext: bytesToHex(LegSecret.encode(secret)),
      enc: bytesToHex(sealed.enc),
      ciphertext: bytesToHex(sealed.ciphertext)
    }
  }
}

const kv = {
  peerSeed: bytesToHex(seed),
  auditSalt: bytesToHex(filled(32, 6)),
  fields: Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'number' ? value : bytesToHex(value)])
  ),
  ids: 'id i of block b is 1000 b + i',
  plaintext: 'byte i of block b is (31 i + b) mod 256',
  chain: chain()
}

for (const [name, value] of Object.entries({ kv, keys: await keys() })) {
  const path = join(root, `test/vectors/${name}.json`)
  const text = `${JSON.stringify(value, null, 2)}\n`
  if (!process.argv.includes('--check')) writeFileSync(path, text)
  else if (JSON.stringify(JSON.parse(readFileSync(path, 'utf8'))) !== JSON.stringify(value))
    throw new Error(`${path} differs: an encoding changed`)
}
