/** What only the chain can say of a batch, from a node of the reader's own choice: neither the explorer nor its node is asked. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { type BatchHeader, batchCommit } from 'openseam/protocol/batch-tree'
import { type Hex, hexToBytes, keccak256 } from 'openseam/protocol/eth'
import { type FormEvent, type ReactNode, useState } from 'react'
import { count } from '../../web/locale.ts'

const SELECTOR = keccak256(new TextEncoder().encode('batchCommit(address,uint256)')).subarray(0, 4)
const ASK_MS = 15_000

const callData = (provider: Hex, batch: number): string => {
  const bytes = new Uint8Array(4 + 64)
  bytes.set(SELECTOR)
  bytes.set(hexToBytes(provider, 20), 4 + 12)
  new DataView(bytes.buffer).setBigUint64(4 + 56, BigInt(batch))
  return `0x${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

interface AskProps {
  chain: { chainId: number; ledger: string }
  provider: Hex
  number: number
  header: BatchHeader
}

/** The one word in which the ledger holds a batch. */
export const Ask = ({ chain, provider, number, header }: AskProps): ReactNode => {
  const [url, setUrl] = useState('')
  const [said, setSaid] = useState<{ good: boolean; words: ReactNode } | undefined>(undefined)
  const ours = batchCommit(header)
  const ask = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    try {
      const params = [{ to: chain.ledger, data: callData(provider, number) }, 'latest']
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_call', params }),
        signal: AbortSignal.timeout(ASK_MS)
      })
      const { result, error } = (await response.json()) as { result?: string; error?: { message?: string } }
      if (result === undefined) throw new Error(error?.message ?? '')
      const good = result.toLowerCase() === ours
      setSaid({
        good,
        words: good ? t`Your node has the same word: this was paid.` : t`Your node has another word: ${{ word: result }}`
      })
    } catch (error) {
      setSaid({ good: false, words: wordsOfFailure((error as Error).message) })
    }
  }
  const { ledger } = chain
  const chainId = String(chain.chainId)
  const batch = count(number)
  return (
    <>
      <p className='quiet'>
        <Trans>
          On chain {chainId}, the ledger <span className='mono whole'>{ledger}</span> must answer{' '}
          <span className='mono'>batchCommit</span> of this provider and batch {batch} with{' '}
          <span className='mono whole'>{ours}</span>.
        </Trans>
      </p>
      <form className='ask' onSubmit={ask}>
        <input
          className='field mono'
          type='url'
          required
          aria-label={t`Address of your node`}
          placeholder='http://127.0.0.1:8545'
          value={url}
          onChange={({ target }) => setUrl(target.value)}
        />
        <button type='submit' className='button'>
          {t({ message: 'Ask', comment: 'A button: asks the reader’s own node' })}
        </button>
      </form>
      {said !== undefined && (
        <p className={said.good ? 'notice good' : 'notice bad'} role='status'>
          {said.words}
        </p>
      )}
    </>
  )
}

/** The reason is the node's or the browser's own; empty where none was given. */
const wordsOfFailure = (reason: string): ReactNode =>
  reason === '' ? (
    t`Your node could not be asked: it gave no answer`
  ) : (
    <Trans>
      Your node could not be asked:{' '}
      <span lang='en' dir='ltr'>
        {reason}
      </span>
    </Trans>
  )
