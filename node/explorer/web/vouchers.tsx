/** The vouchers of a batch, each word with its meaning. */
import { t } from '@lingui/core/macro'
import type { ReactNode } from 'react'
import { Amount } from '../../web/amount.tsx'
import { Id } from '../../web/id.tsx'
import { Count, To } from './parts.tsx'
import { type Column, Table } from './table.tsx'
import { useSigners } from './use-signers.ts'
import type { Batch, Summary, Voucher } from './wire.ts'

interface Row extends Voucher {
  leaf: number
  /** Undefined while it is being recovered; null where the signature is none. */
  signer: string | null | undefined
}

const paidOf = ({ from, to }: Row): bigint => BigInt(to) - BigInt(from)

const columns: Column<Row>[] = [
  { name: t`Voucher`, value: ({ leaf }) => leaf, cell: ({ leaf }) => <Count of={leaf} />, isNumber: true },
  { name: t`Client`, value: ({ client }) => client, cell: ({ client }) => <To page='account' id={client} /> },
  { name: t`Model`, value: ({ modelId }) => modelId, cell: ({ modelId }) => <To page='model' id={modelId} /> },
  {
    name: t`Signed for, OPEN`,
    value: ({ cumulative }) => BigInt(cumulative),
    cell: ({ cumulative }) => <Amount wei={cumulative} />,
    isNumber: true
  },
  { name: t`Paid, OPEN`, value: paidOf, cell: (row) => <Amount wei={paidOf(row)} />, isNumber: true },
  {
    name: t({ message: 'Units', comment: 'How many positions a voucher stands for' }),
    value: ({ units }) => units,
    cell: ({ units }) => <Count of={units} />,
    isNumber: true
  },
  { name: t`Work root`, value: ({ workRoot }) => workRoot, cell: ({ workRoot }) => <Id id={workRoot} /> },
  { name: t`Signature`, value: ({ signature }) => signature, cell: ({ signature }) => <Id id={signature} /> },
  {
    name: t({ message: 'Signed by', comment: 'A column: the client, nobody, or another’s id' }),
    value: ({ signer }) => signer ?? '',
    cell: (row) => <Signer of={row} />
  }
]

const Signer = ({ of: { signer, client } }: { of: Row }): ReactNode => {
  if (signer === undefined) return <span className='quiet'>…</span>
  if (signer === null) return t({ message: 'nobody', context: 'who signed' })
  return signer === client ? t({ message: 'the client', context: 'who signed' }) : <Id id={signer} />
}

export const Vouchers = ({
  batch,
  vouchers,
  chain
}: {
  batch: Batch
  vouchers: Voucher[]
  chain: Summary | undefined
}): ReactNode => {
  const signers = useSigners(chain, batch.provider, vouchers)
  const rows = vouchers.map((voucher, i): Row => ({ ...voucher, leaf: i + 1, signer: signers[i] }))
  return (
    <>
      <Table name='vouchers' label={t`vouchers`} columns={columns} rows={rows} keyOf={({ leaf }) => String(leaf)} />
      <p className='quiet small'>
        {t({
          message: `In the order of the batch’s leaves. A client signs one total for a provider and a model, which only rises: “signed for” is that total, “paid” what this batch paid of it, “units” the positions it stands for, and the “work root” commits to every receipt behind it. Who signed is recovered here from the signature; where it is not the client’s own key, it has to be one that the client named to the ledger.`,
          comment: 'The quoted words are names of columns'
        })}
      </p>
    </>
  )
}
