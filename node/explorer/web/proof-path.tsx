/** A proof's way from the receipt to the transaction: each hash made of the one before it and what stands beside it. */
import { plural, t } from '@lingui/core/macro'
import { batchPath } from 'openseam/protocol/batch-tree'
import type { Proof } from 'openseam/protocol/proof'
import type { ReactNode } from 'react'
import { count } from '../../web/locale.ts'

export const ProofPath = ({ proof }: { proof: Proof }): ReactNode => {
  const { receiptHash, work, batch, transaction } = proof
  const toRoot = batchPath(batch.header.root, []).length === 1 ? batch.siblings.length : 0
  const hops: [name: string, id: string, how: string][] = [
    [t({ message: 'receipt', context: 'part of a proof' }), receiptHash, t`the hash of what was done`],
    [
      t({ message: 'work root', context: 'part of a proof' }),
      batch.leaf.workRoot,
      wordsOfWork(work.siblings.length, count(work.index))
    ],
    [
      t({ message: 'batch root', context: 'part of a proof' }),
      batch.header.root,
      toRoot === 0 ? t`the only payment of its batch` : wordsOfSiblings(toRoot)
    ],
    [
      t({ message: 'transaction', context: 'part of a proof' }),
      transaction.hash,
      t`block ${{ block: count(transaction.block) }}, batch ${{ batch: count(batch.number) }} of the provider`
    ]
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

const wordsOfSiblings = (siblings: number): string =>
  t({
    message: plural({ siblings }, { one: 'through # sibling', other: 'through # siblings' }),
    comment: 'How a hash of a Merkle tree leads to its root: hashed together with its siblings'
  })

const wordsOfWork = (siblings: number, place: string): string =>
  plural(
    { siblings },
    { one: `through # sibling, place ${place} of the channel`, other: `through # siblings, place ${place} of the channel` }
  )
