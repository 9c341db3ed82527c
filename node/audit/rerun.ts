/**
 * Runs a stretch of a session again, in one prefill pass over its token log, and says whether its receipts are true: does the model draw these
 * ids, and from the logits that the provider said it had (docs/spec/fingerprint.md)? Needs the session's opening; asks nobody.
 */
import type { Address, Bytes32 } from 'openseam/protocol/eth'
import { comparePrints, fingerprintOf, PRINT_BYTES, type PrintComparison } from 'openseam/protocol/fingerprint'
import { BLOCK_TOKENS } from 'openseam/protocol/limits'
import { type OpenedLeg, type Opening, openedBase } from 'openseam/protocol/opening'
import { Sampling as WireSampling } from 'openseam/protocol/pb'
import { modelIdOf, type WorkReceipt } from 'openseam/protocol/typed-data'
import { givenTo, outputHash } from 'openseam/protocol/work'
import { buildManifest } from '../engine/manifest.ts'
import { Replay } from '../engine/replay.ts'
import { type Redrawn, redraw } from './redraw.ts'
import { type Drawn, faultOf } from './verdict.ts'

export interface RerunRequest {
  /** The model that the receipts name, in the transformers.js layout. */
  modelDir: string
  /** Who is paid for the model, where it is registered: they are part of its id. */
  payees?: readonly Address[]
  bps?: readonly number[]
  opening: Opening
  /** Of the opening's session, in any order. Positions of the prompt are not run again: nobody drew them. */
  receipts: readonly AuditedReceipt[]
  /** Positions that are run again and compared, half-open; default all that a model drew. */
  range?: { from: number; to: number }
  /** Threads of one run; default 1. */
  threads?: number
}

export interface AuditedReceipt {
  receipt: WorkReceipt
  /** The provider's signature over it was checked. Without one a receipt shows what the client says, and binds nobody else. */
  signed: boolean
}

/** At most 32 positions of one receipt. */
export interface RerunBlock {
  leg: number
  seq: number
  from: number
  to: number
  /** Ids by what is drawn here: the same, another within the noise of the logits, another. */
  drawn: Drawn
  /** Distances in steps of 1/1024 logit. */
  prints: PrintComparison
  /** The provider signed it, and its fingerprint is that of what was compared. */
  bound: boolean
  /** Why it disagrees; null where it agrees. */
  fault: string | null
}

/** `accepted`: every block agrees, and each is bound. `rejected`: a bound block does not agree. `inconclusive`: neither; `reasons` says why. */
export interface RerunReport {
  verdict: 'accepted' | 'rejected' | 'inconclusive'
  reasons: string[]
  manifestHash: Bytes32
  /** Positions run again, of those that the receipts charge as completion. */
  positions: number
  blocks: RerunBlock[]
}

/**
 * Never blocks the process for longer than a run of 256 positions takes.
 * @throws EngineError where the model cannot be loaded or is too small for the log
 */
export const rerun = async (request: RerunRequest): Promise<RerunReport> => {
  const { opening, modelDir, payees = [], bps = [], threads = 1 } = request
  const { manifestHash } = await buildManifest(modelDir)
  const report: RerunReport = { verdict: 'inconclusive', reasons: [], manifestHash, positions: 0, blocks: [] }
  if (modelIdOf(manifestHash, payees, bps) !== opening.modelId) {
    report.reasons.push('the model in this directory is not the one of the session')
    return report
  }
  const stretches = stretchesOf(request, report.reasons)
  if (stretches.length === 0) {
    report.reasons.push('no receipt has positions that a model drew and this opening shows')
    return report
  }
  const from = Math.min(...stretches.map((stretch) => stretch.from))
  const to = Math.max(...stretches.map((stretch) => stretch.to))
  const replay = new Replay({ modelDir, threads, positions: to })
  try {
    const log = { ids: opening.ids, completionFrom: opening.completionFrom, sampling: WireSampling.decode(opening.sampling) }
    const drawn = await redraw(replay, modelDir, log, from, to)
    for (const stretch of stretches) report.blocks.push(...blocksOf(opening, stretch, drawn))
  } finally {
    replay.close()
  }
  report.positions = report.blocks.reduce((sum, block) => sum + block.to - block.from, 0)
  return judged(report, replay.dtype === 'float32')
}

interface Stretch {
  receipt: WorkReceipt
  from: number
  to: number
  bound: boolean
}

