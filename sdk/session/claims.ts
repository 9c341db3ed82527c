/**
 * Which of a wallet's gateways answers which session, and which of them are gone (docs/spec/store.md, "Sessions: claim and fence").
 * Clocks are not compared: a beat that does not change while we watch it is what tells. A wrong guess costs an answer, never money.
 */
import type { Clock, Log, Rng, SharedStore, StoreWrite } from '../components.ts'
import { codeOf, SeamError } from '../protocol/errors.ts'
import { bytesToHex } from '../protocol/eth.ts'
import { decodeJson, encodeJson } from '../protocol/json.ts'
import { CLAIM_PREFIX, type ClaimRow, claimKey, claimWrite, Fence, readClaim } from './fence.ts'

export const BEAT_MS = 1_000
/** So that what a gateway left open is paid before its providers give up waiting for that (10 s) and lend the account less. */
export const GONE_MS = 5_000
const BLIND_MS = 3_000 // between two looks: it was us who stood still, or the store
const AGAIN_MS = 30_000 // for a session that could not be closed
const BEAT_PREFIX = 'gw:'
const beatKey = (gateway: string): string => `${BEAT_PREFIX}${gateway}`

export interface ClaimsComponents {
  store: SharedStore
  clock: Clock
  rng: Rng
  log: Log
}

/** Who does what a gateway that is gone cannot do any more. */
export interface Heir {
  /** Closes the leg that was left open, pays for it, and gives the claim up. */
  close(fence: Fence): Promise<void>
  /** Brings vouchers to whoever waits for them. */
  deliver(): Promise<void>
}

export class Claims {
  readonly gateway: string
  readonly #c: ClaimsComponents
  /** Claims of ours that something here writes under. */
  readonly #held = new Set<string>()
  /** Beats of the others, and since when we have seen them so. */
  readonly #seen = new Map<string, { beat: number; sinceMs: number }>()
  /** Sessions that could not be closed, and when they are tried again. */
  readonly #later = new Map<string, number>()
  readonly #stop = new AbortController()
  readonly #ready: Promise<void>
  #running: Promise<void> = Promise.resolve()
  #beat = 0
  #lookedMs = Number.NEGATIVE_INFINITY

  constructor(components: ClaimsComponents) {
    this.#c = components
    this.gateway = bytesToHex(components.rng.bytes(16)).slice(2)
    this.#ready = this.#beatOnce() // nobody who claims is taken for gone
    this.#ready.catch(() => undefined)
  }

  /** Beats, watches the others, and does for those that are gone what they left undone. */
  start(heir: Heir): void {
    this.#running = this.#run(heir)
  }

