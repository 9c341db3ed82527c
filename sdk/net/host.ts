/**
 * A peer: a transport under the engine that turns protocol values into typed channels, keeps quotas and remembers bad manners.
 */
import type { Channel, Clock, Log, PeerKey } from '../components.ts'
import { silentLog, systemClock } from '../components.ts'
import { type ErrorCode, SeamError } from '../protocol/errors.ts'
import { DIAL_MS, REQUEST_MS } from '../protocol/limits.ts'
import { peerIdOf } from '../protocol/peer-id.ts'
import { FramedChannel } from './channel.ts'
import { joinSignals } from './join-signals.ts'
import { createTransport } from './libp2p/transport.ts'
import { PeerScores } from './peer-scores.ts'
import type { Protocol } from './protocol.ts'
import { RateLimit } from './rate-limit.ts'
import type { PeerEvent, Transport, Verdict, Wire } from './wire.ts'

export { verifyPeerSignature } from './signature.ts'
export type { PeerEvent, Verdict } from './wire.ts'

/** Where silence is allowed, whoever opens a stream has something to say at once: else a thousand peers could hold open streams by the million. */
export const FIRST_FRAME_MS = 3 * REQUEST_MS

export interface HostOptions {
  /** 32-byte Ed25519 seed: the peer id follows from it. */
  privateKey: Uint8Array
  /** Multiaddrs to listen on; none: a peer that only dials. */
  listen: string[]
  /** Multiaddrs to keep trying until one answers, at the start and whenever the last connection is gone. */
  bootstrap?: string[]
  /** Default: server when listening, client otherwise. */
  dht?: 'server' | 'client' | 'off'
  /** Multiaddrs to advertise in place of what the sockets say. */
  announce?: string[]
  log?: Log
  clock?: Clock
}

export interface ConnectOptions {
  signal?: AbortSignal
  /** Where to dial when there is no connection and the address book may not know. */
  multiaddrs?: string[]
}

export interface Host {
  readonly peer: PeerKey
  readonly peerId: string
  multiaddrs(): string[]
  /** Opens a stream, dialling first when needed. Throws NET_DIAL, NET_TIMEOUT or RATE_LIMITED (our own stream limit). */
  open<C, S>(peer: PeerKey, protocol: Protocol<C, S>, options?: ConnectOptions): Promise<Channel<C, S>>
  /**
   * Serves a protocol. The channel is closed when `serve` returns and aborted when it throws; its errors are logged, never fatal.
   */
  handle<C, S>(protocol: Protocol<C, S>, serve: (channel: Channel<S, C>) => Promise<void>): void
  /** Dials the first of these addresses that answers. Throws NET_DIAL. */
  connect(multiaddrs: string[], signal?: AbortSignal): Promise<PeerKey>
  connected(peer: PeerKey): boolean
  peers(): PeerKey[]
  onPeer(listener: (event: PeerEvent) => void): () => void
  /** Adds to the address book. */
  learn(peer: PeerKey, multiaddrs: string[]): Promise<void>
  publish(topic: string, data: Uint8Array): Promise<void>
  /** `on` judges every message of the topic before it is passed on to others. */
  subscribe(topic: string, on: (data: Uint8Array, from: PeerKey) => Verdict): () => void
  /** Tells the DHT that this peer provides a 32-byte key. */
  provideKey(key: Uint8Array, signal?: AbortSignal): Promise<void>
  findProviders(key: Uint8Array, signal: AbortSignal): AsyncIterable<{ peer: PeerKey; multiaddrs: string[] }>
  /** Books a fault of the peer; the table in errors.ts says what it costs. */
  penalise(peer: PeerKey, code: ErrorCode): void
  /** Ed25519 with the peer's key. */
  sign(data: Uint8Array): Promise<Uint8Array>
  close(): Promise<void>
}

export const createHost = async (options: HostOptions): Promise<Host> => {
  const clock = options.clock ?? systemClock
  const log = options.log ?? silentLog
  const scores = new PeerScores(clock)
  const transport = await createTransport({ ...options, clock, log, refuses: (peer) => scores.refused(peer) })
  return new EngineHost(transport, scores, clock, log)
}

