/** `npm run bench -- NAME`: runs one bench. Progress goes to stderr; the last line of stdout is one JSON object. */
import { commitNow, machineNow } from './machine.ts'
import { type BenchOptions, type Flags, readFlags, usage } from './options.ts'
import { tablesOf } from './table.ts'

type Bench = (options: BenchOptions) => Promise<object>

// Loaded when asked for: a bench of pure functions needs no engine.
const benches: Record<string, () => Promise<Bench>> = {
  takeover: async () => (await import('./takeover.ts')).takeover,
  decode: async () => (await import('./decode.ts')).decode,
  replication: async () => (await import('./replication.ts')).replication,
  batch: async () => (await import('./batch.ts')).batch,
  seal: async () => (await import('./seal.ts')).benchSeal,
  placement: async () => (await import('./placement.ts')).placement,
  gateway: async () => (await import('./gateway.ts')).gateway,
  settle: async () => (await import('./settle.ts')).settle,
  index: async () => (await import('./index.ts')).indexBench,
  fingerprint: async () => (await import('./fingerprint.ts')).fingerprint,
  prints: async () => (await import('./prints.ts')).prints
}

const EXIT_FAILED = 1
const EXIT_USAGE = 2

const flagsOrExit = (): Flags => {
  try {
    return readFlags(process.argv.slice(2), Object.keys(benches))
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage(Object.keys(benches))}\n`)
    process.exit(EXIT_USAGE)
  }
}

const { name, json, ...flags } = flagsOrExit()
const stops = new Set<() => Promise<unknown>>()
const onStop = (stop: () => Promise<unknown>): (() => void) => {
  stops.add(stop)
  return () => stops.delete(stop)
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void Promise.allSettled([...stops].map((stop) => stop())).then(() => process.exit(EXIT_FAILED)))
}

const startedMs = performance.now()
const stamp = (): string => `${((performance.now() - startedMs) / 1000).toFixed(1).padStart(7)} s`
const say = (text: string): void => void process.stderr.write(`${stamp()}  ${text}\n`)
const machine = machineNow()
try {
  const bench = await (benches[name] as () => Promise<Bench>)()
  const results = await bench({ ...flags, say, onStop })
  if (!json) process.stdout.write(`${tablesOf(results)}\n`)
  process.stdout.write(`${JSON.stringify({ bench: name, machine, commit: commitNow(), quick: flags.quick, results })}\n`)
  process.exit(0)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exit(EXIT_FAILED)
}
