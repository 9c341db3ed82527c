/** The sums: what legs say was earned, what the chain has settled, what the ledger holds and owes. */
import { expect } from 'chai'
import { currencyBalance, type Deployment, LedgerClient, Rpc } from 'openseam/chain/index'
import type { Address } from 'openseam/protocol/eth'
import type { LegObject } from '../../../node/devnet/sse.ts'
import { until } from './until.ts'

export interface Chain {
  rpc: string
  deployment: Deployment
  clients: Address[]
  providers: Address[]
  /** Wei that clients have set aside for providers. */
  aside?(): Promise<bigint>
}

/** Wei per provider account, over all legs. */
export const owedBy = (legs: LegObject[]): Map<Address, bigint> => {
  const owed = new Map<Address, bigint>()
  for (const { account, amount } of legs) owed.set(account as Address, (owed.get(account as Address) ?? 0n) + BigInt(amount))
  return owed
}

/** Waits until the chain has settled what the legs add up to, to the wei; then checks that the ledger holds exactly what it owes. */
export const expectExactBooks = async (chain: Chain, legs: LegObject[]): Promise<void> => {
  const rpc = new Rpc(chain.rpc)
  const ledger = new LedgerClient(rpc, chain.deployment)
  const owed = owedBy(legs)
  let settled: [Address, bigint][] = []
  await until('every leg settled', async () => {
    settled = await Promise.all(
      chain.providers.map(async (account) => [account, (await ledger.earned(account)).lifetime] as [Address, bigint])
    )
    return settled.every(([account, wei]) => wei >= (owed.get(account) ?? 0n))
  }).catch(() => undefined)
  expect(Object.fromEntries(settled)).to.deep.equal(
    Object.fromEntries(chain.providers.map((account) => [account, owed.get(account) ?? 0n]))
  )
  // Claims may still be on their way, and three reads are no snapshot: the sum must hold in the end, not in every instant.
  let sums: [held: bigint, owes: bigint] = [0n, 1n]
  await until('the ledger to hold what it owes', async () => {
    const held = await currencyBalance(rpc, chain.deployment, chain.deployment.ledger)
    let owes = (await chain.aside?.()) ?? 0n
    for (const client of chain.clients) owes += (await ledger.account(client)).balance
    for (const account of chain.providers) owes += (await ledger.earned(account)).amount
    sums = [held, owes]
    return held === owes
  }).catch(() => undefined)
  expect(sums[0]).to.equal(sums[1])
}
