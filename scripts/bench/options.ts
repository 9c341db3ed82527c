/** The command line of `npm run bench`, checked once. */
import { parseArgs } from 'node:util'
import { type Fault, faults } from './market.ts'
import { type ModelName, modelNames } from './models.ts'

export const tiers = ['warm', 'prefill'] as const

export interface BenchOptions {
  /** A shorter run of the same shape. */
  quick: boolean
  /** Absent: as many as the figures need. */
  trials?: number
  tier?: (typeof tiers)[number]
  model?: ModelName
  fault: Fault
  /** Of one run of a provider's engine; absent: 1. */
  threads?: number
  /** Keeps state and logs of the market there. */
  home?: string
  /** Progress for people. */
  say(text: string): void
  /** What has to end when the run is interrupted. Returns how to take it back. */
  onStop(stop: () => Promise<unknown>): () => void
}

export type Flags = Pick<BenchOptions, 'quick' | 'trials' | 'tier' | 'model' | 'fault' | 'threads' | 'home'> & {
  name: string
  json: boolean
}

export const usage = (names: readonly string[]): string =>
  `npm run bench -- NAME [--json] [--quick] [--trials N] [--tier ${tiers.join('|')}] [--model ${modelNames.join('|')}] [--fault ${faults.join('|')}] [--threads N] [--home DIR]\n` +
  `NAME is one of: ${names.join(', ')}`

const one = <T extends string>(flag: string, value: string | undefined, allowed: readonly T[]): T | undefined => {
  if (value === undefined || (allowed as readonly string[]).includes(value)) return value as T | undefined
  throw new RangeError(`--${flag} ${value}: one of ${allowed.join(', ')}`)
}

const count = (flag: string, value: string | undefined): number | undefined => {
  const number = value === undefined ? undefined : Number(value)
  if (number === undefined || (Number.isInteger(number) && number > 0)) return number
  throw new RangeError(`--${flag} ${value}: a number from 1 up`)
}

/** Throws an error that says what was not understood. */
export const readFlags = (args: string[], names: readonly string[]): Flags => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      trials: { type: 'string' },
      tier: { type: 'string' },
      model: { type: 'string' },
      fault: { type: 'string', default: 'kill' },
      threads: { type: 'string' },
      home: { type: 'string' }
    }
  })
  const [name, ...rest] = positionals
  if (name === undefined || rest.length > 0 || !names.includes(name))
    throw new RangeError(`${positionals.join(' ') || 'nothing'}: no such bench`)
  return {
    name,
    json: values.json,
    quick: values.quick,
    trials: count('trials', values.trials),
    tier: one('tier', values.tier, tiers),
    model: one('model', values.model, modelNames),
    fault: one('fault', values.fault, faults) ?? 'kill',
    threads: count('threads', values.threads),
    home: values.home
  }
}
