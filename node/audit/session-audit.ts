/**
 * Audits a session from public data (docs/spec/proof.md): receipts that anyone shows, events and calldata of the chain. Every receipt gets a
 * proof or a reason why there is none, and together they must cover the session's positions and count no wei twice.
 */
import type { Address, Bytes32 } from 'openseam/protocol/eth'
import { assemble } from './assemble.ts'
import type { Books } from './books.ts'
import { bestFindings, type Finding, wantedBy } from './finding.ts'
import type { Outcome, Verdict } from './outcome.ts'
import { Paths } from './paths.ts'
import { ask } from './receipt-audit.ts'
import type { Candidate, ReceiptSource, Silent } from './source.ts'
import { nameOf, type Story, storyOf } from './story.ts'

export interface SessionReport extends Outcome {
  session: Bytes32
  /** Who paid for it; null where nobody shows a receipt, or those of several clients bear its id. */
  client: Address | null
  story: Story
  /** The receipts that it is made of, by leg and seq. */
  findings: Finding[]
  /** Shown by somebody, and no part of it: lies, and what contradicts that which is proved. */
  left: Finding[]
}

/** Throws only what the chain throws. `client`: whose session, where others use its id too. */
export const auditSession = async (
  session: Bytes32,
  sources: readonly ReceiptSource[],
  books: Books,
  client?: Address
): Promise<SessionReport> => {
  const silent: Silent[] = []
  const candidates = await ask(sources, silent, async (source) => {
    const shown = await source.ofSession(session)
    return shown.filter(({ receipt }) => receipt.sessionId === session)
  })
  const found = await findingsOf(candidates, sources, books)
  const payer = client ?? payerOf(found)
  const ours = found.filter(({ receipt }) => receipt.client === payer)
  const { core, left } = assemble(ours)
  const story = storyOf(core)
  const [verdict, reasons] = payer === 'several' ? several(found) : judged(story, core, left)
  const others = found.filter(({ receipt }) => receipt.client !== payer)
  const known = payer === 'several' ? null : (core[0]?.receipt.client ?? null)
  return { session, client: known, verdict, reasons, silent, story, findings: core, left: [...left, ...others] }
}

const findingsOf = async (
  candidates: readonly Candidate[],
  sources: readonly ReceiptSource[],
  books: Books
): Promise<Finding[]> => {
  const paths = new Paths(sources)
  await paths.prefetch(await wantedBy(candidates, books))
  return bestFindings(candidates, paths, books)
}

/** A session has one client. Its id names nobody, so another may put it in receipts of its own, and even pay those. */
const payerOf = (found: readonly Finding[]): Address | 'several' | undefined => {
  const paid = new Set(found.filter(({ state }) => state === 'paid').map(({ receipt }) => receipt.client))
  const named = paid.size > 0 ? paid : new Set(found.map(({ receipt }) => receipt.client))
  return named.size > 1 ? 'several' : [...named][0]
}

const several = (found: readonly Finding[]): [Verdict, string[]] => {
  const clients = [...new Set(found.map(({ receipt }) => receipt.client))]
  return ['unknown', [`receipts of ${clients.length} clients bear its id, name one with --client: ${clients.join(', ')}`]]
}

const judged = (story: Story, core: readonly Finding[], left: readonly Finding[]): [Verdict, string[]] => {
  if (core.length + left.length === 0) return ['unknown', ['nobody who was asked shows a receipt of this session']]
  const contradicted = story.checks.filter(({ outcome }) => outcome === 'fails')
  const absent = story.checks.filter(({ outcome }) => outcome === 'missing')
  const open = core.filter(({ state }) => state !== 'paid' && state !== 'empty')
  const lies = left.filter(({ state }) => state === 'failed')
  const whole = absent.length === 0 && open.length === 0
  const reasons = [
    ...contradicted.map(({ step, detail }) => `${step}: ${detail}`),
    // Where the truth is proved, a lie beside it changes nothing.
    ...(whole ? [] : lies.map((one) => `${nameOf(one)}, as ${one.source} shows it: ${one.detail}`)),
    ...open.map((one) => `${nameOf(one)} is ${one.state}: ${one.detail}`),
    ...absent.map(({ step, detail }) => `${step}: ${detail}`)
  ]
  if (contradicted.length > 0 || (!whole && lies.length > 0)) return ['disproved', reasons]
  return [whole ? 'proved' : 'unknown', reasons]
}
