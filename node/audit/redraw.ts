/** The model's side of a re-execution: one pass over a log, the entry of each row, and whether the id in the log is what is drawn from it. */
import { PRINT_BYTES } from 'openseam/protocol/fingerprint'
import { FINGERPRINT_NOISE, GRAMMAR_MASK_MS } from 'openseam/protocol/limits'
import type * as wire from 'openseam/protocol/pb'
import { DrawCheck, type DrawVerdict } from '../engine/draw-check.ts'
import { EngineError } from '../engine/errors.ts'
import { printRow } from '../engine/fingerprint.ts'
import { Grammars } from '../engine/grammar/grammars.ts'
import { TokenMask } from '../engine/grammar/token-mask.ts'
import { readModelDir } from '../engine/model-dir.ts'
import type { Replay } from '../engine/replay.ts'
import { LogCounts, penalised } from '../engine/sampler.ts'
import { samplingOf } from '../engine/sampling.ts'

/** A turn as its opening shows it. */
export interface TurnLog {
  /** Positions [0, n). */
  ids: readonly number[]
  completionFrom: number
  sampling: wire.Sampling
}

/** Of positions [from, from + verdicts.length). */
export interface Redrawn {
  from: number
  verdicts: DrawVerdict[]
  prints: Uint8Array
}

/** @throws EngineError CONTEXT_TOO_LONG, BAD_TOKEN_ID, ENGINE_DOWN, RUNTIME_FAILED; SeamError GRAMMAR_INVALID */
export const redraw = async (replay: Replay, modelDir: string, log: TurnLog, from: number, to: number): Promise<Redrawn> => {
  const { ids, completionFrom } = log
  const sampling = samplingOf(log.sampling)
  const masks = log.sampling.grammar === undefined ? undefined : await Masks.open(modelDir, replay.vocabSize, log, from)
  try {
    const check = new DrawCheck(replay.vocabSize, FINGERPRINT_NOISE)
    const counts = penalised(sampling) ? new LogCounts(completionFrom) : undefined
    const drawn: Redrawn = { from, verdicts: [], prints: new Uint8Array((to - from) * PRINT_BYTES) }
    await replay.run(ids, from, to, (position, row) => {
      const id = ids[position] as number
      counts?.update(ids, position)
      drawn.verdicts.push(check.judge(row, sampling, position, id, counts, masks?.next()))
      masks?.took(id)
      printRow(row, drawn.prints, (position - from) * PRINT_BYTES)
    })
    return drawn
  } finally {
    masks?.close()
  }
}

/** The grammar of an answer, followed through the ids that the log has. */
class Masks {
  readonly #grammars: Grammars
  readonly #mask: TokenMask
  readonly #wake: Int32Array

  private constructor(grammars: Grammars, mask: TokenMask, wake: Int32Array) {
    this.#grammars = grammars
    this.#mask = mask
    this.#wake = wake
  }

  static async open(
    modelDir: string,
    vocabSize: number,
    { ids, completionFrom, sampling }: TurnLog,
    from: number
  ): Promise<Masks> {
    const { dir, eosIds } = readModelDir(modelDir)
    const wake = new SharedArrayBuffer(4)
    const grammars = new Grammars({ modelDir: dir, vocabSize, eosIds, openMax: 1, wake })
    const { stopIds, grammar = { kind: 0, source: '' } } = sampling
    try {
      const { shared } = await grammars.open({ grammar, stopIds, log: ids.slice(completionFrom, from) })
      return new Masks(grammars, new TokenMask(shared), new Int32Array(wake))
    } catch (error) {
      grammars.close()
      throw error
    }
  }

  /** The mask for the next id; undefined once the log left the grammar: then nothing may follow, and every id is judged without it. */
  next(): Int32Array | undefined {
    const deadline = performance.now() + GRAMMAR_MASK_MS
    for (;;) {
      const seen = Atomics.load(this.#wake, 0)
      if (this.#mask.ready) return this.#mask.words
      if (this.#mask.failed) return undefined
      const left = deadline - performance.now()
      if (left <= 0) throw new EngineError({ code: 'ENGINE_DOWN', reason: 'the grammar does not say what may follow' })
      Atomics.wait(this.#wake, 0, seen, left)
    }
  }

  took(id: number): void {
    this.#mask.push(id, 0)
  }

  close(): void {
    this.#grammars.close()
  }
}
