/** Audits one receipt (docs/spec/proof.md): receipt, work tree, batch, transaction, each step said. */
import { codeOf } from 'openseam/protocol/errors'
import type { Bytes32 } from 'openseam/protocol/eth'
import type { Books } from './books.ts'
import { bestFindings, type Finding } from './finding.ts'
import type { Outcome, Verdict } from './outcome.ts'
import { Paths } from './paths.ts'
import type { Candidate, ReceiptSource, Silent } from './source.ts'

export interface ReceiptReport extends Outcome {
  /** Null where a file that is no proof was to name it. */
  receipt: Bytes32 | null
  /** Null where nobody showed it. */
  finding: Finding | null
}

const verdicts: Record<Finding['state'], Verdict> = {
  paid: 'proved',
  empty: 'proved',
  unsettled: 'unknown',
  unproved: 'unknown',
  failed: 'disproved'
}

/** Throws only what the chain throws. */
export const auditReceipt = async (hash: Bytes32, sources: readonly ReceiptSource[], books: Books): Promise<ReceiptReport> => {
  const silent: Silent[] = []
  const candidates = await ask(sources, silent, async (source) => {
    const shown = await source.byHash(hash)
    return shown === undefined ? [] : [shown]
  })
  const [finding] = await bestFindings(candidates, new Paths(sources), books)
  if (finding === undefined) {
    const reasons = ['nobody who was asked shows a receipt of that name']
    return { receipt: hash, verdict: 'unknown', reasons, finding: null, silent }
  }
  const verdict = finding.state === 'empty' && finding.proof === null ? 'unknown' : verdicts[finding.state]
  const reasons = verdict === 'proved' ? [] : [finding.detail]
  return { receipt: hash, verdict, reasons, finding, silent }
}

/** Puts one question to every source at once. Who cannot be read is written down. */
export const ask = async (
  sources: readonly ReceiptSource[],
  silent: Silent[],
  question: (source: ReceiptSource) => Promise<Candidate[]>
): Promise<Candidate[]> => {
  const answers = await Promise.all(
    sources.map(async (source) => {
      try {
        return await question(source)
      } catch (error) {
        silent.push({ source: source.name, code: codeOf(error) })
        return []
      }
    })
  )
  return answers.flat()
}
