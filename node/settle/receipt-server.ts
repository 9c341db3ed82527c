/** The provider's side of /openseam/receipt/1: answers anyone, a page at a time, from what is on disk. */
import type { Channel, Log } from 'openseam/components'
import { weiToBytes } from 'openseam/protocol/amounts'
import { exact } from 'openseam/protocol/bytes'
import { receiptToWire } from 'openseam/protocol/convert'
import { codeOf, SeamError } from 'openseam/protocol/errors'
import { bytesToHex, hexToBytes } from 'openseam/protocol/eth'
import { RECEIPTS_PER_PAGE_MAX, WORK_PROOFS_PER_REPLY_MAX } from 'openseam/protocol/limits'
import type * as wire from 'openseam/protocol/pb'
import type { PendingVouchers } from './pending-vouchers.ts'
import type { ChannelName, KeptReceipt, ReceiptStore } from './receipt-store.ts'

export interface ReceiptServerComponents {
  receipts: ReceiptStore
  pending: PendingVouchers
  log: Log
}

export const serveReceipts = async (
  components: ReceiptServerComponents,
  channel: Channel<wire.ReceiptReply, wire.ReceiptRequest>
): Promise<void> => {
  for await (const request of channel.receive()) {
    try {
      await channel.send(await answer(components, request))
    } catch (error) {
      const code = codeOf(error)
      if (code === 'WIRE_MALFORMED') throw error
      if (code === 'INTERNAL') components.log.warn({ error: String(error) }, 'a request for receipts failed')
      const message = error instanceof SeamError ? error.message : 'this provider cannot read its receipts now: ask later'
      await channel.send({ refused: { code, message, amount: new Uint8Array(0) } })
    }
  }
}

const answer = async (
  { receipts, pending }: ReceiptServerComponents,
  request: wire.ReceiptRequest
): Promise<wire.ReceiptReply> => {
  const { hash, session, channel, prove } = request
  if (hash !== undefined) {
    const kept = await receipts.byHash(bytesToHex(exact(hash.hash, 32, 'hash')))
    if (kept === undefined) throw new SeamError('RECEIPT_UNKNOWN', 'no receipt of that name is kept here')
    return { page: await pageOf(receipts, [kept], 1) }
  }
  if (session !== undefined) {
    const found = receipts.ofSession(bytesToHex(exact(session.sessionId, 32, 'sessionId')), session.leg, session.seq)
    return { page: await pageOf(receipts, found, session.max) }
  }
  if (channel !== undefined) {
    const name = nameOf(channel)
    return { page: await pageOf(receipts, ofChannel(receipts, name, channel.index), channel.max) }
  }
  if (request.pending !== undefined) return { pending: pending.page(request.pending) }
  if (prove === undefined) throw new SeamError('WIRE_MALFORMED', 'this asks for nothing')
  if (prove.indexes.length > WORK_PROOFS_PER_REPLY_MAX) {
    throw new SeamError('BAD_REQUEST', `at most ${WORK_PROOFS_PER_REPLY_MAX} places are proved at a time`)
  }
  const root = bytesToHex(exact(prove.workRoot, 32, 'workRoot'))
  const { count, paths } = await receipts.prove(nameOf(prove), root, prove.indexes)
  return {
    proofs: { count, paths: paths.map((path) => ({ siblings: hexToBytes(`0x${path.map((hash) => hash.slice(2)).join('')}`) })) }
  }
}

const nameOf = ({ client, modelId }: { client: Uint8Array; modelId: Uint8Array }): ChannelName => ({
  client: bytesToHex(exact(client, 20, 'client')),
  modelId: bytesToHex(exact(modelId, 32, 'modelId'))
})

async function* ofChannel(receipts: ReceiptStore, name: ChannelName, from: number): AsyncGenerator<KeptReceipt> {
  for (let index = from; ; index++) {
    const kept = await receipts.at(name, index)
    if (kept === undefined) return
    yield kept
  }
}

const pageOf = async (
  receipts: ReceiptStore,
  found: AsyncIterable<KeptReceipt> | Iterable<KeptReceipt>,
  asked: number
): Promise<wire.ReceiptPage> => {
  const max = Math.min(Math.max(1, asked), RECEIPTS_PER_PAGE_MAX)
  const page: wire.ServedReceipt[] = []
  for await (const kept of found) {
    if (page.length === max) return { receipts: page, more: true }
    page.push(await served(receipts, kept))
  }
  return { receipts: page, more: false }
}

const served = async (receipts: ReceiptStore, kept: KeptReceipt): Promise<wire.ServedReceipt> => ({
  client: hexToBytes(kept.receipt.client, 20),
  provider: hexToBytes(kept.receipt.provider, 20),
  modelId: hexToBytes(kept.receipt.modelId, 32),
  receipt: receiptToWire(kept.receipt),
  // A fence that cannot be reached leaves it unsigned for now: it is served all the same.
  signature: await receipts.signatureOf(kept).catch(() => new Uint8Array(0)),
  index: kept.index,
  cumAfter: weiToBytes(kept.cumAfter)
})
