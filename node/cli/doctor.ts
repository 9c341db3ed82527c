/** `openseam doctor`: why a rig is not earning. Asks the chain, the market and this machine, and changes nothing. */
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { Rpc } from 'openseam/chain/index'
import { walletFileAccount } from 'openseam/chain/wallet-file'
import { systemClock } from 'openseam/components'
import { parseAddress } from 'openseam/protocol/eth'
import { z } from 'zod'
import { bad, type Finding } from '../doctor/finding.ts'
import { marketFindings } from '../doctor/market.ts'
import { daemonFinding, modelFindings, spaceFinding } from '../doctor/rig.ts'
import { chainFindings, standingFindings } from '../doctor/standing.ts'
import { ExitCode, flagsOf, reason } from '../lib/env.ts'
import { defaultHome } from '../lib/home.ts'
import { withProgress } from '../lib/progress.ts'
import { paintFor, table } from '../lib/table.ts'
import { integer, list, readDeployment, royalties } from './options.ts'

const schema = z.object({
  home: z.string(),
  rpc: z.url(),
  deployment: z.string(),
  model: z.string(),
  royalties,
  wallet: z.string().optional(),
  account: z.string().optional(),
  bootstrap: list,
  threads: integer(1, 256),
  metrics: z.url(),
  json: z.boolean()
})

export const doctorCommand = (program: Command): void => {
  program
    .command('doctor')
    .description('why a provider is not earning: asks the chain, the market and this machine')
    .requiredOption('--rpc <url>', 'JSON-RPC of the chain')
    .requiredOption('--deployment <file>', 'JSON with the addresses of the contracts')
    .requiredOption('--model <dir>', 'model directory, as provide has it')
    .option('--royalties <shares>', 'as provide has them', '')
    .option('--home <dir>', 'state of the daemon', join(defaultHome(), 'provider'))
    .option('--wallet <file>', 'encrypted keystore (default <home>/wallet.json); no password is asked for')
    .option('--account <address>', 'provider account, when the wallet holds one of its signer keys')
    .option('--bootstrap <multiaddrs>', 'peers to ask for offers, comma-separated', '')
    .option('--threads <n>', 'as provide has them', '1')
    .option('--metrics <url>', 'of the daemon', 'http://127.0.0.1:9101/metrics')
    .option('--json', 'one JSON object on stdout', false)
    .action(async (_options, command: Command) => doctor(flagsOf(command, schema)))
}

const doctor = async (flags: z.output<typeof schema>): Promise<void> => {
  const findings = await withProgress('looking', () => examine(flags))
  if (flags.json) process.stdout.write(`${JSON.stringify({ findings })}\n`)
  else print(findings)
  if (findings.some(({ state }) => state === 'bad')) throw new ExitCode(1)
}

const examine = async (flags: z.output<typeof schema>): Promise<Finding[]> => {
  const rpc = new Rpc(flags.rpc)
  const deployment = readDeployment(flags.deployment)
  const wallet = flags.wallet === undefined ? join(flags.home, 'wallet.json') : resolve(flags.wallet)
  const chain = await chainFindings(rpc, deployment, systemClock.nowMs())
  const isUp = chain.every(({ state }) => state !== 'bad')
  const key = await walletFileAccount(wallet).catch((error: unknown) => reason(error))
  const { findings: rig, modelId } = await modelFindings(flags.model, flags.royalties, flags.threads)
  const machine = [...rig, await spaceFinding(flags.home), await daemonFinding(flags.metrics)]
  if (!key.startsWith('0x'))
    return [...chain, bad('wallet', key, 'Make one with openseam wallet new, or give --wallet.'), ...machine]
  if (!isUp) return [...chain, ...machine]
  const signer = parseAddress(key)
  const account = flags.account === undefined ? signer : parseAddress(flags.account)
  const standing = await standingFindings(rpc, deployment, account, signer)
  return [
    ...chain,
    ...standing,
    ...machine,
    ...(await marketFindings({ rpc, deployment, account, modelId, bootstrap: flags.bootstrap }))
  ]
}

const marks: Record<Finding['state'], string> = { good: 'ok', warn: 'look', bad: 'BAD', unknown: '?' }

const print = (findings: readonly Finding[]): void => {
  const paint = paintFor(process.stdout)
  const rows = findings.flatMap(({ name, state, says, help }) => [
    [marks[state], name, says],
    ...(help === undefined ? [] : [['', '', `-> ${help}`]])
  ])
  const line = (text: string, row: number): string =>
    rows[row]?.[0] === 'BAD' ? paint.bad(text) : rows[row]?.[0] === 'ok' ? paint.good(text) : text
  process.stdout.write(table(rows, line))
  process.stdout.write(`\n${verdictOf(findings)}\n`)
}

const verdictOf = (findings: readonly Finding[]): string => {
  const wrong = findings.filter(({ state }) => state === 'bad').length
  if (wrong > 0) return `${wrong} ${wrong === 1 ? 'thing keeps' : 'things keep'} this rig from earning.`
  const isWhole = findings.every(({ state }) => state !== 'unknown')
  return isWhole
    ? 'Nothing keeps this rig from earning.'
    : 'Nothing that was looked at keeps this rig from earning; not all of it was.'
}
