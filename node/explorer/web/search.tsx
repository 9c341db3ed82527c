/** One field for any id, account or transaction, or how one begins; a single find is opened, several are listed. */
import { type FormEvent, type ReactNode, useEffect, useState } from 'react'
import { getJson } from './api.ts'
import { go, pageOf } from './route.ts'

const BEGINNING = /^0x[0-9a-f]{4,64}$/i
const TYPING_MS = 200

const find = async (query: string): Promise<string[]> =>
  (await getJson<{ items: string[] }>(`/api/search?q=${encodeURIComponent(query)}`)).items

const kindOf = (page: string): string => page.split('/')[1] ?? ''
const idOf = (page: string): string => page.split('/')[2] ?? ''

/** What there is that begins like this, once its reader rests. */
const useSuggestions = (text: string): string[] => {
  const [pages, setPages] = useState<string[]>([])
  const query = text.trim()
  useEffect(() => {
    let isCurrent = true
    const show = (items: string[]): void => {
      if (isCurrent) setPages(items.map(pageOf))
    }
    const suggest = (): void => void (BEGINNING.test(query) ? find(query) : Promise.resolve([])).then(show, () => show([]))
    const timer = setTimeout(suggest, TYPING_MS)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [query])
  return pages
}

export const Search = (): ReactNode => {
  const [text, setText] = useState('')
  const suggestions = useSuggestions(text)
  const [found, setFound] = useState<string[] | string | undefined>(undefined)

  const search = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const query = text.trim()
    if (query === '') return setFound(undefined)
    if (!BEGINNING.test(query)) {
      return setFound('An account is 0x and 40 digits; a session, receipt, model or transaction 0x and 64. Four of them will do.')
    }
    try {
      const items = await find(query)
      const [only] = items
      if (items.length === 1 && only !== undefined) {
        setFound(undefined)
        go(pageOf(only))
      } else setFound(items.length === 0 ? 'Nothing here goes by that name.' : items.map(pageOf))
    } catch (error) {
      setFound((error as Error).message)
    }
  }

  return (
    <search className='search'>
      <form onSubmit={search}>
        <input
          className='field mono'
          aria-label='Search by id, account or transaction'
          placeholder='Session, receipt, account, transaction…'
          spellCheck={false}
          autoComplete='off'
          list='suggestions'
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <datalist id='suggestions'>
          {suggestions.map((page) => (
            <option key={page} value={idOf(page)} label={`${kindOf(page)} ${idOf(page)}`} />
          ))}
        </datalist>
        <button type='submit' className='button'>
          Search
        </button>
      </form>
      <div role='status'>
        {typeof found === 'string' && <p className='notice found'>{found}</p>}
        {Array.isArray(found) && (
          <ul className='card found'>
            {found.map((path) => (
              <li key={path}>
                <a href={path} onClick={() => setFound(undefined)}>
                  {path}
                </a>
              </li>
            ))}
          </ul>
        )}
      </div>
    </search>
  )
}
