/** The address is the only state that others may link to. */
import { useEffect, useState } from 'react'
import { routeOf } from './paths.ts'

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
  return routeOf(path)
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

/** What the query of the address says under a name, and how to say it: the page stays, and there is no step to go back over. */
export const useQuery = (name: string): [said: string | null, say: (value: string | null) => void] => {
  const read = (): string | null => new URLSearchParams(location.search).get(name)
  const [said, setSaid] = useState(read)
  useEffect(() => listen(() => setSaid(new URLSearchParams(location.search).get(name))), [name])
  const say = (value: string | null): void => {
    const query = new URLSearchParams(location.search)
    if (value === null) query.delete(name)
    else query.set(name, value)
    const text = query.toString()
    history.replaceState(null, '', `${location.pathname}${text === '' ? '' : `?${text}`}`)
    dispatchEvent(new PopStateEvent('popstate'))
  }
  return [said, say]
}

/** The page for a path of the API, as the search answers it. */
export const pageOf = (apiPath: string): string => {
  const [, , list = '', ...rest] = apiPath.split('/')
  const named = list === 'accounts' ? rest.slice(0, 1) : rest // what is told of an account is all on its page
  return `/${[pages[list] ?? list, ...named].join('/')}`
}
