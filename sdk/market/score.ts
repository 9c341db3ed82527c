/**
 * How good an offer is, as one number in seconds: the time a typical answer would take, made longer by what makes the peer a
 * worse bet. Lower is better. Every factor is 1 for a perfect peer, so they can be read and tuned one by one
 * (docs/spec/market.md).
 */
import { failuresOf, type Observed } from './observe.ts'
import type { ModelOfferView, OfferView } from './offer.ts'

const ANSWER_TOKENS = 128 // a typical answer
const DECLARED_TRUST = 0.5 // a declared speed counts half until this client has measured one
const ROUND_TRIP_MS_UNKNOWN = 50
const FAILURE_FACTOR = 2 // each failure that has not faded counts like twice the time
const PRICE_WEIGHT = 0.5 // four times the price weighs like twice the time
const SAME_REGION = 1.2
const SAME_NETWORK = 2
const OTHER_NUMERICS = 4 // it would continue with other logits

export interface ScoreContext {
  positions: number
  nowMs: number
  /** Price of this request at the cheapest eligible peer, in wei. */
  cheapestWei: number
}

export interface Unscored {
  offer: OfferView
  model: ModelOfferView
  /** Of the request at hand. */
  wei: number
}

export interface Placeable extends Unscored {
  score: number
}

/** Price of a request with a typical answer; exact enough to compare. */
export const requestWei = (model: ModelOfferView, positions: number): number =>
  Number(model.promptWei) * positions + Number(model.completionWei) * ANSWER_TOKENS

export const scoreOf = ({ model, wei }: Unscored, seen: Observed | undefined, context: ScoreContext): number => {
  const perSecond = seen?.decodePerSecond ?? DECLARED_TRUST * model.decodePerSecond
  const prefillPerSecond = Math.max(1, DECLARED_TRUST * model.prefillPerSecond)
  const roundTripSeconds = (seen?.roundTripMs ?? ROUND_TRIP_MS_UNKNOWN) / 1000
  const firstSeconds =
    seen?.firstTokenMs == null ? roundTripSeconds + context.positions / prefillPerSecond : seen.firstTokenMs / 1000
  const seconds = firstSeconds + ANSWER_TOKENS / Math.max(1, perSecond)
  const load = 1 + (model.slotsTotal - model.slotsFree) / Math.max(1, model.slotsTotal)
  const risk = seen === undefined ? 1 : FAILURE_FACTOR ** Math.min(failuresOf(seen, context.nowMs), 10)
  const price = ((1 + wei) / (1 + context.cheapestWei)) ** PRICE_WEIGHT
  return seconds * load * risk * price
}

/** What the peers chosen so far would share with a successor. */
export interface Fate {
  regions: ReadonlySet<string>
  networks: ReadonlySet<string | null>
  numerics: string | undefined
}

export const fateOf = (chosen: readonly Placeable[], numerics: string | undefined): Fate => ({
  regions: new Set(chosen.map(({ offer }) => offer.region).filter((region) => region !== '')),
  networks: new Set(chosen.map(({ offer }) => networkOf(offer)).filter((network) => network !== null)),
  numerics
})

/** What a successor is worse by, for sharing the fate of the peers it stands by for, or for computing differently. */
export const successorFactor = ({ offer, model }: Placeable, { regions, networks, numerics }: Fate): number =>
  (regions.has(offer.region) ? SAME_REGION : 1) *
  (networks.has(networkOf(offer)) ? SAME_NETWORK : 1) *
  (numerics !== undefined && model.numerics !== numerics ? OTHER_NUMERICS : 1)

const networks = new WeakMap<OfferView, string | null>() // an offer is asked for every placement of its life

/** The first address's /24 (IPv4), /48 (IPv6) or domain; null when there is no address. */
export const networkOf = (offer: OfferView): string | null => {
  let network = networks.get(offer)
  if (network === undefined) networks.set(offer, (network = readNetwork(offer.multiaddrs[0] ?? '')))
  return network
}

const readNetwork = (multiaddr: string): string | null => {
  const [, kind, host] = multiaddr.split('/')
  if (kind === undefined || host === undefined) return null
  if (kind === 'ip4') return host.split('.').slice(0, 3).join('.')
  if (kind === 'ip6') return host.split(':').slice(0, 3).join(':')
  return host.split('.').slice(-2).join('.')
}
