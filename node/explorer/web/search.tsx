/** One field for any id, account, transaction or name, or how one begins; a single find is opened, several are listed. */
import { t } from '@lingui/core/macro'
import { type FormEvent, type ReactNode, useEffect, useState } from 'react'
import { wordsOfFailure } from './failure.ts'
import { find, isSearched } from './find.ts'
import { Found, wordsOfKind } from './found.tsx'
import type { Labels } from './labels.ts'
import { type ProvenNames, useProvenNames } from './names.tsx'
import { useLabels } from './own-labels.ts'
import { go } from './route.ts'

const TYPING_MS = 200

const kindOf = (page: string): string => page.split('/')[1] ?? ''
const idOf = (page: string): string => page.split('/')[2] ?? ''

/** What there is that begins like this, once its reader rests. */
const useSuggestions = (text: string, labels: Labels, proven: ProvenNames): string[] => {
  const [pages, setPages] = useState<string[]>([])
  const query = text.trim()
  useEffect(() => {
    let isCurrent = true
    const show = (found: string[]): void => {
      if (isCurrent) setPages(found)
    }
    const suggest = (): void => void find(query, labels, proven).then(show, () => show([]))
    const timer = setTimeout(suggest, TYPING_MS)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [query, labels, proven])
  return pages
}

export const Search = (): ReactNode => {
  const labels = useLabels()
  const proven = useProvenNames()
  const [text, setText] = useState('')
  const suggestions = useSuggestions(text, labels, proven)
  const [found, setFound] = useState<string[] | string | undefined>(undefined)

  const search = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const query = text.trim()
    if (query === '') return setFound(undefined)
    try {
      const pages = await find(query, labels, proven)
      const [only] = pages
      if (pages.length === 1 && only !== undefined) {
        setFound(undefined)
        go(only)
      } else if (pages.length > 0) setFound(pages)
      else setFound(isSearched(query) ? t`Nothing here goes by that name.` : WHAT)
    } catch (error) {
      setFound(wordsOfFailure(error))
    }
  }
  /** What is written into the field: it begins as the reader began. */
  const wordOf = (id: string): string => {
    const names = [labels.get(id)?.name, proven.get(id)?.name].filter((name) => name !== undefined)
    return /^0x/i.test(text.trim()) ? id : (names[0] ?? id)
  }

  return (
    <search className='search'>
      <form onSubmit={search}>
        <input
          className='field mono'
          aria-label={t`Search by id, account, transaction or name`}
          placeholder={t`Session, receipt, account, name…`}
          spellCheck={false}
          autoComplete='off'
          list='suggestions'
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <datalist id='suggestions'>
          {suggestions.map((page) => (
            <option key={page} value={wordOf(idOf(page))} label={`${wordsOfKind(kindOf(page))} ${idOf(page)}`} />
          ))}
        </datalist>
        <button type='submit' className='button'>
          {t({ message: 'Search', context: 'a button' })}
        </button>
      </form>
      <div role='status'>
        {typeof found === 'string' && <p className='notice found'>{found}</p>}
        {Array.isArray(found) && <Found pages={found} leave={() => setFound(undefined)} />}
      </div>
    </search>
  )
}

const WHAT = t`An account is 0x and 40 digits; a session, receipt, model or transaction 0x and 64. Four of them will do, or two letters of a name.`
