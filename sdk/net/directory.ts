/**
 * Who offers what. Three ways in: gossip (news), asking a connected peer (a newcomer knows all in one round trip), and provider
 * records of a model id on the DHT (when nobody we know serves it). One way out: offers signed by their peer and bound to a
 * staked account.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import type { Clock, Log, PeerKey } from '../components.ts'
import { encodeOffer, type OfferBody, type OfferView, offerToSign, openOffer, type PeerBindingWire } from '../market/offer.ts'
import { codeOf, SeamError } from '../protocol/errors.ts'
import { bytesToHex, type Hex, hexToBytes } from '../protocol/eth.ts'
import { OFFER_EVERY_MS, OFFERS_PER_PEER_MAX, OFFERS_PER_REPLY_MAX, REQUEST_MS } from '../protocol/limits.ts'
import { type OfferRequest, SignedOffer } from '../protocol/pb/messages.js'
import { BindingChecks, type VerifyBinding } from './binding-checks.ts'
import type { Host, Verdict } from './host.ts'
import { joinSignals } from './join-signals.ts'
import { OfferBook } from './offer-book.ts'
import { offerProtocol } from './protocols.ts'
import { RateLimit } from './rate-limit.ts'
import { verifyPeerSignature } from './signature.ts'

export type { ModelOfferView, OfferBody, OfferView, PeerBindingWire } from '../market/offer.ts'
export type { VerifyBinding } from './binding-checks.ts'

export const OFFERS_TOPIC = '/openseam/offers/1'
export const OFFER_TTL_MS = 4 * OFFER_EVERY_MS
// A node that just started meets its neighbours during these first announcements; afterwards it keeps the slow rhythm.
const FIRST_ANNOUNCEMENTS_MS = [1_000, 2_000, 4_000, 8_000]
const OFFER_WINDOW_MS = 10_000
const OWN_OFFER_AGE_MS = 1_000
const PEERS_ASKED_MAX = 16
/** Keys cost nothing, and each new one a look at the chain: so many of one neighbour are looked up, two whole replies at once. */
export const UNPROVEN_PER_TELLER = { count: 2 * OFFERS_PER_REPLY_MAX, windowMs: OFFER_WINDOW_MS }

export interface DirectoryComponents {
  host: Host
  clock: Clock
  log: Log
  verifyBinding: VerifyBinding
}

export interface DirectoryInit {
  /** Offers kept in all. */
  offersMax?: number
}

export interface Directory {
  start(): Promise<void>
  /** Provider: signs and gossips what `build` returns, regularly. */
  announce(build: () => OfferBody): void
  /** Announces a change at once (or, if there were many, as soon as others would take it). */
  announceNow(): Promise<void>
  /** Live offers whose binding was verified; never our own. */
  offers(): OfferView[]
  /**
   * Asks connected peers, and with a model id also the DHT. Returns when all answered or the deadline passed; never throws for a
   * peer.
   */
  refresh(modelId?: Hex, options?: { signal?: AbortSignal }): Promise<void>
  /** Hides a peer until it sends a newer offer. */
  forget(peer: PeerKey): void
  onOffer(listener: (offer: OfferView) => void): () => void
  close(): Promise<void>
}

/** The DHT key under which providers of a model are found. */
export const modelKey = (modelId: Hex): Uint8Array => sha256(new TextEncoder().encode(`openseam-model:${modelId}`))

export const createDirectory = (components: DirectoryComponents, init: DirectoryInit = {}): Directory =>
  new OfferDirectory(components, init)

class OfferDirectory implements Directory {
  readonly #host: Host
  readonly #clock: Clock
  readonly #log: Log
  readonly #book: OfferBook
  readonly #bindings: BindingChecks
  readonly #perPeer: RateLimit
  readonly #unproven: RateLimit
  readonly #outgoing: RateLimit
  readonly #listeners = new Set<(offer: OfferView) => void>()
  readonly #closing = new AbortController()
  readonly #provided = new Set<Hex>()
  readonly #undo: (() => void)[] = []
  #build: (() => OfferBody) | null = null
  #own: SignedOffer | null = null
  #seq = 0 // of our newest offer: its date, or one more
  #announcing: Promise<void> | null = null

  constructor({ host, clock, log, verifyBinding }: DirectoryComponents, init: DirectoryInit) {
    this.#host = host
    this.#clock = clock
    this.#log = log
    this.#book = new OfferBook(init.offersMax)
    this.#bindings = new BindingChecks(verifyBinding, clock)
    const quota = { count: OFFERS_PER_PEER_MAX, windowMs: OFFER_WINDOW_MS }
    this.#perPeer = new RateLimit(clock, quota)
    this.#unproven = new RateLimit(clock, UNPROVEN_PER_TELLER)
    this.#outgoing = new RateLimit(clock, quota)
  }

