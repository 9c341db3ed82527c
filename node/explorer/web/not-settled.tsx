/** What is not settled yet, as one line on the page of a provider or a client. */

import { t } from '@lingui/core/macro'
import { Plural, Trans } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { Amount } from '../../web/amount.tsx'
import { ExpectedLine } from './expected.tsx'
import { paths } from './paths.ts'
import { useLoad } from './use-load.ts'
import type { PendingPage as Told } from './wire.ts'

export const NotSettled = ({ side, account }: { side: 'provider' | 'client'; account: string }): ReactNode => {
  const told = useLoad<Told>(paths.pendingOf(side, account))
  if (told.phase !== 'ready') return null
  const { pending, channels } = told.value.sums
  const [first] = told.value.items
  if (channels === 0) return t`nothing that is known`
  return (
    <span>
      <Trans comment='an amount in OPEN, and in how many channels it waits'>
        <Amount wei={pending} /> in{' '}
        <a href={`/pending/${side}/${account}`}>
          <Plural value={channels} one='# channel' other='# channels' />
        </a>
      </Trans>
      {side === 'provider' && first !== undefined && <ExpectedLine rhythm={first.rhythm} />}
    </span>
  )
}
