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
  return ask(`password of ${wallet}: `)
}

/** Of a key that is made now: nobody could open it after a slip of the fingers, so it is asked for twice. Throws CONFIG for none. */
export const readNewPassword = async (file: string | undefined, wallet: string): Promise<string> => {
  const password = await readPassword(file, wallet)
  if (password === '') throw new SeamError('CONFIG', 'an empty password protects nothing')
  const isTyped = file === undefined && process.env[PASSWORD_VARIABLE] === undefined
  if (isTyped && (await ask('the same again: ')) !== password)
    throw new SeamError('CONFIG', 'that was another one: no key was made')
  return password
}

const ask = async (prompt: string): Promise<string> => {
  process.stderr.write(prompt)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() }) // what is typed is not shown
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true })
  try {
    return await lines.question('')
  } finally {
    lines.close()
    process.stderr.write('\n')
  }
}
