/** What an account earned and spent, and its statement: line by line, each with the transaction that proves it. */

import { t } from '@lingui/core/macro'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Amount } from '../../web/amount.tsx'
import { About } from './account-about.tsx'
import { BalanceOverTime } from './balance.tsx'
import { NotSettled } from './not-settled.tsx'
import { Empty, Facts, Shown, Title, To } from './parts.tsx'
import { paths } from './paths.ts'
import { go } from './route.ts'
import { useTags } from './tags.tsx'
import { useLoad } from './use-load.ts'
import { ConnectWallet } from './wallet.tsx'
import type { Client, Provider } from './wire.ts'

export const AccountPage = ({ account }: { account: string }): ReactNode => {
  const [text, setText] = useState(account)
  const open = (event: FormEvent): void => {
    event.preventDefault()
    if (/^0x[0-9a-f]{40}$/i.test(text.trim())) go(`/account/${text.trim().toLowerCase()}`)
  }
  return (
    <>
      <Title kind={t`My earnings, my spending`} />
      <form className='ask' onSubmit={open}>
        <input
          className='field mono'
          aria-label={t`Account`}
          placeholder='0x…'
          pattern='\s*0x[0-9a-fA-F]{40}\s*'
          title={t`0x and 40 digits`}
          required
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <button type='submit' className='button'>{t`Show`}</button>
      </form>
      <ConnectWallet />
      {account !== '' && <Told account={account} />}
    </>
  )
}

/** The chain says which of the two sides it knows, so that neither is asked for in vain. */
const Told = ({ account }: { account: string }): ReactNode => (
  <>
    <About account={account} />
    <Shown of={useTags(account)}>
      {({ items }) => (
        <div className='halves'>
          <section>
            <h2>{t`Earned`}</h2>
            {items.some(({ tag }) => tag === 'provider') ? (
              <Earned account={account} />
            ) : (
              <Empty>{t`This account has provided nothing.`}</Empty>
            )}
          </section>
          <section>
            <h2>{t`Spent`}</h2>
            {items.some(({ tag }) => tag === 'client') ? (
              <Spent account={account} />
            ) : (
              <Empty>{t`This account has paid for nothing.`}</Empty>
            )}
          </section>
        </div>
      )}
    </Shown>
    <section>
      <h2>{t`Line by line`}</h2>
      <p className='under'>
        <a className='button primary' href={`/account/${account}/statement`}>{t`Statement, for paper or PDF`}</a>
        <a className='button' href={`/api/accounts/${account}/statement.csv`} download={`openseam-${account}.csv`}>
          {t`Statement as CSV`}
        </a>
      </p>
    </section>
  </>
)

const Earned = ({ account }: { account: string }): ReactNode => (
  <Shown of={useLoad<Provider>(paths.provider(account))}>
    {({ earned, claimed, slashed }) => (
      <>
        <Facts
          rows={[
            [t`Earned`, <Amount key='e' wei={earned} />],
            [t`Not settled yet`, <NotSettled key='n' side='provider' account={account} />],
            [t`Claimed`, <Amount key='c' wei={claimed} />],
            [t`Slashed`, <Amount key='s' wei={slashed} />]
          ]}
        />
        <p className='small'>
          <To page='provider' id={account}>
            {t`Stake, keys and batches`}
          </To>
        </p>
        <BalanceOverTime account={account} side='claimable' />
      </>
    )}
  </Shown>
)

const Spent = ({ account }: { account: string }): ReactNode => (
  <Shown of={useLoad<Client>(`/api/accounts/${account}`)}>
    {({ deposited, withdrawn, spent }) => (
      <>
        <Facts
          rows={[
            [t`Deposited`, <Amount key='d' wei={deposited} />],
            [t`Withdrawn`, <Amount key='w' wei={withdrawn} />],
            [t`Spent`, <Amount key='s' wei={spent} />],
            [t`Not settled yet`, <NotSettled key='n' side='client' account={account} />]
          ]}
        />
        <BalanceOverTime account={account} side='escrow' />
      </>
    )}
  </Shown>
)
