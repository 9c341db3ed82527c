/** The successor's side of KV continuity: grants, what they reserve, and the takeover. Streams are in standby-streams.ts. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Channel, PeerKey } from 'openseam/components'
import { weiToBytes } from 'openseam/protocol/amounts'
import { equalBytes } from 'openseam/protocol/bytes'
import { SeamError } from 'openseam/protocol/errors'
import { checkGrantRequest, signGrant } from 'openseam/protocol/grant'
import { BLOCK_TOKENS, STANDBY_KEEP_MS } from 'openseam/protocol/limits'
import type { Grant, GrantClientFrame, GrantRequest, GrantServerFrame, KvFrame, KvReply, SignedGrant } from 'openseam/protocol/pb'
import { Replica } from './replica.ts'
import { serveGrant, serveKv } from './standby-streams.ts'
import {
  type Held,
  type Standby,
  type StandbyComponents,
  type StandbyOptions,
  type StandbyStats,
  standbyDefaults,
  type Taken,
  type TakeRequest
} from './standby-types.ts'

export type { GrantTerms, Standby, StandbyComponents, StandbyOptions, StandbyStats, Taken, TakeRequest } from './standby-types.ts'

const FILE_SUFFIX = '.kv'
const idOf = (grantId: Uint8Array): string => Buffer.from(grantId).toString('hex')

export const createStandby = (components: StandbyComponents, options: Partial<StandbyOptions> = {}): Standby =>
  new StandbyStore(components, { ...standbyDefaults, ...options })

export class StandbyStore implements Standby {
  readonly #c: StandbyComponents
  readonly #options: StandbyOptions
  readonly #held = new Map<string, Held>()
  readonly #stop = new AbortController()
  readonly #sweeping: Promise<void>
  #refused = 0

  constructor(components: StandbyComponents, options: StandbyOptions) {
    this.#c = components
    this.#options = options
    mkdirSync(components.dir, { recursive: true, mode: 0o700 })
    // A restarted peer gets a new leg, so nobody will ask for these; only files of our own kind are deleted.
    for (const name of readdirSync(components.dir)) if (name.endsWith(FILE_SUFFIX)) rmSync(join(components.dir, name))
    this.#sweeping = this.#sweep()
  }

  grant(request: GrantRequest, fromPeer: PeerKey): SignedGrant {
    checkGrantRequest(request)
    const mine = [...this.#held.values()].filter((held) => held.fromPeer === fromPeer)
    const nowMs = this.#c.clock.nowMs()
    const again = mine.find(({ taken, replica: { grant } }) => !taken && grant.lockedUntilMs > nowMs && isSame(grant, request))
    if (again !== undefined) return again.signed
    const terms = this.#c.terms(request, fromPeer)
    this.#checkQuota(request.bytesMax, mine)
    const { promptWei, completionWei, standbyWei, resumeWei } = terms.prices
    const grant: Grant = {
      grantId: this.#c.rng.bytes(16),
      replica: request.replica,
      servingPeer: request.servingPeer,
      modelId: request.modelId,
      client: request.client,
      provider: terms.provider,
      peer: terms.peer,
      numerics: terms.numerics,
      bytesMax: request.bytesMax,
      promptWei: weiToBytes(promptWei),
      completionWei: weiToBytes(completionWei),
      standbyWei: weiToBytes(standbyWei),
      resumeWei: weiToBytes(resumeWei),
      lockedUntilMs: nowMs + this.#options.lockMs
    }
    const signed = signGrant(grant, this.#c.sign)
    const path = join(this.#c.dir, `${idOf(this.#c.rng.bytes(16))}${FILE_SUFFIX}`)
    this.#held.set(idOf(grant.grantId), {
      replica: new Replica(grant, path),
      signed,
      fromPeer,
      keepMs: Math.min(request.keepMs === 0 ? STANDBY_KEEP_MS : request.keepMs, this.#options.keepMsMax),
      streams: 0,
      idleSinceMs: this.#c.clock.tickMs(),
      taken: false,
      writer: undefined,
      watchers: new Set()
    })
    return signed
  }

  #checkQuota(bytes: number, mine: Held[]): void {
    const sum = (all: Iterable<Held>): number => [...all].reduce((total, held) => total + held.replica.grant.bytesMax, 0)
    const options = this.#options
    const full =
      this.#held.size >= options.grantsMax || sum(this.#held.values()) + bytes > options.bytesMax
        ? 'this peer'
        : mine.length >= options.grantsPerPeerMax || sum(mine) + bytes > options.bytesPerPeerMax
          ? 'your share of this peer'
          : null
    if (full !== null)
      throw new SeamError('GRANT_QUOTA', `${full} is full: release a grant, or ask another successor`, { detail: { bytes } })
  }

  /** Throws GRANT_UNKNOWN: the sender may ask for a new grant. */
  held(grantId: Uint8Array): Held {
    const held = this.#held.get(idOf(grantId))
    if (held === undefined) throw new SeamError('GRANT_UNKNOWN', 'no such grant here: it ended, or this peer was restarted')
    return held
  }

  granted(signed: SignedGrant): Held {
    return [...this.#held.values()].find((held) => held.signed === signed) as Held
  }

  find(grantId: Uint8Array): Grant | undefined {
    return this.#held.get(idOf(grantId))?.replica.grant
  }

  fence(grantId: Uint8Array, leg: number): void {
    this.held(grantId).replica.fence(leg)
  }

  serveGrant(channel: Channel<GrantServerFrame, GrantClientFrame>): Promise<void> {
    return serveGrant(this, channel)
  }

  serveKv(channel: Channel<KvReply, KvFrame>): Promise<void> {
    return serveKv(this, channel)
  }

  /** Keeps a grant from expiring for as long as `work` runs. */
  async using<Result>(held: Held, work: () => Promise<Result>): Promise<Result> {
    held.streams += 1
    try {
      return await work()
    } finally {
      held.streams -= 1
      held.idleSinceMs = this.#c.clock.tickMs()
    }
  }

  refused(peer: PeerKey, error: SeamError): void {
    this.#refused += 1
    this.#c.log.info({ peer, code: error.code }, 'refused a standby request')
    this.#c.fault?.(peer, error)
  }

  async take(grantId: Uint8Array, request: TakeRequest): Promise<Taken> {
    try {
      const held = this.held(grantId)
      const { replica } = held
      const { client, servingPeer } = replica.grant
      if (
        !equalBytes(client, request.client) ||
        (request.servingPeer !== undefined && !equalBytes(servingPeer, request.servingPeer))
      ) {
        throw new SeamError('GRANT_UNKNOWN', 'this grant belongs to another client or serving peer')
      }
      held.taken = true
      replica.freeze()
      const { knownHead, knownBlocks } = request
      const stored = replica.blocks
      const headKnown = knownHead !== undefined && replica.holds(knownHead)
      const contradicts = knownHead !== undefined && knownBlocks !== undefined && differs(replica.headAt(knownBlocks), knownHead)
      if (contradicts) return { blocks: [], failedAt: 0, code: 'KV_CHAIN', stored, headKnown }
      const blocksMax = Math.floor(request.positionsMax / BLOCK_TOKENS)
      const keyOf = (leg: number, generation: number): Uint8Array | undefined =>
        request.keys.find((entry) => entry.leg === leg && entry.generation === generation)?.key
      return await this.using(held, async () => ({ ...(await replica.openAll(keyOf, blocksMax)), stored, headKnown }))
    } finally {
      for (const { key } of request.keys) key.fill(0)
    }
  }

  async release(grantId: Uint8Array): Promise<void> {
    const held = this.#held.get(idOf(grantId))
    if (held === undefined) return
    this.#held.delete(idOf(grantId))
    held.writer?.abort(new SeamError('GRANT_UNKNOWN', 'the grant was released'))
    await held.replica.remove()
  }

  /** Waits, or until this standby is closed. */
  rest(ms: number): Promise<void> {
    return this.#c.clock.sleep(ms, this.#stop.signal).catch(() => undefined)
  }

  async #sweep(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.rest(this.#options.sweepMs)
      const nowMs = this.#c.clock.tickMs()
      for (const { replica, streams, idleSinceMs, keepMs } of [...this.#held.values()]) {
        if (streams === 0 && nowMs - idleSinceMs > keepMs) await this.release(replica.grant.grantId)
      }
    }
  }

  stats(): StandbyStats {
    const stats: StandbyStats = {
      grants: 0,
      bytesReserved: 0,
      bytesStored: 0,
      bytesMax: this.#options.bytesMax,
      blocks: 0,
      refused: this.#refused
    }
    for (const { replica } of this.#held.values()) {
      stats.grants += 1
      stats.bytesReserved += replica.grant.bytesMax
      stats.bytesStored += replica.bytes
      stats.blocks += replica.blocks
    }
    return stats
  }

  async close(): Promise<void> {
    this.#stop.abort()
    await this.#sweeping
    await Promise.all([...this.#held.values()].map((held) => this.release(held.replica.grant.grantId)))
  }
}

const differs = (ours: Uint8Array | undefined, theirs: Uint8Array): boolean => ours !== undefined && !equalBytes(ours, theirs)

const isSame = (grant: Grant, request: GrantRequest): boolean =>
  grant.bytesMax === request.bytesMax &&
  (['replica', 'servingPeer', 'modelId', 'client'] as const).every((field) => equalBytes(grant[field], request[field]))
