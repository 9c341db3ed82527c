/**
 * Is what a provider signed what this client received? The client drafts every receipt from its own token log; the provider signs it. A signature
 * over anything else, or by somebody else, would be worth nothing to whoever audits this work, so nothing more is bought there.
 */
import { SeamError } from '../protocol/errors.ts'
import { type Address, hexToBytes, recoverHash } from '../protocol/eth.ts'
import type { StoredReceipt } from './book.ts'

export class SignedReceipts {
  readonly #ownerOf: (key: Address) => Promise<Address>
  /** Keys that are known to be a provider's: an owner is written on the chain once and never changes. */
  readonly #keys = new Map<Address, Address>()

  /** `ownerOf` tells the provider that a key was ever named by. */
  constructor(ownerOf: (key: Address) => Promise<Address>) {
    this.#ownerOf = ownerOf
  }

  /** The reason to refuse the provider, or null. Throws where the chain cannot tell whose key it is. */
  async mismatch(provider: Address, { receipt, hash, signature }: StoredReceipt): Promise<SeamError | null> {
    if (signature === undefined) return null // it may be signed later
    const key = recoverHash(hexToBytes(hash, 32), hexToBytes(signature as `0x${string}`))
    if (key !== null && (await this.#providerOf(key, provider)) === provider) return null
    const { leg, seq, from, to } = receipt
    return new SeamError(
      'RECEIPT_MISMATCH',
      `the provider’s signature on receipt ${leg}/${seq} is not over what this client received at positions ${from} to ${to}`
    )
  }

  async #providerOf(key: Address, provider: Address): Promise<Address> {
    if (key === provider) return provider
    const known = this.#keys.get(key)
    if (known !== undefined) return known
    const owner = await this.#ownerOf(key)
    if (owner === provider) this.#keys.set(key, owner) // a forged signature has a new key each time: those are not kept
    return owner
  }
}
