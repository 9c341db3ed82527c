/** Audits for people: what was looked at, each step, and one last line that says how it ended. */
import { formatOpen, type Wei } from 'openseam/protocol/amounts'
import type { ProofCheck } from 'openseam/protocol/proof'
import { endName } from 'openseam/protocol/typed-data'
import { type Paint, table } from '../lib/table.ts'
import type { Finding } from './finding.ts'
import type { Outcome } from './outcome.ts'
import type { ReceiptReport } from './receipt-audit.ts'
import type { Silent } from './source.ts'

export const open = (amount: Wei): string => `${formatOpen(amount)} OPEN`

export const printReceipt = (report: ReceiptReport, paint: Paint): string => {
  const { finding } = report
  const parts = [`receipt ${report.receipt ?? 'unknown'}\n`]
  if (finding !== null) parts.push(facts(finding), '\n', steps(finding.checks, paint))
  parts.push(silence(report.silent, paint), ending(report, finding === null ? '' : finding.detail, paint))
  return parts.join('')
}

const facts = ({ receipt, signed, source, cumAfter, index }: Finding): string => {
  const { sessionId, leg, seq, client, provider, modelId, from, to, promptUnits, amount, end } = receipt
  return table([
    ['session', sessionId],
    ['', `leg ${leg}, receipt ${seq}`],
    ['client', client],
    ['provider', provider],
    ['model', modelId],
    ['positions', `${from} to ${to}${promptUnits === 0 ? '' : `, ${promptUnits} of them the prompt's`}`],
    ['ended', endName(end)],
    ['amount', open(amount)],
    ['place', `${index} in its channel, total ${open(cumAfter)} after it`],
    ['shown by', `${source}, ${signed ? 'with the signature of its maker' : 'unsigned'}`]
  ])
}

export const steps = (checks: readonly ProofCheck[], paint: Paint): string =>
  table(
    checks.map(({ step, outcome, detail }) => [step, outcome, detail]),
    (line, row) => {
      const outcome = checks[row]?.outcome
      return outcome === 'holds' ? paint.good(line) : outcome === 'fails' ? paint.bad(line) : paint.dim(line)
    }
  )

/** Who was asked and said nothing: an audit that could not tell may end otherwise when they answer. */
export const silence = (silent: readonly Silent[], paint: Paint): string =>
  silent.map(({ source, code }) => `${paint.dim(`${source} could not be read: ${code}`)}\n`).join('')

export const ending = ({ verdict, reasons }: Outcome, proved: string, paint: Paint): string => {
  const said = { proved: paint.good('proved'), disproved: paint.bad('disproved'), unknown: 'could not tell' }[verdict]
  const why = verdict === 'proved' ? [proved] : reasons
  return `\n${said}: ${why.join(`\n${' '.repeat(verdict.length + 2)}`)}\n`
}
