/** The frame around every page, and which page it is. */

import { t } from '@lingui/core/macro'
import { type ReactNode, useEffect, useRef } from 'react'
import { Bar } from '../../web/bar.tsx'
import type { ThemeWords } from '../../web/theme.tsx'
import { AccountPage } from './account.tsx'
import { BatchesPage, BatchPage } from './batches.tsx'
import { DisputePage, DisputesPage } from './disputes.tsx'
import { EventPage } from './event.tsx'
import { KnownProvider } from './known.tsx'
import { LanguageChoice } from './language-choice.tsx'
import { later } from './later.tsx'
import { LiveProvider, useLive } from './live.tsx'
import { ModelPage, ModelsPage } from './models.tsx'
import { Overview } from './overview.tsx'
import { Empty } from './parts.tsx'
import { routeOf } from './paths.ts'
import { ProviderPage, ProvidersPage } from './providers.tsx'
import { useRoute } from './route.ts'
import { Search } from './search.tsx'
import { SessionPage } from './session.tsx'
import { SessionsPage } from './sessions.tsx'

const [first, , part] = routeOf(location.pathname)
const ReceiptPage = later(async () => (await import('./receipt.tsx')).ReceiptPage, first === 'receipt')
const VerifyPage = later(async () => (await import('./receipt.tsx')).VerifyPage, first === 'verify')
const StatementPage = later(async () => (await import('./statement.tsx')).StatementPage, part === 'statement')
const PendingPage = later(async () => (await import('./pending.tsx')).PendingPage, first === 'pending')
const NamesPage = later(async () => (await import('./names-page.tsx')).NamesPage, first === 'names')

const links = [
  ['', t`Overview`],
  ['sessions', t`Sessions`],
  ['providers', t`Providers`],
  ['batches', t`Batches`],
  ['models', t`Models`],
  ['disputes', t`Disputes`],
  ['account', t`My account`],
  ['verify', t`Check a proof`]
] as const

const themeWords: ThemeWords = {
  names: { system: t`system`, light: t`light`, dark: t`dark` },
  title: (theme) => t`Colours: ${theme}`,
  label: (theme, next) => t`Colours: ${theme}. Change to ${next}.`
}

const parents: Record<string, string> = {
  session: 'sessions',
  receipt: 'sessions',
  provider: 'providers',
  batch: 'batches',
  pending: 'batches',
  model: 'models',
  dispute: 'disputes'
}

const pageFor = ([page = '', id = '', number = '', ...rest]: string[]): ReactNode => {
  switch (page) {
    case '':
      return <Overview />
    case 'sessions':
      return <SessionsPage />
    case 'session':
      return <SessionPage id={id} />
    case 'receipt':
      return <ReceiptPage hash={id} />
    case 'verify':
      return <VerifyPage />
    case 'providers':
      return <ProvidersPage />
    case 'provider':
      return <ProviderPage account={id} />
    case 'pending':
      return <PendingPage side={id} account={number} />
    case 'batches':
      return <BatchesPage />
    case 'batch':
      return <BatchPage provider={id} number={number} />
    case 'models':
      return <ModelsPage />
    case 'model':
      return <ModelPage id={id} />
    case 'disputes':
      return <DisputesPage />
    case 'dispute':
      return <DisputePage id={id} />
    case 'account':
      return number === 'statement' ? (
        <StatementPage key={[id, ...rest].join()} account={id} period={rest} />
      ) : (
        <AccountPage key={id} account={id} />
      )
    case 'names':
      return <NamesPage />
    case 'event':
      return <EventPage place={id} />
    default:
      return <Empty>{t`There is no such page.`}</Empty>
  }
}

const Pulse = (): ReactNode => {
  const { isConnected } = useLive()
  return (
    <span className={isConnected ? 'pulse on' : 'pulse'}>
      <span className='dot' aria-hidden='true' />
      {isConnected ? t`Live` : t`Waiting`}
    </span>
  )
}

export const App = (): ReactNode => {
  const route = useRoute()
  const main = useRef<HTMLElement>(null)
  const [page = ''] = route
  const path = route.join('/')
  const shown = useRef(path)
  useEffect(() => {
    document.title = path === '' ? t`openseam explorer` : t`${path} · openseam explorer`
    // Who reads by ear begins at the new page, not where the old one was left.
    if (shown.current !== path) main.current?.focus({ preventScroll: true })
    shown.current = path
  }, [path])
  const here = parents[page] ?? page
  return (
    <LiveProvider>
      <KnownProvider>
        <Bar title={t`explorer`} label={t`Main`} themeWords={themeWords}>
          <Pulse />
          <LanguageChoice />
        </Bar>
        <div className='subbar'>
          <nav aria-label={t`Pages`}>
            {links.map(([to, name]) => (
              <a key={to} href={`/${to}`} aria-current={here === to ? 'page' : undefined}>
                {name}
              </a>
            ))}
          </nav>
          <Search />
        </div>
        <main ref={main} tabIndex={-1}>
          {pageFor(route)}
        </main>
        <footer className='quiet small'>
          <span>{t`Everything here follows from the chain or is checked against it. No text of any conversation is known to it.`}</span>
          <a href='/names'>{t`Your names`}</a>
          <a href='/openapi.json' target='_blank' rel='noreferrer'>
            API
          </a>
        </footer>
      </KnownProvider>
    </LiveProvider>
  )
}
