/**
 * The right to write a session, among clients that share a store (docs/spec/store.md, "Sessions: claim and fence"): every batch of the
 * session requires the claim, and that the batch before it was stored. Who lost either writes nothing more of it, and so signs nothing.
 */
import type { StoreUpdate, StoreWrite } from '../components.ts'
import { SeamError } from '../protocol/errors.ts'
import { decodeJson, encodeJson } from '../protocol/json.ts'

export interface ClaimRow {
  gateway: string
  claim: string
  /** Batches stored under this claim. */
  written: number
}

export const CLAIM_PREFIX = 'cl:'
export const claimKey = (handle: string): string => `${CLAIM_PREFIX}${handle}`
export const readClaim = (bytes: Uint8Array): ClaimRow => decodeJson<ClaimRow>(bytes)
export const claimWrite = (handle: string, row: ClaimRow): StoreWrite => ({ put: claimKey(handle), value: encodeJson(row) })

export class Fence {
  readonly handle: string
  readonly claim: string
  readonly #gateway: string
  readonly #onEnd: () => void
  readonly #listeners: ((error: unknown) => void)[] = []
  #next = 0
  #over = false
  #lost: { error: unknown } | undefined

  /** `onEnd` hears when nothing is written under the claim any more. */
  constructor(handle: string, gateway: string, claim: string, onEnd: () => void) {
    this.handle = handle
    this.#gateway = gateway
    this.claim = claim
    this.#onEnd = onEnd
  }

  /** Nothing more of the session is written here: another has it, or one of our batches was not stored. */
  get lost(): boolean {
    return this.#lost !== undefined
  }

  /** For the next batch of the session, in the order they are handed in. `last`: with it the claim is given up. */
  guard(last = false): StoreUpdate {
    if (this.#over || this.#lost !== undefined) throw moved()
    this.#over = last
    const number = this.#next++
    const decide = (bytes: Uint8Array | undefined): StoreWrite[] => {
      const row = bytes && readClaim(bytes)
      if (row === undefined || row.claim !== this.claim) throw moved()
      if (row.written !== number) throw new SeamError('STORE_DOWN', 'what came before this of the session was not stored')
      if (last) return [{ del: claimKey(this.handle) }]
      return [claimWrite(this.handle, { gateway: this.#gateway, claim: this.claim, written: number + 1 })]
    }
    return { update: claimKey(this.handle), decide }
  }

  /** Gives the claim up with a batch of its own, unless that is done or it is lost. */
  async leave(write: (guard: StoreUpdate) => Promise<void>): Promise<void> {
    if (this.#over || this.lost) return
    try {
      await write(this.guard(true))
      this.end()
    } catch (error) {
      this.fail(error)
      throw error
    }
  }

  /** The last batch is stored. */
  end(): void {
    this.#onEnd()
  }

  /** A batch was not stored: what is in memory is ahead of the store, and the store is what counts. */
  fail(error: unknown): void {
    if (this.#lost !== undefined) return
    this.#lost = { error }
    this.#onEnd()
    for (const listener of this.#listeners) listener(error)
  }

  /** At once, where it is lost already. */
  onLost(listener: (error: unknown) => void): void {
    if (this.#lost !== undefined) listener(this.#lost.error)
    else this.#listeners.push(listener)
  }
}

const moved = (): SeamError =>
  new SeamError('SESSION_MOVED', 'another gateway of this wallet has this session now: ask for its stream again')
