/** What the engine needs from a transport: nothing here knows which library moves the bytes. */
import type { PeerKey } from '../components.ts'

export interface WireEvents {
  /** A chunk in order; it may be kept, nobody writes to it afterwards. */
  onBytes(chunk: Uint8Array): void
  /** There is room to send again. */
  onDrain(): void
  /** The other side finished writing, and everything it wrote was passed on. */
  onEnd(): void
  /** Both directions are over; with an error when the stream was reset. Nothing follows. */
  onClose(error?: Error): void
}

/** One multiplexed stream of bytes. */
export interface Wire {
  readonly peer: PeerKey
  /** Call once. Bytes that came before are delivered first. */
  attach(events: WireEvents): void
  /**
   * Sends both parts as one; false: taken, but wait for `onDrain` before the next. Throws when the stream cannot be written to.
   */
  send(head: Uint8Array, body: Uint8Array): boolean
  /** Stops reading, so that the other side's window runs out. */
  pause(): void
  resume(): void
  /** Flushes and ends our direction. */
  close(signal: AbortSignal): Promise<void>
  /** Resets the stream at once. */
  abort(reason: Error): void
}

export interface StreamLimits {
  inbound: number
  outbound: number
}

export interface OpenOptions {
  signal: AbortSignal
  outboundMax: number
  /** Where to dial when no connection is open; else the address book and the DHT are asked. */
  multiaddrs?: string[]
}

/** What to do with a message of a gossip topic. Rejecting blames the neighbour who passed it on; ignoring blames nobody. */
export type Verdict = 'accept' | 'ignore' | 'reject'

export interface PeerEvent {
  peer: PeerKey
  connected: boolean
}

/** A peer-to-peer transport: `libp2p/` is the one implementation. */
export interface Transport {
  readonly peer: PeerKey
  multiaddrs(): string[]
  open(peer: PeerKey, id: string, options: OpenOptions): Promise<Wire>
  handle(id: string, limits: StreamLimits, accept: (wire: Wire) => void): void
  connect(multiaddrs: string[], signal: AbortSignal): Promise<PeerKey>
  connected(peer: PeerKey): boolean
  peers(): PeerKey[]
  onPeer(listener: (event: PeerEvent) => void): () => void
  disconnect(peer: PeerKey, reason: Error): void
  learn(peer: PeerKey, multiaddrs: string[]): Promise<void>
  publish(topic: string, data: Uint8Array): Promise<void>
  subscribe(topic: string, on: (data: Uint8Array, from: PeerKey) => Verdict): () => void
  provideKey(key: Uint8Array, signal: AbortSignal): Promise<void>
  findProviders(key: Uint8Array, signal: AbortSignal): AsyncIterable<{ peer: PeerKey; multiaddrs: string[] }>
  sign(data: Uint8Array): Promise<Uint8Array>
  close(): Promise<void>
}