  /** Throws SESSION_BUSY while somebody answers the session, or where `from` is no longer the claim to take it from. */
  async take(handle: string, from?: string): Promise<Fence> {
    const { store, rng } = this.#c
    await this.#ready.catch(() => this.#beatOnce())
    for (;;) {
      const bytes = await store.get(claimKey(handle))
      const before = bytes && readClaim(bytes)
      if (before !== undefined && !(await this.#isFree(before))) throw busy()
      if (from !== undefined && before?.claim !== from) throw busy()
      const claim = bytesToHex(rng.bytes(16)).slice(2)
      this.#held.add(claim)
      try {
        await store.batch([{ update: claimKey(handle), decide: (now) => this.#claim(handle, claim, before, now) }])
      } catch (error) {
        this.#held.delete(claim)
        if (error instanceof Changed) continue
        throw error
      }
      return new Fence(handle, this.gateway, claim, () => this.#held.delete(claim))
    }
  }

  /** Does a gateway that is there answer this session? */
  async isAnswered(handle: string): Promise<boolean> {
    const bytes = await this.#c.store.get(claimKey(handle))
    return bytes !== undefined && !(await this.#isFree(readClaim(bytes)))
  }

  /** Takes the beat back, which says at once that this gateway is gone. */
  async close(): Promise<void> {
    this.#stop.abort()
    await this.#running
    await this.#c.store
      .batch([{ del: beatKey(this.gateway) }])
      .catch((error: unknown) => this.#warn(error, 'a beat could not be taken back'))
  }

  #claim(handle: string, claim: string, before: ClaimRow | undefined, now: Uint8Array | undefined): StoreWrite[] {
    if ((now && readClaim(now).claim) !== before?.claim) throw new Changed()
    return [claimWrite(handle, { gateway: this.gateway, claim, written: 0 })]
  }

  /** Of a gateway that is gone, or ours and nothing here writes under it: after a batch that was not stored. */
  async #isFree({ gateway, claim }: ClaimRow): Promise<boolean> {
    if (gateway === this.gateway) return !this.#held.has(claim)
    const bytes = await this.#c.store.get(beatKey(gateway))
    return bytes === undefined || this.#isStill(gateway, decodeJson<number>(bytes))
  }

  #isStill(gateway: string, beat: number): boolean {
    const seen = this.#seen.get(gateway)
    return seen?.beat === beat && this.#c.clock.tickMs() - seen.sinceMs >= GONE_MS
  }

  async #run(heir: Heir): Promise<void> {
    const { clock } = this.#c
    const { signal } = this.#stop
    while (!signal.aborted) {
      await this.#beatOnce().catch((error: unknown) => this.#warn(error, 'a beat could not be stored'))
      await this.#look(heir).catch((error: unknown) => this.#warn(error, 'the other gateways could not be looked at'))
      await clock.sleep(BEAT_MS, signal).catch(() => undefined)
    }
  }

  #beatOnce(): Promise<void> {
    this.#beat += 1
    return this.#c.store.batch([{ put: beatKey(this.gateway), value: encodeJson(this.#beat) }])
  }

  async #look(heir: Heir): Promise<void> {
    const gone = await this.#watch()
    for await (const [key, bytes] of this.#c.store.list(CLAIM_PREFIX)) {
      if (this.#stop.signal.aborted) return
      const handle = key.slice(CLAIM_PREFIX.length)
      const row = readClaim(bytes)
      const due = (this.#later.get(handle) ?? 0) <= this.#c.clock.tickMs()
      if (due && (await this.#isFree(row))) await this.#inherit(heir, handle, row.claim)
    }
    if (gone.length === 0) return
    await heir.deliver()
    for (const [gateway, beat] of gone) {
      this.#seen.delete(gateway)
      await this.#c.store.batch([
        {
          update: beatKey(gateway),
          decide: (now) => (now && decodeJson<number>(now) === beat ? [{ del: beatKey(gateway) }] : [])
        }
      ])
    }
  }

  async #inherit(heir: Heir, handle: string, claim: string): Promise<void> {
    try {
      await heir.close(await this.take(handle, claim))
      this.#later.delete(handle)
    } catch (error) {
      if (codeOf(error) === 'SESSION_BUSY') return // somebody else was quicker
      this.#later.set(handle, this.#c.clock.tickMs() + AGAIN_MS)
      this.#warn(error, 'a session that another gateway left could not be closed')
    }
  }

  /** Those that are gone since the last look, with their last beats. */
  async #watch(): Promise<[gateway: string, beat: number][]> {
    const rows: [gateway: string, beat: number][] = []
    for await (const [key, bytes] of this.#c.store.list(BEAT_PREFIX))
      rows.push([key.slice(BEAT_PREFIX.length), decodeJson<number>(bytes)])
    const nowMs = this.#c.clock.tickMs()
    const blind = nowMs - this.#lookedMs > BLIND_MS
    this.#lookedMs = nowMs
    for (const seen of this.#seen.values()) if (blind) seen.sinceMs = nowMs
    const there = new Set<string>()
    for (const [gateway, beat] of rows) {
      if (gateway === this.gateway) continue
      if (this.#seen.get(gateway)?.beat !== beat) this.#seen.set(gateway, { beat, sinceMs: nowMs })
      if (!this.#isStill(gateway, beat)) there.add(gateway)
    }
    return [...this.#seen].filter(([gateway]) => !there.has(gateway)).map(([gateway, { beat }]) => [gateway, beat])
  }

  #warn(error: unknown, message: string): void {
    this.#c.log.warn({ code: codeOf(error) }, message)
  }
}

class Changed extends Error {}

const busy = (): SeamError => new SeamError('SESSION_BUSY', 'this session is still answering: wait for it, or cancel it')
