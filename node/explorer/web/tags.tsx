/** What the chain says an account is, each with where that leads. */
import type { ReactNode } from 'react'
import { Named } from './named.tsx'
import { useLoad } from './use-load.ts'
import type { Tag, Tags } from './wire.ts'

export const useTags = (account: string) => useLoad<Tags>(`/api/accounts/${account}/tags`)

/** Nothing until they are read: they stand beside what says what it is without them. */
export const TagList = ({ account }: { account: string }): ReactNode => {
  const tags = useTags(account)
  if (tags.phase !== 'ready' || tags.value.items.length === 0) return null
  const { items, more } = tags.value
  return (
    <ul className='tags' aria-label='What the chain says it is'>
      {items.map((tag) => (
        <li key={`${tag.tag}${'of' in tag ? tag.of : ''}`} className='chip'>
          <Words of={tag} account={account} />
        </li>
      ))}
      {more && <li className='chip'>and shares in more models</li>}
    </ul>
  )
}

const Words = ({ of: tag, account }: { of: Tag; account: string }): ReactNode => {
  switch (tag.tag) {
    case 'contract':
      return `contract: ${tag.name}`
    case 'provider':
      return <a href={`/provider/${account}`}>provider</a>
    case 'client':
      return 'client'
    case 'key':
      return (
        <>
          {tag.revoked ? 'was a key of ' : 'key of '}
          <a href={`/provider/${tag.of}`}>
            <Named id={tag.of} />
          </a>
        </>
      )
    case 'payee':
      return (
        <>
          shares in{' '}
          <a href={`/model/${tag.of}`}>
            <Named id={tag.of} />
          </a>
        </>
      )
  }
}
