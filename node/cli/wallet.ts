/** `openseam wallet`: a key, and what its account holds, deposits, stakes and is owed. Nothing is sent without --send. */
import { mkdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { currencyBalance, isNative, LedgerClient, RegistryClient, Rpc, Sender, verifyDeployment } from 'openseam/chain/index'
import { createWalletFile, openWalletFile, walletFileAccount } from 'openseam/chain/wallet-file'
import { formatOpen, type Wei } from 'openseam/protocol/amounts'
import { SeamError } from 'openseam/protocol/errors'
import { type Address, parseAddress } from 'openseam/protocol/eth'
import { z } from 'zod'
import { flagsOf } from '../lib/env.ts'
import { defaultHome } from '../lib/home.ts'
import { table } from '../lib/table.ts'
import { open, readDeployment } from './options.ts'
import { readNewPassword, readPassword } from './password.ts'
import { claim, deposit, type Holder, type Move, payout, stake, timeOf, unstake, withdraw } from './wallet-moves.ts'

const file = z.object({ wallet: z.string(), passwordFile: z.string().optional() })
const chain = file.extend({ rpc: z.url(), deployment: z.string(), json: z.boolean().default(false) })
const moving = chain.extend({
  send: z.boolean().default(false),
  cancel: z.boolean().default(false),
  payout: z.string().optional()
})
type Moving = z.output<typeof moving>

export const walletCommand = (program: Command): void => {
  const wallet = program.command('wallet').description('a key, and what its account holds, deposits, stakes and is owed')
  const below = (name: string, text: string): Command =>
    wallet
      .command(name)
      .description(text)
      .option('--wallet <file>', 'encrypted keystore', join(defaultHome(), 'wallet.json'))
      .option('--password-file <file>', 'default: OPENSEAM_PASSWORD, or asked for')
  const onChain = (name: string, text: string): Command =>
    below(name, text)
      .requiredOption('--rpc <url>', 'JSON-RPC of the chain')
      .requiredOption('--deployment <file>', 'JSON with the addresses of the contracts')
      .option('--json', 'one JSON object on stdout', false)
  const move = (name: string, text: string): Command =>
    onChain(name, text).option('--send', 'does it; without, it only says what it would do', false)

  below('new', 'makes a key; says its account').action(async (_options, command: Command) => make(flagsOf(command, file)))
  onChain('show', 'what an account holds, of any account without a password')
    .argument('[account]')
    .action(async (account: string | undefined, _options, command: Command) => show(account, flagsOf(command, chain)))
  move('deposit', 'OPEN into the escrow that answers are paid from')
    .argument('<open>')
    .action(async (text: string, _options, command: Command) => {
      const amount = amountOf(text, command)
      await run(flagsOf(command, moving), (holder) => deposit(holder, amount))
    })
  move('withdraw', 'OPEN out of the escrow: once to begin, and after the delay again to have it')
    .argument('[open]')
    .option('--cancel', 'keeps it there', false)
    .action(async (text: string | undefined, _options, command: Command) => {
      const amount = text === undefined ? undefined : amountOf(text, command)
      await run(flagsOf(command, moving), (holder, { cancel }) => withdraw(holder, amount, cancel))
    })
  move('stake', 'registers a provider, or adds to its stake')
    .argument('<open>')
    .option('--payout <address>', 'where earnings go (default the account itself)')
    .action(async (text: string, _options, command: Command) => {
      const amount = amountOf(text, command)
      await run(flagsOf(command, moving), (holder, flags) => stake(holder, amount, addressOr(flags.payout)))
    })
  move('unstake', 'stake back: once to begin, and after the delay again to have it')
    .argument('[open]')
    .option('--cancel', 'keeps it at stake', false)
    .action(async (text: string | undefined, _options, command: Command) => {
      const amount = text === undefined ? undefined : amountOf(text, command)
      await run(flagsOf(command, moving), (holder, { cancel }) => unstake(holder, amount, cancel))
    })
  move('payout', 'where a provider’s earnings go')
    .argument('<address>')
    .action(async (address: string, _options, command: Command) =>
      run(flagsOf(command, moving), (holder) => payout(holder, parseAddress(address)))
    )
  move('claim', 'what was earned, to the payout address').action(async (_options, command: Command) =>
    run(flagsOf(command, moving), claim)
  )
}

const amountOf = (text: string, command: Command): Wei => {
  const amount = open.safeParse(text)
  if (amount.success && amount.data > 0n) return amount.data
  return command.error(`error: ${text} is no amount of OPEN, like 2.5`, { exitCode: 2 })
}

const addressOr = (text: string | undefined): Address | undefined => (text === undefined ? undefined : parseAddress(text))

const make = async ({ wallet, passwordFile }: z.output<typeof file>): Promise<void> => {
  await mkdir(dirname(resolve(wallet)), { recursive: true, mode: 0o700 })
  const { address } = await createWalletFile(wallet, await readNewPassword(passwordFile, wallet))
  process.stdout.write(`${address}\n`)
  process.stderr.write(
    `Its key is in ${wallet}, encrypted. Keep a copy, and the password elsewhere: who loses either loses the money.\n`
  )
}

const holderOf = async (flags: z.output<typeof chain>, account: Address): Promise<Holder> => {
  const rpc = new Rpc(flags.rpc)
  const deployment = readDeployment(flags.deployment)
  await verifyDeployment(rpc, deployment)
  return { rpc, deployment, account }
}

/** Says what it would do; does it with --send. */
const run = async (flags: Moving, plan: (holder: Holder, flags: Moving) => Promise<Move>): Promise<void> => {
  const holder = await holderOf(flags, await walletFileAccount(flags.wallet))
  const move = await plan(holder, flags)
  const say = (value: { transaction: string | null; sent: boolean }, words: string): void =>
    void process.stdout.write(
      flags.json ? `${JSON.stringify({ account: holder.account, does: move.says, ...value })}\n` : `${words}\n`
    )
  if (move.send === undefined) return say({ transaction: null, sent: false }, move.says)
  if (!flags.send) return say({ transaction: null, sent: false }, `${move.says}.\nNothing was sent; --send sends it.`)
  const { address, secretKey } = await openWalletFile(flags.wallet, await readPassword(flags.passwordFile, flags.wallet))
  if (address !== holder.account)
    throw new SeamError('KEYSTORE', `${flags.wallet} says it is ${holder.account}, and holds ${address}`)
  const { hash } = await move.send(new Sender(holder.rpc, secretKey))
  say({ transaction: hash, sent: true }, `${move.says}: ${hash}`)
}

const show = async (named: string | undefined, flags: z.output<typeof chain>): Promise<void> => {
  const account = named === undefined ? await walletFileAccount(flags.wallet) : parseAddress(named)
  const { rpc, deployment } = await holderOf(flags, account)
  const ledger = new LedgerClient(rpc, deployment)
  const [coin, held, { balance }, exit, earned, provider] = await Promise.all([
    rpc.balance(account),
    currencyBalance(rpc, deployment, account),
    ledger.account(account),
    ledger.exit(account),
    ledger.earned(account),
    new RegistryClient(rpc, deployment).provider(account, { fresh: true })
  ])
  const wei = {
    coin,
    held,
    escrow: balance,
    leaving: exit.amount,
    claimable: earned.amount,
    earned: earned.lifetime,
    stake: provider.stake
  }
  if (flags.json) {
    const amounts = Object.fromEntries(Object.entries(wei).map(([name, amount]) => [name, amount.toString()]))
    const { registered, active, payout: to, unbonding, readyAt, openCases, slashes, jailed } = provider
    const standing = { registered, active, payout: to, unbonding: unbonding.toString(), readyAt, openCases, slashes, jailed }
    process.stdout.write(`${JSON.stringify({ account, ...amounts, leavingReadyAt: exit.readyAt, provider: standing })}\n`)
    return
  }
  const rows = [
    ['account', account],
    ...(isNative(deployment) ? [] : [['coins for gas', formatOpen(coin)]]),
    ['OPEN', formatOpen(held)],
    ['in the escrow', formatOpen(balance)],
    ...(exit.readyAt === 0 ? [] : [['leaving the escrow', `${formatOpen(exit.amount)}, ready ${timeOf(exit.readyAt)}`]])
  ]
  if (provider.registered) {
    rows.push(
      ['stake', `${formatOpen(provider.stake)}${provider.active ? '' : provider.jailed ? ', jailed' : ', too little to serve'}`],
      ...(provider.readyAt === 0
        ? []
        : [['leaving the stake', `${formatOpen(provider.unbonding)}, ready ${timeOf(provider.readyAt)}`]]),
      ['open cases', String(provider.openCases)],
      ['earned', `${formatOpen(earned.lifetime)}, of which ${formatOpen(earned.amount)} can be claimed`],
      ['paid to', provider.payout]
    )
  } else rows.push(['provider', 'no: wallet stake registers it'])
  process.stdout.write(table(rows))
}
