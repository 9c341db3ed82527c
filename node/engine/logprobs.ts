import type { TokenLogprob } from './types.ts'

/**
 * Natural logarithms of the probabilities of one row, before temperature, penalties and bias: of `id`, and of the `count`
 * most probable ids (rising id on ties).
 */
export function tokenLogprob(logits: Float32Array, id: number, count: number): TokenLogprob {
  const best: number[] = []
  let max = -Infinity
  for (let other = 0; other < logits.length; other++) {
    const value = logits[other]!
    if (value > max) max = value
    if (best.length === count && !(value > logits[best[count - 1]!]!)) continue
    let at = best.length < count ? best.length : count - 1
    while (at > 0 && value > logits[best[at - 1]!]!) {
      best[at] = best[at - 1]!
      at--
    }
    best[at] = other
  }
  let sum = 0
  for (let other = 0; other < logits.length; other++) sum += Math.exp(logits[other]! - max)
  const total = max + Math.log(sum)
  const entry = (of: number) => ({ id: of, logprob: logits[of]! - total })
  return { ...entry(id), top: best.map(entry) }
}
