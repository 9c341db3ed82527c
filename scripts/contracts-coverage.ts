/**
 * `npm run contracts-coverage`: which lines of the contracts the Solidity tests run, and which of their conditions they see go both ways. Every
 * operand of && and || counts as a condition of its own. Prints a table and what is missing; exit 1 below the targets.
 */
import { execFileSync } from 'node:child_process'
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROBES, probe } from './contracts/conditions.ts'
import { copyOfContracts } from './contracts/copy.ts'

const LINES_MIN = 0.98
const BRANCHES_MIN = 0.95

const root = join(import.meta.dirname, '..')

/** Whether each line ran, by file. */
const linesOf = (lcov: string): Map<string, Map<number, boolean>> => {
  const files = new Map<string, Map<number, boolean>>()
  let lines = new Map<number, boolean>()
  for (const row of lcov.split('\n')) {
    const [, file] = /^SF:(.+)$/.exec(row) ?? []
    if (file !== undefined) files.set(file, (lines = new Map()))
    const [, line, hits] = /^DA:(\d+),(\d+)/.exec(row) ?? []
    if (line !== undefined) lines.set(Number(line), hits !== '0')
  }
  return files
}

const share = (all: readonly boolean[]): number => (all.length === 0 ? 1 : all.filter(Boolean).length / all.length)
const shown = (all: readonly boolean[]): string =>
  `${(100 * share(all)).toFixed(2).padStart(6)} % of ${String(all.length).padStart(4)}`

const copy = copyOfContracts(root)
try {
  const sources = globSync('contracts/**/*.sol', { cwd: copy }).sort()
  const { conditions, files, linesOf: linesOfProbe } = probe(copy, sources)
  for (const [file, text] of files) writeFileSync(join(copy, file), text)
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' }
  execFileSync(join(root, 'node_modules/.bin/hardhat'), ['--coverage', 'test', 'solidity'], { cwd: copy, env, stdio: 'inherit' })
  const found = linesOf(readFileSync(join(copy, 'coverage/lcov.info'), 'utf8'))
  const probes = found.get(PROBES)
  const missing: string[] = []
  const total = { lines: [] as boolean[], branches: [] as boolean[] }
  for (const file of sources) {
    const ran = found.get(file)
    if (ran === undefined) continue // interfaces have nothing to run
    for (const [line, hit] of ran) if (!hit) missing.push(`${file}:${line} never runs`)
    const branches = conditions.flatMap((condition, i) => {
      if (condition.file !== file) return []
      const { yes, no } = linesOfProbe(i)
      const ways = [probes?.get(yes) === true, probes?.get(no) === true]
      for (const [way, name] of ['holds', 'fails'].entries())
        if (!ways[way]) missing.push(`${file}:${condition.line} never ${name}: ${condition.text}`)
      return ways
    })
    const lines = [...ran.values()]
    total.lines.push(...lines)
    total.branches.push(...branches)
    console.log(`${file.padEnd(40)}  lines ${shown(lines)}  branches ${shown(branches)}`)
  }
  console.log(`${'all'.padEnd(40)}  lines ${shown(total.lines)}  branches ${shown(total.branches)}`)
  for (const one of missing) console.log(one)
  process.exitCode = share(total.lines) >= LINES_MIN && share(total.branches) >= BRANCHES_MIN ? 0 : 1
} finally {
  rmSync(copy, { recursive: true, force: true })
}
