/**
 * Follows the contracts' events into the index (docs/spec/explorer.md). One range of blocks is one atomic batch with the cursor in it,
 * so a crash at any point leaves the state at the end of some range. Ranges that may still be reorganised carry their undo.
 */

import type { Deployment } from 'openseam/chain/deploy'
import { type ChainEvent, readEvents } from 'openseam/chain/events'
import { hexQuantity, quantity, type Rpc } from 'openseam/chain/rpc'
import type { Clock, Log, StoreWrite } from 'openseam/components'
import { codeOf, SeamError } from 'openseam/protocol/errors'
import type { Hex } from 'openseam/protocol/eth'
import { decodeJson, encodeJson } from 'openseam/protocol/json'
import { foldEvents } from './fold.ts'
import type { IndexStore } from './index-store.ts'
import { Overlay, type UndoRow, undoWrites } from './overlay.ts'
import { type Cursor, type EventRow, isOfReceipts, isOwn, keys } from './rows.ts'

export interface IndexerComponents {
  rpc: Rpc
  deployment: Deployment
  store: IndexStore
  clock: Clock
  log: Log
}

export interface IndexerOptions {
  /** Blocks behind the head that can still be reorganised. */
  finality?: number
  pollMs?: number
}

interface Header {
  number: number
  hash: Hex
  at: number
}

export type StepResult = 'advanced' | 'unwound' | 'idle'

export const FINALITY_BLOCKS = 256 // two epochs of Ethereum are 64; a rollup with 2 s blocks reaches the same depth in 400 s of its own time
export const POLL_MS = 1_000
const SPAN_MAX = 2_000 // what public endpoints accept
const EVENTS_WANTED = 4_000 // of a range: what is held in memory at once
const HEADERS_AT_ONCE = 16
const BACKOFF_MS_MAX = 30_000
const DELETES_AT_ONCE = 1_000
const FORMAT = 3 // of the rows; another number is another meaning, and an index that has it is made again

export class Indexer {
  readonly #c: IndexerComponents
  readonly finality: number
  readonly #pollMs: number
  readonly #listeners = new Set<() => void>()
  #cursor: Cursor | null = null
  /** Whether the cursor is known to be the stored one: not so after a write that failed. */
  #isSure = true
  #span = SPAN_MAX
  #head = 0

  constructor(components: IndexerComponents, options: IndexerOptions = {}) {
    this.#c = components
    this.finality = options.finality ?? FINALITY_BLOCKS
    this.#pollMs = options.pollMs ?? POLL_MS
  }

  /** Throws CONFIG where the folder holds the index of another ledger. */
  async open(): Promise<void> {
    const { store, deployment, log } = this.#c
    const binding = `${deployment.chainId}:${deployment.ledger}:${deployment.block}`
    const bytes = await store.get(keys.binding)
    const format: StoreWrite = { put: keys.format, value: encodeJson(FORMAT) }
    if (bytes === undefined) await store.batch([{ put: keys.binding, value: encodeJson(binding) }, format])
    else if (decodeJson<string>(bytes) !== binding) {
      throw new SeamError('CONFIG', 'this folder holds the index of another deployment: give another --home')
    } else {
      const stored = await store.get(keys.format)
      const found = stored === undefined ? 1 : decodeJson<number>(stored)
      if (found !== FORMAT) {
        log.warn({ found, wanted: FORMAT }, 'the index is of another version: it is made again, receipts and all')
        await store.batch([...wipe('all'), format])
      }
    }
    await this.#load()
  }

  get cursor(): Cursor | null {
    return this.#cursor
  }

  /** The newest block that the endpoint told of. */
  get head(): number {
    return this.#head
  }

