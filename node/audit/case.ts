/** A case at the court (docs/spec/court.md): where it stands, who can close it now, and, when told to, its end and what it left to a wallet. */
import { CaseState, type CourtClient, type Sender } from 'openseam/chain/index'
import type { Wei } from 'openseam/protocol/amounts'
import type { Address, Bytes32, Hex } from 'openseam/protocol/eth'
import { type Paint, table } from '../lib/table.ts'
import type { Outcome, Verdict } from './outcome.ts'
import { ending, open, silence } from './print.ts'

export type CaseName = keyof typeof CaseState

/** `proved`: the court took the challenger's side. `disproved`: the provider's. `unknown`: it has not decided, or never will. */
export interface CaseReport extends Outcome {
  case: Bytes32
  state: CaseName
  provider: Address | null
  client: Address | null
  /** Seconds. */
  respondBy: number
  verdictBy: number
  /** What would close it now. */
  closes: 'resolve' | 'timeOut' | null
  /** What cases have left to the wallet that is not fetched yet; null without one. */
  owed: Wei | null
  /** That were sent: the one that closed it, the one that fetched what is owed. */
  transactions: Hex[]
}

const sides: Partial<Record<CaseName, Verdict>> = { upheld: 'proved', timedOut: 'proved', rejected: 'disproved' }

/** With a `sender` it is closed where that can be, and what is owed to the sender is fetched. Throws CHAIN_*. */
export const auditCase = async (id: Bytes32, court: CourtClient, sender: Sender | null): Promise<CaseReport> => {
  const transactions: Hex[] = []
  const closes = await court.closableBy(id)
  if (sender !== null && closes !== null) transactions.push((await court[closes](id)).hash)
  if (sender !== null && (await court.owed(sender.address)) > 0n) transactions.push((await court.withdraw(sender.address)).hash)
  const found = await court.caseOf(id)
  const state = nameOf(found.state)
  const known = state !== 'none'
  const verdict = sides[state] ?? 'unknown'
  return {
    case: id,
    state,
    provider: known ? found.provider : null,
    client: known ? found.client : null,
    respondBy: found.respondBy,
    verdictBy: found.verdictBy,
    closes: sender === null ? closes : await court.closableBy(id),
    owed: sender === null ? null : await court.owed(sender.address),
    transactions,
    verdict,
    reasons: verdict === 'proved' ? [] : [stories[state]],
    silent: []
  }
}

const nameOf = (state: CaseState): CaseName =>
  (Object.keys(CaseState) as CaseName[]).find((name) => CaseState[name] === state) ?? 'none'

const stories: Record<CaseName, string> = {
  none: 'nobody opened a case of that name',
  open: 'the provider has not answered yet',
  answered: 'the provider answered, and nobody has judged yet',
  upheld: 'the judges found the work wrong: stake was taken',
  rejected: 'the judges found the work right: the bond is lost',
  timedOut: 'the provider did not answer: stake was taken',
  undecided: "nobody judged: 30 % of the bond is the provider's"
}

export const printCase = (report: CaseReport, paint: Paint): string => {
  const { provider, client, respondBy, verdictBy, closes, owed, transactions, state, silent } = report
  const rows = [
    ['provider', provider ?? '-'],
    ['client', client ?? '-'],
    ['answer by', time(respondBy)],
    ['verdict by', time(verdictBy)],
    ...(closes === null ? [] : [['now', `${closes} closes it: --send does that`]]),
    ...(owed === null ? [] : [['still owed', open(owed)]]),
    ...transactions.map((hash) => ['sent', hash])
  ]
  const facts = state === 'none' ? '' : table(rows)
  return [`case ${report.case}\n`, facts, silence(silent, paint), ending(report, stories[state], paint)].join('')
}

const time = (seconds: number): string => new Date(seconds * 1000).toISOString()
