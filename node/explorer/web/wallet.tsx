/** The visitor's own account, from a wallet in the browser (EIP-1193): it is asked which account it has, and for nothing else. */
import { t } from '@lingui/core/macro'
import { type ReactNode, useEffect, useState } from 'react'
import { go } from './route.ts'

interface Wallet {
  request(asked: { method: string }): Promise<unknown>
}

declare global {
  interface Window {
    ethereum?: Wallet
  }
}

const REFUSED = 4_001
const ASKED_ALREADY = -32_002

const reasonOf = (error: unknown): string => {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  if (code === REFUSED) return t`The wallet was not connected: the request was refused. An address can be pasted instead.`
  if (code === ASKED_ALREADY) return t`The wallet has been asked already: its own window waits for an answer.`
  if (typeof message !== 'string') return t`The wallet could not be asked: it gave no reason`
  return t`The wallet could not be asked: ${{ reason: message }}`
}

const accountOf = async (wallet: Wallet): Promise<string | undefined> => {
  const accounts = await wallet.request({ method: 'eth_requestAccounts' })
  const first: unknown = Array.isArray(accounts) ? accounts[0] : undefined
  return typeof first === 'string' && /^0x[0-9a-f]{40}$/i.test(first) ? first.toLowerCase() : undefined
}

export const ConnectWallet = (): ReactNode => {
  const [wallet, setWallet] = useState(window.ethereum)
  const [isAsking, setAsking] = useState(false)
  const [reason, setReason] = useState<string | undefined>(undefined)
  useEffect(() => {
    // Some wallets arrive after the page, and say so.
    const look = (): void => setWallet(window.ethereum)
    addEventListener('ethereum#initialized', look)
    return () => removeEventListener('ethereum#initialized', look)
  }, [])

  if (wallet === undefined) {
    return <p className='quiet small'>{t`There is no wallet in this browser that a page can ask: paste an address instead.`}</p>
  }
  const connect = async (): Promise<void> => {
    setAsking(true)
    setReason(undefined)
    try {
      const account = await accountOf(wallet)
      if (account === undefined) setReason(t`The wallet could not be asked: it named no account`)
      else go(`/account/${account}`)
    } catch (error) {
      setReason(reasonOf(error))
    } finally {
      setAsking(false)
    }
  }
  return (
    <div>
      <p className='under small'>
        <button type='button' className='button' onClick={connect} disabled={isAsking}>
          {t`Connect a wallet`}
        </button>
        <span className='quiet'>{t`It is asked for your address alone. Nothing is signed, and nothing is sent.`}</span>
      </p>
      <div role='status'>{reason !== undefined && <p className='notice warn'>{reason}</p>}</div>
    </div>
  )
}
