/** What a client keeps of a session on its own disk (session.md, "What survives a crash"). */
import { isShared, type PeerKey, type SharedWrite, type StoreUpdate, type StoreWrite } from '../components.ts'
import { packIds, unpackIds } from '../protocol/bytes.ts'
import { SeamError } from '../protocol/errors.ts'
import { type Bytes32, ZERO_BYTES32 } from '../protocol/eth.ts'
import { PRINT_BYTES } from '../protocol/fingerprint.ts'
import { decodeJson, encodeJson } from '../protocol/json.ts'
import type { PrintLog } from '../protocol/print-log.ts'
import { EndReason, type LegOpen } from '../protocol/typed-data.ts'
import { openLog, sealLog } from './keys.ts'
import type { Resumed, TurnSummary } from './types.ts'
import type { WriteQueue } from './write-queue.ts'

export interface LegRecord {
  open: LegOpen
  peerId: string
  numerics: Bytes32
  completionFrom: number
  /** Positions accepted from this leg, half-open [open.from, to). */
  to: number
  ackedTo: number
  seq: number
  end: EndReason
  closed: boolean
  /** The newest generation of the leg's epoch key. */
  generation: number
  kvBlocks: number
  kvHead: Bytes32
  resumed: Resumed
  kept: number
  recomputed: number
  exact: boolean
  gapMs: number
  receipts: Bytes32[]
}

export interface TurnRecord {
  /** Positions accepted before this turn. */
  from: number
  /** First completion position. */
  promptTo: number
  maxTo: number
  /** Encoded wire Sampling, hex. */
  sampling: string
  stop: string[]
  provider?: string
  maxPrice?: bigint
  /** Wei. */
  budget?: bigint
  successors: number
  cache: boolean
  finish: TurnSummary['finish']
  text: string
}

/** One epoch key: which leg's, and the peer it was given to. */
export interface Epoch {
  leg: number
  generation: number
  peer: PeerKey
}

export interface SessionRecord {
  handle: string
  sessionId: Bytes32
  model: string
  modelId: Bytes32
  root: string
  nextLeg: number
  /** The leg whose pseudonym successors know this session by: it changes with the serving peer. */
  replicaLeg: number
  /** The peer of the last leg. */
  servedBy?: string
  accepted: number
  /** Under which keys successors may hold blocks, over turns: the newest last. */
  epochs: Epoch[]
  /** Salted hashes of the messages so far: tells whether a continuation extends them. */
  messages: string[]
  /** Did the last answer end with the model's own stop id? */
  stopEnded: boolean
  /** The peer that holds this session's KV from the last turn. */
  parkedAt?: string
  /** Wei: what the turns before this one cost. */
  spentBefore?: bigint
  turn: TurnRecord
  /** Legs of the current turn. */
  legs: LegRecord[]
}

const recordKey = (handle: string): string => `se:${handle}`
const logPrefix = (handle: string): string => `lg:${handle}:`

/** Ids of positions [from, from + ids.length), and the log that has the entries of those that were drawn. */
export interface NewIds {
  from: number
  ids: number[]
  prints?: PrintLog
}

const DRAWN = ':p' // ends the key of a segment whose entries stand behind its ids
const segmentKey = (handle: string, from: number, drawn: boolean): string =>
  `${logPrefix(handle)}${String(from).padStart(10, '0')}${drawn ? DRAWN : ''}`

/** Seals the record under the store key, and the ids accepted since the last write under a key of the session's root. */
export class SessionStore {
  readonly #queue: WriteQueue
  readonly #storeKey: Uint8Array

  constructor(queue: WriteQueue, storeKey: Uint8Array) {
    this.#queue = queue
    this.#storeKey = storeKey
  }

  /** The record as it is at this moment, the new ids and `extra`, in one batch. A store that others share asks for a claim. */
  write(
    record: SessionRecord,
    logKey: Uint8Array,
    newIds: NewIds,
    guard?: StoreUpdate,
    extra: SharedWrite[] = []
  ): Promise<void> {
    const key = recordKey(record.handle)
    const now = encodeJson(record)
    const sealing = [
      sealLog(this.#storeKey, now, key).then((value) => ({ put: key, value })),
      ...this.#segment(record.handle, logKey, newIds)
    ]
    return this.#guarded(
      guard,
      Promise.all(sealing).then((sealed) => [...extra, ...sealed])
    )
  }

