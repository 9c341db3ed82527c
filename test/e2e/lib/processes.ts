/** The process table, as far as a test that kills needs it. */
import { execFileSync } from 'node:child_process'

export const childrenOf = (parent: number): number[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [pid: number, ppid: number])
    .filter(([, ppid]) => ppid === parent)
    .map(([pid]) => pid)
