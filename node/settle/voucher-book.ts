/**
 * The provider's store of vouchers (docs/spec/voucher.md). A voucher counts once it is on disk; it is checked against the receipts
 * it appends, and those against the legs that were served. One writer a channel at a time, so the order on disk is the order accepted.
 */
import type { Store, StoreWrite } from 'openseam/components'
import type { Wei } from 'openseam/protocol/amounts'
import { ChannelState } from 'openseam/protocol/channel'
import { receiptFromWire, type SignedVoucher, voucherFromWire, voucherToWire } from 'openseam/protocol/convert'
import { SeamError } from 'openseam/protocol/errors'
import { type Address, type Bytes32, bytesToHex, hexToBytes } from 'openseam/protocol/eth'
import { decodeJson, encodeJson } from 'openseam/protocol/json'
import { RECEIPTS_PER_ACK_MAX } from 'openseam/protocol/limits'
import type * as wire from 'openseam/protocol/pb'
import { recoverTyped, type TypedDomain } from 'openseam/protocol/typed-data'
import { WorkTree } from 'openseam/protocol/work-tree'
import { type LegBook, type LegRow, legKey } from './legs.ts'
import type { ChannelName, ReceiptStore, WorkNode } from './receipt-store.ts'

export interface ChannelRow {
  state: ChannelState
  /** Receipts worth nothing, of legs that are not known here. */
  unknown?: number
  newest?: SignedVoucher
  /** Rises with every voucher that is taken: the newest has the highest. Counted anew, in any order, after a restart. */
  place: number
}

interface StoredChannel {
  tree: string
  cumulative: Wei
  units: number
  unknown?: number
  voucher?: SignedVoucher['voucher']
  signature?: string
}

export interface VoucherBookComponents {
  store: Store
  legs: LegBook
  receipts: ReceiptStore
  domain: TypedDomain
  account: Address
  /** The one that is served now. */
  modelId: Bytes32
  /** The key that may sign for a client now, from the chain (cached). */
  signersOf(client: Address): Promise<Address[]>
}

/** A client that died while it opened a leg cannot know whether that was served, so it closes it: but not so often that it fills a disk for nothing. */
const UNKNOWN_FREE = 64 // and as many more as there are receipts that paid

const NOT_SIGNED = new Uint8Array(0)

const channelKey = (modelId: Bytes32, client: Address): string => `ch:${modelId}:${client}`

export class VoucherBook {
  readonly #c: VoucherBookComponents
  readonly #rows = new Map<string, ChannelRow>()
  readonly #queue = new Map<string, Promise<unknown>>()
  readonly #listeners: ((row: ChannelRow) => void)[] = []
  #taken = 0

  constructor(components: VoucherBookComponents) {
    this.#c = components
  }

