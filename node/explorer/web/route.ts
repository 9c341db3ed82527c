/** The address is the only state that others may link to. */
import { useEffect, useState } from 'react'

const listen = (onChange: () => void): (() => void) => {
  addEventListener('popstate', onChange)
  return () => removeEventListener('popstate', onChange)
}

export const go = (path: string): void => {
  history.pushState(null, '', path)
  dispatchEvent(new PopStateEvent('popstate'))
  scrollTo(0, 0)
}

/** Plain links stay plain links: one listener makes those to other pages of this site fast. */
const followLinks = (event: MouseEvent): void => {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  const link = event.target instanceof Element ? event.target.closest('a') : null
  const href = link?.getAttribute('href') ?? ''
  if (link === null || !href.startsWith('/') || href.startsWith('/api/') || link.target !== '' || link.hasAttribute('download'))
    return
  event.preventDefault()
  go(href)
}

/** The path, in its parts. */
export const useRoute = (): string[] => {
  const [path, setPath] = useState(location.pathname)
  useEffect(() => listen(() => setPath(location.pathname)), [])
  useEffect(() => {
    document.addEventListener('click', followLinks)
    return () => document.removeEventListener('click', followLinks)
  }, [])
  return path.split('/').filter((part) => part !== '')
}

const pages: Record<string, string> = {
  sessions: 'session',
  receipts: 'receipt',
  models: 'model',
  disputes: 'dispute',
  providers: 'provider',
  accounts: 'account',
  batches: 'batch'
}

/** The page for a path of the API, as the search answers it. */
export const pageOf = (apiPath: string): string => {
  const [, , list = '', ...rest] = apiPath.split('/')
  const named = list === 'accounts' ? rest.slice(0, 1) : rest // what is told of an account is all on its page
  return `/${[pages[list] ?? list, ...named].join('/')}`
}
