/** Whether decoded vouchers are those of the batch, as this browser finds; or what differs. */
import { plural, t } from '@lingui/core/macro'
import { type ReactNode, useMemo } from 'react'
import { differencesOf } from './check-vouchers.ts'
import type { Batch, Voucher } from './wire.ts'

const DIFFERENCES_SHOWN = 8 // of hundreds, nobody reads all

interface VerdictProps {
  batch: Batch
  vouchers: Voucher[]
  input: string | null
}

export const VouchersVerdict = ({ batch, vouchers, input }: VerdictProps): ReactNode => {
  const differs = useMemo(() => differencesOf(batch, vouchers, input), [batch, vouchers, input])
  if (differs.length > 0) {
    return (
      <div className='notice bad' role='alert' data-verdict='fails'>
        <p>
          <Mark>✗</Mark> {t`These are not the vouchers that this batch was settled with, or this is not the batch:`}
        </p>
        <ul>
          {differs.slice(0, DIFFERENCES_SHOWN).map((difference) => (
            <li key={difference}>{difference}</li>
          ))}
          {differs.length > DIFFERENCES_SHOWN && <li>{wordsOfMore(differs.length - DIFFERENCES_SHOWN)}</li>}
        </ul>
      </div>
    )
  }
  return (
    <p className='notice good' role='status' data-verdict='holds'>
      <Mark>✓</Mark> {input === null ? wordsOfRoot(vouchers.length) : wordsOfBoth(vouchers.length)}{' '}
      {t`That the ledger holds this root, your own node can tell: it is asked below.`}
    </p>
  )
}

const wordsOfMore = (differences: number): string =>
  t({ message: plural({ differences }, { one: '# more.', other: '# more.' }), comment: 'Differences that are not listed' })

const wordsOfRoot = (vouchers: number): string =>
  plural(
    { vouchers },
    {
      one: 'Checked in this browser: hashed as the ledger hashes them, this voucher makes the root of the batch.',
      other: 'Checked in this browser: hashed as the ledger hashes them, these # vouchers make the root of the batch.'
    }
  )

/** Where the input data could be looked into too. */
const wordsOfBoth = (vouchers: number): string =>
  plural(
    { vouchers },
    {
      one: 'Checked in this browser: hashed as the ledger hashes them, this voucher makes the root of the batch, and each stands in the input data word for word.',
      other:
        'Checked in this browser: hashed as the ledger hashes them, these # vouchers make the root of the batch, and each stands in the input data word for word.'
    }
  )

const Mark = ({ children }: { children: string }): ReactNode => <b aria-hidden='true'>{children}</b>
