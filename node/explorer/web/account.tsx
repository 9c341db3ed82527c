/** What an account earned or spent, line by line, each with the transaction that proves it. */
import { type FormEvent, type ReactNode, useState } from 'react'
import { Amount } from '../../web/amount.tsx'
import { Facts, Shown, Title } from './parts.tsx'
import { go } from './route.ts'
import { useLoad } from './use-load.ts'
import type { Client } from './wire.ts'

export const AccountPage = ({ account }: { account: string }): ReactNode => {
  const [text, setText] = useState(account)
  const open = (event: FormEvent): void => {
    event.preventDefault()
    if (/^0x[0-9a-f]{40}$/i.test(text.trim())) go(`/account/${text.trim().toLowerCase()}`)
  }
  return (
    <>
      <Title kind='An account' />
      <form className='ask' onSubmit={open}>
        <input
          className='field mono'
          aria-label='Account'
          placeholder='0x…'
          pattern='\s*0x[0-9a-fA-F]{40}\s*'
          title='0x and 40 digits'
          required
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <button type='submit' className='button'>
          Show
        </button>
      </form>
      {account !== '' && <Told account={account} />}
    </>
  )
}

const Told = ({ account }: { account: string }): ReactNode => (
  <>
    <Shown of={useLoad<Client>(`/api/accounts/${account}`)} missing='This account has paid for nothing.'>
      {({ deposited, withdrawn, spent }) => (
        <Facts
          rows={[
            ['Deposited', <Amount key='d' wei={deposited} />],
            ['Withdrawn', <Amount key='w' wei={withdrawn} />],
            ['Spent', <Amount key='s' wei={spent} />]
          ]}
        />
      )}
    </Shown>
    <p>
      <a href={`/api/accounts/${account}/statement.csv`} download={`openseam-${account}.csv`}>
        Download the statement (CSV)
      </a>{' '}
      <span className='quiet'>What it earned is on its </span>
      <a href={`/provider/${account}`}>page as a provider</a>
    </p>
  </>
)
