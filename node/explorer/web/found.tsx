/** Several finds: what each is, what it is called, and what the chain says of it. */
import type { ReactNode } from 'react'
import { Named } from './named.tsx'
import { TagList } from './tags.tsx'

export const Found = ({ pages, leave }: { pages: readonly string[]; leave(): void }): ReactNode => (
  <ul className='card found'>
    {pages.map((page) => {
      const [, kind = '', id = '', number] = page.split('/')
      return (
        <li key={page}>
          <a href={page} onClick={leave}>
            {kind} <Named id={id} />
            {number !== undefined && ` ${number}`}
          </a>
          {(kind === 'account' || kind === 'provider') && <TagList account={id} />}
        </li>
      )
    })}
  </ul>
)
