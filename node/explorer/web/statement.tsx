/** An account's money on paper: every line with the address of its proof, and the sums at the end. */
import { plural, t } from '@lingui/core/macro'
import type { ReactNode } from 'react'
import { count } from '../../web/locale.ts'
import { Empty, Facts, Shown, Title, utc } from './parts.tsx'
import { go } from './route.ts'
import { Hash, Lines, Totals } from './statement-lines.tsx'
import { type Statement, useStatement } from './use-statement.ts'

/** `period` as in the path: a year, a year and a month, or neither. */
export const StatementPage = ({ account, period }: { account: string; period: readonly string[] }): ReactNode => {
  const within = period.join('-')
  const statement = useStatement(account, within)
  return (
    <article className='statement'>
      <Title kind={t`Statement of account`} id={account} />
      <p className='under screen-only'>
        <button type='button' className='button primary' disabled={statement.phase !== 'ready'} onClick={() => print()}>
          {t`Print or save as PDF`}
        </button>
        <a
          className='button'
          href={`/api/accounts/${account}/statement.csv${within === '' ? '' : `?period=${within}`}`}
          download={`openseam-${account}${within === '' ? '' : `-${within}`}.csv`}
        >
          {t`CSV`}
        </a>
        {statement.phase === 'ready' && <Period account={account} months={statement.value.months} within={within} />}
        <a href={`/account/${account}`}>{t`The account`}</a>
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
      aria-label={t`Period`}
      value={within}
      onChange={({ target }) => go(`/account/${account}/statement/${target.value.replace('-', '/')}`)}
    >
      <option value=''>{t`All time`}</option>
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
  const all = totals.reduce((sum, total) => sum + total.lines, 0)
  return (
    <>
      <Facts
        rows={[
          [t`Chain`, summary.chainId],
          [t`Ledger`, <Hash key='l' of={summary.contracts.ledger} />],
          [t`Period, UTC`, within === '' ? t`all time` : within],
          [t`Up to block`, summary.block === null ? t`none yet` : count(summary.block)],
          [
            t({ message: 'Made', comment: 'the time at which this statement was made' }),
            <bdi key='m' dir='ltr'>
              {utc(madeAt)}
            </bdi>
          ],
          [t`Lines`, count(all)]
        ]}
      />
      {lines.length === 0 ? (
        <Empty>{t`Nothing on the chain has moved money of this account in this period.`}</Empty>
      ) : (
        <>
          {all > lines.length && (
            <p className='notice warn'>
              {plural(
                { listed: lines.length },
                {
                  one: 'The first # line is listed. The totals are of all; every line is in the CSV.',
                  other: 'The first # lines are listed. The totals are of all; every line is in the CSV.'
                }
              )}
            </p>
          )}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <section className='scroll' aria-label={t`Lines, oldest first`} tabIndex={0}>
            <Lines account={account.toLowerCase()} lines={lines} />
          </section>
          <section className='totals'>
            <h2>{t`Totals`}</h2>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: as above */}
            <section className='scroll' aria-label={t`Totals`} tabIndex={0}>
              <Totals totals={totals} />
            </section>
          </section>
        </>
      )}
    </>
  )
}
