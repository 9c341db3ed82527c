import { KvArena } from './arena.ts'
import { BLOCK_TOKENS, engineDefaults } from './defaults.ts'
import { EngineError } from './errors.ts'
import { type GraphShape, graphShape, pastName, presentName } from './graph.ts'
import { type Binding, ElementType, OrtSession, type Tensor } from './ort/session.ts'

export interface RunnerOptions {
  file: string
  slots: number
  capacity: number
  threads: number
  prefillChunk: number
  /** Prefill gives the logits of every position, not of the last alone. */
  allRows?: boolean
}

const int64s = (count: number): BigInt64Array => new BigInt64Array(new ArrayBuffer(count * 8))

/**
 * Runs the graph over the slots. Every tensor has a fixed size (the mask is as wide as a slot is long), so tensors are
 * made once for each shape and a step allocates nothing.
 */
export class Runner {
  readonly shape: GraphShape
  readonly arena: KvArena
  /** Positions of the longest prefill run: what was asked for, less where its logits would be too large. */
  readonly chunkMax: number
  readonly #session: OrtSession
  readonly #capacity: number
  /** One row a slot: as many ones as the slot has positions in its latest run. The graph derives lengths from it. */
  readonly #mask: BigInt64Array
  readonly #ids: BigInt64Array
  readonly #positions: BigInt64Array
  readonly #logits: Float32Array
  readonly #rows: readonly Float32Array[]
  readonly #prefillIds: BigInt64Array
  readonly #prefillPositions: BigInt64Array
  readonly #prefillLogits: Float32Array
  readonly #keep: BigInt64Array
  readonly #lastRow: boolean
  readonly #cache = new Map<string, Tensor>()
  readonly #decodeBindings = new Map<number, Binding>()

