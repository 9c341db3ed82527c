/** Whether the wallet can pay at all, asked before anything is bought. */
import type { Clock, Log } from '../components.ts'
import type { Wei } from '../protocol/amounts.ts'
import { codeOf, SeamError } from '../protocol/errors.ts'
import type { Address } from '../protocol/eth.ts'

const CACHE_MS = 2_000
const WAIT_MS = { known: 1_000, unknown: 4_000 } // for a chain that does not answer

export interface EscrowComponents {
  account: Address
  /** What is in the ledger for it, in wei. */
  read(): Promise<Wei>
  clock: Clock
  log: Log
}

export class Escrow {
  readonly #c: EscrowComponents
  #known: { wei: Wei; freshUntilMs: number } | undefined

  constructor(components: EscrowComponents) {
    this.#c = components
  }

  /** Throws WALLET_UNFUNDED where the chain says that there is nothing. */
  async check(): Promise<void> {
    if (this.#known === undefined || this.#c.clock.tickMs() > this.#known.freshUntilMs) await this.#read()
    if (this.#known?.wei !== 0n) return
    throw new SeamError('WALLET_UNFUNDED', `the account ${this.#c.account} has no escrow: deposit OPEN in the ledger first`)
  }

  /** A chain that is away, or does not answer, must not hold up an answer that providers will lend. */
  async #read(): Promise<void> {
    const { clock, log } = this.#c
    const timer = new AbortController()
    const late = clock.sleep(this.#known === undefined ? WAIT_MS.unknown : WAIT_MS.known, timer.signal).then(() => {
      throw new SeamError('CHAIN_TIMEOUT', 'the chain does not answer')
    })
    late.catch(() => undefined)
    try {
      const wei = await Promise.race([this.#c.read(), late])
      this.#known = { wei, freshUntilMs: clock.tickMs() + CACHE_MS }
    } catch (error) {
      log.warn({ code: codeOf(error) }, 'the chain cannot be read: going on with what was known')
      if (this.#known !== undefined) this.#known.freshUntilMs = clock.tickMs() + CACHE_MS
    } finally {
      timer.abort()
    }
  }
}
