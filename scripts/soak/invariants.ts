/**
 * The invariants of ledger, registry and court, 500 runs of 500 calls each, on the code that is deployed. In parts where time is short: SUITE names
 * files (`Ledger`, `Registry`, `Court`), RUNS how many runs, SEED which ones; BUILD=default takes the code without the optimiser, which compiles in a tenth of the time.
 */
import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const DEPTH = 500 // as hardhat.config.ts has it

export const invariants = async (): Promise<object> => {
  const { SUITE = '*', BUILD = 'production' } = process.env
  const runs = Number((process.env['RUNS'] ??= '500'))
  const seed = BigInt(process.env['SEED'] ?? crypto.getRandomValues(new Uint32Array(1))[0] ?? 0)
  const files = globSync(`test/contracts/invariants/${SUITE}.t.sol`, { cwd: root })
  if (files.length === 0 || !(runs > 0)) throw new Error('no such SUITE, or no RUNS')
  process.stderr.write(`SEED=${seed}\n`)
  const env = { ...process.env, RUNS: String(runs), SEED: `0x${seed.toString(16)}` }
  const profiles = ['--build-profile', BUILD, '--test-profile', 'soak']
  const child = spawn(join(root, 'node_modules/.bin/hardhat'), ['test', 'solidity', ...profiles, ...files], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit']
  })
  let output = ''
  const startedMs = performance.now()
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
    process.stderr.write(chunk)
  })
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  if (code !== 0) throw new Error(`SEED=${seed}: an invariant does not hold, or could not run: see above`)
  const held = output.match(/✔ invariant_/g)?.length ?? 0
  if (held === 0) throw new Error('no invariant was run')
  const seconds = Math.round((performance.now() - startedMs) / 1000)
  return { suite: SUITE, build: BUILD, seed: String(seed), held, runs, depth: DEPTH, calls: held * runs * DEPTH, seconds }
}
