/** The SDK's client: sessions over the market. One instance a wallet and store; many sessions at once. */
import { type Clock, isShared, type Log, type PeerKey, type Rng, type Store } from './components.ts'
import type { OfferView } from './market/offer.ts'
import type { Want } from './market/place.ts'
import type { Directory } from './net/directory.ts'
import type { Host } from './net/host.ts'
import { watchPeer } from './net/liveness.ts'
import { fetchModel } from './net/model-fetch.ts'
import { grantProtocol, sessionProtocol, voucherProtocol } from './net/protocols.ts'
import type { Wei } from './protocol/amounts.ts'
import { codeOf, SeamError } from './protocol/errors.ts'
import type { Address, Bytes32 } from './protocol/eth.ts'
import type { Opening } from './protocol/opening.ts'
import { EndReason, type TypedDomain } from './protocol/typed-data.ts'
import { type AnswerText, silentAnswer, textAnswer } from './session/answer.ts'
import { Catalog } from './session/catalog.ts'
import { Claims } from './session/claims.ts'
import { Escrow } from './session/escrow.ts'
import type { Fence } from './session/fence.ts'
import { follow, isOver } from './session/follow.ts'
import { isBusy, type Live, LiveSessions } from './session/live-sessions.ts'
import { MarketDesk, type Reason, type Surveyed, type Tier } from './session/market-desk.ts'
import { newSessionRecord } from './session/new-record.ts'
import { openingOf } from './session/opening.ts'
import { OwnFault } from './session/own-fault.ts'
import { Payables } from './session/payables.ts'
import { nextIds, promptIds, type Text, turnOf } from './session/prompts.ts'
import { type Quote, quoteOf } from './session/quote.ts'
import { SessionStore } from './session/record.ts'
import { Session } from './session/session.ts'
import type { Spending } from './session/spending.ts'
import { Standbys } from './session/standbys.ts'
import { spentOn, summaryOf } from './session/summary.ts'
import { TurnDriver } from './session/turn.ts'
import { replay, TurnView } from './session/turn-view.ts'
import type { ChatRequest, ModelView, SeamClient, Turn, TurnEvent, TurnSummary } from './session/types.ts'
import type { SessionSigner } from './session/wallet.ts'
import { WriteQueue } from './session/write-queue.ts'

export interface ClientComponents {
  host: Host
  directory: Directory
  domain: TypedDomain
  signer: SessionSigner
  /** 32 bytes that seal what the client keeps: derived from the wallet, see `storeKeyOf`. */
  storeKey: Uint8Array
  store: Store
  /** Free escrow of the account. */
  escrow(): Promise<Wei>
  /** The provider that a signing key was ever named by on the chain. */
  ownerOf(key: Address): Promise<Address>
  clock: Clock
  rng: Rng
  log: Log
  tier?: Tier
  spending?: Spending
  /** The client's own lists: why it deals with this provider under no circumstances. */
  refuses?(offer: OfferView): Reason | null
  /** Sees the events of every turn as they happen. */
  tap?(session: string, events: TurnEvent[]): void
}

/** What the developer's surface needs besides: looking at the market without buying. */
export interface MarketClient extends SeamClient {
  /** What a request could cost, without sending anything of it to anybody. */
  quote(request: ChatRequest): Promise<Quote>
  /** Every provider of a model with the reason why it would not serve this, or null. */
  providers(want: Want): Promise<Surveyed[]>
  /** Settles when the session's turn is over and on disk. */
  settled(session: string): Promise<void>
  /** Deletes a session that rests: its sealed copies, wherever they are, can never be read again. */
  forget(session: string): Promise<void>
}

interface Prepared {
  live: Live
  driver: TurnDriver
}

export const createClient = (components: ClientComponents): MarketClient => new Client(components)

