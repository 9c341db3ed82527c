/**
 * What an answer may say next, shared between the engine's thread and the thread of its grammar: a count of drawn ids, the last of
 * them, and one bit an id of the vocabulary. The grammar answers every drawn id with the mask for the next one.
 */
const DRAWN = 0 // ids drawn so far, by the engine
const LAST = 1 // the last of them
const MASKED = 2 // for which count the mask stands, by the grammar
const FAILED = 3
const HEADER = 4

export const sharedMask = (vocabSize: number): SharedArrayBuffer =>
  new SharedArrayBuffer(4 * (HEADER + Math.ceil(vocabSize / 32)))

export const allows = (words: Int32Array, id: number): boolean => ((words[id >> 5]! >>> (id & 31)) & 1) === 1

/** The engine's end. */
export class TokenMask {
  readonly words: Int32Array
  readonly #head: Int32Array
  #drawn = 0
  /** When the mask was asked for. */
  askedMs = 0

  constructor(shared: SharedArrayBuffer) {
    this.#head = new Int32Array(shared, 0, HEADER)
    this.words = new Int32Array(shared, 4 * HEADER)
  }

  get ready(): boolean {
    return Atomics.load(this.#head, MASKED) === this.#drawn && !this.failed
  }

  get failed(): boolean {
    return Atomics.load(this.#head, FAILED) !== 0
  }

  push(id: number, nowMs: number): void {
    this.askedMs = nowMs
    Atomics.store(this.#head, LAST, id)
    Atomics.store(this.#head, DRAWN, ++this.#drawn)
    Atomics.notify(this.#head, DRAWN)
  }
}

/** The grammar's end. */
export class MaskWriter {
  readonly #head: Int32Array
  readonly #words: Int32Array
  readonly #wake: Int32Array
  #count = 0

  /** @param wake counted up to end the engine's wait */
  constructor(shared: SharedArrayBuffer, wake: SharedArrayBuffer) {
    this.#head = new Int32Array(shared, 0, HEADER)
    this.#words = new Int32Array(shared, 4 * HEADER)
    this.#wake = new Int32Array(wake)
  }

  /** Publishes the mask for the count of ids seen so far. */
  write(mask: Int32Array): void {
    this.#words.set(mask.subarray(0, this.#words.length))
    Atomics.store(this.#head, MASKED, this.#count)
    this.#notify()
  }

  fail(): void {
    Atomics.store(this.#head, FAILED, 1)
    this.#notify()
  }

  /** Blocks the thread until the next id. */
  next(): number {
    while (Atomics.load(this.#head, DRAWN) === this.#count) Atomics.wait(this.#head, DRAWN, this.#count)
    this.#count++
    return Atomics.load(this.#head, LAST)
  }

  #notify(): void {
    Atomics.add(this.#wake, 0, 1)
    Atomics.notify(this.#wake, 0)
  }
}
