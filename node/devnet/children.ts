/** Child processes of a devnet: forked with IPC, so that each ends when its parent does, and knows when the child is ready. */
import { type ChildProcess, fork } from 'node:child_process'
import { appendFileSync, closeSync, openSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { SeamError } from 'openseam/protocol/errors'

const READY_MS = 180_000 // four providers that load a large model at once on a small machine
const STOP_MS = 30_000
const extension = extname(import.meta.filename)

/** `openseam ARGS` as a child, or another module of this package. */
export const commandModule = join(import.meta.dirname, `../cli/main${extension}`)
export const chainModule = join(import.meta.dirname, `chain${extension}`)

export interface Child<Ready> {
  readonly process: ChildProcess
  readonly ready: Ready
  /** Settles when the process has ended, however it did. */
  readonly exited: Promise<void>
  /** SIGTERM, and SIGKILL for one that does not listen. */
  stop(): Promise<void>
}

/** Starts a child and waits for its `{ready: true, ...}`. What it prints goes to `logFile`; a failure quotes its last lines. */
export const startChild = async <Ready>(module: string, args: string[], logFile: string): Promise<Child<Ready>> => {
  const log = openSync(logFile, 'a', 0o600)
  const child = fork(module, args, {
    stdio: ['ignore', log, log, 'ipc'],
    execArgv: process.execArgv.filter((arg) => !arg.startsWith('--inspect'))
  })
  closeSync(log)
  const exited = new Promise<void>((resolve) =>
    child.once('exit', (code, signal) => {
      appendFileSync(logFile, `ended with ${signal ?? `code ${code}`}\n`) // a process that is killed says nothing itself
      resolve()
    })
  )
  const ready = await new Promise<Ready>((resolve, reject) => {
    const fail = (why: string): void =>
      reject(new SeamError('CONFIG', `${args[0] ?? 'the chain'} did not start: ${why}\n${lastLines(logFile)}`))
    const timer = setTimeout(() => fail(`not ready after ${READY_MS / 1000} s`), READY_MS)
    child.on('message', (message: { ready?: boolean }) => {
      if (message.ready !== true) return
      clearTimeout(timer)
      resolve(message as Ready)
    })
    child.once('exit', (code, signal) => {
      clearTimeout(timer)
      fail(`it ended with ${signal ?? `code ${code}`}`)
    })
  }).catch((error: unknown) => {
    child.kill('SIGKILL')
    throw error
  })
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
    await exited
    clearTimeout(timer)
  }
  return { process: child, ready, exited, stop }
}

const lastLines = (file: string): string => readFileSync(file, 'utf8').trim().split('\n').slice(-5).join('\n')
