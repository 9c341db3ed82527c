/** Structured logs: one JSON object a line, to a file or to stderr, with nothing private in them. */
import type { Log } from 'openseam/components'
import { destination, pino, stdTimeFunctions } from 'pino'
import { redact } from './redact.ts'

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

export interface LogOptions {
  /** Who speaks: `provider`, `gateway` ... */
  name: string
  level?: LogLevel
  /** Absent: stderr. */
  file?: string
}

export const createLog = ({ name, level = 'info', file }: LogOptions): Log => {
  // Written at once: a process that is killed leaves its last words behind, and no line here is in the path of a token.
  const target =
    file === undefined ? destination({ dest: 2, sync: true }) : destination({ dest: file, sync: true, mkdir: true, mode: 0o600 })
  const base = { name, pid: process.pid }
  const logger = pino(
    { level, base, timestamp: stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    target
  )
  return {
    debug: (fields, message) => {
      // Debug lines are many: their fields are not even walked unless someone wants them.
      if (logger.isLevelEnabled('debug')) logger.debug(redact(fields), message)
    },
    info: (fields, message) => logger.info(redact(fields), message),
    warn: (fields, message) => logger.warn(redact(fields), message),
    error: (fields, message) => logger.error(redact(fields), message)
  }
}
