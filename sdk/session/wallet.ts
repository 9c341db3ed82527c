/** What a session needs of a wallet: an account that pays, and a key that signs for it silently. */
import { type Address, addressOf, keccak256, signHash } from '../protocol/eth.ts'

export interface SessionSigner {
  /** The paying account. */
  account: Address
  /** The key the ledger knows for it: the account's own, or a session key. */
  signer: Address
  sign(hash: Uint8Array): Uint8Array<ArrayBuffer>
}

export const localSigner = (secretKey: Uint8Array, account?: Address): SessionSigner => {
  const signer = addressOf(secretKey)
  return { account: account ?? signer, signer, sign: (hash) => signHash(hash, secretKey) }
}

const STORE_KEY_MESSAGE = new TextEncoder().encode('openseam store key, version 1')

/** The key that seals what a client keeps on disk: only this wallet can derive it, since it is a hash of the wallet's own signature. */
export const storeKeyOf = (signer: SessionSigner): Uint8Array<ArrayBuffer> => keccak256(signer.sign(keccak256(STORE_KEY_MESSAGE)))
