/**
 * What each payer has put down and used up, on disk. A payment is written, its price taken off the credit and its digest marked as used,
 * in one durable batch before anything is served; what the answer did not cost comes back in another. One process, one book.
 */
import type { Store, StoreWrite } from 'openseam/components'
import type { Wei } from 'openseam/protocol/amounts'
import type { Address, Bytes32 } from 'openseam/protocol/eth'
import { decodeJson, encodeJson } from 'openseam/protocol/json'

/** A payment whose answer is being made. */
export interface OpenPayment {
  digest: Bytes32
  payer: Address
  amount: Wei
  sessions: string[]
}

const KEEP_SECONDS = 86_400 // past its end: a clock that was set back must not open old payments again
const PRUNE_EVERY = 1_000 // payments

const creditKey = (payer: Address): string => `x4:credit:${payer}`
const depositKey = (transaction: Bytes32, payer: Address): string => `x4:deposit:${transaction}:${payer}`
const openKey = (digest: Bytes32): string => `x4:open:${digest}`
const USED = 'x4:used:'
const usedKey = (validBefore: number, digest: Bytes32): string => `${USED}${String(validBefore).padStart(13, '0')}:${digest}`
const SINCE = 'x4:since'

export class CreditBook {
  readonly #store: Store
  #last: Promise<unknown> = Promise.resolve()
  #count = 0

  constructor(store: Store) {
    this.#store = store
  }

  /** The block from which on deposits count: the first that this book ever heard of. Older ones belong to books that are lost. */
  since(now: () => Promise<number>): Promise<number> {
    return this.#alone(async () => {
      const known = await this.#read<number>(SINCE)
      if (known !== undefined) return known
      const block = await now()
      await this.#write([{ put: SINCE, value: encodeJson(block) }])
      return block
    })
  }

  async credit(payer: Address): Promise<Wei> {
    return (await this.#read<Wei>(creditKey(payer))) ?? 0n
  }

  async hasDeposit(transaction: Bytes32, payer: Address): Promise<boolean> {
    return (await this.#store.get(depositKey(transaction, payer))) !== undefined
  }

  /** Once a transaction and payer; again it changes nothing. */
  deposit(transaction: Bytes32, payer: Address, amount: Wei): Promise<void> {
    return this.#alone(async () => {
      if (await this.hasDeposit(transaction, payer)) return
      await this.#write([
        { put: depositKey(transaction, payer), value: encodeJson(amount) },
        { put: creditKey(payer), value: encodeJson((await this.credit(payer)) + amount) }
      ])
    })
  }

  /** `used`: this very payment was taken before. `short`: the credit does not reach; nothing was written. */
  open({ digest, payer, amount }: Omit<OpenPayment, 'sessions'>, validBefore: number): Promise<'open' | 'used' | 'short'> {
    return this.#alone(async () => {
      const used = usedKey(validBefore, digest)
      if ((await this.#store.get(used)) !== undefined) return 'used'
      const credit = await this.credit(payer)
      if (credit < amount) return 'short'
      const payment: OpenPayment = { digest, payer, amount, sessions: [] }
      await this.#write([
        { put: used, value: new Uint8Array([1]) },
        { put: openKey(digest), value: encodeJson(payment) },
        { put: creditKey(payer), value: encodeJson(credit - amount) }
      ])
      return 'open'
    })
  }

  /** Remembers whose work this payment pays for, so that a crash charges what was served. */
  begun(digest: Bytes32, session: string): Promise<void> {
    return this.#alone(async () => {
      const payment = await this.#read<OpenPayment>(openKey(digest))
      if (payment === undefined) return
      await this.#write([{ put: openKey(digest), value: encodeJson({ ...payment, sessions: [...payment.sessions, session] }) }])
    })
  }

  /** Keeps `spent` and gives the rest back. Returns the payer's credit; closing twice changes nothing. */
  close(digest: Bytes32, spent: Wei): Promise<Wei> {
    return this.#alone(async () => {
      const payment = await this.#read<OpenPayment>(openKey(digest))
      if (payment === undefined) return 0n
      const { payer, amount } = payment
      const credit = (await this.credit(payer)) + (spent < amount ? amount - spent : 0n)
      await this.#write([{ del: openKey(digest) }, { put: creditKey(payer), value: encodeJson(credit) }])
      return credit
    })
  }

  /** Payments that an earlier run left open. */
  async unfinished(): Promise<OpenPayment[]> {
    const found: OpenPayment[] = []
    for await (const [, value] of this.#store.list('x4:open:')) found.push(decodeJson<OpenPayment>(value))
    return found
  }

  /** Forgets marks of payments that have long been void, now and then. */
  async prune(nowSeconds: number): Promise<void> {
    this.#count += 1
    if (this.#count % PRUNE_EVERY !== 0) return
    const end = usedKey(Math.max(0, nowSeconds - KEEP_SECONDS), '0x')
    const old: StoreWrite[] = []
    for await (const [key] of this.#store.list(USED)) {
      if (key >= end || old.length >= PRUNE_EVERY * 10) break
      old.push({ del: key })
    }
    await this.#store.batch(old)
  }

  /** Reads and the write that rests on them, one after the other. */
  #alone<Value>(act: () => Promise<Value>): Promise<Value> {
    const run = this.#last.then(act)
    this.#last = run.catch(() => undefined)
    return run
  }

  async #read<Value>(key: string): Promise<Value | undefined> {
    const bytes = await this.#store.get(key)
    return bytes === undefined ? undefined : decodeJson<Value>(bytes)
  }

  #write(writes: StoreWrite[]): Promise<void> {
    return this.#store.batch(writes, { durable: true })
  }
}
