/** The SDK's client: sessions over the market. One instance a wallet and store; many sessions at once. */
import type { Channel, Clock, Log, PeerKey, Rng, Store } from './components.ts'
import type { Directory } from './net/directory.ts'
import type { Host } from './net/host.ts'
import { watchPeer } from './net/liveness.ts'
import { fetchModel } from './net/model-fetch.ts'
import { grantProtocol, sessionProtocol, voucherProtocol } from './net/protocols.ts'
import type { Wei } from './protocol/amounts.ts'
import { codeOf, type ErrorCode, SeamError } from './protocol/errors.ts'
import { type Address, type Bytes32, bytesToHex, keccak256, ZERO_BYTES32 } from './protocol/eth.ts'
import { OWN_FAULT_WINDOW_MS } from './protocol/limits.ts'
import * as wire from './protocol/pb/messages.js'
import { EndReason, type TypedDomain } from './protocol/typed-data.ts'
import { type AckRoute } from './session/acknowledger.ts'
import { silentAnswer, textAnswer } from './session/answer.ts'
import { Catalog, type KnownModel } from './session/catalog.ts'
import { BOOK_PREFIX, ChannelBook } from './session/channel-book.ts'
import { Courier } from './session/courier.ts'
import { newRoot } from './session/keys.ts'
import type { LegTarget } from './session/leg-open.ts'
import { MarketDesk, type Tier } from './session/market-desk.ts'
import { type SessionRecord, SessionStore } from './session/record.ts'
import { endOf, samplingOf } from './session/request.ts'
import { Session } from './session/session.ts'
import { Standbys } from './session/standbys.ts'
import { summaryOf } from './session/summary.ts'
import { TurnDriver } from './session/turn.ts'
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
  clock: Clock
  rng: Rng
  log: Log
  tier?: Tier
}

interface Live {
  session: Session
  standbys: Standbys
  driver: TurnDriver | undefined
}

const ESCROW_CACHE_MS = 2_000
const LIVE_MAX = 1_024 // sessions kept in memory between turns
const REDIALS = 2
const REDIAL_MS = 750

export const createClient = (components: ClientComponents): SeamClient => new Client(components).start()

class Client implements SeamClient {
  readonly #c: ClientComponents
  readonly #queue: WriteQueue
  readonly #sessions: SessionStore
  /** Providers that refused an honest acknowledgement: nothing more is bought from them. */
  readonly #refusing = new Map<Address, SeamError>()
  readonly #catalog: Catalog
  readonly #desk: MarketDesk
  readonly #live = new Map<string, Promise<Live | undefined>>()
  readonly #couriers = new Map<Address, Courier>()
  readonly #books = new Map<string, Promise<ChannelBook>>()
  readonly #gone = new Map<PeerKey, number>()
  readonly #undo: (() => void)[] = []
  #escrow: { wei: Wei; atMs: number } | undefined

