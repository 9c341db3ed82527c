/** Every provider's colour, in the order of their accounts: the same on every page. Never the only sign: the account stands beside it. */

import { createContext, type ReactNode, useContext } from 'react'
import { Named } from './named.tsx'
import { paths } from './paths.ts'
import { useLoad } from './use-load.ts'
import type { Page, Provider } from './wire.ts'

const HUES = 8

const HuesContext = createContext<readonly string[]>([])

export const HuesProvider = ({ children }: { children: ReactNode }): ReactNode => {
  const known = useLoad<Page<Provider>>(paths.known)
  const accounts = known.phase === 'ready' ? known.value.items.map(({ account }) => account) : []
  return <HuesContext value={accounts}>{children}</HuesContext>
}

/** The number of an account's colour. Beyond those that are listed it follows from the account alone. */
export const useHue = (): ((account: string) => number) => {
  const accounts = useContext(HuesContext)
  return (account) => {
    const place = accounts.indexOf(account)
    return (place >= 0 ? place : Number.parseInt(account.slice(-2), 16) || 0) % HUES
  }
}

export const ProviderLink = ({ account }: { account: string }): ReactNode => {
  const hueOf = useHue()
  return (
    <a className={`who hue-${hueOf(account)}`} href={`/provider/${account}`}>
      <span className='dot' aria-hidden='true' />
      <Named id={account} />
    </a>
  )
}
