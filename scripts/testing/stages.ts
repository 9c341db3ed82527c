/** Everything that must hold before a change lands, cheapest first. */
import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { type Counts, countsOf, countsOfCheck, hasSum } from './counts.ts'

export interface Stage {
  name: string
  command: string
  args: string[]
  /** A stage that hangs fails. */
  limitMs: number
  /** Whether what was printed has the runner's own sum, after which only its end is to come. */
  hasSum(output: string): boolean
  counts(output: string, exitCode: number): Counts
}

const MINUTE = 60_000

/** The stages whose subject exists in this checkout. */
export const stagesOf = (root: string): Stage[] => {
  const bin = (name: string): string => join(root, 'node_modules/.bin', name)
  const mocha = join(root, 'node_modules/mocha/bin/mocha.js')
  const check = (name: string, command: string, args: string[]): Stage => {
    return { name, command, args, limitMs: 5 * MINUTE, hasSum: () => false, counts: countsOfCheck }
  }
  const tests = (name: string, limitMs: number, command: string, args: string[]): Stage => {
    return { name, command, args, limitMs, hasSum, counts: countsOf }
  }
  const script = (name: string, path: string, ...args: string[]): Stage =>
    check(name, process.execPath, [join(root, path), ...args])
  const has = (pattern: string): boolean => globSync(pattern, { cwd: root }).length > 0

  const stages: (Stage | false)[] = [
    check('types', bin('tsc'), ['--noEmit', '-p', root]),
    check('format and lint', bin('biome'), ['check', '--colors=off', '--max-diagnostics=200', root]),
    script('tidy', 'scripts/tidy.ts'),
    script('wire code', 'scripts/proto.ts', '--check'),
    script('names of the SDK', 'scripts/sdk-docs.ts', '--check'),
    existsSync(join(root, 'scripts/artifacts.ts')) && {
      ...script('contract artifacts', 'scripts/artifacts.ts', '--check'),
      limitMs: 20 * MINUTE
    },
    tests('unit', 15 * MINUTE, process.execPath, [mocha]),
    has('test/contracts/**/*.t.sol') && tests('contracts in Solidity', 20 * MINUTE, bin('hardhat'), ['test', 'solidity']),
    has('test/contracts/**/*.test.ts') &&
      tests('contracts from outside', 20 * MINUTE, process.execPath, [
        mocha,
        ...['--no-config', '--node-option', 'conditions=source', '--timeout', '120000', 'test/contracts/**/*.test.ts']
      ]),
    has('test/e2e/**/*.test.ts') && tests('end to end', 40 * MINUTE, process.execPath, [mocha, '--config', '.mocharc.e2e.json'])
  ]
  return stages.filter((stage) => stage !== false)
}
