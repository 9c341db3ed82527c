/** What is about to be settled, and what was settled last: work is seen to move from one side to the other. */

import { plural, t } from '@lingui/core/macro'
import { Plural, Trans } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { Amount } from '../../web/amount.tsx'
import { Id } from '../../web/id.tsx'
import { count } from '../../web/locale.ts'
import { ExpectedNote, ExpectedTail } from './expected.tsx'
import { useHue } from './hues.tsx'
import { Ago } from './parts.tsx'
import { FIRST, paths } from './paths.ts'
import { useLoad } from './use-load.ts'
import type { Batch, Page, PendingOfProvider, PendingPage } from './wire.ts'

const SHOWN = 4 // of either side
const LOOK_MS = 3_000 // no event tells of what is not on the chain

const bySize = (a: PendingOfProvider, b: PendingOfProvider): number => {
  const [left, right] = [BigInt(a.covered), BigInt(b.covered)]
  return left < right ? 1 : left > right ? -1 : 0
}

export const Coming = (): ReactNode => {
  const told = useLoad<PendingPage>(paths.pending, LOOK_MS)
  const providers = useLoad<Page<PendingOfProvider>>(paths.pendingProviders, LOOK_MS)
  const batches = useLoad<Page<Batch>>(paths.batches(FIRST.batchesBeside))
  if (told.phase !== 'ready' || providers.phase !== 'ready' || batches.phase !== 'ready') return null
  // What no escrow covers is no money: anyone may sign to oneself for any sum.
  const coming = providers.value.items.filter(({ covered }) => covered !== '0').sort(bySize)
  const settled = batches.value.items
  const shown = coming.slice(0, SHOWN)
  const sizes = [...shown.map(({ covered }) => BigInt(covered)), ...settled.map(({ header }) => BigInt(header.total))]
  const most = sizes.reduce((max, size) => (size > max ? size : max), 1n)
  return (
    <section className='coming'>
      <h2>{t`About to be settled, in OPEN`}</h2>
      <p className='hidden-label' role='status'>
        {settled[0] !== undefined &&
          t`Settled last: batch ${{ number: count(settled[0].number) }} of ${{ provider: settled[0].provider }}`}
      </p>
      <div className='flow'>
        <ol aria-label={t`Signed for by clients and not settled yet, by provider, the most first`}>
          {shown.map((row) => (
            <Box
              key={row.provider}
              kind='open'
              provider={row.provider}
              wei={BigInt(row.covered)}
              most={most}
              href={`/pending/provider/${row.provider}`}
            >
              {plural(row.channels, { one: '# channel', other: '# channels' })}
              <ExpectedTail rhythm={row.rhythm} />
            </Box>
          ))}
          {shown.length === 0 && <li className='box none quiet small'>{emptyWords(told.value)}</li>}
        </ol>
        <ol aria-label={t`Settled last, newest first`}>
          {settled.map(({ provider, number, header }) => (
            <Box
              key={`${provider}/${number}`}
              kind='full'
              provider={provider}
              wei={BigInt(header.total)}
              most={most}
              href={`/batch/${provider}/${number}`}
            >
              {t`batch ${{ number: count(number) }}`}
              {' · '}
              <Ago at={header.postedAt} />
            </Box>
          ))}
        </ol>
      </div>
      <p className='quiet small'>
        <Waiting wei={told.value.sums.covered} providers={coming.length} />{' '}
        <Trans>
          It is checked by this explorer, <a href='/pending'>and by your browser</a>. In solid lines: what was settled last.
        </Trans>
      </p>
      {shown.length > 0 && <ExpectedNote />}
    </section>
  )
}

const Waiting = ({ wei, providers }: { wei: string; providers: number }): ReactNode => (
  <Trans>
    <Amount wei={wei} /> OPEN is signed for by clients of <Plural value={providers} one='# provider' other='# providers' /> and
    not settled yet.
  </Trans>
)

const emptyWords = ({ answered }: PendingPage): string =>
  answered === 0 ? t`No provider has told what it is owed.` : t`Nothing is waiting: what clients signed for is settled.`

interface BoxProps {
  kind: 'open' | 'full'
  provider: string
  wei: bigint
  /** What a box that is full to the brim holds. */
  most: bigint
  href: string
  children: ReactNode
}

/** As full as it is much, beside the others. */
const Box = ({ kind, provider, wei, most, href, children }: BoxProps): ReactNode => {
  const hueOf = useHue()
  const height = Math.max(4, Number((wei * 100n) / most))
  return (
    <li className={`box ${kind} hue-${hueOf(provider)}`}>
      <a href={href}>
        <svg viewBox='0 0 100 100' preserveAspectRatio='none' aria-hidden='true'>
          <rect className='level' x='0' y={100 - height} width='100' height={height} />
        </svg>
        <span>
          <b>
            <Amount wei={wei} />
          </b>
          <span className='hidden-label'> OPEN</span>
        </span>
        <span className='who'>
          <span className='dot' aria-hidden='true' />
          <Id id={provider} />
        </span>
        <span className='small'>{children}</span>
      </a>
    </li>
  )
}
