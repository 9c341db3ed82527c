/**
 * The client's side of one channel (docs/spec/voucher.md): receipts are appended in the order it accepts work, and one voucher
 * covers them all. Nothing leaves before it is stored.
 */
import type { PeerKey, StoreWrite } from '../components.ts'
import { ChannelState } from '../protocol/channel.ts'
import { receiptToWire, type SignedVoucher, voucherToWire } from '../protocol/convert.ts'
import { SeamError } from '../protocol/errors.ts'
import { type Bytes32, bytesToHex, hexToBytes, SIGNATURE_BYTES } from '../protocol/eth.ts'
import { decodeJson, encodeJson } from '../protocol/json.ts'
import { RECEIPTS_PER_ACK_MAX } from '../protocol/limits.ts'
import type * as wire from '../protocol/pb/messages.js'
import type { WorkReceipt } from '../protocol/typed-data.ts'
import { WorkTree } from '../protocol/work-tree.ts'
import {
  type Appended,
  type Book,
  type BookInit,
  bookKey,
  ourVoucher,
  receiptKey,
  type Snapshot,
  type StoredReceipt,
  signVoucher,
  snapshotOf,
  stateFrom
} from './book.ts'

interface StoredBook {
  /** The peer that served last: where an undelivered voucher is brought to. */
  peer: PeerKey
  newest: Snapshot
  signature: string
  delivered: Snapshot
}

export class ChannelBook implements Book {
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
  signedAtMs = Number.NEGATIVE_INFINITY
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
    const state = stateFrom(parties, row.newest)
    const book = new ChannelBook(init, state, stateFrom(parties, row.delivered), true)
    book.peer = row.peer
    book.#newest = { voucher: state.voucher(), signature: hexToBytes(row.signature) }
    book.#stored = { signed: book.#newest, count: state.count }
    book.#undelivered = await book.#rows(book.#delivered.count)
    return book
  }

  get known(): boolean {
    return this.#known
  }

  get undelivered(): number {
    return this.#undelivered.length
  }

  /** Signs at once: nobody else appends to this channel, so the voucher is over what the disk will hold. */
  append(receipts: WorkReceipt[]): Appended & { writes: StoreWrite[]; stored: () => void } {
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
    const signed = signVoucher(this.#init, this.state)
    const count = this.state.count
    this.#newest = signed
    writes.push(this.#row())
    const stored = (): void => {
      if (count > (this.#stored?.count ?? 0)) this.#stored = { signed, count }
    }
    return { writes, hashes, stored }
  }

  ack(from: number): wire.Ack | null {
    if (this.#stored === undefined || from >= this.#stored.count) return null
    const start = Math.max(from, this.#delivered.count)
    const count = Math.min(this.#stored.count, start + RECEIPTS_PER_ACK_MAX)
    const rows = this.#undelivered.slice(0, count - this.#delivered.count)
    const signed = count === this.#stored.count ? this.#stored.signed : signVoucher(this.#init, this.#replayed(rows))
    return {
      voucher: voucherToWire(signed),
      count,
      appended: rows.slice(start - this.#delivered.count).map((row) => receiptToWire(row.receipt))
    }
  }

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
    const adopted = ourVoucher(this.#init, this.state, theirs, tree)
    this.#known = true
    this.state.tree = tree
    this.state.cumulative = adopted.voucher.cumulative
    this.state.units = adopted.voucher.units
    this.#newest = adopted
    this.#stored = { signed: this.#newest, count: tree.count }
    this.#undelivered = []
    this.#delivered = this.state.clone()
    await this.#init.queue.write([this.#row()])
    return tree.count
  }

  async refresh(): Promise<void> {
    // nobody else writes to this store
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

  #row(): StoreWrite {
    const row: StoredBook = {
      peer: this.peer,
      newest: snapshotOf(this.state),
      signature: bytesToHex(this.#newest?.signature ?? new Uint8Array(0)),
      delivered: snapshotOf(this.#delivered)
    }
    return { put: bookKey(this.state.provider, this.state.modelId), value: encodeJson(row) }
  }
}