  /** Called after every change of the index; returns what stops it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Follows the chain until aborted. An endpoint that is away is asked again, ever more slowly. Throws HOME_LOCKED, and nothing else. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#c
    let failures = 0
    while (!signal.aborted) {
      let waitMs = 0
      try {
        if ((await this.step()) === 'idle') waitMs = this.#pollMs
        failures = 0
      } catch (error) {
        if (codeOf(error) === 'HOME_LOCKED') throw error
        waitMs = Math.min(BACKOFF_MS_MAX, this.#pollMs * 2 ** failures++)
        log.warn({ error: String(error), waitMs }, 'the index cannot follow the chain now')
      }
      if (waitMs > 0) await clock.sleep(waitMs, signal).catch(() => undefined)
    }
  }

  /** One range forwards, or one back. Throws CHAIN_*, STORE_DOWN. */
  async step(): Promise<StepResult> {
    if (!this.#isSure) await this.#findOut()
    const head = await this.#header('latest')
    this.#head = head.number
    const cursor = this.#cursor
    if (cursor !== null && head.number < cursor.block) return 'idle' // an endpoint that lags behind another: no reorganisation stays shorter
    if (cursor !== null && !(await this.#stands(cursor))) return this.#unwind(cursor)
    const from = cursor === null ? this.#c.deployment.block : cursor.block + 1
    if (from > head.number) return 'idle'
    const to = Math.min(head.number, from + this.#span - 1)
    const end = await this.#header(to)
    const events = await this.#read(from, to)
    if (events === null) return 'advanced' // a narrower range is next
    // What was read belongs to one chain only if both ends are still where they were.
    if (!(await this.#stands({ block: to, hash: end.hash }))) return 'advanced'
    if (cursor !== null && !(await this.#stands(cursor))) return this.#unwind(cursor)
    await this.#commit({ block: to, hash: end.hash }, events, head.number)
    return 'advanced'
  }

  async #commit(cursor: Cursor, events: readonly EventRow[], head: number): Promise<void> {
    const { store } = this.#c
    const rows = new Overlay(store)
    await rows.load([keys.cursor])
    await foldEvents(rows, events)
    rows.write(keys.cursor, cursor)
    const writes: StoreWrite[] = rows.writes()
    const final = head - this.finality
    if (cursor.block > final) writes.push({ put: keys.undo(cursor.block), value: encodeJson(rows.undo()) })
    for (const [key] of await store.range({ prefix: 'un:', limit: 64 })) {
      if (key <= keys.undo(final)) writes.push({ del: key })
    }
    await this.#write(writes)
    this.#cursor = cursor
    this.#tell()
  }

  async #unwind({ block }: Cursor): Promise<StepResult> {
    const { store, log } = this.#c
    const bytes = await store.get(keys.undo(block))
    if (bytes === undefined) await this.#wipe(block)
    else await this.#write([...undoWrites(decodeJson<UndoRow[]>(bytes)), { del: keys.undo(block) }])
    await this.#load()
    log.info({ from: block, to: this.#cursor?.block ?? null }, 'the chain was reorganised')
    this.#tell()
    return 'unwound'
  }

  /** Deeper than finality: nothing here can be trusted, and everything can be read again. The cursor goes first, so a crash ends the same. */
  async #wipe(block: number): Promise<void> {
    const { log } = this.#c
    log.error({ block, finality: this.finality }, 'the chain was reorganised beyond finality: indexing from the start')
    await this.#write(wipe('events'))
  }

  async #clear(what: Wiped): Promise<void> {
    const { store } = this.#c
    const stays = (key: string): boolean => isOwn(key) || (what === 'events' && isOfReceipts(key))
    let after = ''
    for (;;) {
      const found = await store.range({ prefix: '', after, limit: DELETES_AT_ONCE })
      const last = found.at(-1)
      if (last === undefined) break
      after = last[0]
      await this.#write(found.filter(([key]) => !stays(key)).map(([key]) => ({ del: key })))
    }
    await this.#write([{ del: keys.wiping }])
  }

  /** The cursor as it is stored; an index that is being taken down is taken down first. */
  async #load(): Promise<void> {
    const { store } = this.#c
    this.#isSure = false
    const wiping = await store.get(keys.wiping)
    if (wiping !== undefined) await this.#clear(decodeJson<Wiped>(wiping))
    const cursor = await store.get(keys.cursor)
    this.#cursor = cursor === undefined ? null : decodeJson<Cursor>(cursor)
    this.#isSure = true
  }

  async #write(writes: StoreWrite[]): Promise<void> {
    try {
      await this.#c.store.batch(writes)
    } catch (error) {
      this.#isSure = false
      throw error
    }
  }

  /** A write that failed may be stored all the same: what is folded into the rows before it would count its range twice. */
  async #findOut(): Promise<void> {
    await this.#write([])
    await this.#load()
    this.#tell()
  }

  /** Null: the endpoint did not give the range; the next is half as wide. */
  async #read(from: number, to: number): Promise<EventRow[] | null> {
    const { rpc, deployment } = this.#c
    const events: ChainEvent[] = []
    try {
      for await (const event of readEvents(rpc, deployment, from, to)) events.push(event)
    } catch (error) {
      if (to === from) throw error
      this.#span = Math.max(1, Math.floor((to - from + 1) / 2))
      return null
    }
    if (events.length > EVENTS_WANTED) this.#span = Math.max(1, Math.floor(this.#span / 2))
    else if (events.length * 4 < EVENTS_WANTED) this.#span = Math.min(SPAN_MAX, this.#span * 2)
    if (events.some(({ block }) => block < from || block > to)) {
      throw new SeamError('CHAIN_DOWN', `${rpc.url} answered with events of other blocks than were asked for`)
    }
    events.sort((a, b) => a.block - b.block || a.logIndex - b.logIndex)
    const untold = events.filter(({ at }) => at === undefined).map(({ block }) => block)
    const times = await this.#times([...new Set(untold)])
    // `at` stands last, whoever told it: the same chain makes the same rows.
    return events.map(({ at, ...event }) => ({ ...event, at: at ?? (times.get(event.block) as number) }))
  }

  async #times(blocks: readonly number[]): Promise<Map<number, number>> {
    const times = new Map<number, number>()
    for (let i = 0; i < blocks.length; i += HEADERS_AT_ONCE) {
      const headers = await Promise.all(blocks.slice(i, i + HEADERS_AT_ONCE).map((block) => this.#header(block)))
      for (const { number, at } of headers) times.set(number, at)
    }
    return times
  }

  async #stands({ block, hash }: Cursor): Promise<boolean> {
    return (await this.#header(block)).hash === hash
  }

  async #header(block: number | 'latest'): Promise<Header> {
    const name = typeof block === 'number' ? hexQuantity(block) : block
    const raw = (await this.#c.rpc.send('eth_getBlockByNumber', [name, false])) as Record<string, unknown> | null
    const hash = raw?.['hash']
    if (typeof hash !== 'string' || !/^0x[0-9a-f]{64}$/i.test(hash)) {
      throw new SeamError('CHAIN_DOWN', `${this.#c.rpc.url} does not show block ${block}`, { detail: { block } })
    }
    const number = Number(quantity(raw?.['number'], 'block'))
    return { number, hash: hash.toLowerCase() as Hex, at: Number(quantity(raw?.['timestamp'], 'block')) }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}

type Wiped = 'events' | 'all'

const wipe = (what: Wiped): StoreWrite[] => [{ del: keys.cursor }, { put: keys.wiping, value: encodeJson(what) }]