/** The completion positions of each receipt that the opening opens. */
const stretchesOf = ({ opening, receipts, range }: RerunRequest, said: string[]): Stretch[] => {
  const { from: first, to: end } = { from: 0, to: opening.ids.length, ...range }
  const stretches: Stretch[] = []
  const legs = new Map(opening.legs.map((leg) => [leg.leg, tracedLeg(opening, leg)]))
  for (const { receipt, signed } of receipts.toSorted(inOrder)) {
    const name = `receipt ${receipt.leg}/${receipt.seq}`
    // What lies outside still binds what its leg had written before the range; it is not judged.
    const reasons = receipt.to > first && receipt.from < end ? said : []
    const leg = legs.get(receipt.leg)
    const ours = receipt.sessionId === opening.sessionId && receipt.modelId === opening.modelId
    if (!ours || leg === undefined || !opens(receipt, leg.opened, opening.ids.slice(receipt.from, receipt.to))) {
      reasons.push(`the opening is not that of ${name}`)
      continue
    }
    const chained = receipt.from <= leg.boundTo
    if (signed && chained) leg.boundTo = Math.max(leg.boundTo, receipt.to)
    const from = Math.max(receipt.from, opening.completionFrom)
    if (from >= receipt.to) continue
    const bound = fingerprintOf(leg.base(), printsAt(opening, from, receipt.to)) === receipt.fingerprint
    if (!signed) reasons.push(`${name} is not signed by its provider: it shows payment, and accuses nobody`)
    else if (!bound) reasons.push(`${name} has no fingerprint of this opening: it shows payment, not how the ids were made`)
    else if (!chained)
      reasons.push(`${name} stands alone: the receipts of its leg before it bind what its peer had written so far`)
    const inside = { from: Math.max(from, first), to: Math.min(receipt.to, end) }
    if (inside.from < inside.to) stretches.push({ receipt, ...inside, bound: signed && bound && chained })
  }
  return stretches
}

const inOrder = (a: AuditedReceipt, b: AuditedReceipt): number => a.receipt.leg - b.receipt.leg || a.receipt.seq - b.receipt.seq

interface TracedLeg {
  opened: OpenedLeg
  base(): Bytes32
  /** The ids below are bound: given to the peer when the leg opened, or under receipts that it signed. */
  boundTo: number
}

const tracedLeg = (opening: Opening, opened: OpenedLeg): TracedLeg => {
  let base: Bytes32 | undefined
  return {
    opened,
    base: () => (base ??= openedBase(opening, opened)),
    boundTo: givenTo(opened.from, opening.completionFrom)
  }
}

const opens = (receipt: WorkReceipt, leg: OpenedLeg, ids: number[]): boolean =>
  ids.length === receipt.to - receipt.from && receipt.from >= leg.from && outputHash(leg.salt, ids) === receipt.outputHash

const printsAt = ({ prints, completionFrom }: Opening, from: number, to: number): Uint8Array =>
  prints.subarray((from - completionFrom) * PRINT_BYTES, (to - completionFrom) * PRINT_BYTES)

/** Cut at multiples of 32 of the session, so that a block means the same whatever the receipts. */
const blocksOf = (opening: Opening, { receipt, from: start, to, bound }: Stretch, drawn: Redrawn): RerunBlock[] => {
  const blocks: RerunBlock[] = []
  for (let from = start; from < to; ) {
    const end = Math.min(to, (Math.floor(from / BLOCK_TOKENS) + 1) * BLOCK_TOKENS)
    const counts = { same: 0, near: 0, other: 0 }
    for (let position = from; position < end; position++) counts[drawn.verdicts[position - drawn.from] ?? 'other'] += 1
    const found = drawn.prints.subarray((from - drawn.from) * PRINT_BYTES, (end - drawn.from) * PRINT_BYTES)
    const prints = comparePrints(printsAt(opening, from, end), found)
    blocks.push({
      leg: receipt.leg,
      seq: receipt.seq,
      from,
      to: end,
      drawn: counts,
      prints,
      bound,
      fault: faultOf(counts, prints)
    })
    from = end
  }
  return blocks
}

const judged = (report: RerunReport, calibrated: boolean): RerunReport => {
  if (!calibrated) report.reasons.push('the tolerances are for models in float32: this one was not calibrated')
  const wrong = report.blocks.filter(({ fault }) => fault !== null)
  const proved = wrong.filter(({ bound }) => bound)
  if (proved.length > 0 && calibrated) report.verdict = 'rejected'
  else if (wrong.length === 0 && report.reasons.length === 0) report.verdict = 'accepted'
  for (const { leg, seq, from, to, fault } of wrong)
    report.reasons.push(`receipt ${leg}/${seq}, positions ${from} to ${to}: ${fault}`)
  return report
}
