/** What the provider knows of its clients' accounts: chain reads, cached, and its own record of legs that were not paid. */
import type { Clock, Log, Store } from 'openseam/components'
import { RateLimit } from 'openseam/net/rate-limit'
import type { Wei } from 'openseam/protocol/amounts'
import { codeOf, SeamError } from 'openseam/protocol/errors'
import type { Address, Bytes32 } from 'openseam/protocol/eth'
import { decodeJson, encodeJson } from 'openseam/protocol/json'
import type { VoucherBook } from '../settle/voucher-book.ts'
import type { AccountView } from './admission.ts'

const CACHE_MS = 5_000
const STALE_WAIT_MS = 1_000 // for a chain that does not answer, when what was read before will do
const FIRST_WAIT_MS = 4_000 // and when nothing was: shorter than the client waits for us
const CACHED_MAX = 10_000
const FORESEEN = { count: 20, windowMs: 1_000 }

/** The ledger's view of one channel, in one read. */
export interface Position {
  account: { signer: Address | null; balance: Wei }
  exit: { amount: Wei; readyAt: number }
  oldKey: { signer: Address | null; validUntil: number }
  channel: { settled: Wei }
  /** Seconds; 0: none. */
  releaseAt: number
  left: Wei
}

interface UnpaidRow {
  /** Legs that ended without their closing voucher, by leg key. */
  legs: Record<string, Wei>
  /** How many ever did. */
  count: number
}

export interface AccountsComponents {
  read(client: Address, modelId: Bytes32): Promise<Position>
  book: VoucherBook
  store: Store
  clock: Clock
  log: Log
}

export class Accounts {
  readonly #c: AccountsComponents
  readonly #cache = new Map<string, { position: Position; freshUntilMs: number }>()
  readonly #reading = new Map<string, Promise<Position>>()
  readonly #lent = new Map<Address, Map<string, Wei>>()
  readonly #unpaid = new Map<Address, UnpaidRow>()
  readonly #foreseen: RateLimit

  constructor(components: AccountsComponents) {
    this.#c = components
    this.#foreseen = new RateLimit(components.clock, FORESEEN)
  }

  async load(): Promise<void> {
    for await (const [key, bytes] of this.#c.store.list('unpaid:')) {
      this.#unpaid.set(key.slice('unpaid:'.length) as Address, decodeJson<UnpaidRow>(bytes))
    }
  }

