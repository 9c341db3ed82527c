/**
 * `npm run deploy`: puts the contracts on a chain. Says what it would do, and does it with `--send`; a run that was killed goes on where it
 * stopped; a deployment that stands is looked at again, byte for byte. docs/deploy.md is for whoever runs it.
 */
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { z } from 'zod'
import { integer, open } from '../node/cli/options.ts'
import { readPassword } from '../node/cli/password.ts'
import { flagsOf, runProgram } from '../node/lib/env.ts'
import {
  courtDefaults,
  type Deployment,
  type DeployOptions,
  deploy,
  deployDefaults,
  nextNonce,
  planDeploy,
  Rpc,
  requireEvm,
  Sender
} from '../sdk/chain/index.ts'
import { openWalletFile, walletFileAccount } from '../sdk/chain/wallet-file.ts'
import { formatOpen } from '../sdk/protocol/amounts.ts'
import { SeamError } from '../sdk/protocol/errors.ts'
import { type Address, parseAddress, ZERO_ADDRESS } from '../sdk/protocol/eth.ts'
import { type ChainSettings, settingsOf, tokenOf } from './deploy/chains.ts'
import { requireCode, requireToken } from './deploy/check.ts'
import { type Cost, costOf } from './deploy/cost.ts'
import { DeploymentFiles } from './deploy/journal.ts'
import { type RehearsedStep, rehearse } from './deploy/rehearse.ts'

const CONFIRM_MS = 600_000
const DAYS_MAX = 365 * 86_400

const seconds = integer(0, DAYS_MAX)
const address = z.string().transform((text) => parseAddress(text)) as z.ZodType<Address>
const schema = z.object({
  rpc: z.url(),
  chain: integer(1, Number.MAX_SAFE_INTEGER).optional(),
  currency: z.string().optional(),
  wallet: z.string().optional(),
  passwordFile: z.string().optional(),
  from: address.optional(),
  out: z.string(),
  minStake: open,
  exitDelay: seconds,
  unbondDelay: seconds,
  evidenceAge: seconds,
  court: z.boolean(),
  steward: address,
  bond: open,
  respondWindow: seconds,
  verdictWindow: seconds,
  verdictDelay: seconds,
  seats: integer(1, 15),
  quorum: integer(1, 15),
  ticket: open,
  send: z.boolean().optional()
})
type Flags = z.output<typeof schema>

const say = (line = ''): void => void process.stdout.write(`${line}\n`)

const main = async (flags: Flags): Promise<void> => {
  const rpc = new Rpc(flags.rpc)
  const chainId = await rpc.chainId()
  if (flags.chain !== undefined && flags.chain !== chainId)
    throw new SeamError('CONFIG', `${flags.rpc} is chain ${chainId}, not ${flags.chain}`)
  await requireEvm(rpc)
  const settings = settingsOf(chainId)
  const options = optionsOf(flags, settings)
  await requireToken(rpc, options.token)

  const files = new DeploymentFiles(resolve(flags.out), chainId)
  const [done, begun] = [await files.result(), await files.read()]
  const from = (done ?? begun)?.from ?? (await senderOf(flags))
  const nonce = (done ?? begun)?.nonce ?? (await nextNonce(rpc, from))
  const steps = await rehearse(from, nonce, chainId, options)
  const { deployment } = planDeploy(from, nonce, chainId, options)
  say(`chain ${chainId} (${settings.name}), block ${await rpc.blockNumber()}`)
  showPlan(steps, deployment, from, options)
  if (done !== null) {
    await requireCode(rpc, steps, deployment)
    await files.clear() // a run that was killed at the very end leaves it
    return say(`\n${files.file}: all of it stands, byte for byte.`)
  }

  const missing = await missingOf(rpc, steps)
  const cost = await costOf(rpc, missing)
  showCost(cost, settings, missing, steps)
  if (flags.send !== true) return say('\nNothing was sent. Look at it all; --send sends it.')
  const wallet = await openWalletFile(walletOf(flags), await readPassword(flags.passwordFile, walletOf(flags)))
  if (wallet.address !== from) throw new SeamError('CONFIG', `${walletOf(flags)} holds ${wallet.address}, not ${from}`)
  const balance = await rpc.balance(from)
  if (balance < cost.neededWei)
    throw new SeamError('CONFIG', `${from} holds ${formatOpen(balance)} ${settings.coin}, too little for the gas`)
  const sender = new Sender(rpc, wallet.secretKey, { alone: true, confirmMs: CONFIRM_MS })
  const made = await deploy(sender, options, {
    read: () => files.read(),
    begin: (start) => files.begin(start),
    placed: async (step, receipt) => {
      await files.placed(step, receipt)
      say(`  ${step.name} stands${receipt === null ? '' : `: ${receipt.hash}, gas ${receipt.gasUsed}`}`)
    }
  })
  await requireCode(rpc, steps, made)
  await files.end(made)
  say(`\nDone, and looked at byte for byte. Give ${files.file} to providers, gateways and clients.`)
}

