/** Several finds: what each is, what it is called, and what the chain says of it. */
import { t } from '@lingui/core/macro'
import type { ReactNode } from 'react'
import { Named } from './named.tsx'
import { TagList } from './tags.tsx'

/** Of the page that a find leads to; the find itself stands behind it. */
const kinds = new Map([
  ['session', t({ message: 'session', context: 'before its id' })],
  ['receipt', t({ message: 'receipt', context: 'before its id' })],
  ['model', t({ message: 'model', context: 'before its id' })],
  ['dispute', t({ message: 'dispute', context: 'before its id' })],
  ['provider', t({ message: 'provider', context: 'before its id' })],
  ['account', t({ message: 'account', context: 'before its id' })],
  ['batch', t({ message: 'batch', context: 'before its id' })]
])

export const wordsOfKind = (kind: string): string => kinds.get(kind) ?? kind

export const Found = ({ pages, leave }: { pages: readonly string[]; leave(): void }): ReactNode => (
  <ul className='card found'>
    {pages.map((page) => {
      const [, kind = '', id = '', number] = page.split('/')
      return (
        <li key={page}>
          <a href={page} onClick={leave}>
            {wordsOfKind(kind)} <Named id={id} />
            {number !== undefined && ` ${number}`}
          </a>
          {(kind === 'account' || kind === 'provider') && <TagList account={id} />}
        </li>
      )
    })}
  </ul>
)
