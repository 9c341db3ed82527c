/**
 * One channel as several clients of a wallet keep it in a store they share (docs/spec/store.md, "One order of vouchers"): receipts go
 * behind the newest stored ones, whoever stored those, and a voucher is signed only over what is known to be committed.
 */
import type { PeerKey, StoreUpdate, StoreWrite } from '../components.ts'
import { ChannelState } from '../protocol/channel.ts'
import { receiptToWire, type SignedVoucher, voucherToWire } from '../protocol/convert.ts'
import { SeamError } from '../protocol/errors.ts'
import { bytesToHex, SIGNATURE_BYTES } from '../protocol/eth.ts'
import { decodeJson, encodeJson } from '../protocol/json.ts'
import { RECEIPTS_PER_ACK_MAX } from '../protocol/limits.ts'
import type * as wire from '../protocol/pb/messages.js'
import { receiptHash, type WorkReceipt } from '../protocol/typed-data.ts'
import { WorkTree } from '../protocol/work-tree.ts'
import {
  type Appended,
  type Book,
  type BookInit,
  bookKey,
  ourVoucher,
  type Parties,
  receiptKey,
  receiptPrefix,
  type Snapshot,
  type StoredReceipt,
  signVoucher,
  snapshotOf,
  stateFrom
} from './book.ts'

interface StoredRow {
  /** The peer that served last: where an undelivered voucher is brought to. */
  peer: PeerKey
  newest: Snapshot
  delivered: Snapshot
}

/** The channel as the store had it at one moment. */
interface Moment {
  newest: ChannelState
  delivered: ChannelState
}

export class SharedBook implements Book {
  peer: PeerKey
  signedAtMs = Number.NEGATIVE_INFINITY
  asking: Promise<void> | undefined
  readonly #init: BookInit
  readonly #parties: Parties
  /** The newest state that is known to be committed, and the voucher over it once one was needed. */
  #state: ChannelState
  #signed: SignedVoucher | undefined
  /** As far as the provider has confirmed, and every receipt from there to `#state`. */
  #delivered: ChannelState
  #waiting: StoredReceipt[] = []
  #known = false
  /** What reads the store before it changes the fields above takes turns. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(init: BookInit) {
    this.#init = init
    this.#parties = { client: init.signer.account, provider: init.provider, modelId: init.modelId }
    this.peer = init.peer
    this.#state = new ChannelState(this.#parties)
    this.#delivered = this.#state.clone()
  }

  static async load(init: BookInit): Promise<SharedBook> {
    const book = new SharedBook(init)
    const bytes = await init.queue.store.get(book.#key)
    if (bytes === undefined) return book
    book.peer = decodeJson<StoredRow>(bytes).peer
    await book.#learn(book.#moment(bytes))
    return book
  }

  get state(): ChannelState {
    return this.#state
  }

  get known(): boolean {
    return this.#known
  }

  get undelivered(): number {
    return this.#waiting.length
  }

  append(receipts: WorkReceipt[]): Appended {
    let moment: Moment | undefined
    let rows: StoredReceipt[] = []
    let first = 0
    const decide = (bytes: Uint8Array | undefined): StoreWrite[] => {
      const stored = this.#moment(bytes)
      // The server lost what it had confirmed: a voucher over it may be out, so it is stored again rather than written over.
      const lost = stored.newest.count < this.#state.count
      const { newest, delivered } = lost ? { newest: this.#state.clone(), delivered: this.#delivered } : stored
      first = newest.count
      rows = receipts.map((receipt) => {
        const hash = newest.append(this.#init.domain, receipt)
        return { receipt, hash, cumAfter: newest.cumulative }
      })
      moment = { newest, delivered }
      const again = lost ? this.#waiting.map((row, i) => this.#put(delivered.count + i, row)) : []
      return [...again, ...rows.map((row, i) => this.#put(first + i, row)), this.#row(moment)]
    }
    return {
      writes: [{ update: this.#key, decide }],
      hashes: receipts.map((receipt) => receiptHash(this.#init.domain, receipt)),
      stored: () => {
        if (moment === undefined) throw new SeamError('INTERNAL', 'receipts that were never decided on cannot be stored')
        return this.#learn(moment, new Map(rows.map((row, i) => [first + i, row])))
      }
    }
  }

  ack(from: number): wire.Ack | null {
    if (from >= this.#state.count) return null
    const start = Math.max(from, this.#delivered.count)
    const count = Math.min(this.#state.count, start + RECEIPTS_PER_ACK_MAX)
    const rows = this.#waiting.slice(0, count - this.#delivered.count)
    const signed = count === this.#state.count ? this.#newest() : signVoucher(this.#init, this.#replayed(rows))
    return {
      voucher: voucherToWire(signed),
      count,
      appended: rows.slice(start - this.#delivered.count).map((row) => receiptToWire(row.receipt))
    }
  }

  async confirm(count: number, signatures: Uint8Array[]): Promise<StoredReceipt[]> {
    const confirmed = await this.#inTurn(async () => {
      if (count > this.#state.count) return undefined
      const signed = await this.#signedBy(count, signatures)
      const further = count - this.#delivered.count
      if (further > 0) this.#delivered = this.#replayed(this.#waiting.splice(0, further))
      return further > 0 || signed.size > 0 ? { signed, delivered: this.#delivered } : undefined
    })
    if (confirmed === undefined) return []
    const { signed, delivered } = confirmed
    await this.#init.queue.write([
      ...[...signed].map(([index, row]) => this.#put(index, row)),
      this.#update((stored) => {
        const further = delivered.count > stored.delivered.count && delivered.count <= stored.newest.count
        return further ? { ...stored, delivered } : undefined
      })
    ])
    return [...signed.values()]
  }

  async reconcile(theirs: wire.ChannelState): Promise<number> {
    const tree = WorkTree.fromBytes(theirs.tree)
    if (tree.count > this.#state.count) await this.refresh()
    if (tree.count > this.#state.count) await this.#adopt(theirs, tree)
    this.#known = true
    if (tree.count < this.#delivered.count) await this.#rewind(tree.count)
    else await this.confirm(tree.count, [])
    return tree.count
  }

  async refresh(): Promise<void> {
    const bytes = await this.#init.queue.store.get(this.#key)
    if (bytes !== undefined) await this.#learn(this.#moment(bytes))
  }

  get #key(): string {
    return bookKey(this.#init.provider, this.#init.modelId)
  }

  #newest(): SignedVoucher {
    this.#signed ??= signVoucher(this.#init, this.#state)
    return this.#signed
  }

  /** Goes on to a moment that was committed. `own`: receipts that need not be read; what others appended is. */
  #learn(moment: Moment, own: ReadonlyMap<number, StoredReceipt> = new Map()): Promise<void> {
    return this.#inTurn(async () => {
      this.#known = true
      if (moment.newest.count < this.#state.count) return
      const ahead = moment.delivered.count > this.#delivered.count
      const delivered = ahead ? moment.delivered : this.#delivered
      const held = this.#delivered.count + this.#waiting.length
      const missing: number[] = []
      for (let index = Math.max(held, delivered.count); index < moment.newest.count; index++) missing.push(index)
      const found = await Promise.all(missing.map((index) => own.get(index) ?? this.#read(index)))
      if (ahead) this.#waiting.splice(0, delivered.count - this.#delivered.count)
      this.#waiting.push(...found)
      this.#delivered = delivered
      if (moment.newest.count === this.#state.count) return
      this.#state = moment.newest
      this.#signed = undefined
    })
  }

  /** The receipts that these signatures are for, with them, by their place. */
  async #signedBy(count: number, signatures: Uint8Array[]): Promise<Map<number, StoredReceipt>> {
    const rows = new Map<number, StoredReceipt>()
    const first = count - signatures.length
    for (const [i, signature] of signatures.entries()) {
      const index = first + i
      if (signature.length === 0 || index < 0) continue
      const row = this.#waiting[index - this.#delivered.count] ?? (await this.#read(index))
      row.signature = bytesToHex(signature.subarray(0, SIGNATURE_BYTES)) // what is longer is none
      rows.set(index, row)
    }
    return rows
  }

