/** Whether the chain lets an account provide, and pays for its settlements. */
import { marketFees } from 'openseam/chain/fees'
import { type Deployment, isNative, LedgerClient, RegistryClient, type Rpc, verifyDeployment } from 'openseam/chain/index'
import { formatOpen } from 'openseam/protocol/amounts'
import type { Address } from 'openseam/protocol/eth'
import { reason } from '../lib/env.ts'
import { bad, type Finding, good, warn } from './finding.ts'

const BLOCK_AGE_MAX = 600 // seconds
const SETTLE_GAS = 200_000n // a small batch, the first of a model
const SETTLEMENTS_WANTED = 10n

export const chainFindings = async (rpc: Rpc, deployment: Deployment, nowMs: number): Promise<Finding[]> => {
  try {
    await verifyDeployment(rpc, deployment)
    const age = Math.round(nowMs / 1_000) - (await rpc.timestamp())
    const says = `chain ${deployment.chainId}, block ${await rpc.blockNumber()}; the contracts are those of this version`
    if (age > BLOCK_AGE_MAX)
      return [
        warn(
          'chain',
          `${says}; its newest block is ${age} s old`,
          'Ask another RPC: this one has stopped, or this clock is wrong.'
        )
      ]
    return [good('chain', says)]
  } catch (error) {
    return [
      bad('chain', reason(error), 'Check --rpc and --deployment: without the chain nothing is lent, and nothing is settled.')
    ]
  }
}

/** Of the account, and of the key that signs for it. */
export const standingFindings = async (rpc: Rpc, deployment: Deployment, account: Address, key: Address): Promise<Finding[]> => {
  const registry = new RegistryClient(rpc, deployment)
  const [state, least, isKey, coins, fees, earned] = await Promise.all([
    registry.provider(account, { fresh: true }),
    registry.minStake(),
    registry.isKey(account, key, { fresh: true }),
    rpc.balance(key),
    marketFees(rpc),
    new LedgerClient(rpc, deployment).earned(account)
  ])
  const price = fees.type === 0 ? fees.gasPrice : fees.maxFeePerGas
  const settlement = price * SETTLE_GAS || 1n // a chain whose gas costs nothing
  const has = `${formatOpen(coins)} coins${isNative(deployment) ? '' : ' for gas'}`
  return [
    stakeFinding(account, state, least),
    isKey
      ? good('key', key === account ? 'the account’s own' : `${key} may sign for ${account}`)
      : bad(
          'key',
          `${key} may not sign for ${account}`,
          'Give the wallet of the account, or have the account name this key in the Registry.'
        ),
    coins < settlement
      ? bad(
          'gas',
          `${has}, and a settlement takes about ${formatOpen(settlement)}`,
          `Send coins to ${key}: what is earned cannot be settled.`
        )
      : coins < SETTLEMENTS_WANTED * settlement
        ? warn('gas', `${has}, enough for ${coins / settlement} settlements`, `Send coins to ${key} soon.`)
        : good('gas', `${has}, enough for ${coins / settlement} settlements`),
    earned.lifetime === 0n
      ? warn(
          'earned',
          'nothing was settled for this account yet',
          'If clients were served: unsettled vouchers wait for their worth in gas, or for ten minutes.'
        )
      : good(
          'earned',
          `${formatOpen(earned.lifetime)} OPEN in ${earned.batches} batches, ${formatOpen(earned.amount)} to be claimed`
        )
  ]
}

const stakeFinding = (account: Address, state: Awaited<ReturnType<RegistryClient['provider']>>, least: bigint): Finding => {
  const { registered, active, jailed, stake, unbonding, openCases } = state
  if (!registered) return bad('stake', `${account} is no provider`, `Run: openseam wallet stake ${formatOpen(least)} --send`)
  if (jailed)
    return bad('stake', 'the account is jailed for a fault', 'Nobody shows its offers. See its cases: openseam audit case.')
  const says = `${formatOpen(stake)} OPEN`
  if (!active)
    return bad(
      'stake',
      `${says}${unbonding > 0n ? `, ${formatOpen(unbonding)} of it leaving` : ''}: too little`,
      `Run: openseam wallet ${unbonding > 0n ? 'unstake --cancel' : `stake ${formatOpen(least - stake)}`} --send`
    )
  return openCases > 0
    ? warn('stake', `${says}, with ${openCases} open cases`, 'Keep the daemon running: it answers challenges by itself.')
    : good('stake', says)
}
