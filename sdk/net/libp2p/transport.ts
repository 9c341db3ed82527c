/**
 * The transport over libp2p: tcp and websockets, noise, yamux, identify, ping, kad-dht, gossipsub. Only this folder names libp2p.
 */
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { generateKeyPairFromSeed, publicKeyFromRaw } from '@libp2p/crypto/keys'
import { type GossipSub, gossipsub, StrictNoSign, TopicValidatorResult } from '@libp2p/gossipsub'
import { type Identify, identify } from '@libp2p/identify'
import type { Connection, Ed25519PrivateKey, Libp2p, PeerId, Stream } from '@libp2p/interface'
import { type KadDHT, kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { peerIdFromPublicKey } from '@libp2p/peer-id'
import { type Ping, ping } from '@libp2p/ping'
import { webSockets } from '@libp2p/websockets'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { create as createDigest } from 'multiformats/hashes/digest'
import type { Clock, Log, PeerKey } from '../../components.ts'
import { SeamError } from '../../protocol/errors.ts'
import { DIAL_MS, OFFER_BYTES_MAX } from '../../protocol/limits.ts'
import { peerKeyBytes, peerKeyOf } from '../../protocol/peer-id.ts'
import type { OpenOptions, PeerEvent, StreamLimits, Transport, Verdict, Wire } from '../wire.ts'
import { gatheredTcp } from './gathered-tcp.ts'
import { STREAM_WINDOW_BYTES_MAX, StreamWire } from './stream-wire.ts'

const BOOTSTRAP_RETRY_MS = [250, 500, 1_000, 2_000, 5_000, 10_000]
const BOOTSTRAP_CHECK_MS = 2_000
const SHA256 = 0x12
const inBrowser = globalThis.process?.versions?.node === undefined // it has no sockets, only WebSocket

export interface TransportInit {
  privateKey: Uint8Array
  listen: string[]
  bootstrap?: string[]
  dht?: 'server' | 'client' | 'off'
  announce?: string[]
  clock: Clock
  log: Log
  /** Is this peer refused for its faults? */
  refuses: (peer: PeerKey) => boolean
}

interface Services extends Record<string, unknown> {
  identify: Identify
  ping: Ping
  pubsub: GossipSub
  dht?: KadDHT
}

export const createTransport = async (init: TransportInit): Promise<Transport> => {
  const privateKey = await generateKeyPairFromSeed('Ed25519', init.privateKey)
  const refuses = (id: PeerId): boolean => keyOf(id) === null || init.refuses(keyOf(id) as PeerKey)
  const mode = init.dht ?? (init.listen.length > 0 ? 'server' : 'client')
  const node = (await createLibp2p<Services>({
    privateKey,
    addresses: { listen: init.listen, ...(init.announce === undefined ? {} : { announce: init.announce }) },
    nodeInfo: { userAgent: 'openseam/1' },
    transports: inBrowser ? [webSockets()] : [gatheredTcp(), webSockets()],
    connectionEncrypters: [noise()],
    streamMuxers: [
      yamux({
        maxInboundStreams: 4096,
        maxOutboundStreams: 4096,
        streamOptions: { maxStreamWindowSize: STREAM_WINDOW_BYTES_MAX }
      })
    ],
    connectionGater: {
      denyDialPeer: refuses,
      denyDialMultiaddr: () => false, // providers may live on a LAN; libp2p in a browser would refuse its addresses, and plain ws
      denyInboundEncryptedConnection: refuses,
      denyOutboundEncryptedConnection: refuses
    },
    connectionManager: {
      dialTimeout: DIAL_MS,
      // one address may stand for many peers: a NAT, a gateway, a devnet
      inboundConnectionThreshold: 100,
      maxIncomingPendingConnections: 64,
      maxConnections: 1_000
    },
    connectionMonitor: { pingInterval: 15_000, pingTimeout: { minTimeout: 10_000 } },
    services: {
      identify: identify(),
      ping: ping(),
      pubsub: gossipsub({
        globalSignaturePolicy: StrictNoSign, // offers bear their author's signature; the id of a message is its hash
        floodPublish: true, // a network of a handful of peers has no mesh worth the name
        allowPublishToZeroTopicPeers: true,
        ignoreDuplicatePublishError: true,
        maxInboundDataLength: 2 * OFFER_BYTES_MAX,
        canRelayMessage: false
      }),
      ...(mode === 'off'
        ? {}
        : {
            dht: kadDHT({
              protocol: '/openseam/kad/1',
              clientMode: mode === 'client',
              peerInfoMapper: passthroughMapper,
              initialQuerySelfInterval: 100
            })
          })
    } as never
  }).catch((cause: unknown) => {
    throw notListening(cause)
  })) as unknown as Libp2p<Services>
  if (mode === 'server') await node.services.dht?.setMode('server')
  return new Libp2pTransport(node, privateKey, init)
}

/** libp2p puts the reason of each address, and the stack of its error, into one text. */
const notListening = (cause: unknown): unknown => {
  if (!(cause instanceof Error) || cause.name !== 'UnsupportedListenAddressesError') return cause
  const reasons = [...cause.message.matchAll(/^ *(\/\S+): (?:Error: )?(.*)$/gm)].map(([, address, why]) => `${address}: ${why}`)
  return new SeamError('CONFIG', `this peer cannot listen where it was told to: ${reasons.join('; ')}`, { cause })
}

class Libp2pTransport implements Transport {
  readonly peer: PeerKey
  readonly #node: Libp2p<Services>
  readonly #privateKey: Ed25519PrivateKey
  readonly #clock: Clock
  readonly #log: Log
  readonly #ids = new Map<PeerKey, PeerId>()
  readonly #listeners = new Set<(event: PeerEvent) => void>()
  readonly #stopped = new AbortController()

  constructor(node: Libp2p<Services>, privateKey: Ed25519PrivateKey, init: TransportInit) {
    this.#node = node
    this.#privateKey = privateKey
    this.#clock = init.clock
    this.#log = init.log
    this.peer = peerKeyOf(privateKey.publicKey.raw)
    const tell = (connected: boolean) => (event: CustomEvent<PeerId>) => {
      const peer = keyOf(event.detail)
      if (peer !== null) for (const listener of this.#listeners) listener({ peer, connected })
    }
    node.addEventListener('peer:connect', tell(true))
    node.addEventListener('peer:disconnect', tell(false))
    const bootstrap = init.bootstrap ?? []
    if (bootstrap.length > 0) void this.#keepBootstrapped(bootstrap).catch(() => {}) // only when stopped
  }

  multiaddrs(): string[] {
    return this.#node.getMultiaddrs().map(String)
  }

  async open(peer: PeerKey, id: string, { signal, outboundMax, multiaddrs }: OpenOptions): Promise<Wire> {
    const connection = this.#connection(peer) ?? (await this.#dial(peer, multiaddrs, signal))
    try {
      return new StreamWire(peer, await connection.newStream(id, { signal, maxOutboundStreams: outboundMax }))
    } catch (cause) {
      if (cause instanceof Error && cause.name === 'TooManyOutboundProtocolStreamsError') {
        throw new SeamError('RATE_LIMITED', `already ${outboundMax} ${id} streams to this peer`, { cause })
      }
      throw new SeamError('NET_DIAL', `the peer does not take a ${id} stream`, { cause })
    }
  }

  handle(id: string, limits: StreamLimits, accept: (wire: Wire) => void): void {
    const onStream = (stream: Stream, connection: Connection): void => {
      const peer = keyOf(connection.remotePeer)
      if (peer === null) stream.abort(new Error('openseam speaks with Ed25519 peers only'))
      else accept(new StreamWire(peer, stream))
    }
    // one more than the limit, so that the engine sees the offence and can book it
    const options = { maxInboundStreams: limits.inbound + 1, maxOutboundStreams: limits.outbound }
    this.#node
      .handle(id, onStream, options)
      .catch((error) => this.#log.error({ id, error: String(error) }, 'protocol not served'))
  }

  async connect(multiaddrs: string[], signal: AbortSignal): Promise<PeerKey> {
    const peer = keyOf((await this.#node.dial(multiaddrs.map(readAddress), { signal })).remotePeer)
    if (peer === null) throw new SeamError('NET_DIAL', 'openseam speaks with Ed25519 peers only')
    return peer
  }

  connected(peer: PeerKey): boolean {
    return this.#connection(peer) !== undefined
  }

  peers(): PeerKey[] {
    return this.#node.getPeers().flatMap((id) => keyOf(id) ?? [])
  }

  onPeer(listener: (event: PeerEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  disconnect(peer: PeerKey, reason: Error): void {
    for (const connection of this.#node.getConnections(this.#id(peer))) connection.abort(reason)
  }

  async learn(peer: PeerKey, multiaddrs: string[]): Promise<void> {
    if (peer !== this.peer) await this.#node.peerStore.merge(this.#id(peer), { multiaddrs: multiaddrs.map(readAddress) })
  }

  async publish(topic: string, data: Uint8Array): Promise<void> {
    await this.#node.services.pubsub.publish(topic, data)
  }

  subscribe(topic: string, on: (data: Uint8Array, from: PeerKey) => Verdict): () => void {
    const { pubsub } = this.#node.services
    pubsub.topicValidators.set(topic, (source, message) => {
      const from = keyOf(source)
      return verdicts[from === null ? 'reject' : on(message.data, from)]
    })
    pubsub.subscribe(topic)
    return () => {
      pubsub.unsubscribe(topic)
      pubsub.topicValidators.delete(topic)
    }
  }

  async provideKey(key: Uint8Array, signal: AbortSignal): Promise<void> {
    if (this.#node.services.dht !== undefined) await this.#node.contentRouting.provide(contentId(key), { signal })
  }

  async *findProviders(key: Uint8Array, signal: AbortSignal): AsyncIterable<{ peer: PeerKey; multiaddrs: string[] }> {
    if (this.#node.services.dht === undefined) return
    for await (const found of this.#node.contentRouting.findProviders(contentId(key), { signal })) {
      const peer = keyOf(found.id)
      if (peer !== null) yield { peer, multiaddrs: found.multiaddrs.map(String) }
    }
  }

  async sign(data: Uint8Array): Promise<Uint8Array> {
    return this.#privateKey.sign(data)
  }

  async close(): Promise<void> {
    this.#stopped.abort()
    await this.#node.stop()
  }

  #connection(peer: PeerKey): Connection | undefined {
    return this.#node.getConnections(this.#id(peer)).find((connection) => connection.status === 'open')
  }

  async #dial(peer: PeerKey, multiaddrs: string[] | undefined, signal: AbortSignal): Promise<Connection> {
    const id = this.#id(peer)
    if (multiaddrs !== undefined && multiaddrs.length > 0) await this.learn(peer, multiaddrs)
    try {
      return await this.#node.dial(id, { signal })
    } catch (cause) {
      throw new SeamError('NET_DIAL', `peer ${id} does not answer`, { cause })
    }
  }

  #id(peer: PeerKey): PeerId {
    let id = this.#ids.get(peer)
    if (id === undefined) {
      if (this.#ids.size > 10_000) this.#ids.clear()
      this.#ids.set(peer, (id = peerIdFromPublicKey(publicKeyFromRaw(peerKeyBytes(peer)))))
    }
    return id
  }

  async #keepBootstrapped(bootstrap: string[]): Promise<void> {
    const addresses = bootstrap.filter((address) => !address.endsWith(`/p2p/${this.#node.peerId}`)).map(readAddress)
    for (let attempt = 0; addresses.length > 0; ) {
      if (this.#node.getConnections().length > 0) {
        await this.#clock.sleep(BOOTSTRAP_CHECK_MS, this.#stopped.signal)
        attempt = 0
      } else {
        const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(DIAL_MS)])
        const dials = await Promise.allSettled(addresses.map((address) => this.#node.dial(address, { signal })))
        if (dials.every((dial) => dial.status === 'rejected')) {
          this.#log.warn({ bootstrap, attempt }, 'no bootstrap peer answers, trying again')
          await this.#clock.sleep(BOOTSTRAP_RETRY_MS[attempt] ?? 0, this.#stopped.signal)
          attempt = Math.min(attempt + 1, BOOTSTRAP_RETRY_MS.length - 1)
        }
      }
    }
  }
}

const verdicts: Record<Verdict, TopicValidatorResult> = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject
}

const keyOf = (id: PeerId): PeerKey | null => (id.type === 'Ed25519' ? peerKeyOf(id.publicKey.raw) : null)

const contentId = (key: Uint8Array): CID => CID.createV1(raw.code, createDigest(SHA256, key))

const readAddress = (text: string): Multiaddr => {
  try {
    return multiaddr(text)
  } catch (cause) {
    throw new SeamError('BAD_REQUEST', `not a multiaddr: ${JSON.stringify(text.slice(0, 200))}`, { cause })
  }
}
