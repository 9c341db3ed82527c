/**
 * The session's view of the market: which peer serves the next leg, and which keep its blocks. Decisions are the pure functions of
 * `sdk/market`; this file brings them the offers, what this client has seen, and the grants that are open.
 */
import type { Clock, Log, PeerKey, Rng } from '../components.ts'
import { type Observed, observeFailure, observeFirstToken, observeTokens } from '../market/observe.ts'
import type { ModelOfferView, OfferView } from '../market/offer.ts'
import { place, type Want } from '../market/place.ts'
import { planTakeover } from '../market/plan.ts'
import { weiFromBytes } from '../protocol/amounts.ts'
import { codeOf, type ErrorCode, SeamError } from '../protocol/errors.ts'
import { type Bytes32, hexToBytes } from '../protocol/eth.ts'
import type * as wire from '../protocol/pb/messages.js'
import { EndReason, endName } from '../protocol/typed-data.ts'
import { replicaOf } from './keys.ts'
import type { LegTarget } from './leg-open.ts'
import type { Session } from './session.ts'
import { standbyBytes } from './standby-plan.ts'
import type { Standby, Standbys } from './standbys.ts'
import type { Lost } from './turn-components.ts'

const GRANT_WAIT_MS = 300 // a successor that is slower than this is asked again while the leg runs

export type Tier = 'warm' | 'prefill' | 'auto'

export interface DeskComponents {
  offers(): OfferView[]
  refresh(modelId: Bytes32): Promise<void>
  clock: Clock
  rng: Rng
  log: Log
  client: Bytes32
  tier: Tier
  /** The client's own lists: why it deals with this provider under no circumstances. */
  refuses?(offer: OfferView): Reason | null
}

export interface Reason {
  code: ErrorCode
  detail: string
}

/** An offer as a request would find it. */
export interface Surveyed {
  offer: OfferView
  model: ModelOfferView
  /** Null: it could serve now. */
  reason: Reason | null
}

export class MarketDesk {
  readonly #c: DeskComponents
  readonly #observed = new Map<PeerKey, Observed>()
  /** Requests for grants that are still under way: not to be made twice. */
  readonly #asking = new WeakMap<Standbys, { target: PeerKey; done: Promise<void> }>()

  constructor(components: DeskComponents) {
    this.#c = components
  }

  observe(peer: PeerKey, seen: { failed?: string; tokens?: number; ms?: number; firstTokenMs?: number }): void {
    const nowMs = this.#c.clock.nowMs()
    let row = this.#observed.get(peer)
    if (seen.failed !== undefined) row = observeFailure(row, nowMs)
    if (seen.firstTokenMs !== undefined) row = observeFirstToken(row, seen.firstTokenMs, nowMs)
    if (seen.tokens !== undefined && seen.ms !== undefined) row = observeTokens(row, seen.tokens, seen.ms, nowMs)
    if (row !== undefined) this.#observed.set(peer, row)
  }

  /** Throws NO_PROVIDER whose detail has the reason for every peer that was not chosen. */
  async choose(session: Session, standbys: Standbys, lost: Lost | null, failed: Map<PeerKey, Reason>): Promise<LegTarget> {
    this.#refuse(failed)
    if (lost !== null && !lost.mayReturn) {
      const detail = `an earlier leg of this answer ended here: ${endName(lost.end)}`
      failed.set(lost.peer, lost.refusal ?? { code: lost.end === EndReason.drained ? 'DRAINING' : 'NET_CLOSED', detail })
    }
    const warm = this.#warm(session, standbys, lost, failed)
    if (warm !== null) return warm
    const { record } = session
    const parked =
      lost === null && record.parkedAt !== undefined && record.turn.cache
        ? this.#offer(record.parkedAt as PeerKey, record.modelId)
        : undefined
    if (parked !== undefined && record.turn.provider === undefined && !failed.has(parked.peer))
      return this.#target(parked, record.modelId)
    for (const last of [false, true]) {
      const { provider, excluded } = this.#place(session, lost === null ? record.turn.provider : undefined, failed)
      if (provider !== null) return this.#target(provider, record.modelId)
      if (last) {
        const why = excluded.map((row) => `${row.provider.slice(-6)}: ${row.code}`).join(', ')
        throw new SeamError('NO_PROVIDER', `no provider can serve this now${why === '' ? ': none is on offer' : ` (${why})`}`, {
          detail: { excluded }
        })
      }
      await this.#c.refresh(record.modelId)
      this.#refuse(failed)
    }
    throw new SeamError('INTERNAL', 'unreachable')
  }

