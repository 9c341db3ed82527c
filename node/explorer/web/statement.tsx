/** An account's money on paper: every line with the address of its proof, and the sums at the end. */
import { formatOpen } from 'openseam/protocol/amounts'
import type { ReactNode } from 'react'
import { Empty, Facts, Shown, Title, utc } from './parts.tsx'
import { go } from './route.ts'
import { type Statement, type Total, useStatement } from './use-statement.ts'
import type { StatementLine } from './wire.ts'

const OPEN = 10n ** 18n

const words: Record<StatementLine['kind'], string> = {
  deposit: 'deposit',
  withdrawal: 'withdrawal',
  spent: 'spent',
  earned: 'earned',
  royalty: 'royalty, out of what was earned',
  claimed: 'claimed',
  received: 'received',
  slashed: 'slashed'
}

/** `period` as in the path: a year, a year and a month, or neither. */
export const StatementPage = ({ account, period }: { account: string; period: readonly string[] }): ReactNode => {
  const within = period.join('-')
  const statement = useStatement(account, within)
  return (
    <article className='statement'>
      <Title kind='Statement of account' id={account} />
      <p className='under screen-only'>
        <button type='button' className='button primary' disabled={statement.phase !== 'ready'} onClick={() => print()}>
          Print or save as PDF
        </button>
        <a
          className='button'
          href={`/api/accounts/${account}/statement.csv${within === '' ? '' : `?period=${within}`}`}
          download={`openseam-${account}${within === '' ? '' : `-${within}`}.csv`}
        >
          CSV
        </a>
        {statement.phase === 'ready' && <Period account={account} months={statement.value.months} within={within} />}
        <a href={`/account/${account}`}>The account</a>
      </p>
      <Shown of={statement}>{(value) => <Paper account={account} within={within} statement={value} />}</Shown>
    </article>
  )
}

/** A choice among the years and months that have lines. */
const Period = ({ account, months, within }: { account: string; months: string[]; within: string }): ReactNode => {
  const periods = new Set([...months.flatMap((month) => [month.slice(0, 4), month]), ...(within === '' ? [] : [within])])
  return (
    <select
      className='field'
      aria-label='Period'
      value={within}
      onChange={({ target }) => go(`/account/${account}/statement/${target.value.replace('-', '/')}`)}
    >
      <option value=''>All time</option>
      {[...periods].map((period) => (
        <option key={period}>{period}</option>
      ))}
    </select>
  )
}

interface PaperProps {
  account: string
  within: string
  statement: Statement
}

const Paper = ({ account, within, statement: { summary, madeAt, lines, totals } }: PaperProps): ReactNode => {
  const count = totals.reduce((sum, total) => sum + total.lines, 0)
  return (
    <>
      <Facts
        rows={[
          ['Chain', summary.chainId],
          ['Ledger', <Hash key='l' of={summary.contracts.ledger} />],
          ['Period, UTC', within === '' ? 'all time' : within],
          ['Up to block', summary.block?.toLocaleString() ?? 'none yet'],
          ['Made', utc(madeAt)],
          ['Lines', count.toLocaleString()]
        ]}
      />
      {lines.length === 0 ? (
        <Empty>Nothing on the chain has moved money of this account in this period.</Empty>
      ) : (
        <>
          {count > lines.length && (
            <p className='notice warn'>
              The first {lines.length.toLocaleString()} lines are listed. The totals are of all; every line is in the CSV.
            </p>
          )}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <section className='scroll' aria-label='Lines, oldest first' tabIndex={0}>
            <Lines account={account.toLowerCase()} lines={lines} />
          </section>
          <section className='totals'>
            <h2>Totals</h2>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: as above */}
            <section className='scroll' aria-label='Totals' tabIndex={0}>
              <Totals totals={totals} />
            </section>
          </section>
        </>
      )}
    </>
  )
}

const Hash = ({ of }: { of: string }): ReactNode => <span className='mono whole'>{of}</span>

const keyOf = ({ block, logIndex, kind }: StatementLine, i: number): string => `${block}-${logIndex}-${kind}-${i}`

/** A body of its own for each line, so that none is torn by the end of a page. */
const Lines = ({ account, lines }: { account: string; lines: StatementLine[] }): ReactNode => (
  <table className='table lines'>
    <thead>
      <tr>
        <th>Date, UTC</th>
        <th>Kind</th>
        <th>Counterparty</th>
        <th className='number'>Batch</th>
        <th className='number'>OPEN</th>
        <th className='number'>Wei</th>
      </tr>
    </thead>
    {lines.map((line, i) => (
      <tbody key={keyOf(line, i)}>
        <tr>
          <td>{utc(line.at).replace(' UTC', '')}</td>
          <td>{line.kind}</td>
          <td>
            <Hash of={line.other} />
          </td>
          <td className='number'>{line.batch}</td>
          <td className='number'>{formatOpen(BigInt(line.amount))}</td>
          <td className='number'>{line.amount}</td>
        </tr>
        <tr>
          <td colSpan={6} className='proof-of'>
            Transaction <Hash of={line.transaction} />, block {line.block}, log {line.logIndex}
            <br />
            <ProofLink account={account} line={line} />
          </td>
        </tr>
      </tbody>
    ))}
  </table>
)

/** What was paid in a batch is proven there, with its receipts; everything else by its event. */
const proofPath = (account: string, { kind, other, batch, block, logIndex }: StatementLine): string =>
  batch === '' ? `/event/${block}-${logIndex}` : `/batch/${kind === 'spent' ? other : account}/${batch}`

const ProofLink = ({ account, line }: { account: string; line: StatementLine }): ReactNode => {
  const path = proofPath(account, line)
  return (
    <a className='whole' href={path}>
      {`${location.origin}${path}`}
    </a>
  )
}

const Totals = ({ totals }: { totals: Total[] }): ReactNode => (
  <table className='table'>
    <thead>
      <tr>
        <th>Kind</th>
        <th className='number'>Lines</th>
        <th className='number'>OPEN</th>
        <th className='number'>Wei</th>
      </tr>
    </thead>
    <tbody>
      {totals.map(({ kind, lines, wei }) => (
        <tr key={kind}>
          <td>{words[kind]}</td>
          <td className='number'>{lines.toLocaleString()}</td>
          <td className='number'>{exactOpen(wei)}</td>
          <td className='number'>
            <data value={`${kind} ${wei}`}>{wei.toString()}</data>
          </td>
        </tr>
      ))}
    </tbody>
  </table>
)

/** A sum of many lines may be more than an amount can be. */
const exactOpen = (wei: bigint): string => `${wei / OPEN}${formatOpen(wei % OPEN).slice(1)}`