  /** What the store had was lost, and the provider holds what we signed: it is gone on from, unless another client did so first. */
  async #adopt(theirs: wire.ChannelState, tree: WorkTree): Promise<void> {
    const { voucher } = ourVoucher(this.#init, this.#parties, theirs, tree)
    const adopted = new ChannelState(this.#parties, tree, voucher.cumulative, voucher.units)
    await this.#init.queue.write([
      this.#update((stored) => (stored.newest.count >= adopted.count ? undefined : { newest: adopted, delivered: adopted }))
    ])
    await this.refresh()
  }

  /** The provider lost what it had confirmed: the receipts from `count` on wait again. */
  async #rewind(count: number): Promise<void> {
    const back = await this.#inTurn(async () => {
      const rows: StoredReceipt[] = []
      for await (const [, bytes] of this.#init.queue.store.list(receiptPrefix(this.#parties)))
        rows.push(decodeJson<StoredReceipt>(bytes))
      if (rows.length < this.#state.count) throw new SeamError('STORE_CORRUPT', 'receipts of a channel are missing')
      this.#delivered = this.#replayed(rows.slice(0, count), new ChannelState(this.#parties))
      this.#waiting = rows.slice(count, this.#state.count)
      return this.#delivered
    })
    await this.#init.queue.write([
      this.#update((stored) => (stored.delivered.count > back.count ? { ...stored, delivered: back } : undefined))
    ])
  }

  async #read(index: number): Promise<StoredReceipt> {
    const bytes = await this.#init.queue.store.get(receiptKey(this.#parties, index))
    if (bytes === undefined) throw new SeamError('STORE_CORRUPT', `receipt ${index} of a channel is missing`)
    return decodeJson<StoredReceipt>(bytes)
  }

  #moment(bytes: Uint8Array | undefined): Moment {
    if (bytes === undefined) return { newest: new ChannelState(this.#parties), delivered: new ChannelState(this.#parties) }
    const { newest, delivered } = decodeJson<StoredRow>(bytes)
    return { newest: stateFrom(this.#parties, newest), delivered: stateFrom(this.#parties, delivered) }
  }

  /** Changes the channel's row, or leaves it as it is. */
  #update(change: (stored: Moment) => Moment | undefined): StoreUpdate {
    const decide = (bytes: Uint8Array | undefined): StoreWrite[] => {
      const changed = change(this.#moment(bytes))
      return changed === undefined ? [] : [this.#row(changed)]
    }
    return { update: this.#key, decide }
  }

  #row({ newest, delivered }: Moment): StoreWrite {
    const row: StoredRow = { peer: this.peer, newest: snapshotOf(newest), delivered: snapshotOf(delivered) }
    return { put: this.#key, value: encodeJson(row) }
  }

  #put(index: number, row: StoredReceipt): StoreWrite {
    return { put: receiptKey(this.#parties, index), value: encodeJson(row) }
  }

  /** `from`, and these receipts behind it: a new state, since others hold the old one. */
  #replayed(rows: StoredReceipt[], from = this.#delivered): ChannelState {
    const state = from.clone()
    for (const row of rows) state.append(this.#init.domain, row.receipt)
    return state
  }

  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(step)
    this.#turn = done.catch(() => undefined)
    return done
  }
}
