/** Asks every provider that is online, every few seconds, for its vouchers that are not settled yet. Nobody that is slow or away holds up the others. */
import type { Clock, Log, Rng } from 'openseam/components'
import { codeOf } from 'openseam/protocol/errors'
import type { Address } from 'openseam/protocol/eth'
import { EXPLORER_ASKS_MAX, EXPLORER_PENDING_PER_PROVIDER_MAX } from 'openseam/protocol/limits'
import type { ReceiptPeers } from './collector.ts'
import type { Pending } from './pending.ts'

export interface PendingWatchComponents {
  pending: Pending
  peers: Pick<ReceiptPeers, 'accounts' | 'open'>
  clock: Clock
  rng: Rng
  log: Log
}

interface Visit {
  /** On the clock's ticks; never while it is being asked. */
  dueMs: number
  failures: number
}

const EVERY_MS = 4_000 // and up to half as much again, so that explorers do not ask in step
const IDLE_MS = 250
const ASK_MS = 10_000
const REST_MS_MAX = 120_000 // of who cannot be reached, or answers with something else

export class PendingWatch {
  readonly #c: PendingWatchComponents
  readonly #visits = new Map<Address, Visit>()

  constructor(components: PendingWatchComponents) {
    this.#c = components
  }

  /** Until aborted. Never throws for a provider. */
  async run(signal: AbortSignal): Promise<void> {
    const askInTurn = async (): Promise<void> => {
      while (!signal.aborted) {
        const account = this.#next()
        if (account !== undefined) await this.#ask(account, signal)
        else await this.#c.clock.sleep(IDLE_MS, signal).catch(() => undefined)
      }
    }
    await Promise.all(Array.from({ length: EXPLORER_ASKS_MAX }, askInTurn))
  }

  /** Who is online and waits longest, if anyone is due. */
  #next(): Address | undefined {
    const online = new Set(this.#c.peers.accounts())
    for (const account of this.#visits.keys()) if (!online.has(account)) this.#visits.delete(account)
    let next: Address | undefined
    let dueMs = this.#c.clock.tickMs()
    for (const account of online) {
      const due = this.#visits.get(account)?.dueMs ?? 0
      if (due <= dueMs) [next, dueMs] = [account, due]
    }
    return next
  }

  async #ask(account: Address, signal: AbortSignal): Promise<void> {
    const { pending, peers, clock, rng, log } = this.#c
    const before = this.#visits.get(account)?.failures ?? 0
    this.#visits.set(account, { dueMs: Number.POSITIVE_INFINITY, failures: before })
    const late = new AbortController()
    const timer = new AbortController()
    void clock.sleep(ASK_MS, timer.signal).then(
      () => late.abort(),
      () => undefined
    )
    let failures = 0
    try {
      const reader = await peers.open(account, AbortSignal.any([signal, late.signal]))
      try {
        await pending.take(account, await reader.pendingVouchers(EXPLORER_PENDING_PER_PROVIDER_MAX))
      } finally {
        await reader.close().catch(() => undefined)
      }
    } catch (error) {
      failures = before + 1
      log.debug({ account, code: codeOf(error) }, 'vouchers cannot be read now')
    } finally {
      timer.abort()
    }
    const [chance = 0] = rng.bytes(1)
    const restMs = Math.min(REST_MS_MAX, EVERY_MS * 2 ** Math.min(failures, 10))
    this.#visits.set(account, { dueMs: clock.tickMs() + restMs + (EVERY_MS * chance) / 512, failures })
  }
}
