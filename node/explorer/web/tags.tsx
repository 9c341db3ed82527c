/** What the chain says an account is, each with where that leads. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { To } from './parts.tsx'
import { useLoad } from './use-load.ts'
import type { Tag, Tags } from './wire.ts'

export const useTags = (account: string) => useLoad<Tags>(`/api/accounts/${account}/tags`)

/** Nothing until they are read: they stand beside what says what it is without them. */
export const TagList = ({ account }: { account: string }): ReactNode => {
  const tags = useTags(account)
  if (tags.phase !== 'ready' || tags.value.items.length === 0) return null
  const { items, more } = tags.value
  return (
    <ul className='tags' aria-label={t`What the chain says it is`}>
      {items.map((tag) => (
        <li key={`${tag.tag}${'of' in tag ? tag.of : ''}`} className='chip'>
          <Words of={tag} account={account} />
        </li>
      ))}
      {more && (
        <li className='chip'>
          {t({ message: 'and shares in more models', comment: 'last of what the chain says an account is' })}
        </li>
      )}
    </ul>
  )
}

const Words = ({ of: tag, account }: { of: Tag; account: string }): ReactNode => {
  switch (tag.tag) {
    case 'contract':
      return <Contract name={tag.name} />
    case 'provider':
      return <a href={`/provider/${account}`}>{t({ message: 'provider', comment: 'what an account is' })}</a>
    case 'client':
      return t({ message: 'client', comment: 'what an account is' })
    case 'key':
      return <Key of={tag.of} revoked={tag.revoked} />
    case 'payee': {
      const model = <To page='model' id={tag.of} />
      return <Trans comment='of an account: it gets a share of what is paid for the model'>shares in {model}</Trans>
    }
  }
}

const Contract = ({ name: inEnglish }: { name: string }): ReactNode => {
  const name = <bdi lang='en'>{inEnglish}</bdi>
  return <Trans comment='of an account: it is the contract of that name'>contract: {name}</Trans>
}

const Key = ({ of, revoked }: { of: string; revoked: boolean }): ReactNode => {
  const provider = <To page='provider' id={of} />
  return revoked ? (
    <Trans comment='of an account: a key with which the provider signed'>was a key of {provider}</Trans>
  ) : (
    <Trans comment='of an account: a key with which the provider signs'>key of {provider}</Trans>
  )
}
