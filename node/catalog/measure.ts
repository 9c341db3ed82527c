/** A model directory on this machine: what it is, and how fast it runs. */

import { openEngine } from '../engine/engine.ts'
import type { EngineInfo } from '../engine/types.ts'
import { measureEngine } from '../provider/measure.ts'

export interface Measured {
  info: EngineInfo
  /** Tokens a second of one session: of a prompt, and of an answer. */
  read: number
  written: number
}

/** One small answer. Throws what the engine throws. */
export const measureModel = async (modelDir: string, threads: number): Promise<Measured> => {
  const engine = await openEngine({ modelDir, slots: 1, threads })
  try {
    await measureEngine(engine)
    const { prefillTokensPerSecond, tokensPerSecond } = engine.stats()
    return { info: engine.info, read: Math.round(prefillTokensPerSecond), written: Math.round(tokensPerSecond) }
  } finally {
    await engine.close()
  }
}
