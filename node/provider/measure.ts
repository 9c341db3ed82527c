/** A provider measures itself before it offers anything: the first run also pays for what the runtime prepares lazily. */
import type { Engine } from '../engine/types.ts'

const PROMPT_POSITIONS = 64
const TOKENS = 48

/** Runs one small job to its end; `engine.stats()` then has its speeds. */
export const measureEngine = async (engine: Engine): Promise<void> => {
  const prompt = Math.min(PROMPT_POSITIONS, engine.info.contextMax - 2)
  const maxTo = Math.min(prompt + TOKENS, engine.info.contextMax)
  const ids = Array.from({ length: prompt }, (_, i) => (i * 7) % engine.info.vocabSize)
  const key = 'self-measurement'
  await new Promise<void>((resolve) => {
    engine.start(
      {
        key,
        ids,
        from: 0,
        completionFrom: prompt,
        maxTo,
        sampling: {
          temperature: 0,
          topP: 1,
          topK: 0,
          minP: 0,
          repetitionPenalty: 1,
          frequencyPenalty: 0,
          presencePenalty: 0,
          logitBias: [],
          seed: 0n,
          logprobs: 0
        },
        stopIds: []
      },
      (event) => event.kind === 'end' && resolve()
    )
  })
  engine.drop(key)
}