  async start(): Promise<void> {
    this.#host.handle(offerProtocol, async (channel) => {
      for await (const request of channel.receive()) {
        if (this.#clock.nowMs() - this.#seq > OWN_OFFER_AGE_MS) await this.#renew() // free slots change faster than gossip goes
        await channel.send({ offers: this.#answer(request) })
      }
    })
    this.#undo.push(this.#host.subscribe(OFFERS_TOPIC, (data, from) => this.#onGossip(data, from)))
    this.#undo.push(this.#host.onPeer(({ peer, connected }) => void (connected && this.#ask(peer))))
    for (const peer of this.#host.peers()) void this.#ask(peer)
    void this.#prune().catch(() => {}) // until closed
  }

  announce(build: () => OfferBody): void {
    const first = this.#build === null
    this.#build = build
    if (first) void this.#keepAnnouncing().catch(() => {}) // until closed
  }

  announceNow(): Promise<void> {
    this.#announcing ??= this.#publishWhenAllowed().finally(() => {
      this.#announcing = null
    })
    return this.#announcing
  }

  offers(): OfferView[] {
    return this.#book.live(this.#clock.nowMs()).map(({ offer }) => offer)
  }

  async refresh(modelId?: Hex, options: { signal?: AbortSignal } = {}): Promise<void> {
    const stop = new AbortController()
    const late = this.#clock.sleep(REQUEST_MS, stop.signal).catch(() => {})
    const { signal, release } = joinSignals(stop.signal, this.#closing.signal, options.signal)
    const asked = [
      ...this.#host
        .peers()
        .slice(0, PEERS_ASKED_MAX)
        .map((peer) => this.#ask(peer, modelId, undefined, signal))
    ]
    if (modelId !== undefined) asked.push(this.#askProviders(modelId, signal))
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    await Promise.race([Promise.all(asked), late, aborted])
    stop.abort()
    release()
  }

  forget(peer: PeerKey): void {
    this.#book.hide(peer)
  }

  onOffer(listener: (offer: OfferView) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async close(): Promise<void> {
    this.#closing.abort(new SeamError('NET_CLOSED', 'the directory is closed'))
    for (const undo of this.#undo) undo()
  }

  #answer({ modelId, max }: OfferRequest): SignedOffer[] {
    const wanted = modelId.length === 32 ? bytesToHex(modelId) : null
    const known = this.#book
      .live(this.#clock.nowMs())
      .filter(({ offer }) => wanted === null || offer.models.some((model) => model.modelId === wanted))
    const newest = known.slice(-OFFERS_PER_REPLY_MAX).map(({ signed }) => signed)
    const offers = this.#own === null ? newest : [this.#own, ...newest]
    return offers.slice(0, Math.min(max === 0 ? OFFERS_PER_REPLY_MAX : max, OFFERS_PER_REPLY_MAX))
  }

  async #ask(peer: PeerKey, modelId?: Hex, multiaddrs?: string[], signal: AbortSignal = this.#closing.signal): Promise<void> {
    try {
      const channel = await this.#host.open(peer, offerProtocol, { signal, multiaddrs })
      await channel.send({
        modelId: modelId === undefined ? new Uint8Array(0) : hexToBytes(modelId, 32),
        max: OFFERS_PER_REPLY_MAX
      })
      for await (const { offers } of channel.receive()) {
        for (const signed of offers.slice(0, OFFERS_PER_REPLY_MAX)) this.#take(copyOf(signed), peer)
        break
      }
      await channel.close()
    } catch (error) {
      this.#log.debug({ peer, code: codeOf(error) }, 'peer has no offers to tell') // a client, a foreign peer, or gone
    }
  }

  async #askProviders(modelId: Hex, signal: AbortSignal): Promise<void> {
    const asked: Promise<void>[] = []
    try {
      for await (const { peer, multiaddrs } of this.#host.findProviders(modelKey(modelId), signal)) {
        if (peer !== this.#host.peer && !this.#host.connected(peer)) asked.push(this.#ask(peer, modelId, multiaddrs, signal))
        if (asked.length >= PEERS_ASKED_MAX) break
      }
    } catch (error) {
      this.#log.debug({ modelId, error: String(error) }, 'no provider records found') // an empty routing table, or too late
    }
    await Promise.all(asked)
  }

  #onGossip(data: Uint8Array, from: PeerKey): Verdict {
    let signed: SignedOffer
    try {
      signed = SignedOffer.decode(data)
    } catch {
      this.#host.penalise(from, 'WIRE_MALFORMED')
      return 'reject'
    }
    return this.#take(signed, from)
  }

  /**
   * Judges one offer, whoever told it: a bad one is blamed on the teller, who should have checked, unless time alone made it bad.
   */
  #take(signed: SignedOffer, from: PeerKey): Verdict {
    const nowMs = this.#clock.nowMs()
    try {
      const { offer, binding } = openOffer(signed, nowMs, verifyPeerSignature)
      if (offer.peer === this.#host.peer || !this.#book.isNews(offer)) return 'ignore'
      const turnedDraining = offer.draining && this.#book.get(offer.peer)?.offer.draining === false
      if (!this.#perPeer.take(offer.peer) && !turnedDraining) return 'ignore'
      const proven = this.#bindings.known(offer.peer, binding)
      if (!proven.ok && !proven.fresh && !this.#unproven.take(from)) return 'ignore'
      if ((proven.fresh && !proven.ok) || !this.#book.put({ offer, signed, visible: proven.ok }, nowMs)) return 'ignore'
      if (proven.ok) this.#show(offer, from)
      if (!proven.fresh) void this.#prove(offer, binding, from)
      return 'accept'
    } catch (error) {
      const code = codeOf(error)
      if (code === 'OFFER_EXPIRED') return 'ignore'
      this.#host.penalise(from, code)
      return 'reject'
    }
  }

  async #prove(offer: OfferView, binding: PeerBindingWire, from: PeerKey): Promise<void> {
    const verdict = await this.#bindings.check(offer.peer, binding)
    const entry = this.#book.get(offer.peer)
    if (entry?.offer !== offer) return // overtaken by a newer one
    if (!verdict.ok) {
      entry.visible = false
      this.#log.debug({ peer: offer.peerId, reason: verdict.reason }, 'offer without a valid binding')
      return
    }
    if (entry.visible) return
    entry.visible = true
    this.#show(offer, from)
  }

  #show(offer: OfferView, from: PeerKey): void {
    this.#host
      .learn(offer.peer, offer.multiaddrs)
      .catch((error) => this.#log.debug({ peer: offer.peerId, error: String(error) }, 'unusable addresses'))
    // what a neighbour told us of itself may be news to the others: it may have had nobody to gossip with
    const entry = this.#book.get(offer.peer)
    if (from === offer.peer && entry !== undefined) void this.#gossip(entry.signed)
    for (const listener of this.#listeners) listener(offer)
  }

  async #gossip(signed: SignedOffer): Promise<void> {
    await this.#host
      .publish(OFFERS_TOPIC, SignedOffer.encode(signed))
      .catch((error) => this.#log.debug({ error: String(error) }, 'offer not gossiped'))
  }

  async #keepAnnouncing(): Promise<void> {
    for (let i = 0; ; i++) {
      await this.announceNow().catch((error) => this.#log.error({ error: String(error) }, 'offer not announced'))
      void this.#provide()
      await this.#clock.sleep(FIRST_ANNOUNCEMENTS_MS[i] ?? OFFER_EVERY_MS, this.#closing.signal)
    }
  }

  async #publishWhenAllowed(): Promise<void> {
    while (!this.#outgoing.take(this.#host.peer))
      await this.#clock.sleep(OFFER_WINDOW_MS / OFFERS_PER_PEER_MAX / 4, this.#closing.signal)
    const signed = await this.#renew()
    if (signed !== null) await this.#gossip(signed)
  }

  async #renew(): Promise<SignedOffer | null> {
    if (this.#build === null) return null
    const issuedAtMs = this.#clock.nowMs()
    this.#seq = Math.max(this.#seq + 1, issuedAtMs) // above every earlier run of this peer, without a file
    const body = encodeOffer(this.#build(), { seq: this.#seq, issuedAtMs, ttlMs: OFFER_TTL_MS })
    const signed = { body, signature: (await this.#host.sign(offerToSign(body))) as Uint8Array<ArrayBuffer> }
    this.#own = signed
    return signed
  }

  async #provide(): Promise<void> {
    if (this.#build === null || this.#host.peers().length === 0) return
    for (const { modelId } of this.#build().models) {
      if (this.#provided.has(modelId)) continue
      this.#provided.add(modelId)
      await this.#host.provideKey(modelKey(modelId), this.#closing.signal).catch((error) => {
        this.#provided.delete(modelId) // tried again with the next announcement
        this.#log.debug({ modelId, error: String(error) }, 'no provider record written')
      })
    }
  }

  async #prune(): Promise<void> {
    for (;;) {
      await this.#clock.sleep(OFFER_EVERY_MS, this.#closing.signal)
      this.#book.prune(this.#clock.nowMs())
    }
  }
}

/** Decoded messages share the frame's memory; what stays in the book must not keep 1 MiB of reply alive. */
const copyOf = ({ body, signature }: SignedOffer): SignedOffer => ({ body: body.slice(), signature: signature.slice() })
