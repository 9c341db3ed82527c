/**
 * Every receipt a provider accepted, and what proves it (docs/spec/receipt.md): rows in the voucher book's own store, written in the same
 * durable batch as the voucher that covers them. Signed after they are on disk, so that no crash can lead to a second receipt for a place.
 */
import type { Store, StoreWrite } from 'openseam/components'
import type { Wei } from 'openseam/protocol/amounts'
import { SeamError } from 'openseam/protocol/errors'
import { type Address, type Bytes32, bytesToHex, type Hex, hexToBytes } from 'openseam/protocol/eth'
import { decodeJson, encodeJson } from 'openseam/protocol/json'
import { EVIDENCE_AGE_MS, RECEIPT_KEEP_MS } from 'openseam/protocol/limits'
import type { WorkReceipt } from 'openseam/protocol/typed-data'
import { workLeaf, workProofAt } from 'openseam/protocol/work-tree'
import type { Place, SignFence } from './sign-fence.ts'

/** A receipt in the place it has in its channel's tree. */
export interface KeptReceipt {
  receipt: WorkReceipt
  hash: Bytes32
  index: number
  /** The channel's total after it. */
  cumAfter: Wei
  /** The provider's; empty where the leg is not known here and nothing was ever signed; absent until it is. */
  signature?: Hex
  /** When it was accepted. */
  atMs: number
}

export interface ChannelName {
  modelId: Bytes32
  client: Address
}

export interface ReceiptStoreComponents {
  store: Store
  fence: SignFence
  sign(hash: Uint8Array): Uint8Array
  nowMs(): number
}

const RUN = 256 // receipts are dropped in runs of this many places: the subtrees inside a run go with it, those above stay
const RUN_HEIGHT = 8

const place = (index: number): string => String(index).padStart(10, '0')
const channelKey = ({ modelId, client }: ChannelName): string => `${modelId}:${client}`
const receiptKey = (channel: ChannelName, index: number): string => `rc:${channelKey(channel)}:${place(index)}`
const nodeKey = (channel: ChannelName, height: number, index: number): string =>
  `rn:${channelKey(channel)}:${String(height).padStart(2, '0')}:${place(index)}`
const rootKey = (channel: ChannelName, root: Bytes32): string => `rr:${channelKey(channel)}:${root}`
const hashKey = (hash: Bytes32): string => `rh:${hash}`
const placeKey = ({ sessionId, leg, seq }: Place): string => `rs:${sessionId}:${place(leg)}:${String(seq).padStart(16, '0')}`
/** A receipt of a leg that is not known here takes no place: else a stranger could take those of another's session. */
const strayKey = (receipt: WorkReceipt, hash: Bytes32): string => `${placeKey(receipt)}:${hash}`
const markKey = (channel: ChannelName): string => `rp:${channelKey(channel)}`

/** Where a receipt lies: what the indexes by hash and by place hold. */
interface Pointer extends ChannelName {
  index: number
  hash: Bytes32
}

export class ReceiptStore {
  readonly #c: ReceiptStoreComponents

  constructor(components: ReceiptStoreComponents) {
    this.#c = components
  }

  /** Throws RECEIPT_MISMATCH where another receipt has the place already. */
  async requireFree(receipt: WorkReceipt, hash: Bytes32): Promise<void> {
    const pointer = await this.#pointer(placeKey(receipt))
    if (pointer === undefined) return
    if (pointer.hash === hash) return
    throw new SeamError('RECEIPT_MISMATCH', `receipt ${receipt.leg}/${receipt.seq}: another one has its place`)
  }

