/** The ledger's and the registry's invariants, 500 runs of 500 calls each, on the code that is deployed. */
import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

export const invariants = async (): Promise<object> => {
  const startedMs = performance.now()
  const files = globSync('test/contracts/invariants/*.t.sol', { cwd: root })
  const profiles = ['--build-profile', 'production', '--test-profile', 'soak']
  const child = spawn(join(root, 'node_modules/.bin/hardhat'), ['test', 'solidity', ...profiles, ...files], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit']
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
    process.stderr.write(chunk)
  })
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  if (code !== 0) throw new Error('an invariant does not hold: see above')
  return {
    held: output.match(/✔ invariant_/g)?.length ?? 0,
    runs: 500,
    depth: 500,
    seconds: Math.round((performance.now() - startedMs) / 1000)
  }
}
