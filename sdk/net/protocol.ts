/**
 * A protocol is a value: sizes, silence, streams and rate are declared here and enforced once, by the engine (docs/spec/net.md).
 */

export interface Codec<T> {
  encode(message: T): Uint8Array
  /** Throws on anything malformed. The result may share memory with `bytes`: copy what outlives the message. */
  decode(bytes: Uint8Array): T
}

export interface Quota {
  /** Frames that may arrive in one window from one peer, over all its streams of the protocol. */
  count: number
  windowMs: number
}

export interface Protocol<ClientMessage, ServerMessage> {
  id: string
  /** The page that specifies it. */
  spec: string
  /** Messages of the side that opened the stream. */
  client: Codec<ClientMessage>
  /** Messages of the side that accepted it. */
  server: Codec<ServerMessage>
  clientFrameBytesMax: number
  serverFrameBytesMax: number
  /** Silence allowed while a receive() is pending; 0 is unlimited (liveness then comes from beats). */
  idleMs: number
  inboundStreamsPerPeerMax: number
  outboundStreamsPerPeerMax: number
  quota: Quota
}
