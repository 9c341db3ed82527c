/** What settled a batch, decoded: read when it is asked for, and checked in this browser, since the server that decoded it may lie. */

import { plural, t } from '@lingui/core/macro'
import type { BatchHeader } from 'openseam/protocol/batch-tree'
import type { Address } from 'openseam/protocol/eth'
import { type ReactNode, useState } from 'react'
import { Ask } from './ask.tsx'
import { AsJson, Copy, Count, Facts, Shown, To } from './parts.tsx'
import { paths } from './paths.ts'
import { useOnce } from './use-load.ts'
import { Vouchers } from './vouchers.tsx'
import { VouchersVerdict } from './vouchers-verdict.tsx'
import type { Batch, Summary, Transaction } from './wire.ts'

/** Give it the inclusion of the transaction as its key: another one is another reading. */
export const TransactionSection = ({ batch }: { batch: Batch }): ReactNode => {
  const [isOpen, setOpen] = useState(false)
  return (
    <section>
      <h2>{t`The transaction, decoded`}</h2>
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary className='small'>{t`Read the vouchers out of the calldata, and check them in this browser`}</summary>
        {isOpen && <Decoded batch={batch} />}
      </details>
    </section>
  )
}

const Decoded = ({ batch }: { batch: Batch }): ReactNode => {
  const path = `/api/batches/${batch.provider}/${batch.number}/transaction`
  return (
    <div className='decoded'>
      <Shown of={useOnce<Transaction>(path)}>{(transaction) => <Told batch={batch} transaction={transaction} />}</Shown>
      <AsJson path={path} />
    </div>
  )
}

const Told = ({ batch, transaction }: { batch: Batch; transaction: Transaction }): ReactNode => {
  const { sender, to, gasUsed, call, input, inputBytes } = transaction
  const summary = useOnce<Summary>(paths.summary)
  const chain = summary.phase === 'ready' ? summary.value : undefined
  return (
    <>
      {call !== null && <VouchersVerdict batch={batch} vouchers={call.vouchers} input={input} />}
      <Facts
        rows={[
          [
            t`Sender`,
            <span key='s'>
              <To page='account' id={sender} />{' '}
              <span className='quiet'>
                {sender === batch.provider
                  ? t({ message: 'the provider', context: 'who sent a transaction' })
                  : t({ message: 'not the provider', context: 'who sent a transaction' })}
              </span>
            </span>
          ],
          [t`Contract called`, <Called key='c' to={to} ledger={chain?.contracts.ledger} />],
          [t({ message: 'Method', comment: 'The function of the contract that was called' }), <Method key='m' call={call} />],
          [t`Gas used`, gasUsed === null ? t({ message: 'not known', context: 'gas' }) : <Count key='g' of={gasUsed} />],
          [t`Input data`, plural({ bytes: inputBytes }, { one: '# byte', other: '# bytes' })]
        ]}
      />
      {call === null ? (
        <p className='notice warn'>
          {t`The calldata does not show the vouchers of this batch: whoever sent it handed them to the ledger another way. What was paid is in the events all the same, above.`}
        </p>
      ) : (
        <Vouchers batch={batch} vouchers={call.vouchers} chain={chain} />
      )}
      <Raw input={input} />
      {chain !== undefined && (
        <>
          <h3>{t`Ask your own node for the root`}</h3>
          <Ask
            chain={{ chainId: chain.chainId, ledger: chain.contracts.ledger }}
            provider={batch.provider as Address}
            number={batch.number}
            header={{ ...batch.header, total: BigInt(batch.header.total) } as BatchHeader}
          />
        </>
      )}
    </>
  )
}

const Called = ({ to, ledger }: { to: string | null; ledger: string | undefined }): ReactNode => {
  if (to === null) return t({ message: 'none: it made a contract', comment: 'Which contract a transaction called' })
  return (
    <span>
      <span className='mono whole'>{to}</span>{' '}
      {ledger !== undefined && (
        <span className='quiet'>
          {to === ledger
            ? t({ message: 'the ledger', context: 'which contract was called' })
            : t({ message: 'not the ledger', context: 'which contract was called' })}
        </span>
      )}
    </span>
  )
}

const Method = ({ call }: { call: Transaction['call'] }): ReactNode => {
  if (call === null) return t({ message: 'not known', context: 'method' })
  return (
    <span>
      <span className='mono'>{call.method}</span>{' '}
      <span className='quiet'>{call.wrapped ? t`inside the call of another contract` : t`called directly`}</span>
    </span>
  )
}

const Raw = ({ input }: { input: string | null }): ReactNode => (
  <details className='screen-only'>
    <summary className='small'>{t`The input data, in hex`}</summary>
    {input === null ? (
      <p className='quiet'>{t`It is too long to be shown here. Any node of the chain has it.`}</p>
    ) : (
      <>
        <p>
          <Copy text={input} />
        </p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <section className='raw mono small' aria-label={t`Input data`} tabIndex={0}>
          {input}
        </section>
      </>
    )}
  </details>
)
