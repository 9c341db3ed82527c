/** A provider's books over one store, a leg that it serves, and acknowledgements as an honest client would send them. */
import type { Store } from 'openseam/components'
import { ChannelState } from 'openseam/protocol/channel'
import { receiptToWire, voucherToWire } from 'openseam/protocol/convert'
import { signHash, type ZERO_BYTES32 } from 'openseam/protocol/eth'
import type * as wire from 'openseam/protocol/pb'
import { PrintLog } from 'openseam/protocol/print-log'
import { digest, type LegOpen, type WorkReceipt } from 'openseam/protocol/typed-data'
import { LegBook, type LegRow, type LiveLeg } from '../../../node/settle/legs.ts'
import { ReceiptStore } from '../../../node/settle/receipt-store.ts'
import { ownFence, type SignFence } from '../../../node/settle/sign-fence.ts'
import { VoucherBook } from '../../../node/settle/voucher-book.ts'
import { clientSigner, domain, hash, modelId, provider, providerKey, salt } from '../../sdk/session/support.ts'

export const PROMPT = 4

/** A running leg whose ids count up from 0, as `receiptsOf` drafts them. */
export class TestLeg implements LiveLeg {
  readonly salt = salt
  readonly heads = new Set<typeof ZERO_BYTES32>()
  readonly acknowledgements: LegRow[] = []
  readonly prints = new PrintLog(PROMPT)
  sent: number

  constructor(sent: number) {
    this.sent = sent
  }

  sentTo(): number {
    return this.sent
  }

  ids(from: number, to: number): number[] {
    return Array.from({ length: to - from }, (_, i) => from + i)
  }

  announced(head: `0x${string}`): boolean {
    return this.heads.has(head)
  }

  fingerprint(from: number, to: number): `0x${string}` {
    return this.prints.fingerprint(hash('print base'), from, to)
  }

  acknowledged(row: LegRow): void {
    this.acknowledgements.push(row)
  }
}

export const rowOf = (open: LegOpen, completionFrom = PROMPT): LegRow => ({
  open,
  completionFrom,
  ackedTo: open.from,
  nextSeq: 0,
  end: 0
})

export const NOW_MS = 1_800_000_000_000

export const booksOver = async (store: Store, fence: SignFence = ownFence, nowMs = () => NOW_MS) => {
  const legs = new LegBook(store)
  const receipts = new ReceiptStore({ store, fence, nowMs, sign: (hash) => signHash(hash, providerKey) })
  const book = new VoucherBook({
    store,
    legs,
    receipts,
    domain,
    account: provider,
    modelId,
    signersOf: async (client) => (client === clientSigner.account ? [clientSigner.signer] : [])
  })
  await book.load()
  return { legs, book, receipts }
}

/** An acknowledgement whose tree holds `before`, then `appended`. */
export const ackOf = (before: WorkReceipt[], appended: WorkReceipt[], signer = clientSigner, model = modelId): wire.Ack => {
  const state = new ChannelState({ client: clientSigner.account, provider, modelId: model })
  for (const receipt of [...before, ...appended]) state.append(domain, receipt)
  const voucher = state.voucher()
  return {
    voucher: voucherToWire({ voucher, signature: signer.sign(digest(domain, 'Voucher', voucher)) }),
    count: state.count,
    appended: appended.map(receiptToWire)
  }
}
