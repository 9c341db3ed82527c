/** The offers a node knows: one a peer (the newest), bounded, expiring. Pure; what it may show is decided by `visible`. */
import type { PeerKey } from '../components.ts'
import type { OfferView } from '../market/offer.ts'
import { OFFERS_MAX } from '../protocol/limits.ts'
import type { SignedOffer } from '../protocol/pb/messages.js'

export interface BookEntry {
  offer: OfferView
  signed: SignedOffer
  /** The binding holds on chain, and nobody asked to forget the peer since. */
  visible: boolean
}

export class OfferBook {
  readonly #max: number
  readonly #entries = new Map<PeerKey, BookEntry>()

  constructor(max: number = OFFERS_MAX) {
    this.#max = max
  }

  get size(): number {
    return this.#entries.size
  }

  get(peer: PeerKey): BookEntry | undefined {
    return this.#entries.get(peer)
  }

  isNews(offer: OfferView): boolean {
    return offer.seq > (this.#entries.get(offer.peer)?.offer.seq ?? -1)
  }

  /** Takes the newest offer of a peer; false: known, older, or there is no room for one more unproven peer. */
  put(entry: BookEntry, nowMs: number): boolean {
    if (!this.isNews(entry.offer)) return false
    const { peer } = entry.offer
    if (!this.#entries.has(peer) && this.#entries.size >= this.#max && !this.#makeRoom(entry.visible, nowMs)) return false
    this.#entries.delete(peer) // so that the map's order is the order of news
    this.#entries.set(peer, entry)
    return true
  }

  /** The entry stays until it expires, hidden: a replay of the same offer must not bring the peer back. */
  hide(peer: PeerKey): void {
    const entry = this.#entries.get(peer)
    if (entry !== undefined) entry.visible = false
  }

  live(nowMs: number): BookEntry[] {
    const entries: BookEntry[] = []
    for (const entry of this.#entries.values()) if (entry.visible && entry.offer.expiresAtMs > nowMs) entries.push(entry)
    return entries
  }

  /** Drops what expired; true when the book has room afterwards. */
  prune(nowMs: number): boolean {
    for (const [peer, { offer }] of this.#entries) if (offer.expiresAtMs <= nowMs) this.#entries.delete(peer)
    return this.#entries.size < this.#max
  }

  // Keys are free to make, stakes are not: the unproven go first, the oldest news among them, and never push out a proven one.
  #makeRoom(forProven: boolean, nowMs: number): boolean {
    if (this.prune(nowMs)) return true
    for (const [peer, { visible }] of this.#entries) if (!visible) return this.#entries.delete(peer)
    const oldest = this.#entries.keys().next()
    return forProven && !oldest.done && this.#entries.delete(oldest.value)
  }
}
