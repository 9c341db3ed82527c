/**
 * `npm test`: every check and every test, in order. A line a stage; what a failed stage printed is shown after it.
 * `--verbose` shows everything; words on the command line choose stages by name. The last line is always `N passed, N failed`.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { type Stage, stagesOf } from './testing/stages.ts'

const root = join(import.meta.dirname, '..')
const verbose = process.argv.includes('--verbose')
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const STILL_HERE_MS = 30_000
const LAST_WORDS_MS = 2_000
/** From a runner's sum to its end: what tests left open must not hold up all the rest. */
const CLOSING_MS = 60_000
const SUM_CHARS = 200
const SIGNALS = ['SIGINT', 'SIGTERM'] as const
const secondsSince = (startedMs: number): string => `${((performance.now() - startedMs) / 1000).toFixed(1)} s`

interface Ended {
  output: string
  exitCode: number
}

const run = ({ command, args, limitMs, hasSum }: Stage): Promise<Ended> =>
  new Promise((resolve) => {
    const bin = join(root, 'node_modules/.bin')
    const env = { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}`, CI: 'true', FORCE_COLOR: '0' }
    // A group of its own: a stage that hangs is ended with everything it started.
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    const end = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      } catch {
        // the group is gone already
      }
    }
    const limit = setTimeout(end, limitMs)
    let closing: NodeJS.Timeout | undefined
    const stop = (): void => {
      end()
      process.exit(130)
    }
    for (const signal of SIGNALS) process.once(signal, stop)
    let output = ''
    const take = (chunk: Buffer): void => {
      output += chunk.toString()
      if (hasSum(output.slice(-chunk.length - SUM_CHARS))) closing ??= setTimeout(end, CLOSING_MS)
      if (verbose) process.stdout.write(chunk)
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.on('error', (error) => resolve({ output: `${output}${error.message}\n`, exitCode: 1 }))
    // Whoever left the group may still hold its output: that is not waited for.
    let last: NodeJS.Timeout | undefined
    child.on('exit', () => {
      last = setTimeout(() => {
        child.stdout.destroy()
        child.stderr.destroy()
      }, LAST_WORDS_MS)
    })
    child.on('close', (code, signal) => {
      clearTimeout(limit)
      clearTimeout(closing)
      clearTimeout(last)
      for (const name of SIGNALS) process.off(name, stop)
      const late = `, since it did not end by itself within ${limitMs / 60_000} minutes, or ${CLOSING_MS / 1_000} s after its sum`
      const why = signal === null ? '' : `\nended by ${signal}${signal === 'SIGKILL' ? `${late}, or from outside` : ''}\n`
      resolve({ output: output + why, exitCode: code ?? 1 })
    })
  })

let passed = 0
let failed = 0
for (const stage of stagesOf(root).filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)))) {
  const startedMs = performance.now()
  const ticker = setInterval(() => console.log(`      ${stage.name} ... ${secondsSince(startedMs)}`), STILL_HERE_MS)
  const { output, exitCode } = await run(stage)
  clearInterval(ticker)
  const counts = stage.counts(output, exitCode)
  passed += counts.passed
  failed += counts.failed
  const bad = counts.failed > 0
  console.log(
    `${bad ? 'FAIL' : 'ok  '}  ${stage.name}: ${counts.passed} passed, ${counts.failed} failed (${secondsSince(startedMs)})`
  )
  if (bad && !verbose) console.log(output.trimEnd().replace(/^/gm, '      '))
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
