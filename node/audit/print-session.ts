/** The audit of a session for people: legs, hand-overs, what was checked, and what was shown and is no part of it. */
import { type Paint, table } from '../lib/table.ts'
import { ending, open, silence } from './print.ts'
import type { SessionRerun } from './rerun-session.ts'
import type { SessionReport } from './session-audit.ts'
import { type HandOver, type LegStory, nameOf, type StoryCheck } from './story.ts'

const LEFT_SHOWN_MAX = 20

export const printSession = (report: SessionReport & { rerun?: SessionRerun }, paint: Paint): string => {
  const { session, client, story, left, silent } = report
  const parts = [`session ${session}\n`, ...(client === null ? [] : [`client  ${client}\n`])]
  if (story.legs.length > 0) {
    parts.push('\n', legTable(story.legs), '\n', ...story.handOvers.map(handOver), '\n', checkTable(story.checks, paint))
  }
  parts.push(...left.slice(0, LEFT_SHOWN_MAX).map((one) => paint.dim(leftOver(one))))
  if (left.length > LEFT_SHOWN_MAX)
    parts.push(paint.dim(`and ${left.length - LEFT_SHOWN_MAX} more that were shown and are no part of it\n`))
  if (report.rerun !== undefined) parts.push(rerunLines(report.rerun, paint))
  const proved = `${story.positions} positions, ${open(story.paid)}, each paid once`
  return [...parts, silence(silent, paint), ending(report, proved, paint)].join('')
}

const legTable = (legs: readonly LegStory[]): string =>
  table([
    ['leg', 'provider', 'positions', 'prompt', 'amount', 'paid', 'in batch', 'ended'],
    ...legs.map((leg) => [
      ...[String(leg.leg), leg.provider, `${leg.from} to ${leg.to}`, String(leg.promptUnits), open(leg.amount), open(leg.paid)],
      ...[leg.batches.join(', ') || '-', ended(leg)]
    ])
  ])

const says = { paid: '', signed: ", its provider's word", shown: ', unsigned' }

const ended = ({ end, endBy }: LegStory): string => (end === null || endBy === null ? 'unknown' : `${end}${says[endBy]}`)

const handOver = ({ at, from, to }: HandOver): string => {
  const why = from.end === null ? 'for a reason that nobody shows' : from.end
  return `  at ${at} leg ${from.leg} ended (${why}), and leg ${to.leg} went on: ${from.provider} to ${to.provider}\n`
}

const checkTable = (checks: readonly StoryCheck[], paint: Paint): string =>
  table(
    checks.map(({ step, outcome, detail }) => [step, outcome, detail]),
    (line, row) => {
      const outcome = checks[row]?.outcome
      return outcome === 'holds' ? paint.good(line) : outcome === 'fails' ? paint.bad(line) : line
    }
  )

const leftOver = (one: SessionReport['left'][number]): string =>
  `${nameOf(one)} of ${one.receipt.provider}, shown by ${one.source}, is no part of it: ${one.state}, ${one.detail}\n`

const rerunLines = ({ range, positions, blocks, verdict }: SessionRerun, paint: Paint): string => {
  const sum = (of: (block: SessionRerun['blocks'][number]) => number): number => blocks.reduce((all, block) => all + of(block), 0)
  const bound = blocks.filter((block) => block.bound).length
  const rows = table([
    ['positions', `${range.from} to ${range.to}, ${positions} of them run again in ${blocks.length} blocks`],
    [
      'ids',
      `${sum(({ drawn }) => drawn.same)} the same, ${sum(({ drawn }) => drawn.near)} within the noise, ${sum(({ drawn }) => drawn.other)} others`
    ],
    ['logits', `${Math.max(0, ...blocks.map(({ prints }) => prints.max))} steps of 1/1024 apart at most`],
    ['bound', `${bound} of ${blocks.length} blocks, by signed receipts`]
  ])
  const said = verdict === 'accepted' ? paint.good(verdict) : verdict === 'rejected' ? paint.bad(verdict) : verdict
  return `\nrun again: ${said}\n${rows}`
}
