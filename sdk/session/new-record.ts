/** The record of a session that begins: a handle that nobody guesses, an id that nobody can squat, a root of its keys. */
import type { Rng } from '../components.ts'
import { type Address, type Bytes32, bytesToHex, hexToBytes, keccak256 } from '../protocol/eth.ts'
import type { KnownModel } from './catalog.ts'
import { newRoot } from './keys.ts'
import type { SessionRecord } from './record.ts'

export const newSessionRecord = (
  client: Address,
  { name, modelId }: Pick<KnownModel, 'name' | 'modelId'>,
  turn: SessionRecord['turn'],
  rng: Rng
): SessionRecord => ({
  handle: `s_${base64url(rng.bytes(18))}`,
  sessionId: sessionIdOf(client, rng.bytes(32)),
  model: name,
  modelId,
  root: bytesToHex(newRoot(rng)),
  nextLeg: 0,
  replicaLeg: 0,
  accepted: 0,
  epochs: [],
  messages: [],
  stopEnded: false,
  turn,
  legs: []
})

/** keccak256(abi.encode(client, nonce)): nobody else can squat it. */
const sessionIdOf = (client: Address, nonce: Uint8Array): Bytes32 => {
  const bytes = new Uint8Array(64)
  bytes.set(hexToBytes(client, 20), 12)
  bytes.set(nonce, 32)
  return bytesToHex(keccak256(bytes))
}

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
