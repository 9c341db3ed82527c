/** What a client owes to whom: one book a channel, one courier a provider, and who refused to be paid honestly. */
import { type Clock, isShared, type Log, type PeerKey } from '../components.ts'
import { codeOf, type SeamError } from '../protocol/errors.ts'
import { type Address, type Bytes32, ZERO_BYTES32 } from '../protocol/eth.ts'
import { REQUEST_MS } from '../protocol/limits.ts'
import type { TypedDomain } from '../protocol/typed-data.ts'
import type { AckRoute } from './acknowledger.ts'
import { BOOK_PREFIX, type Book, type BookInit, type StoredReceipt } from './book.ts'
import { ChannelBook } from './channel-book.ts'
import { Courier, type VoucherChannel } from './courier.ts'
import { SharedBook } from './shared-book.ts'
import { SignedReceipts } from './signed-receipts.ts'
import type { SessionSigner } from './wallet.ts'
import type { WriteQueue } from './write-queue.ts'

/** How long `close` waits for a provider that is connected to confirm what it is owed, and for one that is not to be reached. */
const LAST_VOUCHER_MS = 10_000
const LAST_DIAL_MS = 1_000

export interface PayablesComponents {
  domain: TypedDomain
  signer: SessionSigner
  queue: WriteQueue
  open(peer: PeerKey): Promise<VoucherChannel>
  connected(peer: PeerKey): boolean
  /** The provider that a key was ever named by on the chain. */
  ownerOf(key: Address): Promise<Address>
  clock: Clock
  log: Log
}

export class Payables {
  readonly #c: PayablesComponents
  readonly #books = new Map<string, Promise<Book>>()
  readonly #couriers = new Map<Address, Courier>()
  /** Providers that refused an honest acknowledgement, or signed something else: nothing more is bought from them. */
  readonly #refusing = new Map<Address, SeamError>()
  readonly #signed: SignedReceipts

  constructor(components: PayablesComponents) {
    this.#c = components
    this.#signed = new SignedReceipts(components.ownerOf)
  }

  async route(account: Address, peer: PeerKey, modelId: Bytes32): Promise<AckRoute> {
    const key = `${account}:${modelId}`
    let loading = this.#books.get(key)
    if (loading === undefined) {
      loading = loadBook({ ...this.#c, provider: account, modelId, peer })
      this.#books.set(key, loading)
    }
    const book = await loading
    const courier = this.#courier(account, peer)
    courier.add(book, peer)
    if (!book.known) this.#ask(book, courier)
    else if (this.#c.connected(peer)) void courier.ready().catch(() => undefined)
    return { book, courier }
  }

  /** A store that was lost may have paid here before: vouchers go on from the newest, and one that begins again would be refused. Who does not say in time holds nothing. */
  #ask(book: Book, courier: Courier): void {
    if (book.asking !== undefined) return
    const late = new AbortController()
    const asked = courier.ready().catch(() => undefined)
    book.asking = Promise.race([asked, this.#c.clock.sleep(REQUEST_MS, late.signal).catch(() => undefined)]).then(() => {
      late.abort()
      book.asking = undefined
    })
  }

  refusal(account: Address): SeamError | undefined {
    return this.#refusing.get(account)
  }

  /** Some peer is back: whoever is owed something is tried now. */
  wake(): void {
    for (const courier of this.#couriers.values()) courier.wake()
  }

  /** Vouchers that an earlier run, or another client of the store that is gone, could not deliver: their providers are tried until they have them. */
  async resume(): Promise<void> {
    for await (const [key] of this.#c.queue.store.list(BOOK_PREFIX)) {
      const [account, modelId] = key.slice(BOOK_PREFIX.length).split(':') as [Address, Bytes32]
      const stored = await loadBook({ ...this.#c, provider: account, modelId, peer: ZERO_BYTES32 })
      if (stored.undelivered === 0 || stored.peer === ZERO_BYTES32) continue
      const { book, courier } = await this.route(account, stored.peer, modelId)
      await book.refresh()
      courier.flush()
    }
  }

  /** Brings what is owed to whoever is there to take it: the rest is only paid if the store outlives this client. */
  async close(): Promise<void> {
    const within = (courier: Courier): number => (this.#c.connected(courier.peer) ? LAST_VOUCHER_MS : LAST_DIAL_MS)
    await Promise.all(
      [...this.#couriers].map(async ([account, courier]) => {
        if (!this.#refusing.has(account)) await courier.delivered(() => within(courier))
        await courier.close()
      })
    )
  }

  #courier(account: Address, peer: PeerKey): Courier {
    const held = this.#couriers.get(account)
    if (held !== undefined) return held
    const { open, clock, log, signer } = this.#c
    const onRefused = (provider: Address, error: SeamError): void => {
      log.warn({ provider, code: codeOf(error), reason: error.message }, 'a provider refused an acknowledgement')
      if (!error.consequence.retry || error.code === 'RECEIPT_MISMATCH') this.#refusing.set(provider, error)
    }
    const onConfirmed = (provider: Address, receipts: StoredReceipt[]): void => void this.#check(provider, receipts)
    const crossing = isShared(this.#c.queue.store)
    const courier = new Courier({ open, clock, log, account: signer.account, crossing, onRefused, onConfirmed }, account, peer)
    this.#couriers.set(account, courier)
    return courier
  }

  /** Behind the stream: what was received is owed whatever the provider signs. */
  async #check(provider: Address, receipts: readonly StoredReceipt[]): Promise<void> {
    const { clock, log } = this.#c
    for (const [i, row] of receipts.entries()) {
      if (i > 0) await clock.sleep(0) // each takes milliseconds, and tokens may be waiting
      try {
        const error = await this.#signed.mismatch(provider, row)
        if (error === null) continue
        log.warn({ provider, reason: error.message }, 'a provider signed something else than it was paid for')
        this.#refusing.set(provider, error)
        return
      } catch (error) {
        log.debug({ provider, code: codeOf(error) }, 'a receipt’s signature could not be checked')
      }
    }
  }
}

const loadBook = (init: BookInit): Promise<Book> => (isShared(init.queue.store) ? SharedBook : ChannelBook).load(init)