  /** The rows of one receipt; `nodes` are the subtrees that it completes. `signable` is false where the leg is not known here. */
  rowsOf(kept: Omit<KeptReceipt, 'atMs' | 'signature'>, nodes: readonly WorkNode[], signable: boolean): StoreWrite[] {
    const { modelId, client } = kept.receipt
    const row: KeptReceipt = { ...kept, atMs: this.#c.nowMs(), ...(!signable && { signature: '0x' as Hex }) }
    const pointer = encodeJson({ modelId, client, index: kept.index, hash: kept.hash } satisfies Pointer)
    return [
      { put: receiptKey(kept.receipt, kept.index), value: encodeJson(row) },
      { put: hashKey(kept.hash), value: pointer },
      { put: signable ? placeKey(kept.receipt) : strayKey(kept.receipt, kept.hash), value: pointer },
      ...nodes
        .filter(({ height }) => height > 0) // the leaves follow from the receipts
        .map(({ height, index, node }) => ({ put: nodeKey(kept.receipt, height, index), value: hexToBytes(node, 32) }))
    ]
  }

  /** Under which root of a voucher lie how many receipts. */
  rootRow(channel: ChannelName, root: Bytes32, count: number): StoreWrite {
    return { put: rootKey(channel, root), value: encodeJson(count) }
  }

  /** The signature over a receipt that is on disk, made and kept now if there is none yet; empty bytes where there never will be one. */
  async signatureOf(kept: KeptReceipt): Promise<Uint8Array<ArrayBuffer>> {
    if (kept.signature !== undefined) return hexToBytes(kept.signature)
    if (!(await this.#c.fence.claim(kept.receipt, kept.hash))) {
      await this.#keep({ ...kept, signature: '0x' })
      return new Uint8Array(0)
    }
    const signature = Uint8Array.from(this.#c.sign(hexToBytes(kept.hash, 32)))
    await this.#keep({ ...kept, signature: bytesToHex(signature) })
    return signature
  }

  async at(channel: ChannelName, index: number): Promise<KeptReceipt | undefined> {
    const bytes = await this.#c.store.get(receiptKey(channel, index))
    return bytes === undefined ? undefined : { ...decodeJson<KeptReceipt>(bytes), index }
  }

  async byHash(hash: Bytes32): Promise<KeptReceipt | undefined> {
    const pointer = await this.#pointer(hashKey(hash))
    return pointer === undefined ? undefined : this.at(pointer, pointer.index)
  }

  /** A session's receipts here, by leg and seq, from a place on. */
  async *ofSession(sessionId: Bytes32, leg: number, seq: number): AsyncGenerator<KeptReceipt> {
    const first = placeKey({ sessionId, leg, seq })
    for await (const [key, bytes] of this.#c.store.list(`rs:${sessionId}:`, first)) {
      if (key < first) continue
      const pointer = decodeJson<Pointer>(bytes)
      const kept = await this.at(pointer, pointer.index)
      if (kept !== undefined) yield kept
    }
  }

  /** The siblings of `index` in the tree that has this root. Throws RECEIPT_UNKNOWN, BAD_REQUEST. */
  async prove(channel: ChannelName, root: Bytes32, indexes: readonly number[]): Promise<{ count: number; paths: Bytes32[][] }> {
    const bytes = await this.#c.store.get(rootKey(channel, root))
    if (bytes === undefined) throw new SeamError('RECEIPT_UNKNOWN', 'no voucher with that root is stored here')
    const count = decodeJson<number>(bytes)
    const nodeAt = (height: number, index: number): Promise<Bytes32> => this.#node(channel, height, index)
    const paths: Bytes32[][] = []
    for (const index of indexes) paths.push(await workProofAt(nodeAt, count, index))
    return { count, paths }
  }

  /**
   * Drops what is both old and long settled: at most up to what an earlier pass, at least EVIDENCE_AGE_MS ago, saw settled. Returns how many
   * receipts went.
   */
  async prune(channel: ChannelName, settled: Wei, count: number): Promise<number> {
    const nowMs = this.#c.nowMs()
    const bytes = await this.#c.store.get(markKey(channel))
    const mark = bytes === undefined ? { from: 0, settled: 0n, atMs: nowMs } : decodeJson<Mark>(bytes)
    if (bytes !== undefined && nowMs - mark.atMs < EVIDENCE_AGE_MS) return 0
    const first = mark.from
    while (mark.from + RUN <= count && (await this.#isOld(channel, mark.from + RUN - 1, mark.settled, nowMs))) {
      await this.#c.store.batch(await this.#runRows(channel, mark.from))
      mark.from += RUN
    }
    await this.#c.store.batch([{ put: markKey(channel), value: encodeJson({ from: mark.from, settled, atMs: nowMs }) }])
    return mark.from - first
  }

  async #isOld(channel: ChannelName, index: number, settled: Wei, nowMs: number): Promise<boolean> {
    const last = await this.at(channel, index)
    return last !== undefined && last.cumAfter <= settled && nowMs - last.atMs >= RECEIPT_KEEP_MS
  }

  /** Deletes of a run: its receipts, their indexes, the subtrees below its own. */
  async #runRows(channel: ChannelName, from: number): Promise<StoreWrite[]> {
    const dels: StoreWrite[] = []
    for (let index = from; index < from + RUN; index++) {
      const kept = await this.at(channel, index)
      if (kept === undefined) continue
      const { hash, receipt } = kept
      dels.push({ del: receiptKey(channel, index) }, { del: hashKey(hash) }, { del: strayKey(receipt, hash) })
      // A place stays taken: what was signed for it can be shown long after it is forgotten here.
    }
    for (let height = 1; height < RUN_HEIGHT; height++) {
      const size = 2 ** height
      for (let at = from / size; at < (from + RUN) / size; at++) dels.push({ del: nodeKey(channel, height, at) })
    }
    return dels
  }

  async #node(channel: ChannelName, height: number, index: number): Promise<Bytes32> {
    if (height === 0) {
      const kept = await this.at(channel, index)
      if (kept !== undefined) return workLeaf(kept.hash, kept.cumAfter)
    } else {
      const bytes = await this.#c.store.get(nodeKey(channel, height, index))
      if (bytes !== undefined) return bytesToHex(bytes)
    }
    throw new SeamError('RECEIPT_UNKNOWN', 'that part of the work tree is no longer kept here')
  }

  async #keep(kept: KeptReceipt): Promise<void> {
    await this.#c.store.batch([{ put: receiptKey(kept.receipt, kept.index), value: encodeJson(kept) }])
  }

  async #pointer(key: string): Promise<Pointer | undefined> {
    const bytes = await this.#c.store.get(key)
    return bytes === undefined ? undefined : decodeJson<Pointer>(bytes)
  }
}

interface Mark {
  /** The first place that is still kept. */
  from: number
  settled: Wei
  atMs: number
}

export interface WorkNode {
  height: number
  index: number
  node: Bytes32
}
