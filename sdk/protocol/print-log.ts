/** The entries of an answer as client and provider keep them, by position (docs/spec/fingerprint.md). */
import type { Bytes32 } from './eth.ts'
import { absentPrints, fingerprintOf, PRINT_BYTES } from './fingerprint.ts'
import { BLOCK_TOKENS } from './limits.ts'

export class PrintLog {
  /** The first position that was drawn. */
  readonly from: number
  #to: number
  #bytes: Uint8Array = absentPrints(BLOCK_TOKENS)

  constructor(from: number) {
    this.from = from
    this.#to = from
  }

  /** Entries of positions from `at` on. What lies below the first position drawn is left out, what is skipped stays absent. */
  put(at: number, prints: Uint8Array): void {
    const first = Math.max(at, this.from)
    const to = at + prints.length / PRINT_BYTES
    if (to <= first) return
    this.#reserve(to)
    this.#bytes.set(prints.subarray((first - at) * PRINT_BYTES), (first - this.from) * PRINT_BYTES)
    this.#to = Math.max(this.#to, to)
  }

  /** Whether anything was put of [from, to). */
  covers(from: number, to: number): boolean {
    return Math.min(to, this.#to) > Math.max(from, this.from)
  }

  /** The entries of [from, to), absent where nothing was put. */
  slice(from: number, to: number): Uint8Array<ArrayBuffer> {
    const prints = absentPrints(Math.max(0, to - from))
    if (!this.covers(from, to)) return prints
    const first = Math.max(from, this.from)
    const known = this.#bytes.subarray((first - this.from) * PRINT_BYTES, (Math.min(to, this.#to) - this.from) * PRINT_BYTES)
    prints.set(known, (first - from) * PRINT_BYTES)
    return prints
  }

  /** `WorkReceipt.fingerprint` of [from, to) in the leg with this base: over what was drawn of it, zero where an entry is missing. */
  fingerprint(base: Bytes32, from: number, to: number): Bytes32 {
    return fingerprintOf(base, this.slice(Math.max(from, this.from), to))
  }

  #reserve(to: number): void {
    const bytes = (to - this.from) * PRINT_BYTES
    if (bytes <= this.#bytes.length) return
    const grown = absentPrints(2 * (to - this.from))
    grown.set(this.#bytes)
    this.#bytes = grown
  }
}
