import { BLOCK_TOKENS } from './defaults.ts'

const PAGE_BYTES = 4096

/** What decides the size of a KV cache. */
export interface KvShape {
  layers: number
  kvHeads: number
  headDim: number
  elementBytes: 2 | 4
}

/** Plaintext bytes of one block: keys and values of 32 positions in all layers. */
export const kvBlockBytes = (shape: KvShape): number =>
  shape.layers * 2 * shape.kvHeads * BLOCK_TOKENS * shape.headDim * shape.elementBytes

/**
 * The KV memory of all slots: for each layer a key and a value tensor [slots, kvHeads, capacity, headDim].
 * Runs update it in place. Slots next to each other are one contiguous tensor, so a batch needs no copy.
 */
export class KvArena {
  readonly shape: KvShape
  readonly slots: number
  readonly capacity: number
  /** Layer-major, key before value. */
  readonly tensors: readonly Uint8Array<SharedArrayBuffer>[]
  readonly #slotBytes: number
  readonly #headBytes: number
  readonly #pieceBytes: number

  constructor(shape: KvShape, slots: number, capacity: number) {
    this.shape = shape
    this.slots = slots
    this.capacity = capacity
    const rowBytes = shape.headDim * shape.elementBytes
    this.#headBytes = capacity * rowBytes
    this.#slotBytes = shape.kvHeads * this.#headBytes
    this.#pieceBytes = BLOCK_TOKENS * rowBytes
    const bytes = slots * this.#slotBytes
    this.tensors = Array.from({ length: shape.layers * 2 }, () => new Uint8Array(new SharedArrayBuffer(bytes)))
    // Memory that was never written is not there yet: claim it now, not while a client waits for its first token.
    for (const tensor of this.tensors) for (let at = 0; at < bytes; at += PAGE_BYTES) tensor[at] = 0
  }

  /** The memory of `count` slots from `slot` on, in tensor `index`. */
  view(index: number, slot: number, count: number): Uint8Array<SharedArrayBuffer> {
    return this.tensors[index]!.subarray(slot * this.#slotBytes, (slot + count) * this.#slotBytes)
  }

  /** Copies positions [32 block, 32 block + 32) of a slot into a buffer of their own. */
  readBlock(slot: number, block: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(kvBlockBytes(this.shape))
    let to = 0
    for (const tensor of this.tensors) {
      for (let head = 0; head < this.shape.kvHeads; head++, to += this.#pieceBytes) {
        const from = this.#offset(slot, head, block)
        bytes.set(tensor.subarray(from, from + this.#pieceBytes), to)
      }
    }
    return bytes
  }

  /** The inverse of `readBlock`; `bytes` must have the block's size. */
  writeBlock(slot: number, block: number, bytes: Uint8Array): void {
    let from = 0
    for (const tensor of this.tensors) {
      for (let head = 0; head < this.shape.kvHeads; head++, from += this.#pieceBytes) {
        tensor.set(bytes.subarray(from, from + this.#pieceBytes), this.#offset(slot, head, block))
      }
    }
  }

  #offset(slot: number, head: number, block: number): number {
    return slot * this.#slotBytes + head * this.#headBytes + block * this.#pieceBytes
  }
}
