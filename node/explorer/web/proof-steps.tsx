/** What each step of a proof's check came to, in the reader's words; what was found at it, in those of the protocol's code. */
import { t } from '@lingui/core/macro'
import type { ProofCheck, ProofStep } from 'openseam/protocol/proof'
import type { ReactNode } from 'react'

const outcomes: Record<ProofCheck['outcome'], string> = {
  holds: t({ message: 'holds', context: 'step of a proof' }),
  fails: t({ message: 'fails', context: 'step of a proof' }),
  skipped: t({ message: 'not checked here', context: 'step of a proof' })
}

const steps: Record<ProofStep | 'format', string> = {
  format: t({ message: 'format', context: 'step of a proof' }),
  receipt: t({ message: 'receipt', context: 'step of a proof' }),
  signature: t({ message: 'signature', context: 'step of a proof' }),
  signer: t({ message: 'signer', context: 'step of a proof' }),
  work: t({
    message: 'work',
    context: 'step of a proof',
    comment: 'The work that was done, as the signed work root commits to it'
  }),
  amount: t({ message: 'amount', context: 'step of a proof' }),
  batch: t({ message: 'batch', context: 'step of a proof' }),
  commit: t({ message: 'commit', context: 'step of a proof', comment: 'What the ledger holds of a batch: the commitment' }),
  transaction: t({ message: 'transaction', context: 'step of a proof' })
}

/** What the code of the protocol found, in its own words. */
export const Found = ({ children }: { children: string }): ReactNode => (
  <span lang='en' dir='ltr'>
    {children}
  </span>
)

export const Verdict = ({ fails, children }: { fails: ProofStep | 'format'; children: ReactNode }): ReactNode => (
  <p className='notice bad' role='alert' data-verdict='fails'>
    {t`This proof fails at the step “${{ step: steps[fails] }}”.`} {children}
  </p>
)

export const Steps = ({ checks }: { checks: ProofCheck[] }): ReactNode => (
  <ul className='steps card'>
    {checks.map(({ step, outcome, detail }) => (
      <li key={step} className={outcome}>
        <b>{steps[step]}</b> <span className='outcome'>{outcomes[outcome]}</span>{' '}
        <span className='quiet'>
          <Found>{detail}</Found>
        </span>
      </li>
    ))}
  </ul>
)
