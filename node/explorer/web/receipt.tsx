/** One receipt and its proof, checked in this browser with the code that every node runs. */

import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { checkProof, type Proof, type ProofCheck } from 'openseam/protocol/proof'
import { PROOF_BYTES_MAX, readProof } from 'openseam/protocol/proof-file'
import { type ReactNode, useState } from 'react'
import { Amount } from '../../web/amount.tsx'
import { count } from '../../web/locale.ts'
import { Ask } from './ask.tsx'
import { ProviderLink } from './hues.tsx'
import { Facts, Shown, Title, To } from './parts.tsx'
import { paths } from './paths.ts'
import { ProofPath } from './proof-path.tsx'
import { Found, Steps, Verdict } from './proof-steps.tsx'
import { useText } from './use-load.ts'

type Checked = { proof: Proof; checks: ProofCheck[] } | { reason: string }

const checked = (text: string): Checked => {
  try {
    const proof = readProof(text)
    return { proof, checks: checkProof(proof) }
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) }
  }
}

export const ReceiptPage = ({ hash }: { hash: string }): ReactNode => (
  <>
    <Title kind={t`Receipt`} id={hash} />
    <Shown of={useText(paths.proof(hash), false)}>{(text) => <ProofView text={text} of={hash} />}</Shown>
    <p>
      <Trans>
        <a href={paths.proof(hash)} download={`openseam-proof-${hash.slice(2, 10)}.json`}>
          Download the proof
        </a>{' '}
        <span className='quiet'>and check it anywhere, also offline.</span>
      </Trans>
    </p>
  </>
)

export const VerifyPage = (): ReactNode => {
  const [text, setText] = useState('')
  return (
    <>
      <Title kind={t`Check a proof`} />
      <p className='quiet'>{t`The file does not leave this browser.`}</p>
      <textarea
        className='field mono proof-text'
        aria-label={t`A proof file`}
        placeholder='{"format": "openseam-proof-1", …'
        rows={8}
        value={text}
        onChange={({ target }) => setText(target.value.slice(0, PROOF_BYTES_MAX + 1))}
      />
      {text.trim() !== '' && <ProofView text={text} />}
    </>
  )
}

const ProofView = ({ text, of }: { text: string; of?: string }): ReactNode => {
  const result = checked(text)
  if ('reason' in result) {
    return (
      <Verdict fails='format'>
        <Found>{result.reason}</Found>
      </Verdict>
    )
  }
  const { proof, checks } = result
  if (of !== undefined && proof.receiptHash !== of) {
    return <Verdict fails='receipt'>{t`The file is about another receipt.`}</Verdict>
  }
  const failed = checks.find(({ outcome }) => outcome === 'fails')
  const { receipt } = proof
  return (
    <>
      {failed === undefined ? (
        <p className='notice good' role='status' data-verdict='holds'>
          {t`Verified in this browser: the receipt leads to the batch root, and the amounts agree. What only the chain can say is asked below.`}
        </p>
      ) : (
        <Verdict fails={failed.step}>
          <Found>{failed.detail}</Found>
        </Verdict>
      )}
      <Facts
        rows={[
          [t`Session`, <To key='s' page='session' id={receipt.sessionId} />],
          [t`Provider`, <ProviderLink key='p' account={receipt.provider} />],
          [t`Client`, <To key='c' page='account' id={receipt.client} />],
          [t`Model`, <To key='m' page='model' id={receipt.modelId} />],
          [
            t({ message: 'Leg, number', comment: 'Two numbers: of a leg, and of a receipt within it' }),
            `${count(receipt.leg)}, ${count(receipt.seq)}`
          ],
          [
            t`Positions`,
            t({ message: `${{ first: count(receipt.from) }} to ${{ last: count(receipt.to) }}`, context: 'positions' })
          ],
          [t`Paid`, <Amount key='a' wei={receipt.amount} />]
        ]}
      />
      <section>
        <h2>{t`The path of the proof`}</h2>
        <ProofPath proof={proof} />
      </section>
      <section>
        <h2>{t`Step by step`}</h2>
        <Steps checks={checks} />
      </section>
      <section>
        <h2>{t`Ask your own node`}</h2>
        <Ask chain={proof.domain} provider={receipt.provider} number={proof.batch.number} header={proof.batch.header} />
      </section>
    </>
  )
}