  constructor(components: ClientComponents) {
    const { host, directory, clock, rng, log, signer, store, storeKey } = components
    this.#c = components
    this.#queue = new WriteQueue(store)
    this.#sessions = new SessionStore(this.#queue, storeKey)
    this.#catalog = new Catalog(
      () => directory.offers(),
      async (peer, model, multiaddrs) => (await fetchModel(host, peer, { ...model, multiaddrs })).files
    )
    const offers = () => directory.offers()
    const refresh = (modelId: Bytes32) => directory.refresh(modelId)
    this.#desk = new MarketDesk({ offers, refresh, clock, rng, log, client: signer.account, tier: components.tier ?? 'warm' })
    this.#undo.push(
      host.onPeer(({ peer, connected }) => {
        if (connected) {
          this.#gone.delete(peer)
          for (const courier of this.#couriers.values()) courier.wake()
        } else this.#gone.set(peer, clock.tickMs())
      })
    )
  }

  /** Begins what does not wait for a request. */
  start(): this {
    this.#deliverOld().catch((error: unknown) => this.#c.log.error({ code: codeOf(error) }, 'old vouchers could not be read'))
    return this
  }

  async chat(request: ChatRequest, options: { signal?: AbortSignal } = {}): Promise<Turn> {
    await this.#funded()
    const live = request.session === undefined ? await this.#create(request) : await this.#continue(request)
    const { session } = live
    const { turn } = session.record
    const text = request.ids === undefined ? textAnswer(await this.#catalog.text(this.#catalog.find(session.record.modelId)), turn.stop) : silentAnswer()
    const driver = this.#drive(live, text)
    options.signal?.addEventListener('abort', () => driver.cancel(), { once: true })
    if (options.signal?.aborted === true) driver.cancel()
    void driver.run()
    await driver.opened
    return new TurnView(live, driver)
  }

  async view(handle: string): Promise<TurnSummary | undefined> {
    const live = await this.#load(handle)
    return live && summaryOf(live.session, live.standbys)
  }

  attach(handle: string, fromIndex: number): AsyncIterable<TurnEvent[]> | undefined {
    if (!this.#live.has(handle)) this.#load(handle)
    return this.#attach(handle, fromIndex)
  }

  async models(): Promise<ModelView[]> {
    if (this.#c.directory.offers().length === 0) await this.#c.directory.refresh()
    return this.#catalog.list()
  }

  async close(): Promise<void> {
    for (const undo of this.#undo) undo()
    for (const live of this.#live.values()) {
      const held = await live.catch(() => undefined)
      held?.driver?.cancel()
      await held?.session.settled
      await held?.standbys.releaseAll()
    }
    await Promise.all([...this.#couriers.values()].map((courier) => courier.close()))
  }

  /** Carries on a turn that a crash of ours interrupted, and yields what is missing. */
  async *#attach(handle: string, fromIndex: number): AsyncGenerator<TurnEvent[]> {
    const live = await this.#load(handle)
    if (live === undefined) throw new SeamError('SESSION_UNKNOWN', 'no such session')
    if (live.driver === undefined) {
      const { session } = live
      const { turn, accepted } = session.record
      const text = await this.#catalog.text(this.#catalog.find(session.record.modelId))
      const answer = textAnswer(text, turn.stop)
      const events = replay(session, answer)
      turn.text = events.map((event) => (event.kind === 'token' ? event.text : '')).join('')
      const driver = this.#drive(live, answer)
      driver.feed.push(events)
      const ended = turn.finish !== null && turn.finish !== 'failed'
      if (ended || accepted >= turn.maxTo) {
        driver.feed.push([{ kind: 'finish', reason: turn.finish === 'length' || turn.finish === 'cancelled' ? turn.finish : 'stop', text: answer.flush() }])
        driver.feed.end()
      } else void driver.run()
    }
    yield* (live.driver as TurnDriver).feed.read(fromIndex)
  }

  #drive(live: Live, answer: ReturnType<typeof silentAnswer>): TurnDriver {
    const { host, clock, log, domain, signer } = this.#c
    const failed = new Map<PeerKey, { code: ErrorCode; detail: string }>()
    for (const { peer, account } of this.#c.directory.offers()) {
      const refusing = this.#refusing.get(account)
      if (refusing !== undefined) failed.set(peer, { code: refusing.code, detail: refusing.message })
    }
    const driver = new TurnDriver(
      {
        domain,
        signer,
        clientPeer: host.peer,
        clock,
        log,
        openSession: (target) => host.open(target.peer, sessionProtocol, { multiaddrs: target.multiaddrs }),
        route: (target) => this.#route(target, live.session.record.modelId),
        choose: (session, lost) => {
          if (lost !== null && (lost.end === EndReason.died || lost.end === EndReason.silent)) this.#c.directory.forget(lost.peer)
          return this.#desk.choose(session, live.standbys, lost, failed)
        },
        successors: (session, target) => this.#desk.successors(session, live.standbys, target),
        fence: (_session, leg) => live.standbys.fence(leg),
        ownFault: (peer) => this.#ownFault(peer),
        watch: (peer, onDead) => {
          const watch = watchPeer(host, peer, { onDead: (reason) => reason === 'silent' && onDead() }, { clock })
          return () => watch.stop()
        },
        observe: (peer, seen) => this.#desk.observe(peer, seen)
      },
      live.session,
      answer
    )
    live.driver = driver
    return driver
  }

  async #create(request: ChatRequest): Promise<Live> {
    const { rng, signer, clock } = this.#c
    if (this.#c.directory.offers().length === 0) await this.#c.directory.refresh()
    const model = this.#catalog.find(request.model)
    const ids = await this.#promptIds(request, model)
    const maxTo = endOf(ids.length, model.contextMax, request.maxTokens)
    const handle = `s_${base64url(rng.bytes(18))}`
    const root = newRoot(rng)
    const nonce = rng.bytes(32)
    const record: SessionRecord = {
      handle,
      sessionId: sessionIdOf(signer.account, nonce),
      model: model.name,
      modelId: model.modelId,
      root: bytesToHex(root),
      nextLeg: 0,
      replicaLeg: 0,
      accepted: 0,
      messages: [],
      stopEnded: false,
      turn: await this.#turn(request, model, 0, ids.length, maxTo),
      legs: []
    }
    const session = new Session(this.#sessions, clock, record, ids, 0)
    record.messages = (request.messages ?? []).map((message) => session.messageHash(message))
    const live: Live = { session, standbys: this.#standbys(), driver: undefined }
    this.#keep(handle, live)
    return live
  }

  async #continue(request: ChatRequest): Promise<Live> {
    const live = await this.#load(request.session as string)
    if (live === undefined) throw new SeamError('SESSION_UNKNOWN', 'no such session: leave `openseam.session` out to start one', { detail: { param: 'openseam.session' } })
    const { session } = live
    const { record } = session
    if (live.driver !== undefined && !live.driver.feed.ended) throw new SeamError('SESSION_BUSY', 'this session is still answering: wait for it, or cancel it')
    const model = this.#catalog.find(record.modelId)
    if (request.model !== record.model && request.model !== record.modelId) {
      throw new SeamError('SESSION_DIVERGED', `this session speaks to ${record.model}: a session keeps its model`, { detail: { param: 'model' } })
    }
    await this.#bringUp(live)
    const next = await this.#nextIds(request, session, model)
    const promptTo = record.accepted + next.length
    const maxTo = endOf(promptTo, model.contextMax, request.maxTokens)
    const from = record.accepted
    session.extend(from, next)
    record.turn = await this.#turn(request, model, from, promptTo, maxTo)
    record.messages = (request.messages ?? []).map((message) => session.messageHash(message))
    record.legs = []
    live.driver = undefined
    return live
  }

  /** A leg that a crash left open is closed before a new turn begins. */
  async #bringUp(live: Live): Promise<void> {
    const leg = live.session.leg
    if (leg === undefined || leg.closed) return
    const driver = this.#drive(live, silentAnswer())
    await driver.closeInterrupted()
    live.driver = undefined
  }

  async #promptIds(request: ChatRequest, model: KnownModel): Promise<number[]> {
    if (request.ids !== undefined) return checkIds(request.ids)
    if (request.messages === undefined || request.messages.length === 0) {
      throw new SeamError('BAD_REQUEST', 'messages must have at least one entry', { detail: { param: 'messages' } })
    }
    return (await this.#catalog.text(model)).chatIds(request.messages, { addGenerationPrompt: true })
  }

  /** The ids that follow what is stored. Stored answers are never tokenised again. */
  async #nextIds(request: ChatRequest, session: Session, model: KnownModel): Promise<number[]> {
    const { record } = session
    if (request.ids !== undefined) {
      const same = request.ids.length > record.accepted && request.ids.slice(0, record.accepted).every((id, i) => id === session.ids[i])
      if (!same) throw new SeamError('SESSION_DIVERGED', 'the ids do not extend what this session holds')
      return checkIds(request.ids).slice(record.accepted)
    }
    const messages = request.messages ?? []
    const stored = record.messages.length
    const answer = messages[stored]
    const extend =
      messages.length > stored + 1 &&
      record.messages.every((hash, i) => hash === session.messageHash(messages[i] as (typeof messages)[number])) &&
      answer?.role === 'assistant' &&
      answer.content === record.turn.text
    if (!extend) {
      throw new SeamError('SESSION_DIVERGED', 'messages must be those of this session, its last answer, and at least one more', { detail: { param: 'messages' } })
    }
    return (await this.#catalog.text(model)).continueIds(messages.slice(0, stored + 1), messages.slice(stored + 1), record.stopEnded)
  }

  async #turn(request: ChatRequest, model: KnownModel, from: number, promptTo: number, maxTo: number): Promise<SessionRecord['turn']> {
    const stopIds = request.ids === undefined ? (await this.#catalog.text(model)).eosIds : []
    const sampling = samplingOf(request.sampling ?? {}, stopIds, promptTo, this.#c.rng)
    return {
      from,
      promptTo,
      maxTo,
      sampling: bytesToHex(wire.Sampling.encode(sampling)),
      stop: request.stop ?? [],
      ...(request.provider !== undefined && { provider: request.provider }),
      ...(request.maxPrice !== undefined && { maxPrice: request.maxPrice }),
      successors: request.successors ?? 1,
      cache: request.cache ?? true,
      finish: null,
      text: ''
    }
  }

  #standbys(): Standbys {
    const { host, clock, log } = this.#c
    const open = (peer: PeerKey, multiaddrs: string[]): Promise<Channel<wire.GrantClientFrame, wire.GrantServerFrame>> =>
      host.open(peer, grantProtocol, { multiaddrs })
    return new Standbys({ open, clock, log })
  }

  #keep(handle: string, live: Live): void {
    this.#live.set(handle, Promise.resolve(live))
    if (this.#live.size <= LIVE_MAX) return
    for (const [old, entry] of this.#live) {
      if (this.#live.size <= LIVE_MAX) break
      void entry.then(async (held) => {
        if (held?.driver !== undefined && !held.driver.feed.ended) return
        this.#live.delete(old)
        await held?.standbys.releaseAll()
      })
    }
  }

  #load(handle: string): Promise<Live | undefined> {
    const held = this.#live.get(handle)
    if (held !== undefined) return held
    const loading = Session.load(this.#sessions, this.#c.clock, handle).then((session) => {
      if (session === undefined) this.#live.delete(handle)
      return session && { session, standbys: this.#standbys(), driver: undefined }
    })
    this.#live.set(handle, loading)
    return loading
  }

  async #route(target: Pick<LegTarget, 'account' | 'peer'>, modelId: Bytes32): Promise<AckRoute> {
    const { domain, signer, host } = this.#c
    const key = `${target.account}:${modelId}`
    let loading = this.#books.get(key)
    if (loading === undefined) {
      loading = ChannelBook.load({ domain, signer, queue: this.#queue, provider: target.account, modelId, peer: target.peer })
      this.#books.set(key, loading)
    }
    const book = await loading
    const courier = this.#courier(target.account, target.peer)
    courier.add(book, target.peer)
    if (host.connected(target.peer)) void courier.ready().catch(() => undefined)
    return { book, courier }
  }

  #courier(account: Address, peer: PeerKey): Courier {
    const held = this.#couriers.get(account)
    if (held !== undefined) return held
    const { host, clock, log, signer, directory } = this.#c
    const courier = new Courier(
      {
        open: (at) => host.open(at, voucherProtocol, { multiaddrs: directory.offers().find((offer) => offer.peer === at)?.multiaddrs ?? [] }),
        clock,
        log,
        account: signer.account,
        onRefused: (provider, error) => {
          log.warn({ provider, code: error.code, reason: error.message }, 'a provider refused an acknowledgement')
          if (!error.consequence.retry || error.code === 'RECEIPT_MISMATCH') this.#refusing.set(provider, error)
        }
      },
      account,
      peer
    )
    this.#couriers.set(account, courier)
    return courier
  }

  /** Vouchers that an earlier run could not deliver: their providers are tried until they have them. */
  async #deliverOld(): Promise<void> {
    for await (const [key] of this.#c.store.list(BOOK_PREFIX)) {
      const [account, modelId] = key.slice(BOOK_PREFIX.length).split(':') as [Address, Bytes32]
      const { domain, signer } = this.#c
      const book = await ChannelBook.load({ domain, signer, queue: this.#queue, provider: account, modelId, peer: ZERO_BYTES32 })
      if (book.undelivered === 0 || book.peer === ZERO_BYTES32) continue
      const { courier } = await this.#route({ account, peer: book.peer }, modelId)
      courier.flush()
    }
  }

  /** Streams to two or more peers closed together, or nobody answers: probably our own network. Then the peer is dialled again first. */
  async #ownFault(peer: PeerKey): Promise<boolean> {
    const { host, clock } = this.#c
    const nowMs = clock.tickMs()
    const others = [...this.#gone].filter(([other, atMs]) => other !== peer && nowMs - atMs <= OWN_FAULT_WINDOW_MS)
    if (others.length === 0) return false
    const offer = this.#c.directory.offers().find((row) => row.peer === peer)
    for (let i = 0; i < REDIALS; i++) {
      try {
        await host.connect(offer?.multiaddrs ?? [], AbortSignal.timeout(REDIAL_MS))
        return true
      } catch (error) {
        this.#c.log.debug({ code: codeOf(error) }, 'redial failed')
      }
    }
    return false
  }

  async #funded(): Promise<void> {
    const nowMs = this.#c.clock.tickMs()
    if (this.#escrow === undefined || nowMs - this.#escrow.atMs > ESCROW_CACHE_MS) {
      try {
        this.#escrow = { wei: await this.#c.escrow(), atMs: nowMs }
      } catch (error) {
        this.#c.log.warn({ code: codeOf(error) }, 'the chain cannot be read: going on with what was known')
        return
      }
    }
    if (this.#escrow.wei === 0n) {
      throw new SeamError('WALLET_UNFUNDED', `the account ${this.#c.signer.account} has no escrow: deposit OPEN in the ledger first`)
    }
  }
}

class TurnView implements Turn {
  readonly session: string
  readonly #live: Live
  readonly #driver: TurnDriver

  constructor(live: Live, driver: TurnDriver) {
    this.session = live.session.record.handle
    this.#live = live
    this.#driver = driver
  }

  cancel(): void {
    this.#driver.cancel()
  }

  summary(): TurnSummary {
    return summaryOf(this.#live.session, this.#live.standbys)
  }

  async *[Symbol.asyncIterator](): AsyncIterator<TurnEvent[]> {
    try {
      yield* this.#driver.feed.read()
    } finally {
      this.#driver.cancel() // leaving the loop ends the work and pays what was served
    }
  }
}

const replay = (session: Session, answer: ReturnType<typeof silentAnswer>): TurnEvent[] => {
  const { turn, accepted, legs } = session.record
  const events: TurnEvent[] = []
  for (let position = turn.promptTo; position < accepted; position++) {
    const leg = legs.findLast((row) => row.open.from <= position && position < Math.max(row.to, accepted)) ?? legs[0]
    const id = session.ids[position] as number
    const { text } = answer.push(id, undefined)
    events.push({ kind: 'token', index: position - turn.promptTo, id, text, provider: leg?.peerId ?? '', leg: leg?.open.leg ?? 0 })
  }
  return events
}

const checkIds = (ids: number[]): number[] => {
  if (ids.length === 0 || !ids.every((id) => Number.isInteger(id) && id >= 0 && id < 2 ** 32)) {
    throw new SeamError('BAD_REQUEST', 'ids must be a list of token ids', { detail: { param: 'ids' } })
  }
  return ids.slice()
}

/** keccak256(abi.encode(client, nonce)): nobody else can squat it. */
const sessionIdOf = (client: Address, nonce: Uint8Array): Bytes32 => {
  const bytes = new Uint8Array(64)
  for (let i = 0; i < 20; i++) bytes[12 + i] = Number.parseInt(client.slice(2 + 2 * i, 4 + 2 * i), 16)
  bytes.set(nonce, 32)
  return bytesToHex(keccak256(bytes))
}

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
