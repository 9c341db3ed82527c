/** A voucher's signature, checked in this browser with the code of every node, one at a time so that the page stays alive. */
import { t } from '@lingui/core/macro'
import { hexToBytes } from 'openseam/protocol/eth'
import { type ReactNode, useEffect, useState } from 'react'
import { type Chain, signerOf } from './voucher-signer.ts'
import type { Pending, Summary } from './wire.ts'

type Verdict = 'holds' | 'fails'

/** By everything that was signed, and by whom it is said to be: a row that is read again is not checked again. */
const verdicts = new Map<string, Verdict>()
const KEPT_MAX = 2_000
let turn: Promise<unknown> = Promise.resolve()

const nameOf = ({ signature, signer, provider, client, modelId, total, units, workRoot }: Pending): string =>
  [signature, signer, provider, client, modelId, total, units, workRoot].join()

const verdictOf = (row: Pending, chain: Chain): Verdict => {
  const signer = signerOf(chain, { ...row, cumulative: row.total }, () => hexToBytes(row.signature))
  return signer === row.signer ? 'holds' : 'fails'
}

const check = (row: Pending, summary: Summary): Promise<Verdict> => {
  const name = nameOf(row)
  const checked = turn.then(async () => {
    await new Promise((resolve) => setTimeout(resolve)) // what the reader does comes first
    const verdict = verdicts.get(name) ?? verdictOf(row, summary)
    if (verdicts.size >= KEPT_MAX) verdicts.clear()
    verdicts.set(name, verdict)
    return verdict
  })
  turn = checked
  return checked
}

export const Checked = ({ row, summary }: { row: Pending; summary: Summary }): ReactNode => {
  const name = nameOf(row)
  const [told, setTold] = useState<{ name: string; verdict: Verdict } | undefined>(undefined)
  useEffect(() => {
    let isCurrent = true
    void check(row, summary).then((verdict) => isCurrent && setTold({ name, verdict }))
    return () => {
      isCurrent = false
    }
  }, [name])
  const verdict = verdicts.get(name) ?? (told?.name === name ? told.verdict : undefined)
  if (verdict === undefined) {
    return <span className='quiet'>{t({ message: 'checking', comment: 'A signature is being checked' })}</span>
  }
  if (verdict === 'fails') return <b className='fails'>✗ {t`not signed`}</b>
  return (
    <span className='holds' title={t`Recovered here from the voucher: ${{ signer: row.signer }}`}>
      ✓{' '}
      {row.signer === row.client
        ? t({ message: 'client’s key', comment: 'Whose key signed a voucher' })
        : t({ message: 'key it named', comment: 'A voucher is signed by another key that its client named' })}
    </span>
  )
}