/** What a protocol may find wrong with a message that only its sender can have got wrong. */
const PROTOCOL_FAULTS: readonly ErrorCode[] = ['WIRE_MALFORMED', 'WIRE_ORDER']

interface ProtocolState {
  limit: RateLimit
  inbound: Map<PeerKey, number> // streams now open
}

class EngineHost implements Host {
  readonly peer: PeerKey
  readonly peerId: string
  readonly #transport: Transport
  readonly #scores: PeerScores
  readonly #clock: Clock
  readonly #log: Log
  readonly #protocols = new Map<string, ProtocolState>()
  readonly #closing = new AbortController()
  readonly #booked = new WeakSet<SeamError>() // by the channel, before its reader sees them

  constructor(transport: Transport, scores: PeerScores, clock: Clock, log: Log) {
    this.#transport = transport
    this.#scores = scores
    this.#clock = clock
    this.#log = log
    this.peer = transport.peer
    this.peerId = peerIdOf(transport.peer)
  }

  multiaddrs = (): string[] => this.#transport.multiaddrs()
  connected = (peer: PeerKey): boolean => this.#transport.connected(peer)
  peers = (): PeerKey[] => this.#transport.peers()
  onPeer = (listener: (event: PeerEvent) => void): (() => void) => this.#transport.onPeer(listener)
  learn = (peer: PeerKey, multiaddrs: string[]): Promise<void> => this.#transport.learn(peer, multiaddrs)
  publish = (topic: string, data: Uint8Array): Promise<void> => this.#transport.publish(topic, data)
  sign = (data: Uint8Array): Promise<Uint8Array> => this.#transport.sign(data)

