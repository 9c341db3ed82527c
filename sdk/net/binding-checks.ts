/**
 * Bindings are checked against the chain: dear, so each is asked for once while it holds, a few at a time, and failures wait a
 * while.
 */
import type { Clock, PeerKey } from '../components.ts'
import type { PeerBindingWire } from '../market/offer.ts'
import { bytesToHex } from '../protocol/eth.ts'

export type BindingVerdict = { ok: true } | { ok: false; reason: string }
/** Throwing means that it cannot be told now; `ok: false` that the binding does not hold. */
export type VerifyBinding = (binding: PeerBindingWire) => Promise<BindingVerdict>

const OK = { ok: true } as const
const PARALLEL_MAX = 8
const WAITING_MAX = 1_024
const REMEMBERED_MAX = 10_000
const PROVEN_MS = 600_000 // stake reads are cached this long (docs/spec/offer.md)
const REFUSED_MS = 10_000 // a chain that was down, or a stake just put down, is seen soon

interface Remembered {
  binding: string
  verdict: BindingVerdict
  untilMs: number
}

export class BindingChecks {
  readonly #verify: VerifyBinding
  readonly #clock: Clock
  readonly #remembered = new Map<PeerKey, Remembered>()
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(verify: VerifyBinding, clock: Clock) {
    this.#verify = verify
    this.#clock = clock
  }

  /** What is remembered of exactly this binding. Not fresh: to be checked again, and good for use until then. */
  known(peer: PeerKey, binding: PeerBindingWire): { ok: boolean; fresh: boolean } {
    const known = this.#remembered.get(peer)
    if (known === undefined || known.binding !== nameOf(binding)) return { ok: false, fresh: false }
    return { ok: known.verdict.ok, fresh: known.untilMs > this.#clock.nowMs() }
  }

  async check(peer: PeerKey, binding: PeerBindingWire): Promise<BindingVerdict> {
    if (this.#waiting.length >= WAITING_MAX) return { ok: false, reason: 'too many bindings wait to be checked' }
    if (this.#running >= PARALLEL_MAX) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#running += 1
    try {
      // a chain that is down proves nothing: what held before goes on holding
      const before = this.known(peer, binding)
      const verdict = await this.#verify(binding).catch((error) =>
        before.ok ? OK : { ok: false as const, reason: String(error) }
      )
      const untilMs = this.#clock.nowMs() + (verdict.ok ? PROVEN_MS : REFUSED_MS)
      this.#remember(peer, { binding: nameOf(binding), verdict, untilMs })
      return verdict
    } finally {
      this.#running -= 1
      this.#waiting.shift()?.()
    }
  }

  #remember(peer: PeerKey, entry: Remembered): void {
    this.#remembered.delete(peer)
    this.#remembered.set(peer, entry)
    if (this.#remembered.size > REMEMBERED_MAX)
      for (const oldest of this.#remembered.keys()) if (this.#remembered.delete(oldest)) break
  }
}

// The signature covers every field of the binding, but only after it was verified: so the name has all of them.
const nameOf = ({ provider, peer, x25519, signer, validUntil, signature }: PeerBindingWire): string =>
  [provider, peer, x25519, signer, signature].map(bytesToHex).join() + validUntil
