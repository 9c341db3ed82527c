/**
 * The client's side of one channel (docs/spec/voucher.md): receipts are appended in the order it accepts work, and one voucher
 * covers them all. Nothing leaves before it is stored.
 */
import type { PeerKey, StoreWrite } from '../components.ts'
import type { Wei } from '../protocol/amounts.ts'
import { ChannelState } from '../protocol/channel.ts'
import { receiptToWire, type SignedVoucher, voucherFromWire, voucherToWire } from '../protocol/convert.ts'
import { SeamError } from '../protocol/errors.ts'
import { type Address, type Bytes32, bytesToHex, hexToBytes, SIGNATURE_BYTES } from '../protocol/eth.ts'
import { decodeJson, encodeJson } from '../protocol/json.ts'
import { RECEIPTS_PER_ACK_MAX } from '../protocol/limits.ts'
import type * as wire from '../protocol/pb/messages.js'
import { digest, recoverTyped, type TypedDomain, type WorkReceipt } from '../protocol/typed-data.ts'
import { WorkTree } from '../protocol/work-tree.ts'
import type { SessionSigner } from './wallet.ts'
import type { WriteQueue } from './write-queue.ts'

export interface StoredReceipt {
  receipt: WorkReceipt
  hash: Bytes32
  cumAfter: Wei
  /** The provider's, once it has signed. */
  signature?: string
}

interface StoredBook {
  /** The peer that served last: where an undelivered voucher is brought to. */
  peer: PeerKey
  newest: Snapshot
  signature: string
  delivered: Snapshot
}

interface Snapshot {
  tree: string
  cumulative: Wei
  units: number
}

export interface BookInit {
  domain: TypedDomain
  signer: SessionSigner
  queue: WriteQueue
  provider: Address
  modelId: Bytes32
  peer: PeerKey
}

export const BOOK_PREFIX = 'ch:'
const bookKey = (provider: Address, modelId: Bytes32): string => `${BOOK_PREFIX}${provider}:${modelId}`
const receiptKey = (state: ChannelState, index: number): string =>
  `rc:${state.provider}:${state.modelId}:${String(index).padStart(10, '0')}`

export class ChannelBook {
  readonly state: ChannelState
  peer: PeerKey
  readonly #init: BookInit
  #newest: SignedVoucher | undefined
  /** The newest voucher that is on disk, and the receipts under it: what may be shown to the provider. */
  #stored: { signed: SignedVoucher; count: number } | undefined
  /** The channel as the provider has confirmed it. */
  #delivered: ChannelState
  /** Receipts after that, which may have to be sent again. */
  #undelivered: StoredReceipt[] = []
  /** When a voucher of this channel was last signed (monotonic ms). */
  signedAtMs = Number.NEGATIVE_INFINITY
  /** While the provider is asked what it holds of a channel this store knows nothing of: nothing may be appended until it settles. */
  asking: Promise<void> | undefined
  #known: boolean

  constructor(init: BookInit, state: ChannelState, delivered: ChannelState, known: boolean) {
    this.#init = init
    this.peer = init.peer
    this.state = state
    this.#delivered = delivered
    this.#known = known
  }

  static async load(init: BookInit): Promise<ChannelBook> {
    const { queue, provider, modelId, signer } = init
    const parties = { client: signer.account, provider, modelId }
    const bytes = await queue.store.get(bookKey(provider, modelId))
    if (bytes === undefined) return new ChannelBook(init, new ChannelState(parties), new ChannelState(parties), false)
    const row = decodeJson<StoredBook>(bytes)
    const restore = ({ tree, cumulative, units }: Snapshot): ChannelState =>
      new ChannelState(parties, WorkTree.fromBytes(hexToBytes(tree)), cumulative, units)
    const state = restore(row.newest)
    const book = new ChannelBook(init, state, restore(row.delivered), true)
    book.peer = row.peer
    book.#newest = { voucher: state.voucher(), signature: hexToBytes(row.signature) }
    book.#stored = { signed: book.#newest, count: state.count }
    book.#undelivered = await book.#rows(book.#delivered.count)
    return book
  }

  /** False: this store has nothing of the channel, and the provider has not said what it has. An earlier store may have been lost. */
  get known(): boolean {
    return this.#known
  }

  get undelivered(): number {
    return this.#undelivered.length
  }

  get delivered(): number {
    return this.#delivered.count
  }