  async open<C, S>(peer: PeerKey, protocol: Protocol<C, S>, options: ConnectOptions = {}): Promise<Channel<C, S>> {
    if (this.#scores.refused(peer)) throw new SeamError('NET_DIAL', `peer ${peerIdOf(peer)} is refused for its earlier faults`)
    return this.#within(options.signal, async (signal) => {
      const wire = await this.#transport.open(peer, protocol.id, {
        signal,
        outboundMax: protocol.outboundStreamsPerPeerMax,
        multiaddrs: options.multiaddrs
      })
      return this.#channel(wire, protocol, 'client')
    })
  }

  handle<C, S>(protocol: Protocol<C, S>, serve: (channel: Channel<S, C>) => Promise<void>): void {
    const limits = { inbound: protocol.inboundStreamsPerPeerMax, outbound: protocol.outboundStreamsPerPeerMax }
    this.#transport.handle(protocol.id, limits, (wire) => {
      if (!this.#admitStream(wire, protocol)) return
      const channel = this.#channel<S, C>(wire, protocol, 'server')
      void channel.closed.then(() => this.#releaseStream(wire.peer, protocol.id))
      void this.#serve(protocol.id, channel, serve)
    })
  }

  connect(multiaddrs: string[], signal?: AbortSignal): Promise<PeerKey> {
    return this.#within(signal, (both) => this.#transport.connect(multiaddrs, both))
  }

  subscribe(topic: string, on: (data: Uint8Array, from: PeerKey) => Verdict): () => void {
    return this.#transport.subscribe(topic, (data, from) => (this.#scores.refused(from) ? 'reject' : on(data, from)))
  }

  provideKey(key: Uint8Array, signal?: AbortSignal): Promise<void> {
    const joined = joinSignals(signal, this.#closing.signal)
    return this.#transport.provideKey(key, joined.signal).finally(joined.release)
  }

  async *findProviders(key: Uint8Array, outer: AbortSignal): AsyncGenerator<{ peer: PeerKey; multiaddrs: string[] }> {
    const { signal, release } = joinSignals(outer, this.#closing.signal)
    try {
      yield* this.#transport.findProviders(key, signal)
    } finally {
      release()
    }
  }

  penalise(peer: PeerKey, code: ErrorCode): void {
    const action = this.#scores.add(peer, code)
    if (action === 'disconnect' || this.#scores.refused(peer)) {
      this.#log.warn({ peer: peerIdOf(peer), code, score: Math.round(this.#scores.value(peer)) }, 'peer disconnected for a fault')
      this.#transport.disconnect(peer, new SeamError(code, 'disconnected for a fault'))
    }
  }

  async close(): Promise<void> {
    this.#closing.abort(new SeamError('NET_CLOSED', 'this peer is shutting down'))
    await this.#transport.close()
  }

  #channel<Out, In>(wire: Wire, protocol: Protocol<unknown, unknown>, role: 'client' | 'server'): FramedChannel<Out, In> {
    const { limit } = this.#state(protocol)
    const us = role === 'client'
    return new FramedChannel<Out, In>({
      wire,
      clock: this.#clock,
      outgoing: (us ? protocol.client : protocol.server) as never,
      incoming: (us ? protocol.server : protocol.client) as never,
      outgoingBytesMax: us ? protocol.clientFrameBytesMax : protocol.serverFrameBytesMax,
      incomingBytesMax: us ? protocol.serverFrameBytesMax : protocol.clientFrameBytesMax,
      idleMs: protocol.idleMs,
      firstMs: us || protocol.idleMs > 0 ? 0 : FIRST_FRAME_MS,
      admit: () => limit.take(wire.peer),
      onFault: (error) => {
        this.#log.debug({ peer: peerIdOf(wire.peer), protocol: protocol.id, code: error.code }, error.message)
        this.#booked.add(error)
        this.penalise(wire.peer, error.code)
      }
    })
  }

  #state(protocol: Protocol<unknown, unknown>): ProtocolState {
    let state = this.#protocols.get(protocol.id)
    if (state === undefined)
      this.#protocols.set(protocol.id, (state = { limit: new RateLimit(this.#clock, protocol.quota), inbound: new Map() }))
    return state
  }

  // The transport counts streams a connection; a peer may hold several connections, so the engine counts again, by peer.
  #admitStream(wire: Wire, protocol: Protocol<unknown, unknown>): boolean {
    const { inbound } = this.#state(protocol)
    const open = inbound.get(wire.peer) ?? 0
    if (this.#scores.refused(wire.peer) || open >= protocol.inboundStreamsPerPeerMax) {
      const error = new SeamError(
        'RATE_LIMITED',
        `too many ${protocol.id} streams, at most ${protocol.inboundStreamsPerPeerMax} a peer`
      )
      wire.abort(error)
      this.penalise(wire.peer, error.code)
      return false
    }
    inbound.set(wire.peer, open + 1)
    return true
  }

  #releaseStream(peer: PeerKey, id: string): void {
    const inbound = this.#protocols.get(id)?.inbound
    const open = (inbound?.get(peer) ?? 1) - 1
    if (open === 0) inbound?.delete(peer)
    else inbound?.set(peer, open)
  }

  async #serve<Out, In>(
    id: string,
    channel: Channel<Out, In>,
    serve: (channel: Channel<Out, In>) => Promise<void>
  ): Promise<void> {
    try {
      await serve(channel)
      await channel.close()
    } catch (error) {
      channel.abort(error instanceof Error ? error : new Error(String(error)))
      this.#log.debug({ peer: peerIdOf(channel.peer), protocol: id, error: String(error) }, 'stream ended with an error')
      if (error instanceof SeamError && PROTOCOL_FAULTS.includes(error.code) && !this.#booked.has(error))
        this.penalise(channel.peer, error.code)
    }
  }

  /** Every wait on a peer has a deadline. The caller's own abort is passed on as it is. */
  async #within<T>(outer: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const joined = joinSignals(outer, this.#closing.signal)
    const late = new SeamError('NET_TIMEOUT', `no connection within ${DIAL_MS} ms`)
    const done = new AbortController()
    this.#clock.sleep(DIAL_MS, done.signal).then(
      () => joined.abort(late),
      () => {}
    )
    try {
      return await work(joined.signal)
    } catch (cause) {
      if (outer?.aborted) throw outer.reason
      if (joined.signal.reason === late) throw late
      throw cause instanceof SeamError ? cause : new SeamError('NET_DIAL', 'the peer cannot be reached', { cause })
    } finally {
      done.abort()
      joined.release()
    }
  }
}
