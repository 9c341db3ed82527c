/**
 * When is a quiet peer suspect, and when is it given up? Pure: time is an argument.
 *
 * Suspicion follows the gaps that were seen: their empirical 99.9 % quantile and half of it again, since fitted normals
 * underestimate the tail (docs/spec/beat.md has the figures). Giving up is a fixed time: it releases keys, so it must not drift
 * with a bad line.
 */
import { COMMIT_MS, SUSPECT_MS } from '../protocol/limits.ts'

export const GAPS_KEPT = 1_000
const QUANTILE = 0.999
const MARGIN = 1.5

export type Verdict = 'alive' | 'suspect' | 'dead'

export interface SilenceOptions {
  suspectMs?: number
  commitMs?: number
}

export class SilenceDetector {
  readonly #floorMs: number
  readonly #commitMs: number
  readonly #gaps: number[] = []
  #gapAt = 0
  #heardMs: number
  #beatMs: number | null = null
  #suspectMs: number

  constructor(startMs: number, options: SilenceOptions = {}) {
    this.#floorMs = options.suspectMs ?? SUSPECT_MS
    this.#commitMs = options.commitMs ?? COMMIT_MS
    this.#suspectMs = this.#floorMs
    this.#heardMs = startMs
  }

  /** Silence after which the peer is suspect, now. */
  get suspectMs(): number {
    return this.#suspectMs
  }

  /** A beat: a sign of life, and one more gap to learn from. */
  beat(nowMs: number): void {
    if (this.#beatMs !== null) this.#learn(nowMs - this.#beatMs)
    this.#beatMs = nowMs
    this.#heardMs = nowMs
  }

  /** Any other sign of life, such as a token. */
  alive(nowMs: number): void {
    this.#heardMs = Math.max(this.#heardMs, nowMs)
  }

  /** Our own process stood still: that much silence says nothing about the peer. */
  forgive(ms: number): void {
    this.#heardMs += ms
    if (this.#beatMs !== null) this.#beatMs += ms
  }

  verdict(nowMs: number): Verdict {
    const quietMs = nowMs - this.#heardMs
    return quietMs >= this.#commitMs ? 'dead' : quietMs >= this.#suspectMs ? 'suspect' : 'alive'
  }

  /** Milliseconds until the verdict can change. */
  waitMs(nowMs: number): number {
    const limitMs = this.verdict(nowMs) === 'alive' ? this.#suspectMs : this.#commitMs
    return Math.max(1, this.#heardMs + limitMs - nowMs)
  }

  #learn(gapMs: number): void {
    this.#gaps[this.#gapAt] = gapMs
    this.#gapAt = (this.#gapAt + 1) % GAPS_KEPT
    const sorted = Float64Array.from(this.#gaps).sort()
    const quantileMs = sorted[Math.floor(QUANTILE * (sorted.length - 1))] ?? 0
    this.#suspectMs = Math.min(this.#commitMs, Math.max(this.#floorMs, MARGIN * quantileMs))
  }
}
