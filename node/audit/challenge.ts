/** Challenges what a receipt was paid for at the court (docs/spec/court.md): first says what it would cost, then, when told to, posts it. */
import { CaseState, type Challenge, type CourtClient, currencyBalance, type Sender } from 'openseam/chain/index'
import type { Wei } from 'openseam/protocol/amounts'
import type { Address, Bytes32, Hex } from 'openseam/protocol/eth'
import type { Proof } from 'openseam/protocol/proof'
import type { Paint } from '../lib/table.ts'
import type { Outcome } from './outcome.ts'
import { ending, open, silence } from './print.ts'
import type { ReceiptReport } from './receipt-audit.ts'

/** `proved`: it can be opened, or was. */
export interface ChallengeReport extends Outcome {
  receipt: Bytes32 | null
  /** Null where the receipt is not proved to be paid: the court would refuse it. */
  case: Bytes32 | null
  client: Address | null
  bond: Wei | null
  /** Of the case that was opened; null in a dry run. */
  transaction: Hex | null
}

/** With a `sender` it is posted; without, nothing leaves this machine but reads. Throws CHAIN_*. */
export const challengeReceipt = async (
  found: ReceiptReport,
  court: CourtClient,
  sender: Sender | null
): Promise<ChallengeReport> => {
  const proof = found.finding?.proof ?? null
  const none = { receipt: found.receipt, case: null, client: null, bond: null, transaction: null, silent: found.silent }
  if (found.verdict !== 'proved' || proof === null) return { ...none, verdict: found.verdict, reasons: found.reasons }
  const { receipt } = proof
  const [id, bond] = await Promise.all([court.caseId(receipt), court.bond()])
  const report = { ...none, case: id, client: receipt.client, bond }
  const reasons = await hindrances(proof, id, bond, court, sender)
  if (reasons.length > 0) return { ...report, verdict: 'disproved', reasons }
  if (sender === null) return { ...report, verdict: 'proved', reasons: [] }
  const { hash } = await court.open(challengeOf(proof))
  return { ...report, verdict: 'proved', reasons: [], transaction: hash }
}

/** Why the court would refuse it. */
const hindrances = async (
  { receipt }: Proof,
  id: Bytes32,
  bond: Wei,
  court: CourtClient,
  sender: Sender | null
): Promise<string[]> => {
  const reasons: string[] = []
  if (receipt.to <= receipt.from || receipt.amount === 0n) reasons.push('work: the receipt has no positions that were paid')
  if ((await court.caseOf(id)).state !== CaseState.none) reasons.push(`case: ${id} was opened before`)
  if (sender === null) return reasons
  if (sender.address !== receipt.client) reasons.push(`client: ${receipt.client} alone may challenge it, not ${sender.address}`)
  const held = await currencyBalance(court.rpc, court.deployment, sender.address)
  if (held < bond) reasons.push(`bond: the wallet has ${open(held)}, the bond is ${open(bond)}`)
  return reasons
}

const challengeOf = ({ receipt, work, batch }: Proof): Challenge => ({
  receipt,
  cumAfter: work.cumAfter,
  index: work.index,
  workProof: work.siblings,
  ...batch.leaf,
  batchProof: batch.siblings,
  batch: batch.number,
  header: batch.header
})

export const printChallenge = (report: ChallengeReport, paint: Paint): string => {
  const { receipt, bond, client, transaction, silent } = report
  const stake = `${open(bond ?? 0n)} of bond, lost where the challenge is rejected, 30 % of it where nobody decides`
  const done = transaction === null ? `nothing was sent: --send posts it for ${client}` : `case ${report.case}, ${transaction}`
  const lines = bond === null ? '' : `${stake}\n`
  return [`challenge to receipt ${receipt ?? 'unknown'}\n`, lines, silence(silent, paint), ending(report, done, paint)].join('')
}