  /** Every offer of a model, and why it would not be chosen. */
  survey(want: Want, failed: ReadonlyMap<PeerKey, Reason>): Surveyed[] {
    const exclude = new Map(failed)
    this.#refuse(exclude)
    const offers = this.#c.offers()
    const { excluded } = place({
      offers,
      want,
      observed: this.#observed,
      exclude,
      successors: 0,
      nowMs: this.#c.clock.nowMs(),
      draw: this.#draw()
    })
    const reasons = new Map(excluded.filter(({ code }) => code !== 'NOT_CHOSEN').map((row) => [row.provider, row]))
    return offers.flatMap((offer) => {
      const model = offer.models.find(({ modelId, name }) => modelId === want.model || name === want.model)
      if (model === undefined) return []
      const reason = reasons.get(offer.peerId)
      return [{ offer, model, reason: reason === undefined ? null : { code: reason.code, detail: reason.detail } }]
    })
  }

  #refuse(exclude: Map<PeerKey, Reason>): void {
    for (const offer of this.#c.offers()) {
      const reason = this.#c.refuses?.(offer)
      if (reason != null) exclude.set(offer.peer, reason)
    }
  }

  /** Keeps `wanted` successors with a grant for this serving peer; those that have one stay. Never throws. */
  async successors(session: Session, standbys: Standbys, target: LegTarget): Promise<wire.SuccessorRef[]> {
    const { record } = session
    const wanted = this.#c.tier === 'prefill' ? 0 : record.turn.successors
    for (const held of standbys.list()) if (held.servingPeer !== target.peer) await standbys.release(held.peer)
    let asking = this.#asking.get(standbys)
    if (asking?.target !== target.peer) {
      const done = this.#askAll(session, standbys, target, wanted)
        .catch((error: unknown) => this.#c.log.warn({ code: codeOf(error) }, 'no standby could be asked'))
        .finally(() => this.#asking.delete(standbys))
      asking = { target: target.peer, done }
      this.#asking.set(standbys, asking)
    }
    await Promise.race([asking.done, this.#c.clock.sleep(GRANT_WAIT_MS)])
    return standbys.list().map((held) => ({
      grantId: held.grant.grantId,
      peer: hexToBytes(held.peer, 32),
      multiaddrs: held.multiaddrs
    }))
  }

  /** Whoever refuses, or is not there, makes room for the next one to be asked. */
  async #askAll(session: Session, standbys: Standbys, target: LegTarget, wanted: number): Promise<void> {
    const { record, root } = session
    const asked = new Set<PeerKey>([target.peer, ...standbys.list().map((held) => held.peer)])
    while (wanted > standbys.list().length) {
      const candidates = this.#standbyCandidates(session, target, asked, wanted - standbys.list().length)
      if (candidates.length === 0) return
      const terms = {
        replica: replicaOf(root, record.replicaLeg),
        servingPeer: target.peer,
        modelId: record.modelId,
        client: this.#c.client,
        bytesMax: standbyBytes(record.turn.maxTo, this.#blockBytes(record.modelId))
      }
      await Promise.all(
        candidates.map((offer) => {
          asked.add(offer.peer)
          return standbys.request(offer, terms).catch((error: unknown) => {
            this.observe(offer.peer, { failed: codeOf(error) })
            this.#c.log.info({ peer: offer.peerId, code: codeOf(error) }, 'no standby grant')
          })
        })
      )
    }
  }

  #standbyCandidates(session: Session, target: LegTarget, asked: ReadonlySet<PeerKey>, count: number): OfferView[] {
    const { record } = session
    const busy = { code: 'BUSY' as const, detail: 'serves already' }
    const { provider, successors } = place({
      offers: this.#c.offers().filter((offer) => offer.account !== target.account && this.#c.refuses?.(offer) == null),
      want: { model: record.modelId, positions: record.turn.maxTo, numerics: target.numerics },
      observed: this.#observed,
      exclude: new Map([...asked].map((peer) => [peer, busy])),
      successors: count,
      nowMs: this.#c.clock.nowMs(),
      draw: this.#draw()
    })
    return [provider, ...successors].filter((offer): offer is OfferView => offer !== null).slice(0, count)
  }

  #blockBytes(modelId: Bytes32): number {
    const models = this.#c.offers().flatMap((offer) => offer.models)
    return models.find((model) => model.modelId === modelId)?.blockBytes ?? 0
  }

  /** The takeover planner's choice among the successors that hold blocks of the leg that was lost. */
  #warm(session: Session, standbys: Standbys, lost: Lost | null, failed: ReadonlyMap<PeerKey, unknown>): LegTarget | null {
    if (this.#c.tier === 'prefill' || lost?.mayReturn === true) return null
    const { record } = session
    const servedBy = lost?.peer ?? (record.parkedAt as PeerKey | undefined)
    if (servedBy === undefined || !record.turn.cache) return null
    if (lost === null && this.#offer(servedBy, record.modelId) !== undefined) return null // it still has the whole KV itself
    const held = standbys.list().filter((standby) => standby.servingPeer === servedBy && !failed.has(standby.peer))
    if (held.length === 0) return null
    const plan = planTakeover({
      from: session.record.accepted,
      warm: held.map(({ peer, blocks }) => ({ peer, blocks })),
      candidates: [],
      rates: new Map(),
      prefer: this.#c.tier === 'auto' ? 'auto' : 'warm'
    })
    const standby = held.find((candidate) => candidate.peer === plan?.peer)
    return standby === undefined ? null : this.#standbyTarget(standby, record.modelId)
  }

  #standbyTarget(standby: Standby, modelId: Bytes32): LegTarget | null {
    const offer = this.#offer(standby.peer, modelId)
    if (offer === undefined) return null
    return {
      ...this.#target(offer, modelId),
      promptWei: weiFromBytes(standby.grant.promptWei),
      completionWei: weiFromBytes(standby.grant.completionWei),
      grantId: standby.grant.grantId,
      ...(standby.head !== null && { kvHead: standby.head })
    }
  }

  #place(session: Session, provider: string | undefined, exclude: ReadonlyMap<PeerKey, { code: ErrorCode; detail: string }>) {
    const { turn, modelId } = session.record
    return place({
      offers: this.#c.offers(),
      want: {
        model: modelId,
        positions: turn.maxTo,
        ...(turn.maxPrice !== undefined && { maxWeiPerMillion: turn.maxPrice }),
        ...(provider !== undefined && { provider })
      },
      observed: this.#observed,
      exclude,
      successors: 0,
      nowMs: this.#c.clock.nowMs(),
      draw: this.#draw()
    })
  }

  #offer(peer: PeerKey, modelId: Bytes32): OfferView | undefined {
    return this.#c
      .offers()
      .find((offer) => offer.peer === peer && !offer.draining && offer.models.some((model) => model.modelId === modelId))
  }

  #target(offer: OfferView, modelId: Bytes32): LegTarget {
    const model = offer.models.find((row) => row.modelId === modelId)
    if (model === undefined) throw new SeamError('MODEL_UNKNOWN', 'the peer no longer offers the model')
    const { peer, peerId, account, x25519, multiaddrs } = offer
    return {
      peer,
      peerId,
      account,
      x25519,
      multiaddrs,
      promptWei: model.promptWei,
      completionWei: model.completionWei,
      numerics: model.numerics
    }
  }

  #draw(): () => number {
    return () => new DataView(this.#c.rng.bytes(4).buffer).getUint32(0) / 2 ** 32
  }
}
