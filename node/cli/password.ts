/** A keystore's password: from a file, from the environment, or from the person at the terminal. Never from the command line. */
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { SeamError } from 'openseam/protocol/errors'
import { readSecretFile } from './options.ts'

export const PASSWORD_VARIABLE = 'OPENSEAM_PASSWORD'

export const readPassword = async (file: string | undefined, wallet: string): Promise<string> => {
  if (file !== undefined) return readSecretFile(file)
  const given = process.env[PASSWORD_VARIABLE]
  if (given !== undefined) return given
  if (!process.stdin.isTTY)
    throw new SeamError('CONFIG', `no terminal to ask for the password: give --password-file or ${PASSWORD_VARIABLE}`)
  process.stderr.write(`password of ${wallet}: `)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() }) // what is typed is not shown
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true })
  try {
    return await lines.question('')
  } finally {
    lines.close()
    process.stderr.write('\n')
  }
}
