/** One field for any id, account or transaction; a single find is opened, several are listed. */
import { type FormEvent, type ReactNode, useState } from 'react'
import { getJson } from './api.ts'
import { go, pageOf } from './route.ts'

export const Search = (): ReactNode => {
  const [text, setText] = useState('')
  const [found, setFound] = useState<string[] | string | undefined>(undefined)

  const search = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const query = text.trim()
    if (query === '') return setFound(undefined)
    if (!/^0x([0-9a-f]{40}|[0-9a-f]{64})$/i.test(query)) {
      return setFound('An account is 0x and 40 digits; a session, receipt, model or transaction 0x and 64.')
    }
    try {
      const { items } = await getJson<{ items: string[] }>(`/api/search?q=${encodeURIComponent(query)}`)
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
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
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