class Client implements MarketClient {
  readonly #c: ClientComponents
  readonly #sessions: SessionStore
  readonly #catalog: Catalog
  readonly #desk: MarketDesk
  readonly #payables: Payables
  /** Where other clients of the wallet share the store. */
  readonly #claims: Claims | undefined
  readonly #live: LiveSessions
  readonly #ownFault: OwnFault
  readonly #unlisten: () => void
  readonly #escrow: Escrow

  constructor(components: ClientComponents) {
    const { host, directory, domain, clock, rng, log, signer, store, storeKey } = components
    this.#c = components
    const queue = new WriteQueue(store)
    this.#sessions = new SessionStore(queue, storeKey)
    const offers = () => directory.offers()
    this.#catalog = new Catalog(
      offers,
      async (peer, model, multiaddrs) => (await fetchModel(host, peer, { ...model, multiaddrs })).files
    )
    const refresh = (modelId: Bytes32) => directory.refresh(modelId)
    const { tier = 'warm', refuses } = components
    this.#desk = new MarketDesk({ offers, refresh, clock, rng, log, client: signer.account, tier, ...(refuses && { refuses }) })
    const addresses = (peer: PeerKey) => offers().find((offer) => offer.peer === peer)?.multiaddrs ?? []
    const open = (peer: PeerKey) => host.open(peer, voucherProtocol, { multiaddrs: addresses(peer) })
    const connected = (peer: PeerKey) => host.connected(peer)
    const ownerOf = (key: Address) => components.ownerOf(key)
    this.#escrow = new Escrow({ account: signer.account, read: () => components.escrow(), clock, log })
    this.#payables = new Payables({ domain, signer, queue, open, connected, ownerOf, clock, log })
    this.#payables.resume().catch((error: unknown) => log.error({ code: codeOf(error) }, 'old vouchers could not be read'))
    const standbys = () =>
      new Standbys({ open: (peer, multiaddrs) => host.open(peer, grantProtocol, { multiaddrs }), clock, log })
    this.#live = new LiveSessions({ sessions: this.#sessions, clock, standbys, isShared: isShared(store) })
    this.#claims = isShared(store) ? new Claims({ store, clock, rng, log }) : undefined
    this.#claims?.start({ close: (fence) => this.#inherit(fence), deliver: () => this.#payables.resume() })
    const dial = (peer: PeerKey, signal: AbortSignal) => host.connect(addresses(peer), signal)
    this.#ownFault = new OwnFault({ dial, clock, log })
    this.#unlisten = host.onPeer((event) => {
      this.#ownFault.saw(event)
      if (event.connected) this.#payables.wake()
    })
  }

  async chat(request: ChatRequest, options: { signal?: AbortSignal } = {}): Promise<Turn> {
    await this.#escrow.check()
    await this.#c.spending?.load()
    const { live, driver } = request.session === undefined ? await this.#create(request) : await this.#continue(request)
    const cancel = (): void => driver.cancel()
    options.signal?.addEventListener('abort', cancel, { once: true })
    if (options.signal?.aborted === true) driver.cancel()
    void driver.run().then(() => {
      options.signal?.removeEventListener('abort', cancel)
      this.#live.rest(live.session.record.handle, live)
    })
    await driver.opened
    return new TurnView(live.session, live.standbys, driver)
  }

  async view(handle: string): Promise<TurnSummary | undefined> {
    const live = await this.#live.load(handle)
    return live && summaryOf(live.session, live.standbys)
  }

  attach(handle: string, fromIndex: number): AsyncIterable<TurnEvent[]> | undefined {
    if (this.#claims !== undefined) return this.#join(this.#claims, handle, fromIndex)
    if (!this.#live.has(handle)) this.#live.load(handle)
    return this.#attach(handle, fromIndex)
  }

  async models(): Promise<ModelView[]> {
    await this.#anyOffer()
    return this.#catalog.list()
  }

  async providers(want: Want): Promise<Surveyed[]> {
    await this.#anyOffer()
    return this.#desk.survey(want, this.#refusing())
  }

  async quote(request: ChatRequest): Promise<Quote> {
    await this.#anyOffer()
    const live = request.session === undefined ? undefined : await this.#live.load(request.session)
    if (request.session !== undefined && live === undefined) throw unknownSession()
    const model = this.#catalog.find(live?.session.record.modelId ?? request.model)
    const text = await this.#text(request, model.modelId)
    const held = live?.session.record.accepted ?? 0
    const ids = live === undefined ? promptIds(request, text) : nextIds(request, live.session, text)
    const { promptTo, maxTo } = turnOf(request, text, model.contextMax, held, held + ids.length, this.#c.rng)
    const { maxPrice, provider } = request
    const rows = await this.providers({
      model: model.modelId,
      positions: maxTo,
      ...(maxPrice !== undefined && { maxWeiPerMillion: maxPrice }),
      ...(provider !== undefined && { provider })
    })
    return quoteOf(model.name, { promptUnits: ids.length, completionMax: maxTo - promptTo }, rows)
  }

  async opening(handle: string): Promise<Opening | undefined> {
    const live = await this.#live.load(handle)
    return live && openingOf(live.session)
  }

  async settled(handle: string): Promise<void> {
    const live = await this.#live.held(handle)
    await live?.driver?.finished
    await live?.session.settled
  }

  async forget(handle: string): Promise<void> {
    await this.release(handle)
    if (this.#live.has(handle)) throw busySession()
    const fence = await this.#claims?.take(handle)
    if (fence === undefined) return this.#sessions.shred(handle)
    await fence.leave((guard) => this.#sessions.shred(handle, guard))
  }

  release(handle: string): Promise<void> {
    return this.#live.release(handle)
  }

  async close(): Promise<void> {
    this.#unlisten()
    for (const live of this.#live.all()) {
      const held = await live.catch(() => undefined)
      held?.driver?.cancel()
      await held?.driver?.finished
      await held?.session.settled
      await held?.standbys.releaseAll()
    }
    await this.#claims?.close()
    await this.#payables.close()
  }

  /** Carries on a turn that a crash of ours interrupted, and yields what is missing. */
  async *#attach(handle: string, fromIndex: number): AsyncGenerator<TurnEvent[]> {
    const live = await this.#live.load(handle)
    if (live === undefined) throw new SeamError('SESSION_UNKNOWN', 'no such session')
    if (live.preparing) throw busySession()
    if (live.driver === undefined) {
      const answer = this.#answer(live.session, await this.#text({}, live.session.record.modelId))
      if (live.preparing) throw busySession()
      // Asked again after the wait: of two who join at once only one may carry it on, or the session would have two drivers.
      if (live.driver === undefined) this.#carryOn(live, answer)
    }
    yield* (live.driver as TurnDriver).feed.read(fromIndex)
  }

  /** The same where other gateways share the store: an answer that one of them makes is read as it is stored, until it is over or they are gone. */
  async *#join(claims: Claims, handle: string, fromIndex: number): AsyncGenerator<TurnEvent[]> {
    let next = fromIndex
    for (;;) {
      let live = await this.#live.load(handle)
      if (live === undefined) throw new SeamError('SESSION_UNKNOWN', 'no such session')
      if (live.driver === undefined) {
        const answer = this.#answer(live.session, await this.#text({}, live.session.record.modelId))
        const claimed = isOver(live.session.record) ? live : await this.#claimed(claims, handle)
        if (claimed === undefined) {
          const { session } = live
          const isAnswered = () => claims.isAnswered(handle)
          for await (const events of follow({ session, answer, sessions: this.#sessions, clock: this.#c.clock, isAnswered })) {
            const news = events.filter((event) => event.kind !== 'token' || event.index >= next)
            next = news.reduce((at, event) => (event.kind === 'token' ? event.index + 1 : at), next)
            if (news.length > 0) yield news
          }
          if (isOver(session.record)) return
          continue
        }
        live = claimed
        this.#carryOn(live, answer)
      }
      return yield* (live.driver as TurnDriver).feed.read(next)
    }
  }

  /** A turn that nobody answers, ours to carry on; undefined where somebody does. */
  async #claimed(claims: Claims, handle: string): Promise<Live | undefined> {
    const fence = await claims.take(handle).catch((error: unknown) => {
      if (codeOf(error) === 'SESSION_BUSY') return undefined
      throw error
    })
    if (fence === undefined) return undefined
    const live = await this.#live.loadUnder(fence)
    if (live === undefined) return undefined
    const { record } = live.session
    if (!isOver(record) && record.accepted < record.turn.maxTo) this.#live.keep(handle, live)
    else {
      await this.#bringUp(live)
      record.turn.finish ??= 'length'
      await live.session.rest()
    }
    return live
  }

  /** What a gateway that is gone left open is closed and paid; its turn stays open, for who comes back. */
  async #inherit(fence: Fence): Promise<void> {
    const live = await this.#live.loadUnder(fence)
    try {
      if (live !== undefined) await this.#bringUp(live)
    } finally {
      await live?.session.leave()
    }
  }

  #carryOn(live: Live, answer: AnswerText): void {
    const { session } = live
    const { turn, accepted } = session.record
    const events = replay(session, answer)
    turn.text = events.map((event) => (event.kind === 'token' ? event.text : '')).join('')
    const driver = this.#drive(live, answer)
    driver.feed.push(events)
    const ended = turn.finish !== null && turn.finish !== 'failed'
    if (!ended && accepted < turn.maxTo) return void driver.run().then(() => this.#live.rest(session.record.handle, live))
    const reason = turn.finish === 'length' || turn.finish === 'cancelled' ? turn.finish : 'stop'
    driver.feed.push([{ kind: 'finish', reason, text: answer.flush() }])
    driver.feed.end()
  }

  #drive(live: Live, answer: AnswerText): TurnDriver {
    const { host, directory, clock, log, domain, signer } = this.#c
    const failed = this.#refusing()
    const { spending, tap } = this.#c
    const driver = new TurnDriver(
      {
        domain,
        signer,
        clientPeer: host.peer,
        clock,
        log,
        openSession: (target) => host.open(target.peer, sessionProtocol, { multiaddrs: target.multiaddrs }),
        route: (account, peer) => this.#payables.route(account, peer, live.session.record.modelId),
        choose: (session, lost) => {
          if (lost !== null && (lost.end === EndReason.died || lost.end === EndReason.silent)) directory.forget(lost.peer)
          return this.#desk.choose(session, live.standbys, lost, failed)
        },
        forgive: (code) => {
          for (const [peer, reason] of failed) if (reason.code === code) failed.delete(peer)
        },
        successors: (session, target) => this.#desk.successors(session, live.standbys, target),
        fence: (leg) => live.standbys.fence(leg),
        onSuccessorLost: (listener) => live.standbys.onLost(listener),
        ownFault: (peer) => this.#ownFault.explains(peer),
        watch: (peer, onDead) => {
          const watch = watchPeer(host, peer, { onDead: (reason) => reason === 'silent' && onDead() }, { clock })
          return () => watch.stop()
        },
        observe: (peer, seen) => this.#desk.observe(peer, seen),
        ...(spending && { spending }),
        tap: (events) => tap?.(live.session.record.handle, events)
      },
      live.session,
      answer
    )
    live.driver = driver
    return driver
  }

  async #create(request: ChatRequest): Promise<Prepared> {
    const { rng, signer, clock } = this.#c
    await this.#anyOffer()
    const model = this.#catalog.find(request.model)
    const text = await this.#text(request, model.modelId)
    const ids = promptIds(request, text)
    const turn = turnOf(request, text, model.contextMax, 0, ids.length, rng)
    const record = newSessionRecord(signer.account, model, turn, rng)
    const session = new Session(this.#sessions, clock, record, ids, 0)
    record.messages = (request.messages ?? []).map((message) => session.messageHash(message))
    session.fence = await this.#claims?.take(record.handle)
    const live = this.#live.add(record.handle, session)
    return { live, driver: this.#drive(live, this.#answer(session, text)) }
  }

  async #continue(request: ChatRequest): Promise<Prepared> {
    const handle = request.session as string
    const held = await this.#live.load(handle)
    if (held === undefined) throw unknownSession()
    if (isBusy(held)) throw busySession()
    if (this.#claims !== undefined) return this.#continueUnder(this.#claims, handle, request)
    held.preparing = true // before anything is awaited: of two who go on at once only one may
    try {
      return { live: held, driver: await this.#next(held, request) }
    } finally {
      held.preparing = false
    }
  }

  /** The same where other gateways share the store: of all who go on at once only one gets the claim. */
  async #continueUnder(claims: Claims, handle: string, request: ChatRequest): Promise<Prepared> {
    const live = await this.#live.loadUnder(await claims.take(handle))
    if (live === undefined) throw unknownSession()
    try {
      const driver = await this.#next(live, request)
      this.#live.keep(handle, live)
      return { live, driver }
    } catch (error) {
      await live.session.leave()
      throw error
    }
  }

  /** Makes a session that rests ready for its next turn. */
  async #next(live: Live, request: ChatRequest): Promise<TurnDriver> {
    const { session } = live
    const { record } = session
    const model = this.#catalog.find(record.modelId)
    if (request.model !== record.model && request.model !== record.modelId) {
      throw new SeamError('SESSION_DIVERGED', `this session speaks to ${record.model}: a session keeps its model`, {
        detail: { param: 'model' }
      })
    }
    const text = await this.#text(request, model.modelId)
    const next = nextIds(request, session, text)
    const turn = turnOf(request, text, model.contextMax, record.accepted, record.accepted + next.length, this.#c.rng)
    await this.#bringUp(live)
    record.spentBefore = spentOn(record)
    session.extend(record.accepted, next)
    record.turn = turn
    record.messages = (request.messages ?? []).map((message) => session.messageHash(message))
    record.legs = []
    return this.#drive(live, this.#answer(session, text))
  }

  /** A leg that a crash left open is closed before a new turn begins. */
  async #bringUp(live: Live): Promise<void> {
    const leg = live.session.leg
    if (leg === undefined || leg.closed) return
    try {
      await this.#drive(live, silentAnswer()).closeInterrupted()
    } finally {
      live.driver = undefined
    }
  }

  /** The text layer of a model, or null for a caller that sends ids. */
  async #text(request: Pick<ChatRequest, 'ids'>, modelId: Bytes32): Promise<Text> {
    return request.ids === undefined ? this.#catalog.text(this.#catalog.find(modelId)) : null
  }

  async #anyOffer(): Promise<void> {
    if (this.#c.directory.offers().length === 0) await this.#c.directory.refresh()
  }

  /** Peers of providers that refused to be paid honestly, or signed something else than they were paid for. */
  #refusing(): Map<PeerKey, Reason> {
    const failed = new Map<PeerKey, Reason>()
    for (const { peer, account } of this.#c.directory.offers()) {
      const refusal = this.#payables.refusal(account)
      if (refusal !== undefined) failed.set(peer, { code: refusal.code, detail: refusal.message })
    }
    return failed
  }

  #answer(session: Session, text: Text): AnswerText {
    return text === null ? silentAnswer() : textAnswer(text, session.record.turn.stop)
  }
}

const busySession = (): SeamError => new SeamError('SESSION_BUSY', 'this session is still answering: wait for it, or cancel it')

const unknownSession = (): SeamError => {
  const param = 'openseam.session'
  return new SeamError('SESSION_UNKNOWN', `no such session: leave \`${param}\` out to start one`, { detail: { param } })
}
