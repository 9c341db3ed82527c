/**
 * The client's side of one channel (docs/spec/voucher.md): receipts are appended in the order it accepts work, and one voucher
 * covers them all. Nothing leaves before it is stored.
 */
import type { Store, StoreWrite } from '../components.ts'
import type { Wei } from '../protocol/amounts.ts'
import { ChannelState } from '../protocol/channel.ts'
import { receiptToWire, type SignedVoucher, voucherFromWire, voucherToWire } from '../protocol/convert.ts'
import { SeamError } from '../protocol/errors.ts'
import { type Address, type Bytes32, bytesToHex, hexToBytes } from '../protocol/eth.ts'
import { decodeJson, encodeJson } from '../protocol/json.ts'
import { RECEIPTS_PER_ACK_MAX } from '../protocol/limits.ts'
import type * as wire from '../protocol/pb/messages.js'
import { digest, recoverTyped, type TypedDomain, type WorkReceipt } from '../protocol/typed-data.ts'
import { WorkTree } from '../protocol/work-tree.ts'
import type { SessionSigner } from './wallet.ts'

export interface StoredReceipt {
  receipt: WorkReceipt
  hash: Bytes32
  cumAfter: Wei
  /** The provider's, once it has signed. */
  signature?: string
}

interface StoredBook {
  tree: string
  cumulative: Wei
  units: number
  signature: string
  delivered: number
}

const key = (provider: Address, modelId: Bytes32): string => `ch:${provider}:${modelId}`
const receiptKey = (book: ChannelBook, index: number): string =>
  `rc:${book.state.provider}:${book.state.modelId}:${String(index).padStart(10, '0')}`

export class ChannelBook {
  readonly state: ChannelState
  readonly #domain: TypedDomain
  readonly #signer: SessionSigner
  readonly #store: Store
  #newest: SignedVoucher | undefined
  /** The newest voucher that is on disk, and the receipts under it: what may be shown to the provider. */
  #stored: { signed: SignedVoucher; count: number } | undefined
  /** Receipts the provider has confirmed as stored. */
  #delivered = 0
  /** The tail that may have to be sent again. */
  readonly #undelivered: StoredReceipt[] = []
  /** When a voucher of this channel was last signed (monotonic ms). */
  signedAtMs = Number.NEGATIVE_INFINITY

  constructor(domain: TypedDomain, signer: SessionSigner, store: Store, state: ChannelState) {
    this.#domain = domain
    this.#signer = signer
    this.#store = store
    this.state = state
  }

  static async load(domain: TypedDomain, signer: SessionSigner, store: Store, provider: Address, modelId: Bytes32): Promise<ChannelBook> {
    const parties = { client: signer.account, provider, modelId }
    const bytes = await store.get(key(provider, modelId))
    if (bytes === undefined) return new ChannelBook(domain, signer, store, new ChannelState(parties))
    const row = decodeJson<StoredBook>(bytes)
    const state = new ChannelState(parties, WorkTree.fromBytes(hexToBytes(row.tree)), row.cumulative, row.units)
    const book = new ChannelBook(domain, signer, store, state)
    book.#newest = { voucher: state.voucher(), signature: hexToBytes(row.signature) }
    book.#stored = { signed: book.#newest, count: state.count }
    book.#delivered = row.delivered
    for (let index = row.delivered; index < state.count; index++) {
      const stored = await store.get(receiptKey(book, index))
      if (stored === undefined) throw new SeamError('STORE_CORRUPT', `receipt ${index} of a channel is missing`)
      book.#undelivered.push(decodeJson<StoredReceipt>(stored))
    }
    return book
  }

  get undelivered(): number {
    return this.#undelivered.length
  }

