/** Whether decoded vouchers are those of the batch, as this browser finds; or what differs. */
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
          <Mark>✗</Mark> These are not the vouchers that this batch was settled with, or this is not the batch:
        </p>
        <ul>
          {differs.slice(0, DIFFERENCES_SHOWN).map((difference) => (
            <li key={difference}>{difference}</li>
          ))}
          {differs.length > DIFFERENCES_SHOWN && <li>{(differs.length - DIFFERENCES_SHOWN).toLocaleString()} more.</li>}
        </ul>
      </div>
    )
  }
  const many = vouchers.length === 1 ? 'this voucher makes' : `these ${vouchers.length.toLocaleString()} vouchers make`
  return (
    <p className='notice good' role='status' data-verdict='holds'>
      <Mark>✓</Mark> Checked in this browser: hashed as the ledger hashes them, {many} the root of the batch
      {input !== null && ', and each stands in the input data word for word'}. That the ledger holds this root, your own node can
      tell: it is asked below.
    </p>
  )
}

const Mark = ({ children }: { children: string }): ReactNode => <b aria-hidden='true'>{children}</b>
