/** Which takeovers are tried: prompts, moments of the fault, and how many of each kind, in an order that mixes them. */
import type { Fault } from './market.ts'
import type { BenchModel, ModelName } from './models.ts'
import type { BenchOptions } from './options.ts'
import { chance, shuffled } from './stats.ts'
import type { TrialPlan } from './trial.ts'

const TEMPERATURE = 0.8

export interface Kind {
  context: number
  tier: 'warm' | 'prefill'
  sampled: boolean
  /** Its share of the trials of a model. */
  weight: number
}

export interface Setting {
  providers: number
  slots: number
  trials: number
  quickTrials: number
  /** Different prompts of each kind; each costs one undisturbed answer. */
  prompts: number
  /** The fault strikes after a completion token in this range, and this many tokens follow it. */
  faultAt: [number, number]
  after: number
  kinds: Kind[]
}

export const settings: Record<ModelName, Setting> = {
  'seam-chat': {
    providers: 4,
    slots: 4,
    trials: 210,
    quickTrials: 7,
    prompts: 4,
    faultAt: [5, 35],
    after: 84,
    kinds: [64, 300, 900]
      .flatMap((context): Kind[] => [
        { context, tier: 'warm', sampled: false, weight: 1 },
        { context, tier: 'warm', sampled: true, weight: 1 }
      ])
      .concat({ context: 900, tier: 'prefill', sampled: false, weight: 1 })
  },
  'shape-135m': {
    providers: 3, // each holds 1 GB
    slots: 2,
    trials: 200,
    quickTrials: 3,
    prompts: 2,
    faultAt: [4, 36],
    after: 64,
    kinds: [
      { context: 256, tier: 'warm', sampled: false, weight: 5 },
      { context: 1500, tier: 'warm', sampled: false, weight: 4 },
      { context: 1500, tier: 'prefill', sampled: false, weight: 1 }
    ]
  }
}

/** The kinds in the proportion of their weights, shuffled, so that all of them see the same hours of the machine. */
export const schedule = (setting: Setting, { trials, quick, tier }: BenchOptions): Kind[] => {
  const kinds = setting.kinds.filter((kind) => tier === undefined || kind.tier === tier)
  const total = kinds.reduce((sum, { weight }) => sum + weight, 0)
  const wanted = trials ?? (quick ? setting.quickTrials : setting.trials)
  const order = kinds.flatMap((kind) =>
    Array.from({ length: Math.max(1, Math.round((wanted * kind.weight) / total)) }, () => kind)
  )
  return shuffled(order, chance(2))
}

export const planOf = (
  model: BenchModel,
  setting: Setting,
  kind: Kind,
  prompt: number,
  fault: Fault,
  draw: () => number
): TrialPlan => {
  const [low, high] = setting.faultAt
  const faultAt = low + Math.floor(draw() * (high - low + 1))
  return {
    ids: model.prompt(kind.context, 1_000 * kind.context + prompt),
    sampling: { temperature: kind.sampled ? TEMPERATURE : 0, seed: BigInt(prompt + 1) },
    tier: kind.tier,
    fault,
    faultAt,
    phase: draw(),
    maxTokens: faultAt + setting.after
  }
}
