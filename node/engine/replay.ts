import { setImmediate } from 'node:timers/promises'
import { BLOCK_TOKENS } from './defaults.ts'
import { EngineError } from './errors.ts'
import { readModelDir } from './model-dir.ts'
import { Runner } from './runner.ts'

const CHUNK = 256

export interface ReplayOptions {
  modelDir: string
  /** Positions of the longest log; default the model's context. */
  positions?: number
  /** Threads of one run; default 1. */
  threads?: number
}

/** Runs a known log once more, in one prefill pass, and shows the logits from which each id was drawn. */
export class Replay {
  readonly vocabSize: number
  readonly dtype: 'float32' | 'float16'
  readonly contextMax: number
  readonly #runner: Runner

  /** @throws EngineError MODEL_FILE_MISSING, MODEL_FILE_INVALID, MODEL_UNSUPPORTED, ENGINE_UNAVAILABLE, RUNTIME_FAILED */
  constructor({ modelDir, positions, threads = 1 }: ReplayOptions) {
    const model = readModelDir(modelDir)
    this.contextMax = Math.min(positions ?? model.contextMax, model.contextMax)
    const capacity = Math.max(1, Math.ceil(this.contextMax / BLOCK_TOKENS)) * BLOCK_TOKENS
    this.#runner = new Runner({ file: model.graph, slots: 1, capacity, threads, prefillChunk: CHUNK, allRows: true })
    this.vocabSize = this.#runner.shape.vocabSize
    this.dtype = this.#runner.shape.dtype
  }

  /**
   * Shows the row behind each position of [from, to), in order; `from` is at least 1. The row is a view, valid during the call. Other work of
   * this thread gets a turn after every 256 positions.
   * @throws EngineError CONTEXT_TOO_LONG, BAD_TOKEN_ID, RUNTIME_FAILED
   */
  async run(
    ids: readonly number[],
    from: number,
    to: number,
    visit: (position: number, row: Float32Array) => void
  ): Promise<void> {
    if (to > this.contextMax) throw new EngineError({ code: 'CONTEXT_TOO_LONG', positions: to, contextMax: this.contextMax })
    const { vocabSize } = this
    for (let position = 0; position < to; position++) {
      const id = ids[position]
      if (id === undefined || !Number.isInteger(id) || id < 0 || id >= vocabSize)
        throw new EngineError({ code: 'BAD_TOKEN_ID', id: id ?? -1, position, vocabSize })
    }
    this.#runner.setLength(0, 0)
    for (let start = 0; start < to - 1; ) {
      const end = Math.min(start + this.#runner.chunkMax, to - 1)
      const rows = this.#runner.prefillRows(0, ids, start, end)
      for (let i = Math.max(start, from - 1); i < end; i++) {
        const row = (i - start) * vocabSize
        visit(i + 1, rows.subarray(row, row + vocabSize))
      }
      start = end
      await setImmediate()
    }
  }

  close(): void {
    this.#runner.close()
  }
}
