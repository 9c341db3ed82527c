/**
 * `npm run mutants`: puts one mistake after another into a copy of the contracts and runs the Solidity tests, which must notice each.
 * What was seen is kept in cache/mutants.json and not run again until contracts or tests change; words on the command line choose
 * mutants by name. Prints a table; exit 1 when one survives.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { copyOfContracts } from './contracts/copy.ts'
import { type Mutant, mutants } from './mutants/list.ts'

const root = join(import.meta.dirname, '..')
const RUN_MS = 600_000
const TESTS = globSync('test/contracts/**/*.t.sol', { cwd: root }).sort()
/** Where most mistakes show, in a few seconds. What survives these meets all tests. */
const quickOf = ({ file }: Mutant): string[] =>
  TESTS.filter((test) => !test.includes('invariants') && /Court|Committee/.test(test) === /Court|Committee/.test(file))

interface Fate {
  /** The first test that failed; null when none did. */
  diedTo: string | null
  seconds: number
}

const store = join(root, 'cache/mutants.json')
const known: Record<string, Fate> = (() => {
  try {
    return JSON.parse(readFileSync(store, 'utf8')) as Record<string, Fate>
  } catch {
    return {}
  }
})()

/** The first failing test, or null; throws when the tests could not run at all. */
const firstFailure = (copy: string, files: string[]): Promise<string | null> =>
  new Promise((resolve, reject) => {
    const args = ['test', 'solidity', ...files]
    const env = { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1' }
    const options = { cwd: copy, env, timeout: RUN_MS, killSignal: 'SIGKILL', maxBuffer: 2 ** 26 } as const
    execFile(join(root, 'node_modules/.bin/hardhat'), args, options, (error, stdout, stderr) => {
      if (error === null && /\d+ passing/.test(stdout)) return resolve(null)
      if (!/\d+ failing/.test(stdout)) return reject(new Error(`no result:\n${(stdout + stderr).slice(-2_000)}`))
      resolve(/^\s+1\) (.+)$/m.exec(stdout)?.[1] ?? 'a test')
    })
  })

const fingerprint = createHash('sha256')
for (const file of [
  ...globSync('contracts/**/*.sol', { cwd: root }),
  ...globSync('test/contracts/**/*.sol', { cwd: root })
].sort())
  fingerprint.update(file).update(readFileSync(join(root, file)))
const tree = fingerprint.digest('hex')
const keyOf = (mutant: Mutant | 'baseline'): string =>
  createHash('sha256').update(tree).update(JSON.stringify(mutant)).digest('hex').slice(0, 16)

const seen = async (key: string, look: () => Promise<string | null>): Promise<Fate> => {
  const before = known[key]
  if (before !== undefined) return before
  const startedMs = performance.now()
  const diedTo = await look()
  known[key] = { diedTo, seconds: Math.round((performance.now() - startedMs) / 1000) }
  mkdirSync(join(root, 'cache'), { recursive: true })
  writeFileSync(store, JSON.stringify(known))
  return known[key]
}

const words = process.argv.slice(2)
const chosen = mutants.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)))
const copy = copyOfContracts(root)
let survivors = 0
try {
  const healthy = await seen(keyOf('baseline'), () => firstFailure(copy, []))
  if (healthy.diedTo !== null) throw new Error(`without any mutant this fails: ${healthy.diedTo}`)
  for (const [i, mutant] of chosen.entries()) {
    const path = join(copy, mutant.file)
    const text = readFileSync(path, 'utf8')
    if (text.split(mutant.from).length !== 2) throw new Error(`"${mutant.name}" does not fit ${mutant.file} in exactly one place`)
    const { diedTo, seconds } = await seen(keyOf(mutant), async () => {
      writeFileSync(
        path,
        text.replace(mutant.from, () => mutant.to)
      )
      try {
        return (await firstFailure(copy, quickOf(mutant))) ?? (await firstFailure(copy, []))
      } finally {
        writeFileSync(path, text)
      }
    })
    if (diedTo === null) survivors += 1
    const fate = diedTo === null ? 'SURVIVED' : `died to ${diedTo}`
    console.log(`${String(i + 1).padStart(2)}/${chosen.length}  ${mutant.name.padEnd(50)}  ${fate} (${seconds} s)`)
  }
} finally {
  rmSync(copy, { recursive: true, force: true })
}
console.log(`${chosen.length - survivors} died, ${survivors} survived`)
process.exitCode = survivors === 0 ? 0 : 1
