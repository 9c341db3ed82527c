/** What a figure was measured on: a number without it says nothing. */
import { execFileSync } from 'node:child_process'
import { arch, cpus, loadavg, platform, totalmem } from 'node:os'

export interface Machine {
  cpu: string
  cores: number
  memoryGB: number
  platform: string
  node: string
  /** Mean number of runnable processes over the last minute, before the bench: above 0.5 somebody else was at work. */
  load: number
}

export const machineNow = (): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGB: Math.round(totalmem() / 2 ** 30),
  platform: `${platform()} ${arch()}`,
  node: process.version,
  load: Math.round((loadavg()[0] ?? 0) * 100) / 100
})

const git = (...args: string[]): string =>
  execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()

/** The commit of the checkout, with `-dirty` where files differ from it; `unknown` outside of one. */
export const commitNow = (): string => {
  try {
    return `${git('rev-parse', '--short=12', 'HEAD')}${git('status', '--porcelain', '--untracked-files=no') === '' ? '' : '-dirty'}`
  } catch {
    return 'unknown'
  }
}