  /**
   * Appends receipts and signs the voucher over them. Returns the writes that make it durable, to be stored together with whatever
   * they belong to; `stored` is called once they are, and only then does `ack` cover them.
   */
  append(receipts: WorkReceipt[]): { writes: StoreWrite[]; hashes: Bytes32[]; stored: () => void } {
    this.#known = true
    const writes: StoreWrite[] = []
    const hashes: Bytes32[] = []
    for (const receipt of receipts) {
      const index = this.state.count
      const hash = this.state.append(this.#init.domain, receipt)
      const row: StoredReceipt = { receipt, hash, cumAfter: this.state.cumulative }
      this.#undelivered.push(row)
      hashes.push(hash)
      writes.push({ put: receiptKey(this.state, index), value: encodeJson(row) })
    }
    const signed = this.#sign(this.state)
    const count = this.state.count
    this.#newest = signed
    writes.push(this.#row())
    const stored = (): void => {
      if (count > (this.#stored?.count ?? 0)) this.#stored = { signed, count }
    }
    return { writes, hashes, stored }
  }

  /** What the provider has not been sent yet, or null: at most one message of receipts, under a voucher of their own if more follow. */
  ack(from: number): wire.Ack | null {
    if (this.#stored === undefined || from >= this.#stored.count) return null
    const start = Math.max(from, this.#delivered.count)
    const count = Math.min(this.#stored.count, start + RECEIPTS_PER_ACK_MAX)
    const rows = this.#undelivered.slice(0, count - this.#delivered.count)
    const signed = count === this.#stored.count ? this.#stored.signed : this.#sign(this.#replayed(rows))
    return {
      voucher: voucherToWire(signed),
      count,
      appended: rows.slice(start - this.#delivered.count).map((row) => receiptToWire(row.receipt))
    }
  }

  /** The provider stored receipts up to `count` and signed the last of them. Returns those that are confirmed now. */
  async confirm(count: number, signatures: Uint8Array[]): Promise<StoredReceipt[]> {
    const known = this.#delivered.count
    if (count <= known || count > this.state.count) return []
    const rows = this.#undelivered.splice(0, count - known)
    const first = count - signatures.length
    const writes: StoreWrite[] = []
    for (const [i, row] of rows.entries()) {
      const signature = signatures[known + i - first]
      if (signature === undefined || signature.length === 0) continue
      row.signature = bytesToHex(signature.subarray(0, SIGNATURE_BYTES)) // what is longer is none
      writes.push({ put: receiptKey(this.state, known + i), value: encodeJson(row) })
    }
    this.#delivered = this.#replay(this.#delivered, rows)
    await this.#init.queue.write([...writes, this.#row()])
    return rows
  }

  /**
   * What the provider has stored. Normally a prefix of ours. If it lost its disk it is sent everything again; if we lost ours it is
   * newer, and is adopted since it bears our own signature. Returns the count to send from.
   */
  async reconcile(theirs: wire.ChannelState): Promise<number> {
    const tree = WorkTree.fromBytes(theirs.tree)
    if (tree.count <= this.state.count) {
      this.#known = true
      if (tree.count < this.#delivered.count) await this.#rewind(tree.count)
      else await this.confirm(tree.count, [])
      return tree.count
    }
    if (theirs.newest === undefined) throw new SeamError('VOUCHER_MISSING', 'the provider claims receipts without a voucher')
    const { voucher, signature } = voucherFromWire(theirs.newest)
    const ours =
      voucher.client === this.state.client && voucher.provider === this.state.provider && voucher.modelId === this.state.modelId
    const signer = recoverTyped(this.#init.domain, 'Voucher', voucher, signature)
    if (!ours || voucher.workRoot !== tree.root() || signer !== this.#init.signer.signer) {
      throw new SeamError('VOUCHER_SIGNATURE', 'the voucher the provider returned is not ours')
    }
    this.#known = true
    this.state.tree = tree
    this.state.cumulative = voucher.cumulative
    this.state.units = voucher.units
    this.#newest = { voucher, signature }
    this.#stored = { signed: this.#newest, count: tree.count }
    this.#undelivered = []
    this.#delivered = this.state.clone()
    await this.#init.queue.write([this.#row()])
    return tree.count
  }

  /** Takes back what counted as delivered: the receipts from `count` on wait again. */
  async #rewind(count: number): Promise<void> {
    const { client, provider, modelId } = this.state
    const rows = await this.#rows(0)
    this.#delivered = this.#replay(new ChannelState({ client, provider, modelId }), rows.slice(0, count))
    this.#undelivered = rows.slice(count)
  }

  async #rows(from: number): Promise<StoredReceipt[]> {
    const rows: StoredReceipt[] = []
    for (let index = from; index < this.state.count; index++) {
      const bytes = await this.#init.queue.store.get(receiptKey(this.state, index))
      if (bytes === undefined) throw new SeamError('STORE_CORRUPT', `receipt ${index} of a channel is missing`)
      rows.push(decodeJson<StoredReceipt>(bytes))
    }
    return rows
  }

  #replayed(rows: StoredReceipt[]): ChannelState {
    return this.#replay(this.#delivered.clone(), rows)
  }

  #replay(state: ChannelState, rows: StoredReceipt[]): ChannelState {
    for (const row of rows) state.append(this.#init.domain, row.receipt)
    return state
  }

  #sign(state: ChannelState): SignedVoucher {
    const voucher = state.voucher()
    return { voucher, signature: this.#init.signer.sign(digest(this.#init.domain, 'Voucher', voucher)) }
  }

  #row(): StoreWrite {
    const snapshot = ({ tree, cumulative, units }: ChannelState): Snapshot => ({
      tree: bytesToHex(tree.toBytes()),
      cumulative,
      units
    })
    const row: StoredBook = {
      peer: this.peer,
      newest: snapshot(this.state),
      signature: bytesToHex(this.#newest?.signature ?? new Uint8Array(0)),
      delivered: snapshot(this.#delivered)
    }
    return { put: bookKey(this.state.provider, this.state.modelId), value: encodeJson(row) }
  }
}
