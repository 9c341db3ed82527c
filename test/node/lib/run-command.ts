/** Runs a command in this process, where a new one would cost a second of start-up: what it printed, and its exit code. */
import { Command } from 'commander'
import { runProgram } from '../../../node/lib/env.ts'

export interface Ran {
  code: number
  out: string
  err: string
}

export const runCommand = async (add: (program: Command) => void, args: readonly string[]): Promise<Ran> => {
  const ran: Ran = { code: -1, out: '', err: '' }
  const program = new Command('openseam').configureOutput({ writeErr: (text) => (ran.err += text) })
  add(program)
  const { stdout, stderr } = process
  const [writeOut, writeErr] = [stdout.write, stderr.write]
  const into = (name: 'out' | 'err') => (text: unknown) => {
    ran[name] += String(text)
    return true
  }
  stdout.write = into('out')
  stderr.write = into('err')
  try {
    ran.code = await runProgram(program, ['node', 'openseam', ...args])
  } finally {
    stdout.write = writeOut
    stderr.write = writeErr
  }
  return ran
}
