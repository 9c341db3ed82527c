/** The audits of a provider and of one batch, for people. */
import { type Paint, table } from '../lib/table.ts'
import type { BookCheck } from './book-check.ts'
import { ending, open, silence } from './print.ts'
import type { BatchReport, OneBatchReport, ProviderReport } from './provider-audit.ts'

export const printProvider = (report: ProviderReport, paint: Paint): string => {
  const { provider, block, batches, gross, royalties, earned, claimed, ledger, silent } = report
  const sums = table([
    ['', 'recomputed', 'the ledger says'],
    ['batches', String(batches.length), String(ledger.batches)],
    ['paid by clients', open(gross)],
    ['royalties', open(royalties)],
    ['earned', open(earned), open(ledger.lifetime)],
    ['claimed', open(claimed)],
    ['unclaimed', open(earned - claimed), open(ledger.amount)]
  ])
  const proved = `${open(earned)} earned in ${batches.length} batches, as the ledger has it`
  return [
    `provider ${provider}, as of block ${block}\n`,
    batches.length === 0
      ? ''
      : `${table([['batch', 'block', 'payments', 'total', 'royalties', ''], ...batches.map(batchRow)])}\n`,
    `${sums}\n`,
    checkTable(report.checks, paint),
    silence(silent, paint),
    ending(report, proved, paint)
  ].join('')
}

const batchRow = ({ number, block, payments, total, royalty, checks }: BatchReport): string[] => {
  const wrong = checks.find(({ outcome }) => outcome !== 'holds')
  return [
    String(number),
    String(block),
    String(payments.length),
    open(total),
    open(royalty),
    wrong === undefined ? 'holds' : wrong.step
  ]
}

export const printBatch = (report: OneBatchReport, paint: Paint): string => {
  const { provider, number, batch, silent } = report
  const rows = batch?.payments.map(({ client, modelId, from, to, units, workRoot }) => [
    ...[client, modelId, open(to - from), open(to), units === null ? '' : String(units), workRoot ?? 'not shown']
  ])
  return [
    `batch ${number} of ${provider}\n`,
    batch === null ? '' : `transaction ${batch.transaction}, block ${batch.block}\n`,
    rows === undefined ? '' : `${table([['client', 'model', 'paid', 'total after it', 'units', 'work root'], ...rows])}\n`,
    batch === null ? '' : checkTable(batch.checks, paint),
    silence(silent, paint),
    ending(report, batch === null ? '' : `${open(batch.total)} in ${batch.payments.length} payments`, paint)
  ].join('')
}

const checkTable = (checks: readonly BookCheck[], paint: Paint): string =>
  table(
    checks.map(({ step, outcome, detail }) => [step, outcome, detail]),
    (line, row) => {
      const outcome = checks[row]?.outcome
      return outcome === 'holds' ? paint.good(line) : outcome === 'fails' ? paint.bad(line) : line
    }
  )
