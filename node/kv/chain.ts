/**
 * The chain of one leg: what was sealed, in order, without the ciphertext. A block that a late successor lacks is read again from the
 * engine and sealed under its old salt: the same key, the same plaintext and so the same bytes. That is safe exactly because it is the same
 * message, so a block that comes out different is refused here and never leaves this process.
 */
import type { Rng } from 'openseam/components'
import { equalBytes } from 'openseam/protocol/bytes'
import { SeamError } from 'openseam/protocol/errors'
import { CHAIN_START, cellsOf, decodeKvHeader, KV_SALT_BYTES, tokenHashOf } from 'openseam/protocol/kv-header'
import { BLOCK_TOKENS, CELL_BYTES } from 'openseam/protocol/limits'
import type { Sign } from './ed25519.ts'
import { type SealedBlock, sealBlock } from './seal.ts'

export interface ChainInit {
  replica: Uint8Array
  leg: number
  modelId: Uint8Array
  numerics: Uint8Array
  dtype: number
  epochKey: Uint8Array
  generation: number
  auditSalt: Uint8Array
  /** Bytes of KV in one block, before padding. */
  blockBytes: number
}

type Sealed = Pick<SealedBlock, 'header' | 'tag' | 'head'>

export class LegChain {
  readonly #init: ChainInit
  readonly #sign: Sign
  readonly #rng: Rng
  readonly #keys = new Map<number, Uint8Array>()
  readonly #sealed: Sealed[] = []
  #generation: number

  constructor(init: ChainInit, sign: Sign, rng: Rng) {
    this.#init = init
    this.#sign = sign
    this.#rng = rng
    this.#generation = init.generation
    this.#keys.set(init.generation, Uint8Array.from(init.epochKey))
  }

  get blocks(): number {
    return this.#sealed.length
  }

  /** What one block takes on the wire and in a queue. */
  get blockCiphertextBytes(): number {
    return cellsOf(this.#init.blockBytes) * CELL_BYTES
  }

  /** Head after `blocks` blocks; undefined beyond the end. */
  headAt(blocks: number): Uint8Array | undefined {
    return blocks === 0 ? CHAIN_START : this.#sealed[blocks - 1]?.head
  }

  /** New blocks use this key; older ones keep theirs, for sealing them again. */
  rotate(generation: number, key: Uint8Array): void {
    if (generation <= this.#generation)
      throw new SeamError('LEG_STALE', `key generation ${generation} is not newer than ${this.#generation}`)
    this.#generation = generation
    this.#keys.set(generation, Uint8Array.from(key))
  }

  /** Seals the next block, or an earlier one again. Throws KV_CORRUPT when the engine's second reading differs from the first. */
  seal(index: number, ids: readonly number[], plaintext: Uint8Array): SealedBlock {
    if (plaintext.length !== this.#init.blockBytes || ids.length !== BLOCK_TOKENS || index > this.blocks) {
      throw new SeamError('INTERNAL', `block ${index} of ${this.blocks}: ${plaintext.length} bytes, ${ids.length} ids`)
    }
    const before = this.#sealed[index]
    const header = before === undefined ? undefined : decodeKvHeader(before.header)
    const generation = header?.generation ?? this.#generation
    const block = sealBlock({
      ...this.#init,
      epochKey: this.#keys.get(generation) as Uint8Array,
      generation,
      block: index,
      plaintext,
      tokenHash: tokenHashOf(this.#init.auditSalt, ids),
      prevHead: this.headAt(index) as Uint8Array,
      salt: header?.salt ?? this.#rng.bytes(KV_SALT_BYTES),
      sign: this.#sign
    })
    if (before === undefined) this.#sealed.push({ header: block.header, tag: block.tag, head: block.head })
    else if (!equalBytes(before.head, block.head) || !equalBytes(before.tag, block.tag)) {
      throw new SeamError('KV_CORRUPT', `block ${index} reads differently the second time`, { detail: { block: index } })
    }
    return block
  }

  /** Forgets the keys; nothing can be sealed after it. */
  close(): void {
    for (const key of this.#keys.values()) key.fill(0)
    this.#keys.clear()
  }
}
