/** One receipt and its proof, checked in this browser with the code that every node runs. */
import { batchPath } from 'openseam/protocol/batch-tree'
import { checkProof, type Proof, type ProofCheck } from 'openseam/protocol/proof'
import { PROOF_BYTES_MAX, readProof } from 'openseam/protocol/proof-file'
import { type ReactNode, useState } from 'react'
import { Amount } from '../../web/amount.tsx'
import { Ask } from './ask.tsx'
import { ProviderLink } from './hues.tsx'
import { Facts, Shown, Title, To } from './parts.tsx'
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
    <Title kind='Receipt' id={hash} />
    <Shown of={useText(`/api/receipts/${hash}/proof`, false)}>{(text) => <ProofView text={text} of={hash} />}</Shown>
    <p>
      <a href={`/api/receipts/${hash}/proof`} download={`openseam-proof-${hash.slice(2, 10)}.json`}>
        Download the proof
      </a>{' '}
      <span className='quiet'>and check it anywhere, also offline.</span>
    </p>
  </>
)

export const VerifyPage = (): ReactNode => {
  const [text, setText] = useState('')
  return (
    <>
      <Title kind='Check a proof' />
      <p className='quiet'>The file does not leave this browser.</p>
      <textarea
        className='field mono proof-text'
        aria-label='A proof file'
        placeholder='{"format": "openseam-proof-1", …'
        rows={8}
        value={text}
        onChange={({ target }) => setText(target.value.slice(0, PROOF_BYTES_MAX + 1))}
      />
      {text.trim() !== '' && <ProofView text={text} />}
    </>
  )
}

const outcomes = { holds: 'holds', fails: 'fails', skipped: 'not checked here' } as const

const ProofView = ({ text, of }: { text: string; of?: string }): ReactNode => {
  const result = checked(text)
  if ('reason' in result) return <Verdict fails='format'>{result.reason}</Verdict>
  const { proof, checks } = result
  if (of !== undefined && proof.receiptHash !== of) return <Verdict fails='receipt'>The file is about another receipt.</Verdict>
  const failed = checks.find(({ outcome }) => outcome === 'fails')
  const { receipt } = proof
  return (
    <>
      {failed === undefined ? (
        <p className='notice good' role='status' data-verdict='holds'>
          Verified in this browser: the receipt leads to the batch root, and the amounts agree. What only the chain can say is
          asked below.
        </p>
      ) : (
        <Verdict fails={failed.step}>{failed.detail}</Verdict>
      )}
      <Facts
        rows={[
          ['Session', <To key='s' page='session' id={receipt.sessionId} />],
          ['Provider', <ProviderLink key='p' account={receipt.provider} />],
          ['Client', <To key='c' page='account' id={receipt.client} />],
          ['Model', <To key='m' page='model' id={receipt.modelId} />],
          ['Leg, number', `${receipt.leg}, ${receipt.seq}`],
          ['Positions', `${receipt.from.toLocaleString()} to ${receipt.to.toLocaleString()}`],
          ['Paid', <Amount key='a' wei={receipt.amount} />]
        ]}
      />
      <section>
        <h2>The path of the proof</h2>
        <Path proof={proof} />
      </section>
      <section>
        <h2>Step by step</h2>
        <ul className='steps card'>
          {checks.map(({ step, outcome, detail }) => (
            <li key={step} className={outcome}>
              <b>{step}</b> <span className='outcome'>{outcomes[outcome]}</span> <span className='quiet'>{detail}</span>
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h2>Ask your own node</h2>
        <Ask chain={proof.domain} provider={receipt.provider} number={proof.batch.number} header={proof.batch.header} />
      </section>
    </>
  )
}

const Verdict = ({ fails, children }: { fails: string; children: ReactNode }): ReactNode => (
  <p className='notice bad' role='alert' data-verdict='fails'>
    This proof fails at the step “{fails}”. {children}
  </p>
)

/** From the receipt to the transaction: each hash made of the one before it and what stands beside it. */
const Path = ({ proof }: { proof: Proof }): ReactNode => {
  const { receiptHash, work, batch, transaction } = proof
  const toRoot = batchPath(batch.header.root, []).length === 1 ? batch.siblings.length : 0
  const hops: [name: string, id: string, how: string][] = [
    ['receipt', receiptHash, 'the hash of what was done'],
    [
      'work root',
      batch.leaf.workRoot,
      `through ${work.siblings.length} siblings, place ${work.index.toLocaleString()} of the channel`
    ],
    ['batch root', batch.header.root, toRoot === 0 ? 'the only payment of its batch' : `through ${toRoot} siblings`],
    ['transaction', transaction.hash, `block ${transaction.block.toLocaleString()}, batch ${batch.number} of the provider`]
  ]
  return (
    <ol className='path'>
      {hops.map(([name, id, how]) => (
        <li key={name} className='card'>
          <b>{name}</b>
          <span className='mono whole'>{id}</span>
          <span className='quiet small'>{how}</span>
        </li>
      ))}
    </ol>
  )
}