  /** The log alone: what was accepted since, every 20 ms. */
  append(handle: string, logKey: Uint8Array, newIds: NewIds, guard?: StoreUpdate): Promise<void> {
    return this.#guarded(guard, Promise.all(this.#segment(handle, logKey, newIds)))
  }

  /** Gives a claim up, and changes nothing else. */
  rest(guard: StoreUpdate): Promise<void> {
    return this.#queue.write([guard])
  }

  async read(handle: string): Promise<SessionRecord | undefined> {
    const key = recordKey(handle)
    const sealed = await this.#queue.store.get(key)
    return sealed === undefined ? undefined : decodeJson<SessionRecord>(await openLog(this.#storeKey, sealed, key))
  }

  /** The segment of the log that begins at a position; empty while there is none. */
  async readSegment(handle: string, logKey: Uint8Array, from: number, prints?: PrintLog): Promise<number[]> {
    for (const drawn of [true, false]) {
      const key = segmentKey(handle, from, drawn)
      const sealed = await this.#queue.store.get(key)
      if (sealed !== undefined) return this.#openSegment(logKey, key, sealed, from, prints)
    }
    return []
  }

  /** The token log; its entries go to `prints`. Segments may overlap after a crash between two writes; the later one wins. */
  async readLog(handle: string, logKey: Uint8Array, prints?: PrintLog): Promise<number[]> {
    const ids: number[] = []
    for await (const [key, sealed] of this.#queue.store.list(logPrefix(handle))) {
      const from = Number.parseInt(key.slice(logPrefix(handle).length), 10)
      if (from > ids.length) throw new SeamError('STORE_CORRUPT', `the token log of a session has a hole at ${ids.length}`)
      ids.length = from
      for (const id of await this.#openSegment(logKey, key, sealed, from, prints)) ids.push(id)
    }
    return ids
  }

  /** Deletes the root: every sealed copy of this session, wherever it is, can never be read again. */
  async shred(handle: string, guard?: StoreUpdate): Promise<void> {
    const writes: StoreWrite[] = [{ del: recordKey(handle) }]
    for await (const [key] of this.#queue.store.list(logPrefix(handle))) writes.push({ del: key })
    await this.#guarded(guard, Promise.resolve(writes))
  }

  #guarded(guard: StoreUpdate | undefined, writes: Promise<SharedWrite[]>): Promise<void> {
    if (guard !== undefined) return this.#queue.write(writes.then((given) => [guard, ...given]))
    if (!isShared(this.#queue.store)) return this.#queue.write(writes)
    writes.catch(() => undefined)
    return Promise.reject(new SeamError('SESSION_MOVED', 'a session is written by the gateway that has claimed it'))
  }

  async #openSegment(logKey: Uint8Array, key: string, sealed: Uint8Array, from: number, prints?: PrintLog): Promise<number[]> {
    const segment = await openLog(logKey, sealed, key)
    const idBytes = key.endsWith(DRAWN) ? (segment.length / (4 + PRINT_BYTES)) * 4 : segment.length
    prints?.put(from, segment.subarray(idBytes))
    return unpackIds(segment.subarray(0, idBytes))
  }

  #segment(handle: string, logKey: Uint8Array, { from, ids, prints }: NewIds): Promise<StoreWrite>[] {
    if (ids.length === 0) return []
    const to = from + ids.length
    const entries = prints?.covers(from, to) ? prints.slice(from, to) : undefined
    const key = segmentKey(handle, from, entries !== undefined)
    const packed = packIds(ids)
    const segment = new Uint8Array(packed.length + (entries?.length ?? 0))
    segment.set(packed)
    if (entries) segment.set(entries, packed.length)
    return [sealLog(logKey, segment, key).then((value) => ({ put: key, value }))]
  }
}

/** `exact`: the peer computes as the one before it did, so the text goes on as if that one had made it. */
export const newLegRecord = (
  open: LegOpen,
  target: { peerId: string; numerics: Bytes32 },
  completionFrom: number,
  previous: LegRecord | undefined
): LegRecord => ({
  open,
  peerId: target.peerId,
  numerics: target.numerics,
  completionFrom,
  to: open.from,
  ackedTo: open.from,
  seq: 0,
  end: EndReason.running,
  closed: false,
  generation: 0,
  kvBlocks: 0,
  kvHead: ZERO_BYTES32,
  resumed: 'none',
  kept: 0,
  recomputed: 0,
  exact: previous === undefined || (previous.exact && previous.numerics === target.numerics),
  gapMs: 0,
  receipts: []
})
