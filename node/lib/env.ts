/** Flags of every command: each can also be set by `OPENSEAM_*`, is checked once, and misuse ends with exit code 2. */
import { type Command, CommanderError } from 'commander'
import { isErrorCode } from 'openseam/protocol/errors'
import type { z } from 'zod'

const EXIT_FAILED = 1
const EXIT_USAGE = 2

/** `portBase` -> `OPENSEAM_PORT_BASE` */
export const envName = (attribute: string): string =>
  `OPENSEAM_${attribute.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`

const isOff = (value: string): boolean => ['', '0', 'false', 'no'].includes(value.toLowerCase())

/** Gives every option of a command and of those below it its variable; a flag beats its variable, that beats the default. */
const bindEnv = (command: Command): void => {
  for (const option of command.options) {
    const attribute = option.attributeName()
    if (attribute === 'version') continue // asks, sets nothing
    const name = envName(option.negate ? `no${attribute[0]?.toUpperCase()}${attribute.slice(1)}` : attribute)
    option.env(name) // for --help; commander reads it only where it stood before the option was added to its command
    const value = process.env[name]
    if (value === undefined) continue
    if (option.required || option.optional) command.setOptionValueWithSource(attribute, value, 'env')
    // Commander takes any value of a bare flag's variable for "on"; `OPENSEAM_JSON=0` must mean off.
    else if (!isOff(value)) command.setOptionValueWithSource(attribute, !option.negate, 'env')
  }
  for (const below of command.commands) bindEnv(below)
}

const throwOnExit = (command: Command): void => {
  command.exitOverride()
  for (const below of command.commands) throwOnExit(below)
}

/** The options of a command, checked and converted. What does not fit is a usage error that names the flag. */
export const flagsOf = <Schema extends z.ZodType>(command: Command, schema: Schema): z.output<Schema> => {
  const result = schema.safeParse(command.optsWithGlobals())
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const option = command.options.find((candidate) => candidate.attributeName() === issue?.path[0])
  const name = option?.long ?? issue?.path.join('.') ?? 'options'
  return command.error(`error: ${name}: ${issue?.message ?? 'not understood'}`, { exitCode: EXIT_USAGE })
}

/** Ends a command that has said what it found, with the code that says it to a script. */
export class ExitCode extends Error {
  readonly code: number

  constructor(code: number) {
    super(`exit code ${code}`)
    this.code = code
  }
}

/** Runs a command line to its end; returns the exit code. Reasons go to stderr, and stacks only for what nobody foresaw. */
export const runProgram = async (program: Command, argv: readonly string[]): Promise<number> => {
  bindEnv(program)
  throwOnExit(program)
  try {
    await program.parseAsync([...argv])
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE
    if (error instanceof ExitCode) return error.code
    process.stderr.write(`${reason(error)}\n`)
    return EXIT_FAILED
  }
}

export const reason = (error: unknown): string => {
  // The engine has an error type of its own, whose codes are ours where a person can do something about them.
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (error instanceof Error && isErrorCode(code)) return `${code}: ${error.message}`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
