/** `openseam keys`: who may call a gateway, how much, and what they spent. Works beside a running gateway, which follows the file. */
import { join } from 'node:path'
import type { Command } from 'commander'
import { systemClock, systemRng } from 'openseam/components'
import { formatOpen, type Wei } from 'openseam/protocol/amounts'
import { SeamError } from 'openseam/protocol/errors'
import { z } from 'zod'
import { type ApiKey, addKey, revokeKey } from '../gateway/keys/book.ts'
import { readKeys, writeKeys } from '../gateway/keys/file.ts'
import { sumOf } from '../gateway/keys/spend.ts'
import { readSpending } from '../gateway/keys/spend-file.ts'
import { flagsOf } from '../lib/env.ts'
import { defaultHome, ensureHome } from '../lib/home.ts'
import { table } from '../lib/table.ts'
import { integer, open } from './options.ts'

export const KEYS_FILE = 'keys.json'
export const SPEND_FILE = 'spend.jsonl'

const home = z.object({ home: z.string() })
const listed = home.extend({ json: z.boolean() })
const limits = home.extend({ perDay: open.optional(), total: open.optional(), perMinute: integer(1, 1_000_000).optional() })

export const keysCommand = (program: Command): void => {
  const keys = program.command('keys').description('API keys of a gateway: who may call, how much, and what they spent')
  const below = (name: string, text: string): Command =>
    keys.command(name).description(text).option('--home <dir>', 'state of the gateway', join(defaultHome(), 'gateway'))
  below('add', 'makes a key and shows it once')
    .argument('<name>', 'whose it is, for reports')
    .option('--per-day <open>', 'what its answers may cost in a UTC day')
    .option('--total <open>', 'what they may cost ever')
    .option('--per-minute <n>', 'requests a minute')
    .action(async (name: string, _options, command: Command) => add(name, flagsOf(command, limits)))
  below('revoke', 'a running gateway refuses it within a second; its report stays')
    .argument('<name>')
    .action(async (name: string, _options, command: Command) => revoke(name, flagsOf(command, home)))
  below('list', 'the keys and their limits')
    .option('--json', 'one JSON object on stdout', false)
    .action(async (_options, command: Command) => list(flagsOf(command, listed)))
  below('report', 'what each key spent, by UTC day')
    .argument('[name]', 'only this one')
    .option('--json', 'one JSON object on stdout', false)
    .action(async (name: string | undefined, _options, command: Command) => report(name, flagsOf(command, listed)))
}

const place = async (dir: string): Promise<{ path: string; keys: ApiKey[] }> => {
  const path = join(await ensureHome(dir), KEYS_FILE)
  return { path, keys: readKeys(path) ?? [] }
}

const add = async (name: string, flags: z.output<typeof limits>): Promise<void> => {
  const { path, keys } = await place(flags.home)
  const { perDay, total, perMinute } = flags
  const added = addKey(keys, { name, perDay, total, perMinute }, systemRng.bytes, systemClock.nowMs())
  await writeKeys(path, added.keys)
  process.stdout.write(`${added.secret}\n`)
  process.stderr.write('Keep it: only its hash is stored. A gateway that ran without keys asks for them after its next start.\n')
}

const revoke = async (name: string, flags: z.output<typeof home>): Promise<void> => {
  const { path, keys } = await place(flags.home)
  await writeKeys(path, revokeKey(keys, name, systemClock.nowMs()))
  process.stderr.write(`${name} is revoked.\n`)
}

const print = (json: boolean, value: object, rows: string[][]): void => {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : table(rows))
}

const amount = (wei: Wei | undefined): string => (wei === undefined ? '-' : formatOpen(wei))

const list = async (flags: z.output<typeof listed>): Promise<void> => {
  const { keys } = await place(flags.home)
  const text = (wei: Wei | undefined) => wei?.toString() ?? null
  const views = keys.map(({ name, created, revoked, perDay, total, perMinute }) => {
    return { name, created, revoked: revoked ?? null, perDay: text(perDay), total: text(total), perMinute: perMinute ?? null }
  })
  const rows = keys.map(({ name, created, revoked, perDay, total, perMinute }) => {
    return [name, created, amount(perDay), amount(total), perMinute?.toString() ?? '-', revoked ?? '']
  })
  print(flags.json, { keys: views }, [['key', 'made', 'OPEN/day', 'OPEN in all', 'per minute', 'revoked'], ...rows])
}

const report = async (name: string | undefined, flags: z.output<typeof listed>): Promise<void> => {
  const { keys } = await place(flags.home)
  const wanted = keys.filter((key) => name === undefined || key.name === name)
  if (name !== undefined && wanted.length === 0) throw new SeamError('CONFIG', `no key is named ${name}`)
  const sums = await readSpending(join(flags.home, SPEND_FILE))
  const views = wanted.map((key) => {
    const days = sums.days(key.hash)
    const whole = sumOf(days.map(([, spent]) => spent))
    return { key, days, whole }
  })
  const json = views.map(({ key, days, whole }) => ({
    name: key.name,
    total: { ...whole, amount: whole.amount.toString() },
    days: days.map(([day, spent]) => ({ day, ...spent, amount: spent.amount.toString() }))
  }))
  const rows = views.flatMap(({ key, days, whole }) => [
    ...days.map(([day, spent]) => [
      key.name,
      day,
      String(spent.answers),
      String(spent.promptTokens),
      String(spent.completionTokens),
      formatOpen(spent.amount)
    ]),
    [key.name, 'all', String(whole.answers), String(whole.promptTokens), String(whole.completionTokens), formatOpen(whole.amount)]
  ])
  print(flags.json, { keys: json }, [['key', 'day', 'answers', 'prompt', 'completion', 'OPEN'], ...rows])
}