  /** Reads what an earlier run left. */
  async load(): Promise<void> {
    for await (const [key, bytes] of this.#c.store.list('ch:')) {
      const [, modelId, client] = key.split(':') as [string, Bytes32, Address]
      const stored = decodeJson<StoredChannel>(bytes)
      const parties = { client, provider: this.#c.account, modelId }
      const state = new ChannelState(parties, WorkTree.fromBytes(hexToBytes(stored.tree)), stored.cumulative, stored.units)
      this.#rows.set(key, {
        state,
        place: ++this.#taken,
        ...(stored.unknown !== undefined && { unknown: stored.unknown }),
        newest: stored.voucher && { voucher: stored.voucher, signature: hexToBytes(stored.signature ?? '0x') }
      })
    }
  }

  onVoucher(listener: (row: ChannelRow) => void): void {
    this.#listeners.push(listener)
  }

  /** Every channel with a voucher. */
  channels(): ChannelRow[] {
    return [...this.#rows.values()].filter((row) => row.newest !== undefined)
  }

  channel(modelId: Bytes32, client: Address): ChannelRow | undefined {
    return this.#rows.get(channelKey(modelId, client))
  }

  /** The answer to a hello: what is stored for this client, so that it resends no more than what is missing. */
  state(client: Address, modelIds: Bytes32[]): wire.VoucherState {
    return {
      channels: modelIds.map((modelId) => {
        const row = this.channel(modelId, client)
        const newest = row?.newest && voucherToWire(row.newest)
        return { modelId: hexToBytes(modelId, 32), newest, tree: (row?.state.tree ?? new WorkTree()).toBytes() }
      })
    }
  }

  /** Checks, stores durably, then signs: returns the provider's signatures over what was appended. */
  async accept(ack: wire.Ack, client: Address): Promise<wire.AckReply> {
    if (ack.voucher === undefined) throw new SeamError('WIRE_MALFORMED', 'an acknowledgement carries a voucher')
    const signed = voucherFromWire(ack.voucher)
    const key = channelKey(signed.voucher.modelId, client)
    const run = (this.#queue.get(key) ?? Promise.resolve()).then(() => this.#accept(key, signed, ack, client))
    const settled = run.catch(() => undefined)
    this.#queue.set(key, settled)
    void settled.then(() => {
      if (this.#queue.get(key) === settled) this.#queue.delete(key)
    })
    return run
  }

  async #accept(key: string, signed: SignedVoucher, ack: wire.Ack, client: Address): Promise<wire.AckReply> {
    const { domain, account, modelId, store, legs, receipts } = this.#c
    const { voucher } = signed
    if (voucher.provider !== account || voucher.client !== client) {
      throw new SeamError('VOUCHER_SIGNATURE', 'the voucher names another client or provider')
    }
    if (ack.appended.length > RECEIPTS_PER_ACK_MAX)
      throw new SeamError('WIRE_TOO_LONG', 'too many receipts in one acknowledgement')
    const held = this.#rows.get(key)
    const state = (held?.state ?? new ChannelState(voucher)).clone()
    let unknown = held?.unknown ?? 0
    const known = state.count - (ack.count - ack.appended.length)
    if (known < 0) throw new SeamError('VOUCHER_MISSING', `receipts from ${state.count} on are missing: resend them`)
    if (ack.count < state.count) throw new SeamError('VOUCHER_REGRESSED', `a newer voucher is stored: ${state.count} receipts`)

    const rows = new Map<string, LegRow>()
    const writes: StoreWrite[] = []
    const places: number[] = []
    for (const draft of ack.appended.slice(known)) {
      const receipt = receiptFromWire(draft, voucher)
      const at = legKey(receipt.sessionId, receipt.leg)
      const row = rows.get(at) ?? (await legs.row(receipt.sessionId, receipt.leg))
      if (row !== undefined) rows.set(at, legs.check(row, receipt))
      else if (receipt.amount === 0n) {
        unknown += 1
        const paid = state.count + 1 - unknown
        if (receipt.end === 0 || unknown > UNKNOWN_FREE + paid)
          throw new SeamError('RECEIPT_MISMATCH', `leg ${receipt.leg} was not served here`)
      }
      const index = state.count
      const nodes: WorkNode[] = []
      const hash = state.append(domain, receipt, (height, at, node) => nodes.push({ height, index: at, node }))
      await receipts.requireFree(receipt, hash)
      // What can no longer be checked, because the disk was lost or the leg is over: the client's word is taken as payment, and nothing is signed.
      const signable = row !== undefined && legs.signable(row, receipt)
      writes.push(...receipts.rowsOf({ receipt, hash, index, cumAfter: state.cumulative }, nodes, signable))
      places.push(index)
    }
    // A channel is kept for ever: nobody makes one by inventing a model's name.
    if (voucher.modelId !== modelId && rows.size === 0 && !this.#rows.has(key))
      throw new SeamError('MODEL_UNKNOWN', 'no leg of that model was served here')
    if (state.tree.root() !== voucher.workRoot || state.cumulative !== voucher.cumulative || state.units !== voucher.units) {
      throw new SeamError('VOUCHER_AMOUNT', 'the voucher does not match the receipts it appends')
    }
    const signer = recoverTyped(domain, 'Voucher', voucher, signed.signature)
    if (signer === null || !(await this.#c.signersOf(client)).includes(signer)) {
      throw new SeamError('VOUCHER_SIGNATURE', 'the voucher is not signed by a key of this account')
    }

    const stored: StoredChannel = {
      tree: bytesToHex(state.tree.toBytes()),
      cumulative: state.cumulative,
      units: state.units,
      ...(unknown > 0 && { unknown }),
      voucher,
      signature: bytesToHex(signed.signature)
    }
    writes.push({ put: key, value: encodeJson(stored) }, ...[...rows.values()].map((row) => legs.write(row)))
    writes.push(receipts.rootRow(voucher, voucher.workRoot, state.count))
    await store.batch(writes, { durable: true })
    const row = { state, unknown, newest: signed, place: ++this.#taken }
    this.#rows.set(key, row)
    for (const leg of rows.values()) legs.commit(leg)
    for (const listener of this.#listeners) listener(row)
    return { modelId: hexToBytes(voucher.modelId, 32), count: state.count, signatures: await this.#sign(voucher, places) }
  }

  /** What is on disk is signed now. Where that fails the voucher counts all the same, and the signature is made when somebody asks for it. */
  async #sign(channel: ChannelName, places: readonly number[]): Promise<Uint8Array<ArrayBuffer>[]> {
    const { receipts } = this.#c
    const signatures: Uint8Array<ArrayBuffer>[] = []
    for (const index of places) {
      const kept = await receipts.at(channel, index)
      signatures.push(kept === undefined ? NOT_SIGNED : await receipts.signatureOf(kept).catch(() => NOT_SIGNED))
    }
    return signatures
  }
}
