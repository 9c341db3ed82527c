/**
 * Collects the receipts of every batch from the providers that can be reached (docs/spec/explorer.md). What is missing is in the index, put
 * there with the batch, so a crash forgets nothing; who is online decides what is asked for next, so an absent provider costs nothing.
 */
import { readLeaves } from 'openseam/chain/batches'
import { type Deployment, domainOf } from 'openseam/chain/deploy'
import type { Rpc } from 'openseam/chain/rpc'
import type { Clock, Log } from 'openseam/components'
import type { ReceiptReader } from 'openseam/net/receipt-fetch'
import { codeOf, type ErrorCode } from 'openseam/protocol/errors'
import type { Address } from 'openseam/protocol/eth'
import { decodeJson, encodeJson } from 'openseam/protocol/json'
import { EXPLORER_COLLECTS_MAX } from 'openseam/protocol/limits'
import type { Proof } from 'openseam/protocol/proof'
import { gather } from './gather.ts'
import type { IndexStore } from './index-store.ts'
import type { Indexer } from './indexer.ts'
import { batchAt, type Publisher } from './publish.ts'
import { keys, type PaymentRow } from './rows.ts'

/** Providers as the network knows them. */
export interface ReceiptPeers {
  /** Whose offers are known now. */
  accounts(): Address[]
  /** Calls when somebody is there who was not; returns what stops it. */
  onNews(listener: () => void): () => void
  /** Throws NET_* where none of its peers can be reached. `signal` ends everything that is asked of it. */
  open(account: Address, signal: AbortSignal): Promise<ReceiptReader>
}

export interface CollectorComponents {
  store: IndexStore
  indexer: Indexer
  publisher: Publisher
  peers: ReceiptPeers
  rpc: Rpc
  deployment: Deployment
  clock: Clock
  log: Log
}

interface Visit {
  /** On the clock's ticks. */
  lastMs: number
  notBeforeMs: number
  failures: number
}

const LOOK_MS = 30_000
const VISIT_MS = 120_000 // then others have their turn
const BACKOFF_MS_MAX = 600_000
const TRIES_MAX = 8 // of a batch whose provider answers, and shows no proof of it: twenty minutes
const TRIES_BY_PLACE = 2 // then its channels are read from their start

const REMEMBERED_MAX = 4_096
/** What a provider says or shows where it answers. */
const ANSWERS = new Set<ErrorCode>([
  'PROOF_INVALID',
  'RECEIPT_UNKNOWN',
  'BAD_REQUEST',
  'BUSY',
  'WIRE_ORDER',
  'WIRE_MALFORMED',
  'WIRE_TOO_LONG'
])

/** The oldest goes first: what is forgotten is only asked for sooner. */
const remember = <Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void => {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > REMEMBERED_MAX) map.delete(oldest as Key)
}

export class Collector {
  readonly #c: CollectorComponents
  readonly #visits = new Map<Address, Visit>()
  readonly #running = new Map<Address, Promise<void>>()
  /** Of batches whose provider answered, by the key under which they are wanted. */
  readonly #tries = new Map<string, number>()

  constructor(components: CollectorComponents) {
    this.#c = components
  }

