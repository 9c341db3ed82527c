/** What an account can do with its money on chain: each says what it is before anything is sent. */
import {
  currencyBalance,
  type Deployment,
  LedgerClient,
  RegistryClient,
  type Rpc,
  readBatches,
  type Sender,
  type TxReceipt
} from 'openseam/chain/index'
import { formatOpen, type Wei } from 'openseam/protocol/amounts'
import { SeamError } from 'openseam/protocol/errors'
import type { Address } from 'openseam/protocol/eth'

export interface Move {
  says: string
  /** Absent: there is nothing to send now. */
  send?(sender: Sender): Promise<TxReceipt>
}

export interface Holder {
  rpc: Rpc
  deployment: Deployment
  account: Address
}

/** In the contracts' seconds, for people. */
export const timeOf = (seconds: number): string =>
  new Date(seconds * 1_000).toISOString().replace('.000Z', ' UTC').replace('T', ' ')

const NO_BATCH = { root: `0x${'0'.repeat(64)}` as const, total: 0n, count: 0, postedAt: 0 }

const has = async ({ rpc, deployment, account }: Holder, amount: Wei): Promise<void> => {
  const held = await currencyBalance(rpc, deployment, account)
  if (held < amount)
    throw new SeamError('WALLET_UNFUNDED', `${account} holds ${formatOpen(held)} OPEN: send it ${formatOpen(amount - held)} more`)
}

export const deposit = async (holder: Holder, amount: Wei): Promise<Move> => {
  const { rpc, deployment, account } = holder
  await has(holder, amount)
  return {
    says: `puts ${formatOpen(amount)} OPEN into the escrow that answers are paid from`,
    send: (sender) => new LedgerClient(rpc, deployment, sender).deposit(account, amount)
  }
}

/** Escrow leaves in two steps with a delay between, so that nobody can take back what a provider has earned. */
export const withdraw = async ({ rpc, deployment, account }: Holder, amount: Wei | undefined, cancel: boolean): Promise<Move> => {
  const ledger = new LedgerClient(rpc, deployment)
  const [{ balance }, exit, now] = await Promise.all([ledger.account(account), ledger.exit(account), rpc.timestamp()])
  const by = (sender: Sender): LedgerClient => new LedgerClient(rpc, deployment, sender)
  if (cancel) {
    if (exit.readyAt === 0) return { says: 'nothing is on its way out of the escrow' }
    return { says: `keeps ${formatOpen(exit.amount)} OPEN in the escrow`, send: (sender) => by(sender).cancelExit() }
  }
  if (exit.readyAt === 0) {
    if (amount === undefined) throw new SeamError('CONFIG', `how much? The escrow has ${formatOpen(balance)} OPEN`)
    if (amount > balance) throw new SeamError('CONFIG', `the escrow has ${formatOpen(balance)} OPEN, not ${formatOpen(amount)}`)
    const days = Math.ceil((await ledger.exitDelay()) / 86_400)
    const says = `begins to take ${formatOpen(amount)} OPEN out of the escrow; run it again in ${days} days to have it. Until then providers can settle what they are owed from it`
    return { says, send: (sender) => by(sender).startExit(amount) }
  }
  refuseOther(amount, exit.amount, 'escrow')
  if (now < exit.readyAt) return { says: `${formatOpen(exit.amount)} OPEN can be taken out from ${timeOf(exit.readyAt)} on` }
  return { says: `takes out up to ${formatOpen(exit.amount)} OPEN`, send: (sender) => by(sender).finishExit() }
}

/** What is on its way is what goes: another amount would be a surprise. */
const refuseOther = (asked: Wei | undefined, pending: Wei, from: string): void => {
  if (asked === undefined || asked === pending) return
  throw new SeamError(
    'CONFIG',
    `${formatOpen(pending)} OPEN are on their way out of the ${from}, not ${formatOpen(asked)}: take them first, or --cancel`
  )
}

