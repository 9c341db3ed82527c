/** The contracts' events as plain values, in the order of the chain. Amounts are bigint, everything else is as in the contract. */
import type { Interface } from 'ethers'
import type { Wei } from '../protocol/amounts.ts'
import type { Address, Bytes32, Hex } from '../protocol/eth.ts'
import { courtAbi, ledgerAbi, modelsAbi, registryAbi } from './abi.ts'
import type { Deployment } from './deploy.ts'
import { type EventPlan, planOf, type ReadWord, readFields, readWei } from './event-fields.ts'
import { hexQuantity, type Rpc } from './rpc.ts'
import { type ChainLog, type RawLog, toLog } from './tx.ts'

interface At {
  block: number
  transaction: Hex
  logIndex: number
  /** Seconds: when its block was made, where the endpoint tells that with its logs. */
  at?: number
}
type Channel = { client: Address; provider: Address; modelId: Bytes32 }

export type ChainEvent = At &
  (
    | { name: 'Deposited'; client: Address; from: Address; amount: Wei }
    | { name: 'ExitChanged'; client: Address; amount: Wei; readyAt: number }
    | { name: 'Withdrawn'; client: Address; amount: Wei }
    | { name: 'SignerSet'; client: Address; signer: Address; oldSigner: Address; oldValidUntil: number }
    | ({ name: 'Prefunded'; upTo: Wei } & Channel)
    | ({ name: 'ReleaseStarted'; readyAt: number } & Channel)
    | ({ name: 'Released'; downTo: Wei; amount: Wei } & Channel)
    | { name: 'OperatorSet'; provider: Address; operator: Address }
    /** What clients paid, gross; `royalty` of it is the payees', the rest the provider's. */
    | {
        name: 'GroupSettled'
        provider: Address
        modelId: Bytes32
        batch: number
        royalty: Wei
        paid: { client: Address; amount: Wei }[]
      }
    | { name: 'BatchSettled'; provider: Address; batch: number; root: Bytes32; total: Wei; count: number }
    | { name: 'Claimed'; provider: Address; to: Address; amount: Wei }
    | { name: 'RoyaltyClaimed'; modelId: Bytes32; payee: number; to: Address; amount: Wei }
    | { name: 'ModelRegistered'; modelId: Bytes32; manifestHash: Bytes32; payees: Address[]; bps: number[] }
    | { name: 'Registered'; provider: Address; payout: Address }
    | { name: 'PayoutSet'; provider: Address; payout: Address }
    | { name: 'StakeChanged'; provider: Address; stake: Wei }
    | { name: 'KeyAdded'; provider: Address; key: Address }
    | { name: 'KeyRevoked'; provider: Address; key: Address }
    | { name: 'UnbondChanged'; provider: Address; amount: Wei; readyAt: number }
    | { name: 'CasesChanged'; provider: Address; openCases: number }
    | { name: 'Slashed'; provider: Address; amount: Wei }
    | {
        name: 'CaseOpened'
        id: Bytes32
        provider: Address
        client: Address
        receiptHash: Bytes32
        batch: number
        verdict: Address
        respondBy: number
        verdictBy: number
      }
    | { name: 'CaseAnswered'; id: Bytes32; answerHash: Bytes32 }
    | { name: 'CaseClosed'; id: Bytes32; state: number }
    | { name: 'Punished'; id: Bytes32; provider: Address; fault: number; taken: Wei }
  )
export type ChainEventName = ChainEvent['name']
export type ChainEventOf<N extends ChainEventName> = Extract<ChainEvent, { name: N }>

const BLOCKS_PER_QUERY = 2_000 // what public endpoints accept
const WEI_FIELDS = new Set(['amount', 'upTo', 'downTo', 'total', 'stake', 'taken', 'royalty'])
/** What the court says about cases; its own books are no part of anybody's account here. */
const CASE_EVENTS = new Set(['CaseOpened', 'CaseAnswered', 'CaseClosed', 'Punished'])

const readPaid = (word: string): { client: Address; amount: Wei } => ({
  client: `0x${word.slice(0, 40)}`,
  amount: BigInt(`0x${word.slice(40)}`)
})

const specialField = (name: string): ReturnType<Parameters<typeof planOf>[1]> => {
  if (name === 'clientPaid') return { name: 'paid', read: readPaid as ReadWord }
  return WEI_FIELDS.has(name) ? { read: readWei } : undefined
}

/** By the first topic. */
const plansOf = (abi: Interface, wanted: (name: string) => boolean): Map<string, EventPlan> => {
  const found = new Map<string, EventPlan>()
  abi.forEachEvent((event) => {
    if (wanted(event.name)) found.set(event.topicHash, planOf(event, specialField))
  })
  return found
}
const all = (): boolean => true
const plans = {
  ledger: plansOf(ledgerAbi, all),
  registry: plansOf(registryAbi, all),
  models: plansOf(modelsAbi, all),
  court: plansOf(courtAbi, (name) => CASE_EVENTS.has(name))
}

/** Topic 0 of an event of any of the contracts. */
export const eventTopic = (name: ChainEventName): Hex => {
  for (const events of Object.values(plans)) for (const [topic, event] of events) if (event.name === name) return topic as Hex
  throw new Error(`no event ${name}`)
}

/** Null for a log that is none of ours. Throws CHAIN_DOWN for one that no contract emits. */
export const decodeLog = (deployment: Deployment, log: ChainLog): ChainEvent | null => {
  const plan = plansAt(deployment, log.address)?.get(log.topics[0] ?? '')
  if (plan === undefined) return null
  const { blockNumber: block, transactionHash: transaction, logIndex, blockTime } = log
  const place: At = { block, transaction, logIndex, ...(blockTime !== undefined && { at: blockTime }) }
  return { ...place, name: plan.name, ...readFields(plan, log.topics, log.data) } as ChainEvent
}

/** Every event of the deployment in [from, to], both ends included; with `topics`, those that match them, as eth_getLogs has it. */
export async function* readEvents(
  rpc: Rpc,
  deployment: Deployment,
  from: number,
  to: number,
  topics?: (Hex | Hex[] | null)[]
): AsyncGenerator<ChainEvent> {
  for (let first = from; first <= to; first += BLOCKS_PER_QUERY) {
    const last = Math.min(to, first + BLOCKS_PER_QUERY - 1)
    const filter = {
      address: [deployment.ledger, deployment.registry, deployment.models, ...(deployment.court ? [deployment.court] : [])],
      fromBlock: hexQuantity(first),
      toBlock: hexQuantity(last),
      ...(topics !== undefined && { topics })
    }
    for (const raw of (await rpc.send('eth_getLogs', [filter])) as RawLog[]) {
      const event = decodeLog(deployment, toLog(raw))
      if (event !== null) yield event
    }
  }
}

const plansAt = ({ ledger, registry, models, court }: Deployment, address: Address): Map<string, EventPlan> | null => {
  if (address === ledger) return plans.ledger
  if (address === registry) return plans.registry
  if (address === models) return plans.models
  return address === court ? plans.court : null
}
