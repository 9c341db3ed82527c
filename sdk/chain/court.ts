/** The court: challenges, and the answers that a provider owes them (docs/spec/court.md). */
import type { Wei } from '../protocol/amounts.ts'
import { codeOf, SeamError } from '../protocol/errors.ts'
import type { Address, Bytes32 } from '../protocol/eth.ts'
import type { WorkReceipt } from '../protocol/typed-data.ts'
import { courtAbi, encodeCall, view } from './abi.ts'
import type { BatchHeader } from './batch.ts'
import type { Deployment } from './deploy.ts'
import { payInto } from './money.ts'
import type { Rpc } from './rpc.ts'
import type { Sender } from './sender.ts'
import type { TxReceipt, TxRequest } from './tx.ts'

/** As the contract numbers them. */
export const CaseState = { none: 0, open: 1, answered: 2, upheld: 3, rejected: 4, timedOut: 5, undecided: 6 } as const
export type CaseState = (typeof CaseState)[keyof typeof CaseState]

export interface CaseRow {
  provider: Address
  client: Address
  state: CaseState
  /** Seconds: after it silence costs stake. */
  respondBy: number
  verdictBy: number
  answerHash: Bytes32
}

/** A receipt and the proof that it was paid, as `ICourt.Challenge`. */
export interface Challenge {
  receipt: WorkReceipt
  cumAfter: Wei
  index: number
  /** 32 siblings. */
  workProof: Bytes32[]
  from: Wei
  to: Wei
  units: number
  workRoot: Bytes32
  batchProof: Bytes32[]
  batch: number
  header: BatchHeader
}

const OPEN_GAS = 600_000
const RESPOND_GAS = 150_000
const TIME_OUT_GAS = 400_000
const RESOLVE_GAS = 1_200_000 // 15 judges are credited in it
const WITHDRAW_GAS = 150_000

export class CourtClient {
  readonly rpc: Rpc
  readonly deployment: Deployment
  readonly #address: Address
  readonly #sender: Sender | null

  /** Throws CONFIG for a deployment without a court. */
  constructor(rpc: Rpc, deployment: Deployment, sender: Sender | null = null) {
    if (deployment.court === null) throw new SeamError('CONFIG', 'this deployment has no court')
    this.#address = deployment.court
    this.rpc = rpc
    this.deployment = deployment
    this.#sender = sender
  }

  async caseOf(id: Bytes32): Promise<CaseRow> {
    const [tuple] = (await this.#view('caseOf', [id])) as [unknown[]]
    const [provider, respondBy, verdictBy, state, client, , , , answerHash] = tuple
    const times = { respondBy: Number(respondBy), verdictBy: Number(verdictBy) }
    const hash = answerHash as Bytes32
    return {
      provider: provider as Address,
      client: client as Address,
      state: Number(state) as CaseState,
      ...times,
      answerHash: hash
    }
  }

  /** The name of the case about a receipt, whether there is one or not. */
  async caseId({ provider, sessionId, leg, seq }: Pick<WorkReceipt, 'provider' | 'sessionId' | 'leg' | 'seq'>): Promise<Bytes32> {
    return (await this.#view('caseId', [provider, sessionId, leg, seq]))[0] as Bytes32
  }

  async bond(): Promise<Wei> {
    return (await this.#view('BOND', []))[0] as bigint
  }

  /** Only the receipt's client may; takes the bond. */
  async open(challenge: Challenge): Promise<TxReceipt> {
    const { root, total, count, postedAt } = challenge.header
    const args = [{ ...challenge, header: [root, total, count, postedAt] }]
    return payInto(this.#writer(), this.deployment, await this.bond(), this.#request('open', args, OPEN_GAS))
  }

  /** Only a key of the accused provider may. */
  respond(id: Bytes32, answerHash: Bytes32): Promise<TxReceipt> {
    return this.#writer().send(this.#request('respond', [id, answerHash], RESPOND_GAS))
  }

  /** Closes a case that nobody answered, or judged, in its time; anyone may. */
  timeOut(id: Bytes32): Promise<TxReceipt> {
    return this.#writer().send(this.#request('timeOut', [id], TIME_OUT_GAS))
  }

  /** Closes an answered case by its verdict, or without one when its time is over; anyone may. */
  resolve(id: Bytes32): Promise<TxReceipt> {
    return this.#writer().send(this.#request('resolve', [id], RESOLVE_GAS))
  }

  /** Which of the two would close a case now; null where neither would: it is closed, or its time has not come. */
  async closableBy(id: Bytes32): Promise<'resolve' | 'timeOut' | null> {
    for (const name of ['resolve', 'timeOut'] as const) {
      const { to, data } = this.#request(name, [id], RESOLVE_GAS)
      if (await this.rpc.call({ to, data }).then(() => true, refusedBy)) return name
    }
    return null
  }

  /** What cases have left to an account, to be fetched with `withdraw`. */
  async owed(account: Address): Promise<Wei> {
    return (await this.#view('owed', [account]))[0] as bigint
  }

  /** Sends it to the account's payout address; anyone may. */
  withdraw(account: Address): Promise<TxReceipt> {
    return this.#writer().send(this.#request('withdraw', [account], WITHDRAW_GAS))
  }

  #view(name: string, args: readonly unknown[]): Promise<unknown[]> {
    return view(this.rpc, courtAbi, this.#address, name, args)
  }

  #request(name: string, args: readonly unknown[], gasLimit: number): TxRequest & { to: Address } {
    return { to: this.#address, data: encodeCall(courtAbi, name, args), gasLimit, what: `court.${name}` }
  }

  #writer(): Sender {
    if (this.#sender === null) throw new SeamError('CONFIG', 'this client of the court has no key to send with')
    return this.#sender
  }
}

/** False where the contract says no; a chain that is away is no answer. */
const refusedBy = (error: unknown): false => {
  if (codeOf(error) === 'CHAIN_REVERTED') return false
  throw error
}
