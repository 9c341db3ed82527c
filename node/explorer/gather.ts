/** Proofs of what one voucher of a batch paid, put together from what a provider shows. Nothing here is believed: who stores them checks each. */
import type { ReceiptReader, ShownReceipt } from 'openseam/net/receipt-fetch'
import { type BatchLeaf, batchLeaf, batchProof } from 'openseam/protocol/batch-tree'
import { codeOf, SeamError } from 'openseam/protocol/errors'
import type { Bytes32 } from 'openseam/protocol/eth'
import { EXPLORER_RECEIPTS_PER_BATCH_MAX, RECEIPTS_PER_PAGE_MAX } from 'openseam/protocol/limits'
import type { Proof } from 'openseam/protocol/proof'
import type { TypedDomain } from 'openseam/protocol/typed-data'
import type { BatchRow } from './rows.ts'

export type Shower = Pick<ReceiptReader, 'ofChannel' | 'prove'>

export interface PaidVoucher {
  domain: TypedDomain
  batch: BatchRow
  /** The batch's, in the order of its tree. */
  leaves: readonly BatchLeaf[]
  /** Which of them. */
  at: number
}

/**
 * A page at a time, from place `index` of the channel's work tree on. `isKnown` spares what needs no proof any more.
 * Throws what the reader throws; RECEIPT_UNKNOWN where the provider shows less than was paid for, WIRE_TOO_LONG where it does not end.
 */
export async function* gather(
  reader: Shower,
  voucher: PaidVoucher,
  index: number,
  isKnown: (hash: Bytes32) => Promise<boolean>
): AsyncGenerator<Proof[]> {
  const leaf = voucher.leaves[voucher.at] as BatchLeaf
  let total = 0n // of the channel, as far as it was shown
  for (let seen = 0; ; ) {
    const page = await reader.ofChannel(leaf, index + seen, RECEIPTS_PER_PAGE_MAX)
    const ours = page.filter((row) => isPaidBy(row, leaf))
    const news: ShownReceipt[] = []
    for (const row of ours) if (!(await isKnown(row.hash))) news.push(row)
    // Receipts of no money may have come after the voucher: they are not under its root.
    const end = 1 + news.findLastIndex(({ receipt }) => receipt.amount > 0n)
    if (end > 0) yield await proved(reader, voucher, news.slice(0, end))
    const empty = end === news.length ? [] : await provedIfThere(reader, voucher, news.slice(end))
    if (empty.length > 0) yield empty
    seen += page.length
    total = page.at(-1)?.cumAfter ?? total
    if (total > leaf.to || (page.length < RECEIPTS_PER_PAGE_MAX && total === leaf.to)) return
    if (page.length < RECEIPTS_PER_PAGE_MAX)
      throw new SeamError('RECEIPT_UNKNOWN', 'the provider shows less than it was paid for')
    if (seen >= EXPLORER_RECEIPTS_PER_BATCH_MAX) throw new SeamError('WIRE_TOO_LONG', 'the receipts of one voucher do not end')
  }
}

/** As `amount` of docs/spec/proof.md has it. */
const isPaidBy = ({ receipt, cumAfter }: ShownReceipt, leaf: BatchLeaf): boolean =>
  cumAfter <= leaf.to && (receipt.amount === 0n || cumAfter > leaf.from)

const proved = async (reader: Shower, voucher: PaidVoucher, rows: readonly ShownReceipt[]): Promise<Proof[]> => {
  const { domain, batch, leaves, at } = voucher
  const { client, provider: _, ...leaf } = leaves[at] as BatchLeaf
  const indexes = rows.map(({ index }) => index)
  const paths = await reader.prove({ client, modelId: leaf.modelId }, leaf.workRoot, indexes)
  const siblings = batchProof(leaves.map(batchLeaf), at)
  const { number, header, transaction, block } = batch
  return rows.map(({ receipt, hash, signature, index, cumAfter }, i) => ({
    domain,
    receipt,
    receiptHash: hash,
    signature,
    work: { index, cumAfter, siblings: paths[i] as Bytes32[] },
    batch: {
      number,
      leaf: { from: leaf.from, to: leaf.to, units: leaf.units, workRoot: leaf.workRoot },
      siblings,
      header
    },
    transaction: { hash: transaction, block }
  }))
}

const provedIfThere = async (reader: Shower, voucher: PaidVoucher, rows: readonly ShownReceipt[]): Promise<Proof[]> => {
  try {
    return await proved(reader, voucher, rows)
  } catch (error) {
    if (codeOf(error) === 'BAD_REQUEST') return []
    throw error
  }
}