/** Registers at the first time. `payout` is where earnings go, by default to the account itself. */
export const stake = async (holder: Holder, amount: Wei, payout: Address | undefined): Promise<Move> => {
  const { rpc, deployment, account } = holder
  const registry = new RegistryClient(rpc, deployment)
  const [state, least] = await Promise.all([registry.provider(account, { fresh: true }), registry.minStake()])
  const by = (sender: Sender): RegistryClient => new RegistryClient(rpc, deployment, sender)
  if (state.registered && payout !== undefined && payout !== state.payout)
    throw new SeamError('CONFIG', `earnings go to ${state.payout}: use wallet payout to change that`)
  if (state.stake + amount < least)
    throw new SeamError(
      'CONFIG',
      `a provider stakes at least ${formatOpen(least)} OPEN: ${formatOpen(least - state.stake)} are missing`
    )
  await has(holder, amount)
  if (state.registered)
    return { says: `adds ${formatOpen(amount)} OPEN to the stake`, send: (sender) => by(sender).addStake(amount) }
  const to = payout ?? account
  const says = `registers ${account} as a provider with a stake of ${formatOpen(amount)} OPEN; earnings go to ${to}`
  return { says, send: (sender) => by(sender).register(to, amount) }
}

export const unstake = async (holder: Holder, amount: Wei | undefined, cancel: boolean): Promise<Move> => {
  const { rpc, deployment, account } = holder
  const [state, now] = await Promise.all([
    new RegistryClient(rpc, deployment).provider(account, { fresh: true }),
    rpc.timestamp()
  ])
  const by = (sender: Sender): RegistryClient => new RegistryClient(rpc, deployment, sender)
  if (cancel) {
    if (state.readyAt === 0) return { says: 'no stake is on its way out' }
    return { says: `keeps ${formatOpen(state.unbonding)} OPEN at stake`, send: (sender) => by(sender).cancelUnbond() }
  }
  if (state.readyAt === 0) {
    if (amount === undefined) throw new SeamError('CONFIG', `how much? The stake is ${formatOpen(state.stake)} OPEN`)
    if (amount > state.stake)
      throw new SeamError('CONFIG', `the stake is ${formatOpen(state.stake)} OPEN, not ${formatOpen(amount)}`)
    const says = `begins to take ${formatOpen(amount)} OPEN out of the stake; run it again after the delay to have it`
    return { says, send: (sender) => by(sender).startUnbond(amount) }
  }
  refuseOther(amount, state.unbonding, 'stake')
  if (state.openCases > 0) return { says: `${state.openCases} cases are open: stake stays until they are over` }
  if (now < state.readyAt)
    return { says: `${formatOpen(state.unbonding)} OPEN can be taken out from ${timeOf(state.readyAt)} on` }
  return {
    says: `takes ${formatOpen(state.unbonding)} OPEN out of the stake`,
    send: async (sender) => {
      const newest = (await readBatches(rpc, deployment, account)).at(-1)
      return by(sender).finishUnbond(newest?.header ?? NO_BATCH)
    }
  }
}

export const payout = async ({ rpc, deployment, account }: Holder, to: Address): Promise<Move> => {
  const state = await new RegistryClient(rpc, deployment).provider(account, { fresh: true })
  if (!state.registered) throw new SeamError('CONFIG', `${account} is no provider: wallet stake makes it one`)
  if (state.payout === to) return { says: `earnings go to ${to} already` }
  return {
    says: `sends earnings to ${to} from now on`,
    send: (sender) => new RegistryClient(rpc, deployment, sender).setPayout(to)
  }
}

export const claim = async ({ rpc, deployment, account }: Holder): Promise<Move> => {
  const { amount } = await new LedgerClient(rpc, deployment).earned(account)
  if (amount === 0n) return { says: 'nothing that was earned waits to be claimed' }
  return {
    says: `sends ${formatOpen(amount)} OPEN that was earned to its payout address`,
    send: (sender) => new LedgerClient(rpc, deployment, sender).claim(account)
  }
}
