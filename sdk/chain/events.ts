/** The contracts' events as plain values, in the order of the chain. Amounts are bigint, everything else is as in the contract. */
import type { EventFragment, Interface } from 'ethers'
import type { Wei } from '../protocol/amounts.ts'
import type { Address, Bytes32, Hex } from '../protocol/eth.ts'
import { courtAbi, ledgerAbi, modelsAbi, plainResult, registryAbi } from './abi.ts'
import type { Deployment } from './deploy.ts'
import { hexQuantity, type Rpc } from './rpc.ts'
import { type ChainLog, type RawLog, toLog } from './tx.ts'

interface At {
  block: number
  transaction: Hex
  logIndex: number
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

// parseLog hashes every signature of the contract again for every log.
const topicsOf = (abi: Interface): Map<string, EventFragment> => {
  const found = new Map<string, EventFragment>()
  abi.forEachEvent((event) => found.set(event.topicHash, event))
  return found
}
const byTopic = new Map([ledgerAbi, registryAbi, modelsAbi, courtAbi].map((abi) => [abi, topicsOf(abi)]))

/** Topic 0 of an event of any of the contracts. */
export const eventTopic = (name: ChainEventName): Hex => {
  for (const events of byTopic.values()) for (const [topic, event] of events) if (event.name === name) return topic as Hex
  throw new Error(`no event ${name}`)
}

/** Null for a log that is none of ours. */
export const decodeLog = (deployment: Deployment, log: ChainLog): ChainEvent | null => {
  const abi = abiAt(deployment, log.address)
  const fragment = abi === null ? undefined : byTopic.get(abi)?.get(log.topics[0] ?? '')
  if (abi === null || fragment === undefined || (abi === courtAbi && !CASE_EVENTS.has(fragment.name))) return null
  const values = plainResult(abi.decodeEventLog(fragment, log.data, log.topics))
  const fields = Object.fromEntries(fragment.inputs.map(({ name }, i) => [name, field(name, values[i])]))
  if (fragment.name === 'GroupSettled') {
    fields['paid'] = (fields['clientPaid'] as bigint[]).map(unpackPaid)
    delete fields['clientPaid']
  }
  const at: At = { block: log.blockNumber, transaction: log.transactionHash, logIndex: log.logIndex }
  return { ...at, name: fragment.name, ...fields } as ChainEvent
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

const abiAt = (deployment: Deployment, address: Address): Interface | null => {
  if (address === deployment.ledger) return ledgerAbi
  if (address === deployment.registry) return registryAbi
  if (address === deployment.models) return modelsAbi
  return address === deployment.court ? courtAbi : null
}

const field = (name: string, value: unknown): unknown => {
  if (name === 'bps') return (value as bigint[]).map(Number)
  return typeof value === 'bigint' && !WEI_FIELDS.has(name) ? Number(value) : value
}

const unpackPaid = (word: bigint): { client: Address; amount: Wei } => ({
  client: `0x${(word >> 96n).toString(16).padStart(40, '0')}`,
  amount: word & (2n ** 96n - 1n)
})
