/** Do the books balance? What the chain settled against tokens times price of every leg that a client was served, to the wei. */
import { currencyBalance, LedgerClient } from 'openseam/chain/index'
import { systemClock } from 'openseam/components'
import type { Address } from 'openseam/protocol/eth'
import type { LegSummary, TurnSummary } from 'openseam/session/types'
import type { BenchMarket } from './market.ts'

const SETTLED_MS = 60_000

export interface Books {
  /** Every provider was paid tokens x price, and the contract holds exactly what it owes. */
  exact: boolean
  legs: number
  tokens: number
  /** Wei, as decimal text. */
  owed: string
  settled: string
  contractHolds: string
  contractOwes: string
  /** What does not add up, in words. */
  problems: string[]
}

/** Reckoned from tokens and prices alone, not from the amount that the leg itself names. */
export const owedFor = (legs: readonly LegSummary[], promptTokens: number): Map<Address, bigint> => {
  const owed = new Map<Address, bigint>()
  let promptPaid = false
  for (const leg of legs) {
    if (leg.to === leg.from) continue // a leg without a token is free
    // history is charged once, as prompt, by the first leg that served
    const wei = (promptPaid ? 0n : BigInt(promptTokens) * leg.price.prompt) + BigInt(leg.to - leg.from) * leg.price.completion
    promptPaid = true
    owed.set(leg.account, (owed.get(leg.account) ?? 0n) + wei)
  }
  return owed
}

/** All providers must be up: those that died still have to be paid. */
export const balanceBooks = async (market: BenchMarket): Promise<Books> => {
  const { net, rpc } = market
  const { client } = market.connection
  const ledger = new LedgerClient(rpc, net.deployment)
  const payer = net.accounts.client.account
  const modelId = (await client.models()).find(({ id }) => id === market.model.name)?.modelId
  if (modelId === undefined) throw new Error(`nobody offers ${market.model.name}`)
  const turns = market.summaries()
  const owed = sumOwed(turns)
  const untilMs = performance.now() + SETTLED_MS
  let problems: string[]
  let settled: bigint
  for (;;) {
    problems = []
    settled = 0n
    for (const { name, account } of net.providers) {
      const due = owed.get(account) ?? 0n
      const { settled: paid } = await ledger.channel(account, modelId, payer)
      settled += paid
      if (paid !== due) problems.push(`${name} was settled ${paid} wei of ${due}`)
    }
    if (problems.length === 0 || performance.now() > untilMs) break
    await systemClock.sleep(250)
  }
  let owes = (await ledger.account(payer)).balance
  for (const { account } of net.providers) owes += (await ledger.earned(account)).amount
  const holds = await currencyBalance(rpc, net.deployment, net.deployment.ledger)
  if (holds !== owes) problems.push(`the contract holds ${holds} wei and owes ${owes}`)
  const legs = turns.flatMap((turn) => turn.legs).filter(({ from, to }) => to > from)
  return {
    exact: problems.length === 0,
    legs: legs.length,
    tokens: legs.reduce((sum, { from, to }) => sum + to - from, 0),
    owed: String([...owed.values()].reduce((sum, wei) => sum + wei, 0n)),
    settled: String(settled),
    contractHolds: String(holds),
    contractOwes: String(owes),
    problems
  }
}

const sumOwed = (turns: readonly TurnSummary[]): Map<Address, bigint> => {
  const sum = new Map<Address, bigint>()
  for (const { legs, promptTokens } of turns) {
    for (const [account, wei] of owedFor(legs, promptTokens)) sum.set(account, (sum.get(account) ?? 0n) + wei)
  }
  return sum
}