  /** @throws EngineError MODEL_UNSUPPORTED, RUNTIME_FAILED, ENGINE_UNAVAILABLE */
  constructor({ file, slots, capacity, threads, prefillChunk, allRows = false }: RunnerOptions) {
    this.#session = new OrtSession(file, threads)
    this.#capacity = capacity
    try {
      this.shape = graphShape(this.#session.inputs, this.#session.outputs)
    } catch (error) {
      this.#session.close()
      throw error
    }
    const { vocabSize, logitsToKeep } = this.shape
    const room = Math.floor(engineDefaults.prefillLogitsBytes / (4 * vocabSize * BLOCK_TOKENS)) * BLOCK_TOKENS
    this.#lastRow = logitsToKeep !== undefined && !allRows
    this.chunkMax = Math.max(BLOCK_TOKENS, Math.min(prefillChunk, this.#lastRow ? Infinity : room))
    this.arena = new KvArena(this.shape, slots, capacity)
    this.#mask = int64s(slots * capacity)
    this.#ids = int64s(slots)
    this.#positions = int64s(slots)
    this.#logits = new Float32Array(new ArrayBuffer(4 * slots * vocabSize))
    this.#rows = Array.from({ length: slots }, (_, slot) => this.#logits.subarray(slot * vocabSize, (slot + 1) * vocabSize))
    this.#prefillIds = int64s(this.chunkMax)
    this.#prefillPositions = int64s(this.chunkMax)
    this.#prefillLogits = new Float32Array(new ArrayBuffer(4 * vocabSize * (this.#lastRow ? 1 : this.chunkMax)))
    this.#keep = int64s(1).fill(1n)
    this.#dryRun()
  }

  /** Declares that the first `length` positions of a slot are in the cache. */
  setLength(slot: number, length: number): void {
    const row = slot * this.#capacity
    this.#mask.fill(1n, row, row + length)
    this.#mask.fill(0n, row + length, row + this.#capacity)
  }

  /** Says which id the slot runs in the next `decode`, and at which position. The cache must end right before it. */
  feed(slot: number, id: number, position: number): void {
    this.#ids[slot] = BigInt(id)
    this.#positions[slot] = BigInt(position)
    this.#mask[slot * this.#capacity + position] = 1n
  }

  /** Runs one position of each of `count` neighbouring slots; `logits` has their rows afterwards. */
  decode(slot: number, count: number): void {
    this.#session.run(this.#decodeBinding(slot, count))
  }

  /** The slot's row after `decode`: a view, valid until the next run. */
  logits(slot: number): Float32Array {
    return this.#rows[slot]!
  }

  /**
   * Runs positions [from, to) of a slot at once, at most `chunkMax`; the cache must end at `from`.
   * Returns the row of the last one: a view, valid until the next run.
   */
  prefill(slot: number, ids: readonly number[], from: number, to: number): Float32Array {
    const rows = this.prefillRows(slot, ids, from, to)
    return rows.subarray(rows.length - this.shape.vocabSize)
  }

  /** The same, and returns the rows of all of them where the runner was made for it (`allRows`), else whatever the graph gives. */
  prefillRows(slot: number, ids: readonly number[], from: number, to: number): Float32Array {
    const count = to - from
    for (let i = 0; i < count; i++) {
      this.#prefillIds[i] = BigInt(ids[from + i]!)
      this.#prefillPositions[i] = BigInt(from + i)
    }
    const row = slot * this.#capacity
    this.#mask.fill(1n, row + from, row + to)
    const { vocabSize } = this.shape
    const rows = this.#lastRow ? 1 : count
    this.#keep[0] = BigInt(rows)
    this.#session.run(
      this.#bind(slot, 1, {
        ids: this.#tensor(`ids ${count}`, ElementType.int64, [1, count], this.#prefillIds.subarray(0, count)),
        positions: this.#tensor(`positions ${count}`, ElementType.int64, [1, count], this.#prefillPositions.subarray(0, count)),
        logits: this.#tensor(
          `logits ${rows}`,
          ElementType.float32,
          [1, rows, vocabSize],
          this.#prefillLogits.subarray(0, rows * vocabSize)
        )
      })
    )
    this.#keep[0] = 1n
    return this.#prefillLogits.subarray(0, rows * vocabSize)
  }

  close(): void {
    for (const tensor of this.#cache.values()) this.#session.release(tensor)
    this.#session.close()
  }

  #decodeBinding(slot: number, count: number): Binding {
    const key = slot * (this.arena.slots + 1) + count
    let binding = this.#decodeBindings.get(key)
    if (!binding) {
      const { vocabSize } = this.shape
      binding = this.#bind(slot, count, {
        ids: this.#tensor(`ids ${slot} ${count}`, ElementType.int64, [count, 1], this.#ids.subarray(slot, slot + count)),
        positions: this.#tensor(
          `positions ${slot} ${count}`,
          ElementType.int64,
          [count, 1],
          this.#positions.subarray(slot, slot + count)
        ),
        logits: this.#tensor(
          `logits ${slot} ${count}`,
          ElementType.float32,
          [count, 1, vocabSize],
          this.#logits.subarray(slot * vocabSize, (slot + count) * vocabSize)
        )
      })
      this.#decodeBindings.set(key, binding)
    }
    return binding
  }

  #bind(slot: number, count: number, { ids, positions, logits }: { ids: Tensor; positions: Tensor; logits: Tensor }): Binding {
    const { shape, arena } = this
    const capacity = this.#capacity
    const mask = this.#mask.subarray(slot * capacity, (slot + count) * capacity)
    const tensors = new Map<string, Tensor>([
      ['input_ids', ids],
      ['attention_mask', this.#tensor(`mask ${slot} ${count}`, ElementType.int64, [count, capacity], mask)],
      ['logits', logits]
    ])
    if (shape.positionIds) tensors.set('position_ids', positions)
    if (shape.logitsToKeep) {
      tensors.set(
        'num_logits_to_keep',
        this.#tensor(
          'keep',
          ElementType.int64,
          shape.logitsToKeep.map(() => 1),
          this.#keep
        )
      )
    }
    const dims = [count, shape.kvHeads, capacity, shape.headDim]
    for (let layer = 0; layer < shape.layers; layer++) {
      for (const [kind, index] of [
        ['key', 2 * layer],
        ['value', 2 * layer + 1]
      ] as const) {
        // past and present are one tensor: the kernel appends in place
        const cache = this.#tensor(`kv ${index} ${slot} ${count}`, shape.elementType, dims, arena.view(index, slot, count))
        tensors.set(pastName(layer, kind), cache).set(presentName(layer, kind), cache)
      }
    }
    return this.#session.bind(tensors)
  }

  #tensor(key: string, type: ElementType, dims: readonly number[], memory: ArrayBufferView): Tensor {
    let tensor = this.#cache.get(key)
    if (!tensor) this.#cache.set(key, (tensor = this.#session.tensor(type, dims, memory)))
    return tensor
  }

  /** A graph that concatenates its cache instead of appending in place shows it here, whatever its ports are called. */
  #dryRun(): void {
    try {
      this.feed(0, 0, 0)
      this.decode(0, 1)
      this.setLength(0, 0)
    } catch (cause) {
      this.close()
      throw new EngineError({ code: 'MODEL_UNSUPPORTED', missing: 'a cache that is updated in place' }, { cause })
    }
  }
}