const optionsOf = (flags: Flags, settings: ChainSettings): DeployOptions => {
  const { minStake, exitDelay, unbondDelay, evidenceAge, steward, bond, respondWindow, verdictWindow, verdictDelay } = flags
  const { seats, quorum, ticket } = flags
  const token = tokenOf(settings, flags.currency)
  const court = { steward, bond, respondWindow, verdictWindow, verdictDelay, seats, quorum, ticket }
  const common = { minStake, exitDelay, unbondDelay, evidenceAge, court: flags.court ? court : null }
  return token === undefined ? common : { ...common, token }
}

const walletOf = ({ wallet }: Flags): string => {
  if (wallet === undefined) throw new SeamError('CONFIG', 'whose money? Give --wallet, an encrypted keystore')
  return wallet
}

/** A plan needs no password: a keystore says openly whose it is. */
const senderOf = (flags: Flags): Address | Promise<Address> => flags.from ?? walletFileAccount(walletOf(flags))

const missingOf = async (rpc: Rpc, steps: RehearsedStep[]): Promise<RehearsedStep[]> => {
  const missing: RehearsedStep[] = []
  for (const step of steps) if ((await rpc.code(step.address)) === '0x') missing.push(step)
  return missing
}

const showPlan = (steps: RehearsedStep[], deployment: Deployment, from: Address, options: DeployOptions): void => {
  const { token } = deployment
  const money = token === ZERO_ADDRESS ? 'the chain’s own coin' : options.token === undefined ? 'a new token' : `token ${token}`
  say(`from  ${from}\nmoney ${money}\n`)
  for (const { name, nonce, address, gas } of steps)
    say(`  ${name.padEnd(9)} ${address}  transaction ${nonce}, gas ${gas.toLocaleString('en').replaceAll(',', ' ')}`)
  const { minStake = 0n, exitDelay, unbondDelay, evidenceAge, court } = options
  say(`\nstake at least ${formatOpen(minStake)} OPEN, unbonding ${unbondDelay} s, evidence ${evidenceAge} s, exit ${exitDelay} s`)
  if (!court) return say('no court: nothing can take stake')
  say(`court: bond ${formatOpen(court.bond ?? 0n)} OPEN, answer ${court.respondWindow} s, verdict ${court.verdictWindow} s`)
  say(`committee: ${court.quorum} of ${court.seats}, a ticket for every ${formatOpen(court.ticket ?? 0n)} OPEN`)
  if (court.steward === ZERO_ADDRESS) return say('steward: none, the judge stays')
  say(`steward: ${court.steward}, another judge ${court.verdictDelay} s after it is announced`)
}

const showCost = ({ gas, offer, wei, dataWei }: Cost, { coin }: ChainSettings, missing: unknown[], steps: unknown[]): void => {
  const left = missing.length === steps.length ? '' : `${missing.length} of ${steps.length} left: `
  say(`\n${left}gas ${gas.toLocaleString('en').replaceAll(',', ' ')} at ${offer} wei: ${formatOpen(wei)} ${coin} at most`)
  if (dataWei > 0n) say(`of which ${formatOpen(dataWei)} ${coin} for data on the chain below`)
}

const program = new Command('deploy')
  .description('Puts the contracts on a chain: says what it would do, and does it with --send')
  .requiredOption('--rpc <url>', 'JSON-RPC of the chain')
  .option('--chain <id>', 'refuse any other chain')
  .option('--currency <what>', 'native, the address of an ERC-20, or new; default: what the chain is known to have')
  .option('--wallet <file>', 'encrypted keystore (version 3) of the account that pays; nothing else about it is special')
  .option('--password-file <file>', 'its password; else OPENSEAM_PASSWORD, else the terminal')
  .option('--from <address>', 'plan for this account, without a keystore')
  .option('--out <dir>', 'where <chain id>.json goes', join(import.meta.dirname, '../deployments'))
  .option('--min-stake <OPEN>', 'of a provider', formatOpen(deployDefaults.minStake))
  .option('--exit-delay <s>', 'longer than the chain can keep a transaction out', String(deployDefaults.exitDelay))
  .option('--unbond-delay <s>', 'until stake is free', String(deployDefaults.unbondDelay))
  .option('--evidence-age <s>', 'how long settled work can be challenged', String(deployDefaults.evidenceAge))
  .option('--no-court', 'no disputes, and stake that nothing can take')
  .option('--steward <address>', 'may announce another judge', courtDefaults.steward)
  .option('--bond <OPEN>', 'of a challenge', formatOpen(courtDefaults.bond))
  .option('--respond-window <s>', 'for the provider’s answer', String(courtDefaults.respondWindow))
  .option('--verdict-window <s>', 'for the committee’s votes', String(courtDefaults.verdictWindow))
  .option('--verdict-delay <s>', 'from announcing a judge to its office', String(courtDefaults.verdictDelay))
  .option('--seats <n>', 'of the committee', String(courtDefaults.seats))
  .option('--quorum <n>', 'votes that make a verdict', String(courtDefaults.quorum))
  .option('--ticket <OPEN>', 'of an auditor’s stake', formatOpen(courtDefaults.ticket))
  .option('--send', 'send the transactions')
  .showHelpAfterError()
  .action((_options, command: Command) => main(flagsOf(command, schema)))

process.exit(await runProgram(program, process.argv))