  /**
   * Appends receipts and signs the voucher over them. Returns the writes that make it durable, to be stored together with whatever
   * they belong to; `stored` is called once they are, and only then does `ack` cover them.
   */
  append(receipts: WorkReceipt[]): { writes: StoreWrite[]; hashes: Bytes32[]; stored: () => void } {
    const writes: StoreWrite[] = []
    const hashes: Bytes32[] = []
    for (const receipt of receipts) {
      const index = this.state.count
      const hash = this.state.append(this.#domain, receipt)
      const stored: StoredReceipt = { receipt, hash, cumAfter: this.state.cumulative }
      this.#undelivered.push(stored)
      hashes.push(hash)
      writes.push({ put: receiptKey(this, index), value: encodeJson(stored) })
    }
    const voucher = this.state.voucher()
    const signed = { voucher, signature: this.#signer.sign(digest(this.#domain, 'Voucher', voucher)) }
    const count = this.state.count
    this.#newest = signed
    writes.push(this.#row())
    const stored = (): void => {
      if (count > (this.#stored?.count ?? 0)) this.#stored = { signed, count }
    }
    return { writes, hashes, stored }
  }

  /** What the provider has not confirmed yet, or null. At most one message of receipts at a time. */
  ack(from: number): wire.Ack | null {
    if (this.#stored === undefined || from >= this.#stored.count) return null
    const { signed, count } = this.#stored
    const tail = this.#undelivered.slice(Math.max(0, from - this.#delivered), count - this.#delivered)
    if (tail.length > RECEIPTS_PER_ACK_MAX) throw new SeamError('INTERNAL', 'too many receipts wait for this provider')
    return {
      voucher: voucherToWire(signed),
      count,
      appended: tail.map((row) => receiptToWire(row.receipt))
    }
  }

  /** The provider stored receipts up to `count` and signed the last of them. */
  async confirm(count: number, signatures: Uint8Array[]): Promise<void> {
    if (count <= this.#delivered || count > this.state.count) return
    const writes: StoreWrite[] = []
    const first = count - signatures.length
    for (let index = Math.max(first, this.#delivered); index < count; index++) {
      const row = this.#undelivered[index - this.#delivered] as StoredReceipt
      row.signature = bytesToHex(signatures[index - first] as Uint8Array)
      writes.push({ put: receiptKey(this, index), value: encodeJson(row) })
    }
    this.#undelivered.splice(0, count - this.#delivered)
    this.#delivered = count
    await this.#store.batch([...writes, this.#row()])
  }

  /**
   * What the provider has stored. Normally a prefix of ours; after we lost our disk it may be newer, and is adopted since it bears
   * our own signature. Returns the count to send from.
   */
  async reconcile(theirs: wire.ChannelState): Promise<number> {
    const tree = WorkTree.fromBytes(theirs.tree)
    if (tree.count <= this.state.count) {
      await this.confirm(tree.count, [])
      return Math.max(tree.count, this.#delivered)
    }
    if (theirs.newest === undefined) throw new SeamError('VOUCHER_MISSING', 'the provider claims receipts without a voucher')
    const { voucher, signature } = voucherFromWire(theirs.newest)
    const ours = voucher.client === this.state.client && voucher.provider === this.state.provider && voucher.modelId === this.state.modelId
    if (!ours || voucher.workRoot !== tree.root() || recoverTyped(this.#domain, 'Voucher', voucher, signature) !== this.#signer.signer) {
      throw new SeamError('VOUCHER_SIGNATURE', 'the voucher the provider returned is not ours')
    }
    this.state.tree = tree
    this.state.cumulative = voucher.cumulative
    this.state.units = voucher.units
    this.#newest = { voucher, signature }
    this.#stored = { signed: this.#newest, count: tree.count }
    this.#undelivered.length = 0
    this.#delivered = tree.count
    await this.#store.batch([this.#row()])
    return tree.count
  }

  #row(): StoreWrite {
    const row: StoredBook = {
      tree: bytesToHex(this.state.tree.toBytes()),
      cumulative: this.state.cumulative,
      units: this.state.units,
      signature: bytesToHex(this.#newest?.signature ?? new Uint8Array(0)),
      delivered: this.#delivered
    }
    return { put: key(this.state.provider, this.state.modelId), value: encodeJson(row) }
  }
}
