/** A client's own lists of providers: whom it deals with, and whom never. */
import type { OfferView } from '../market/offer.ts'
import type { Reason } from '../session/market-desk.ts'

export interface Lists {
  /** Peer ids or account addresses; when given, nobody else serves, keeps blocks or takes over. */
  allow?: string[]
  /** Peer ids or account addresses; goes before `allow`. */
  deny?: string[]
}

export const refusesBy = ({ allow, deny = [] }: Lists): ((offer: OfferView) => Reason | null) => {
  const named = (list: string[]): ((offer: OfferView) => boolean) => {
    const names = new Set(list.map((name) => (name.startsWith('0x') ? name.toLowerCase() : name)))
    return ({ peerId, account }) => names.has(peerId) || names.has(account)
  }
  const denied = named(deny)
  const allowed = allow === undefined ? () => true : named(allow)
  return (offer) => {
    if (denied(offer)) return { code: 'NOT_ALLOWED', detail: 'it is on this client’s deny list' }
    if (!allowed(offer)) return { code: 'NOT_ALLOWED', detail: 'it is not on this client’s allow list' }
    return null
  }
}
