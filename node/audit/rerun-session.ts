/** Runs a drawn range of an audited session again: the receipts are those that the audit found, the model's terms are those on the chain. */
import { type Deployment, ModelsClient, type Rpc } from 'openseam/chain/index'
import type { Rng } from 'openseam/components'
import { SeamError } from 'openseam/protocol/errors'
import { BLOCK_TOKENS } from 'openseam/protocol/limits'
import type { Opening } from 'openseam/protocol/opening'
import type { Verdict } from './outcome.ts'
import { type RerunReport, rerun } from './rerun.ts'
import type { SessionReport } from './session-audit.ts'

export interface RerunOptions {
  modelDir: string
  opening: Opening
  /** Positions to run; drawn where absent. */
  range?: Range
  /** At most so many blocks of 32 are drawn. */
  blocks: number
  threads: number
}

export interface Range {
  from: number
  to: number
}

export interface SessionRerun extends RerunReport {
  range: Range
}

const verdicts: Record<RerunReport['verdict'], Verdict> = { accepted: 'proved', rejected: 'disproved', inconclusive: 'unknown' }
const gravity: Verdict[] = ['proved', 'unknown', 'disproved']

/**
 * The report of the session with what the re-execution found; the graver of the two verdicts is the audit's.
 * @throws SeamError BAD_REQUEST for an opening of another session or a range that it does not show, CHAIN_*; EngineError
 */
export const rerunSession = async (
  report: SessionReport,
  options: RerunOptions,
  chain: { rpc: Rpc; deployment: Deployment; rng: Rng }
): Promise<SessionReport & { rerun: SessionRerun }> => {
  const { opening, modelDir, threads } = options
  if (opening.sessionId !== report.session) throw new SeamError('BAD_REQUEST', `the opening is of session ${opening.sessionId}`)
  const range = options.range ?? drawnRange(opening, options.blocks, chain.rng)
  if (range.from < opening.completionFrom || range.to <= range.from || range.to > opening.ids.length) {
    const shown = `${opening.completionFrom} to ${opening.ids.length}`
    throw new SeamError('BAD_REQUEST', `the opening shows what a model drew at positions ${shown}`)
  }
  const terms = await new ModelsClient(chain.rpc, chain.deployment).model(opening.modelId)
  const receipts = report.findings.map(({ receipt, signed }) => ({ receipt, signed }))
  const royalties = terms === null ? {} : { payees: terms.payees, bps: terms.bps }
  const found = await rerun({ modelDir, opening, receipts, threads, range, ...royalties })
  const verdict = [report.verdict, verdicts[found.verdict]].toSorted(
    (a, b) => gravity.indexOf(b) - gravity.indexOf(a)
  )[0] as Verdict
  const mine = found.reasons.map((reason) => `rerun: ${reason}`)
  const reasons = verdict === report.verdict ? [...report.reasons, ...mine] : [...mine, ...report.reasons]
  return { ...report, verdict, reasons, rerun: { ...found, range } }
}

/** A run of whole blocks of the answer, each start as likely as any other: nobody could know it when the receipts were signed. */
export const drawnRange = ({ completionFrom, ids }: Pick<Opening, 'completionFrom' | 'ids'>, blocks: number, rng: Rng): Range => {
  const first = Math.floor(completionFrom / BLOCK_TOKENS)
  const starts = Math.max(1, Math.ceil(ids.length / BLOCK_TOKENS) - first - blocks + 1)
  // 64 bits over at most 4 096 starts: the remainder favours none of them by more than 2^-52.
  const [word] = new BigUint64Array(rng.bytes(8).buffer)
  const start = first + Number((word ?? 0n) % BigInt(starts))
  return {
    from: Math.max(completionFrom, start * BLOCK_TOKENS),
    to: Math.min(ids.length, (start + blocks) * BLOCK_TOKENS)
  }
}
