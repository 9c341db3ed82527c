/** What the provider knows of the legs it serves or served: the yardstick for every receipt a client drafts. */
import type { Store, StoreWrite } from 'openseam/components'
import type { Wei } from 'openseam/protocol/amounts'
import { SeamError } from 'openseam/protocol/errors'
import { type Bytes32, ZERO_BYTES32 } from 'openseam/protocol/eth'
import { decodeJson, encodeJson } from 'openseam/protocol/json'
import type { LegOpen, WorkReceipt } from 'openseam/protocol/typed-data'
import { amountOf, outputHash, promptUnitsOf } from 'openseam/protocol/work'

/** The durable part. Written before the leg's first token, and again with every voucher. */
export interface LegRow {
  open: LegOpen
  completionFrom: number
  /** Positions covered by receipts so far. */
  ackedTo: number
  nextSeq: number
  /** EndReason of the closing receipt, 0 while there is none. */
  end: number
  /** Opened by the daemon whose home this is a copy of: what was served and signed since is not known here. */
  disowned?: true
}

/** The part that only a running leg has; after a restart what was sent can no longer be checked. */
export interface LiveLeg {
  salt: Uint8Array
  /** Positions sent to the client. */
  sentTo(): number
  ids(from: number, to: number): number[]
  announced(head: Bytes32): boolean
  /** Of positions that were sent; zero where the client was not told from which logits they were drawn. */
  fingerprint(from: number, to: number): Bytes32
  acknowledged(row: LegRow): void
}

export const legKey = (sessionId: Bytes32, leg: number): string => `leg:${sessionId}:${String(leg).padStart(10, '0')}`

export class LegBook {
  readonly #store: Store
  readonly #rows = new Map<string, LegRow>()
  readonly #live = new Map<string, LiveLeg>()
  #closed: (row: LegRow) => void = () => undefined

  constructor(store: Store) {
    this.#store = store
  }

  async open(row: LegRow, live: LiveLeg): Promise<void> {
    const key = legKey(row.open.sessionId, row.open.leg)
    await this.#store.batch([{ put: key, value: encodeJson(row) }])
    this.#rows.set(key, row)
    this.#live.set(key, live)
  }

  /** Forgets the live part; the row stays on disk for vouchers that come later. */
  retire(sessionId: Bytes32, leg: number): void {
    const key = legKey(sessionId, leg)
    this.#live.delete(key)
    this.#rows.delete(key)
  }

  /** Nothing was served under it, so nobody will ask: no row may stay of what costs a client nothing. */
  async drop(sessionId: Bytes32, leg: number): Promise<void> {
    this.retire(sessionId, leg)
    await this.#store.batch([{ del: legKey(sessionId, leg) }])
  }

  async row(sessionId: Bytes32, leg: number): Promise<LegRow | undefined> {
    const key = legKey(sessionId, leg)
    const held = this.#rows.get(key)
    if (held !== undefined) return held
    const bytes = await this.#store.get(key)
    return bytes === undefined ? undefined : decodeJson<LegRow>(bytes)
  }

  /**
   * Checks one drafted receipt against its leg and returns the row after it. Throws RECEIPT_MISMATCH naming the field.
   * Nothing is changed here: the caller writes the row with the voucher, then calls `commit`.
   */
  check(row: LegRow, receipt: WorkReceipt): LegRow {
    const live = this.#live.get(legKey(receipt.sessionId, receipt.leg))
    const need = (holds: boolean, field: string): void => {
      if (!holds)
        throw new SeamError('RECEIPT_MISMATCH', `receipt ${receipt.leg}/${receipt.seq}: ${field} is not what was served`)
    }
    need(row.end === 0, 'end: the leg is closed')
    need(receipt.client === row.open.client && receipt.modelId === row.open.modelId, 'client or model')
    need(receipt.seq === row.nextSeq, 'seq')
    need(receipt.from === row.ackedTo && receipt.to >= receipt.from && receipt.to <= row.open.maxTo, 'range')
    need(receipt.to > receipt.from || receipt.end !== 0, 'range: only a closing receipt may be empty')
    need(receipt.promptUnits === promptUnitsOf(row, receipt.from, receipt.to), 'promptUnits')
    need(receipt.amount === amountOf(row, receipt.from, receipt.to), 'amount')
    if (live !== undefined) {
      need(receipt.to <= live.sentTo(), 'to: more than was sent')
      need(receipt.outputHash === outputHash(live.salt, live.ids(receipt.from, receipt.to)), 'outputHash')
      need(receipt.kvHead === ZERO_BYTES32 || live.announced(receipt.kvHead), 'kvHead')
      const bound = receipt.fingerprint !== ZERO_BYTES32 // a client that reads no prints commits nobody
      need(!bound || receipt.fingerprint === live.fingerprint(receipt.from, receipt.to), 'fingerprint')
    }
    return { ...row, ackedTo: receipt.to, nextSeq: receipt.seq + 1, end: receipt.end }
  }

  /**
   * Whether this provider may put its name under a receipt that was checked. One with a fingerprint accuses it when its words are not those that
   * were served, and the words of a leg that no longer runs are forgotten: then it pays, and stays unsigned.
   */
  signable(row: LegRow, receipt: WorkReceipt): boolean {
    if (row.disowned === true) return false
    return receipt.fingerprint === ZERO_BYTES32 || this.#live.has(legKey(receipt.sessionId, receipt.leg))
  }

  write(row: LegRow): StoreWrite {
    return { put: legKey(row.open.sessionId, row.open.leg), value: encodeJson(row) }
  }

  /** Signs for none of the legs on disk any more: another daemon may have. They are paid all the same. */
  async disown(): Promise<void> {
    const writes: StoreWrite[] = []
    for await (const [key, bytes] of this.#store.list('leg:'))
      writes.push({ put: key, value: encodeJson({ ...decodeJson<LegRow>(bytes), disowned: true } satisfies LegRow) })
    await this.#store.batch(writes, { durable: true })
  }

  /** Told of every leg whose closing receipt was stored, also of legs of an earlier run. */
  onClosed(listener: (row: LegRow) => void): void {
    this.#closed = listener
  }

  commit(row: LegRow): void {
    const key = legKey(row.open.sessionId, row.open.leg)
    if (row.end !== 0) this.#closed(row)
    const live = this.#live.get(key)
    if (live === undefined) return
    this.#rows.set(key, row)
    live.acknowledged(row)
  }
}

/** What a leg that was sent up to `sentTo` still owes, at most. */
export const unpaidOf = (row: LegRow, sentTo: number): Wei =>
  row.end !== 0 || sentTo <= row.ackedTo ? 0n : amountOf(row, row.ackedTo, sentTo)