  /** Until aborted. Never throws for a provider or a chain. */
  async run(signal: AbortSignal): Promise<void> {
    const { indexer, peers, clock, log } = this.#c
    let changed = Promise.withResolvers<void>()
    const wake = (): void => changed.resolve()
    const stops = [indexer.onChange(wake), peers.onNews(wake)]
    signal.addEventListener('abort', wake, { once: true })
    while (!signal.aborted) {
      changed = Promise.withResolvers<void>()
      await this.#look(signal, wake).catch((error) => log.error({ error: String(error) }, 'what is missing cannot be read'))
      const stop = new AbortController()
      await Promise.race([changed.promise, clock.sleep(this.#restMs(), stop.signal).catch(() => undefined)])
      stop.abort()
    }
    for (const stop of stops) stop()
    await Promise.all(this.#running.values())
  }

  /** Starts on every provider that is due, those first that waited longest. */
  async #look(signal: AbortSignal, done: () => void): Promise<void> {
    const nowMs = this.#c.clock.tickMs()
    const online = [...new Set(this.#c.peers.accounts())]
    const due = online.filter((account) => !this.#running.has(account) && (this.#visits.get(account)?.notBeforeMs ?? 0) <= nowMs)
    due.sort((a, b) => (this.#visits.get(a)?.lastMs ?? 0) - (this.#visits.get(b)?.lastMs ?? 0))
    for (const account of due) {
      if (this.#running.size >= EXPLORER_COLLECTS_MAX || signal.aborted) return
      if ((await this.#next(account, '')) === undefined) continue
      const visit = this.#visit(account, signal).finally(() => {
        this.#running.delete(account)
        done()
      })
      this.#running.set(account, visit)
    }
  }

  /** How long until somebody is due who was not. */
  #restMs(): number {
    const nowMs = this.#c.clock.tickMs()
    const waits = [...this.#visits.values()].map(({ notBeforeMs }) => notBeforeMs - nowMs).filter((ms) => ms > 0)
    return Math.min(LOOK_MS, ...waits)
  }

  async #visit(account: Address, signal: AbortSignal): Promise<void> {
    const { peers, clock, log } = this.#c
    const late = new AbortController()
    const timer = new AbortController()
    void clock.sleep(VISIT_MS, timer.signal).then(
      () => late.abort(),
      () => undefined
    )
    const until = AbortSignal.any([signal, late.signal])
    let reader: ReceiptReader | undefined
    let code: string | null = null
    try {
      reader = await peers.open(account, until)
      code = await this.#collectAll(account, reader, until)
    } catch (error) {
      code = codeOf(error)
      if (code === 'INTERNAL') log.error({ account, error: String(error) }, 'receipts cannot be collected')
      else log.debug({ account, code }, 'receipts cannot be collected now')
    } finally {
      timer.abort()
      await reader?.close().catch(() => undefined)
    }
    const lastMs = clock.tickMs()
    const failures = code === null || late.signal.aborted ? 0 : (this.#visits.get(account)?.failures ?? 0) + 1
    const restMs = failures === 0 ? 0 : Math.min(BACKOFF_MS_MAX, 500 * 2 ** failures)
    remember(this.#visits, account, { lastMs, notBeforeMs: lastMs + restMs, failures })
  }

  /** Every batch of one provider, oldest first. Returns the code of the last that failed; throws what ends a visit. */
  async #collectAll(account: Address, reader: ReceiptReader, signal: AbortSignal): Promise<string | null> {
    let failed: string | null = null
    let key = ''
    for (;;) {
      const wanted = signal.aborted ? undefined : await this.#next(account, key)
      if (wanted === undefined) return failed
      key = wanted.key
      try {
        await this.#collect(key, wanted.number, account, reader)
      } catch (error) {
        failed = await this.#failed(key, account, wanted.number, error)
      }
    }
  }

  /** Who answers, and proves nothing, is asked again a few times. Everything else is nobody's answer: it ends the visit. */
  async #failed(key: string, account: Address, number: number, error: unknown): Promise<string> {
    const code = codeOf(error)
    const tries = (this.#tries.get(key) ?? 0) + 1
    if (!ANSWERS.has(code)) throw error
    remember(this.#tries, key, tries)
    this.#c.log.warn({ account, batch: number, code, tries }, 'a batch whose receipts are not shown')
    if (tries >= TRIES_MAX || code === 'BUSY') await this.#drop(key)
    if (code.startsWith('WIRE_')) throw error // its stream is gone
    return code
  }

  async #collect(key: string, number: number, provider: Address, reader: ReceiptReader): Promise<void> {
    const { store, rpc, deployment, publisher } = this.#c
    const batch = await batchAt(store, provider, number)
    const [block, , transaction] = key.split(':').slice(2)
    if (batch === undefined || batch.transaction !== transaction || batch.block !== Number(block)) return this.#drop(key) // taken back
    const leaves = await readLeaves(rpc, batch)
    if (leaves === null) return this.#drop(key) // settled by a call that does not show its vouchers
    const domain = domainOf(deployment)
    for (const [at, payment] of batch.payments.entries()) {
      const start = (this.#tries.get(key) ?? 0) < TRIES_BY_PLACE ? await this.#placeOf(provider, payment) : 0
      const isKnown = publisher.knows.bind(publisher)
      for await (const proofs of gather(reader, { domain, batch, leaves, at }, start, isKnown)) {
        await publisher.acceptShown(proofs)
        await this.#remember(proofs)
      }
    }
    await this.#drop(key)
  }

  /** Where what a payment covers begins, as far as is known. */
  async #placeOf(provider: Address, { client, modelId, from }: PaymentRow): Promise<number> {
    const key = keys.behindTotal({ client, provider, modelId }, from)
    const prefix = key.slice(0, key.lastIndexOf(':') + 1)
    const [found] = await this.#c.store.range({ prefix, after: `${key}~`, reverse: true, limit: 1 })
    return found === undefined ? 0 : decodeJson<number>(found[1])
  }

  async #remember(proofs: readonly Proof[]): Promise<void> {
    const last = proofs.at(-1)
    if (last === undefined) return
    const put = keys.behindTotal(last.receipt, last.work.cumAfter)
    await this.#c.store.batch([{ put, value: encodeJson(last.work.index + 1) }])
  }

  async #next(account: Address, after: string): Promise<{ key: string; number: number } | undefined> {
    const prefix = `wa:${account}:`
    const [found] = await this.#c.store.range({ prefix, limit: 1, ...(after !== '' && { after }) })
    return found === undefined ? undefined : { key: found[0], number: decodeJson<number>(found[1]) }
  }

  async #drop(key: string): Promise<void> {
    this.#tries.delete(key)
    await this.#c.store.batch([{ del: key }])
  }
}