  /**
   * Serving goes on within the credit limit while the chain is away: what was read last still bounds what is lent. A chain that does not
   * answer is away as well, and must not hold up a client who waits for its leg.
   */
  async position(client: Address, modelId: Bytes32, fresh = false): Promise<Position> {
    const key = `${client}:${modelId}`
    const cached = this.#cache.get(key)
    if (cached !== undefined && this.#c.clock.tickMs() < cached.freshUntilMs) return cached.position
    if (cached !== undefined && !fresh) {
      void this.#read(key, client, modelId) // no takeover waits for the chain: what was read last is used, and read again behind it
      return cached.position
    }
    const timer = new AbortController()
    const late = this.#c.clock.sleep(cached === undefined ? FIRST_WAIT_MS : STALE_WAIT_MS, timer.signal).then(() => {
      throw new SeamError('CHAIN_TIMEOUT', 'the chain does not answer')
    })
    late.catch(() => undefined)
    try {
      return await Promise.race([this.#read(key, client, modelId), late])
    } catch (error) {
      if (cached === undefined)
        throw new SeamError('CHAIN_DOWN', 'this provider cannot read your account from the chain: try another', { cause: error })
      this.#c.log.warn({ code: codeOf(error) }, 'the chain cannot be read: lending on what was read last')
      cached.freshUntilMs = Math.max(cached.freshUntilMs, this.#c.clock.tickMs() + CACHE_MS) // the next ones need not wait as well
      return cached.position
    } finally {
      timer.abort()
    }
  }

  /**
   * Reads an account that may soon be asked for. Only so many a second: any peer can name any account in a request for a grant, and each
   * would cost a read of the chain.
   */
  foresee(client: Address, modelId: Bytes32): void {
    const key = `${client}:${modelId}`
    const cached = this.#cache.get(key)
    const fresh = cached !== undefined && this.#c.clock.tickMs() < cached.freshUntilMs
    if (!fresh && this.#foreseen.take('all')) void this.#read(key, client, modelId)
  }

  /** One read at a time of each account, however many wait for it. */
  #read(key: string, client: Address, modelId: Bytes32): Promise<Position> {
    const running = this.#reading.get(key)
    if (running !== undefined) return running
    const reading = this.#c
      .read(client, modelId)
      .then((position) => {
        if (this.#cache.size >= CACHED_MAX) this.#cache.clear()
        this.#cache.set(key, { position, freshUntilMs: this.#c.clock.tickMs() + CACHE_MS })
        return position
      })
      .finally(() => this.#reading.delete(key))
    reading.catch(() => undefined)
    this.#reading.set(key, reading)
    return reading
  }

  /** A settlement changed the chain: what was read before is still good for a chain that goes away now. */
  refresh(): void {
    for (const cached of this.#cache.values()) cached.freshUntilMs = Number.NEGATIVE_INFINITY
  }

  /** The keys whose vouchers the ledger would accept now, and for `marginMs` more. */
  async signersOf(client: Address, modelId: Bytes32, fresh = false, marginMs = 0): Promise<Address[]> {
    const { account, oldKey } = await this.position(client, modelId, fresh)
    const old = oldKey.validUntil * 1000 > this.#c.clock.nowMs() + marginMs ? [oldKey.signer] : []
    return [account.signer, ...old].filter((key): key is Address => key !== null)
  }

  async view(client: Address, modelId: Bytes32, fresh = false): Promise<AccountView> {
    const position = await this.position(client, modelId, fresh)
    const newest = this.#c.book.channel(modelId, client)?.newest
    const unpaid = this.#unpaid.get(client)
    const sum = (amounts: Iterable<Wei>): Wei => [...amounts].reduce((total, wei) => total + wei, 0n)
    const lent = this.#lent.get(client)
    return {
      balance: position.account.balance,
      left: position.releaseAt === 0 ? position.left : 0n, // on its way back: only what is lent on the balance counts
      settled: position.channel.settled,
      signed: newest?.voucher.cumulative ?? position.channel.settled,
      exitPending: position.exit.readyAt !== 0,
      known: newest !== undefined,
      openLegs: lent?.size ?? 0,
      unpaidLegs: unpaid?.count ?? 0,
      unpaid: sum(Object.values(unpaid?.legs ?? {})),
      lent: sum(lent?.values() ?? []),
      lentToAll: sum([...this.#lent.values()].flatMap((legs) => [...legs.values()]))
    }
  }

  lend(client: Address, leg: string, exposure: Wei): void {
    const lent = this.#lent.get(client) ?? new Map<string, Wei>()
    this.#lent.set(client, lent.set(leg, exposure))
  }

  repaid(client: Address, leg: string): void {
    const lent = this.#lent.get(client)
    lent?.delete(leg)
    if (lent?.size === 0) this.#lent.delete(client)
  }

  /** The leg ended and its closing voucher did not come in time. */
  async unpaid(client: Address, leg: string, owed: Wei): Promise<void> {
    const row = this.#unpaid.get(client) ?? { legs: {}, count: 0 }
    row.legs[leg] = owed
    row.count += 1
    this.#unpaid.set(client, row)
    await this.#write(client, row)
  }

  /** It came after all. */
  async settledUp(client: Address, leg: string): Promise<void> {
    const row = this.#unpaid.get(client)
    if (row?.legs[leg] === undefined) return
    delete row.legs[leg]
    await this.#write(client, row)
  }

  #write(client: Address, row: UnpaidRow): Promise<void> {
    return this.#c.store.batch([{ put: `unpaid:${client}`, value: encodeJson(row) }])
  }
}
