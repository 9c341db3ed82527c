/** `openseam audit` as a process of its own, as an outsider runs it. */
import { execFile } from 'node:child_process'
import { commandModule } from '../../../node/devnet/children.ts'

export interface Ran {
  code: number
  out: string
  err: string
}

/** Settles with its exit code, whatever that is. */
export const runAudit = (args: readonly string[]): Promise<Ran> =>
  new Promise((resolve) =>
    execFile(process.execPath, [...process.execArgv, commandModule, 'audit', ...args], (error, out, err) =>
      resolve({ code: Number(error?.code ?? 0), out, err })
    )
  )
