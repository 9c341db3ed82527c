// Compiles the contracts and writes what a deployment and a client need of them into sdk/chain/artifacts.ts, which is committed:
// starting a devnet never compiles. `--check` fails when the committed file is stale.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import hre from 'hardhat'
import { bytesToHex, hexToBytes, keccak256 } from '../sdk/protocol/eth.ts'

const CONTRACTS = ['Ledger', 'Registry', 'Models', 'Court', 'Committee', 'OpenToken']
const target = join(import.meta.dirname, '../sdk/chain/artifacts.ts')

interface AbiEntry {
  type: string
  name?: string
}

// The compiler repeats internal type names that no client reads.
const slim = (abi: readonly unknown[]): unknown =>
  JSON.parse(JSON.stringify(abi, (key, value: unknown) => (key === 'internalType' ? undefined : value)))

const render = async (name: string): Promise<string> => {
  const artifact = await hre.artifacts.readArtifact(name)
  const info = artifact as unknown as { immutableReferences?: Record<string, { start: number; length: number }[]> }
  const immutables = Object.values(info.immutableReferences ?? {})
    .flat()
    .map(({ start }) => start)
    .sort((a, b) => a - b)
  const body = {
    abi: slim(artifact.abi as AbiEntry[]),
    bytecode: artifact.bytecode,
    runtimeBytes: (artifact.deployedBytecode.length - 2) / 2,
    runtimeHash: bytesToHex(keccak256(hexToBytes(artifact.deployedBytecode))),
    immutables
  }
  return `export const ${name}: Artifact = ${JSON.stringify(body)}\n`
}

await hre.tasks.getTask('build').run({ quiet: true, noTests: true, defaultBuildProfile: 'production' })
const contracts = (await Promise.all(CONTRACTS.map(render))).join('\n')
const text = `// Written by scripts/artifacts.ts. Do not edit.
// biome-ignore-all format: one contract a line
export interface Artifact {
  abi: readonly Record<string, unknown>[]
  bytecode: \`0x\${string}\`
  runtimeBytes: number
  /** keccak256 of the code on chain with its immutables (32 bytes at each offset of \`immutables\`) set to zero. */
  runtimeHash: \`0x\${string}\`
  immutables: readonly number[]
}

${contracts}`

if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    console.error('sdk/chain/artifacts.ts is stale: run node scripts/artifacts.ts')
    process.exitCode = 1
  }
} else writeFileSync(target, text)
