/** What a statement lists: each line with the address of its proof, and the sums of every kind. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { formatOpen } from 'openseam/protocol/amounts'
import type { ReactNode } from 'react'
import { count, withMark } from '../../web/locale.ts'
import { utc } from './parts.tsx'
import type { Total } from './use-statement.ts'
import type { StatementLine } from './wire.ts'

const OPEN = 10n ** 18n
const KIND = t({ message: 'Kind', context: 'a column that says what sort of line it is, in a statement of account' })

const kinds: Record<StatementLine['kind'], string> = {
  deposit: t({ message: 'deposit', context: 'a kind of line in a statement of account' }),
  withdrawal: t({ message: 'withdrawal', context: 'a kind of line in a statement of account' }),
  spent: t({ message: 'spent', context: 'a kind of line in a statement of account' }),
  earned: t({ message: 'earned', context: 'a kind of line in a statement of account' }),
  royalty: t({ message: 'royalty', context: 'a kind of line in a statement of account' }),
  claimed: t({ message: 'claimed', context: 'a kind of line in a statement of account' }),
  received: t({ message: 'received', context: 'a kind of line in a statement of account' }),
  slashed: t({ message: 'slashed', context: 'a kind of line in a statement of account' })
}
const sums: typeof kinds = { ...kinds, royalty: t`royalty, out of what was earned` }

export const Hash = ({ of }: { of: string }): ReactNode => <span className='mono whole'>{of}</span>

const keyOf = ({ block, logIndex, kind }: StatementLine, i: number): string => `${block}-${logIndex}-${kind}-${i}`

/** A body of its own for each line, so that none is torn by the end of a page. */
export const Lines = ({ account, lines }: { account: string; lines: StatementLine[] }): ReactNode => (
  <table className='table lines'>
    <thead>
      <tr>
        <th>{t`Date, UTC`}</th>
        <th>{KIND}</th>
        <th>{t`Counterparty`}</th>
        <th className='number'>{t`Batch`}</th>
        <th className='number'>OPEN</th>
        <th className='number'>Wei</th>
      </tr>
    </thead>
    {lines.map((line, i) => (
      <tbody key={keyOf(line, i)}>
        <tr>
          <td>
            <bdi dir='ltr'>{utc(line.at).replace(' UTC', '')}</bdi>
          </td>
          <td>{kinds[line.kind] ?? line.kind}</td>
          <td>
            <Hash of={line.other} />
          </td>
          <td className='number'>{line.batch}</td>
          <td className='number'>{withMark(formatOpen(BigInt(line.amount)))}</td>
          <td className='number'>{line.amount}</td>
        </tr>
        <tr>
          <td colSpan={6} className='proof-of'>
            <Place of={line} />
            <br />
            <ProofLink account={account} line={line} />
          </td>
        </tr>
      </tbody>
    ))}
  </table>
)

const Place = ({ of: { transaction: hash, block, logIndex: number } }: { of: StatementLine }): ReactNode => {
  const transaction = <Hash of={hash} />
  return (
    <Trans comment='a log is an entry that the transaction made in the chain, with a number in its block'>
      Transaction {transaction}, block {block}, log {number}
    </Trans>
  )
}

/** What was paid in a batch is proven there, with its receipts; everything else by its event. */
const proofPath = (account: string, { kind, other, batch, block, logIndex }: StatementLine): string =>
  batch === '' ? `/event/${block}-${logIndex}` : `/batch/${kind === 'spent' ? other : account}/${batch}`

const ProofLink = ({ account, line }: { account: string; line: StatementLine }): ReactNode => {
  const path = proofPath(account, line)
  return (
    <a className='whole' dir='ltr' href={path}>
      {`${location.origin}${path}`}
    </a>
  )
}

export const Totals = ({ totals }: { totals: Total[] }): ReactNode => (
  <table className='table'>
    <thead>
      <tr>
        <th>{KIND}</th>
        <th className='number'>{t`Lines`}</th>
        <th className='number'>OPEN</th>
        <th className='number'>Wei</th>
      </tr>
    </thead>
    <tbody>
      {totals.map(({ kind, lines, wei }) => (
        <tr key={kind}>
          <td>{sums[kind] ?? kind}</td>
          <td className='number'>{count(lines)}</td>
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
const exactOpen = (wei: bigint): string => withMark(`${wei / OPEN}${formatOpen(wei % OPEN).slice(1)}`)
