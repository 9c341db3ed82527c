/**
 * Who serves, and who stands by: filter, score, then the better of two drawn at random among the good ones. Drawing spreads
 * clients that all see the same offers; taking the better of two keeps the worst peers from being chosen. Pure: chance and time
 * are arguments.
 */
import type { PeerKey } from '../components.ts'
import type { ErrorCode } from '../protocol/errors.ts'
import type { Hex } from '../protocol/eth.ts'
import type { Observed } from './observe.ts'
import type { ModelOfferView, OfferView } from './offer.ts'
import { fateOf, type Placeable, requestWei, scoreOf, successorFactor } from './score.ts'

const GOOD_ENOUGH = 2 // only peers within this factor of the best score are drawn

export interface Want {
  /** A model's name or its id. */
  model: string | Hex
  /** Prompt and answer together. */
  positions: number
  /** Cap on the dearer of prompt and completion, in wei per million positions. */
  maxWeiPerMillion?: bigint
  /** Only this peer (peer id) may serve; successors are free. */
  provider?: string
  /** What successors should compute like; default: like the provider. */
  numerics?: Hex
}

export interface Placement {
  offers: readonly OfferView[]
  want: Want
  observed: ReadonlyMap<PeerKey, Observed>
  exclude: ReadonlyMap<PeerKey, { code: ErrorCode; detail: string }>
  /** How many to choose besides the provider. */
  successors: number
  nowMs: number
  /** Uniform in [0, 1). */
  draw: () => number
}

export interface Exclusion {
  /** Peer id. */
  provider: string
  code: ErrorCode
  detail: string
}

export interface Placed {
  provider: OfferView | null
  /** Fewer than asked for when there are not enough accounts. */
  successors: OfferView[]
  /** Every offer that was not chosen, with the reason. */
  excluded: Exclusion[]
}

export const place = (placement: Placement): Placed => {
  const { want, successors: count, draw } = placement
  const excluded: Exclusion[] = []
  const eligible = filter(placement, excluded)
  const mayServe = want.provider === undefined ? eligible : eligible.filter(({ offer }) => offer.peerId === want.provider)
  const provider = pick(mayServe, (candidate) => candidate.score, draw)
  const chosen = provider === null ? [] : [provider]
  const numerics = want.numerics ?? provider?.model.numerics
  while (provider !== null && chosen.length <= count) {
    const accounts = new Set(chosen.map(({ offer }) => offer.account))
    const others = eligible.filter(({ offer }) => !accounts.has(offer.account))
    // equal numerics first: only where there are none may a successor compute differently
    const equal = others.filter(({ model }) => model.numerics === numerics)
    const fate = fateOf(chosen, numerics)
    const next = pick(equal.length > 0 ? equal : others, (candidate) => candidate.score * successorFactor(candidate, fate), draw)
    if (next === null) break
    chosen.push(next)
  }
  explain(eligible, chosen, want, excluded)
  return { provider: provider?.offer ?? null, successors: chosen.slice(1).map(({ offer }) => offer), excluded }
}

/** Why this offer cannot serve the request at all; null: it can. */
const unfit = (
  offer: OfferView,
  model: ModelOfferView | undefined,
  { want, nowMs }: Placement
): Omit<Exclusion, 'provider'> | null => {
  if (offer.expiresAtMs <= nowMs) return { code: 'OFFER_EXPIRED', detail: 'its offer has expired' }
  if (model === undefined) return { code: 'MODEL_UNKNOWN', detail: 'it does not offer the model' }
  if (offer.draining) return { code: 'DRAINING', detail: 'it is shutting down' }
  if (model.slotsFree <= 0) return { code: 'NO_SLOT', detail: `all of its ${model.slotsTotal} slots are taken` }
  if (want.positions > model.contextMax) {
    return { code: 'CONTEXT_TOO_LONG', detail: `${want.positions} positions asked for, it takes ${model.contextMax}` }
  }
  const cap = want.maxWeiPerMillion
  const dear = [model.promptWei, model.completionWei].find((wei) => cap !== undefined && wei * 1_000_000n > cap)
  if (dear !== undefined) {
    return { code: 'PRICE_ABOVE_CAP', detail: `${dear * 1_000_000n} wei per million positions, the cap is ${cap}` }
  }
  return null
}

const filter = (placement: Placement, excluded: Exclusion[]): Placeable[] => {
  const { offers, want, observed, exclude, nowMs } = placement
  const eligible: Placeable[] = []
  let cheapestWei = Number.POSITIVE_INFINITY
  for (const offer of offers) {
    const model = offer.models.find(({ modelId, name }) => modelId === want.model || name === want.model)
    const reason = exclude.get(offer.peer) ?? unfit(offer, model, placement)
    if (reason !== null || model === undefined) {
      if (reason !== null) excluded.push({ provider: offer.peerId, code: reason.code, detail: reason.detail })
      continue
    }
    const wei = requestWei(model, want.positions)
    cheapestWei = Math.min(cheapestWei, wei)
    eligible.push({ offer, model, wei, score: 0 })
  }
  const context = { positions: want.positions, nowMs, cheapestWei }
  for (const candidate of eligible) candidate.score = scoreOf(candidate, observed.get(candidate.offer.peer), context)
  return eligible
}

const pick = (
  candidates: readonly Placeable[],
  score: (candidate: Placeable) => number,
  draw: () => number
): Placeable | null => {
  const scores = candidates.map(score)
  const bar = GOOD_ENOUGH * scores.reduce((best, value) => Math.min(best, value), Number.POSITIVE_INFINITY)
  const good: number[] = []
  for (let i = 0; i < scores.length; i++) if ((scores[i] as number) <= bar) good.push(i)
  if (good.length === 0) return null
  const one = good[Math.floor(draw() * good.length)] as number
  const two = good[Math.floor(draw() * good.length)] as number
  return candidates[(scores[two] as number) < (scores[one] as number) ? two : one] as Placeable
}

const explain = (eligible: readonly Placeable[], chosen: readonly Placeable[], want: Want, excluded: Exclusion[]): void => {
  const peers = new Set(chosen.map(({ offer }) => offer.peer))
  const detail = want.provider === undefined ? 'fit to serve, but another was drawn' : 'another provider was asked for'
  for (const { offer } of eligible)
    if (!peers.has(offer.peer)) excluded.push({ provider: offer.peerId, code: 'NOT_CHOSEN', detail })
}
