/**
 * The protocols of openseam. Quotas are several times what an honest peer can use: they stop floods, they do not shape traffic.
 */
import {
  GRANTS_PER_CLIENT_PEER_MAX,
  KV_FRAME_BYTES_MAX,
  MODEL_CHUNK_BYTES,
  OFFER_BYTES_MAX,
  OFFERS_PER_REPLY_MAX,
  REQUEST_MS,
  SESSION_FRAME_BYTES_MAX,
  SMALL_FRAME_BYTES_MAX,
  VOUCHER_FRAME_BYTES_MAX
} from '../protocol/limits.ts'
import * as pb from '../protocol/pb/messages.js'
import type { Codec, Protocol } from './protocol.ts'

const SESSIONS_PER_PEER_MAX = 256 // a gateway keeps many sessions at one provider
const CHUNK_OVERHEAD_BYTES = 1024 // envelope of a chunk or of a list's items

const codec = <T>(message: { encode(value: Partial<T>): Uint8Array; decode(bytes: Uint8Array): T }): Codec<T> => ({
  encode: (value) => message.encode(value as Partial<T>),
  // A plain view: what comes from a socket is a Buffer, and so would every field be, whose `slice` shares memory where a copy is meant.
  decode: (bytes) => message.decode(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength))
})

/** Ask a peer for its own offer and for those it knows. */
export const offerProtocol: Protocol<pb.OfferRequest, pb.OfferResponse> = {
  id: '/openseam/offer/1',
  spec: 'docs/spec/offer.md',
  client: codec(pb.OfferRequest),
  server: codec(pb.OfferResponse),
  clientFrameBytesMax: 1024,
  serverFrameBytesMax: OFFERS_PER_REPLY_MAX * OFFER_BYTES_MAX + CHUNK_OVERHEAD_BYTES,
  idleMs: REQUEST_MS,
  inboundStreamsPerPeerMax: 4,
  outboundStreamsPerPeerMax: 8,
  quota: { count: 100, windowMs: 10_000 }
}

/** One stream a leg. A provider may send a frame a token, for many sessions at once. */
export const sessionProtocol: Protocol<pb.ClientFrame, pb.ProviderFrame> = {
  id: '/openseam/session/1',
  spec: 'docs/spec/session.md',
  client: codec(pb.ClientFrame),
  server: codec(pb.ProviderFrame),
  clientFrameBytesMax: SESSION_FRAME_BYTES_MAX,
  serverFrameBytesMax: SMALL_FRAME_BYTES_MAX,
  idleMs: 0,
  inboundStreamsPerPeerMax: SESSIONS_PER_PEER_MAX,
  outboundStreamsPerPeerMax: SESSIONS_PER_PEER_MAX,
  quota: { count: 50_000, windowMs: 1_000 }
}

/** Client and successor, open as long as the grant is used; an acknowledgement a block. */
export const grantProtocol: Protocol<pb.GrantClientFrame, pb.GrantServerFrame> = {
  id: '/openseam/grant/1',
  spec: 'docs/spec/grant.md',
  client: codec(pb.GrantClientFrame),
  server: codec(pb.GrantServerFrame),
  clientFrameBytesMax: 4 * 1024,
  serverFrameBytesMax: 4 * 1024,
  idleMs: 0,
  inboundStreamsPerPeerMax: GRANTS_PER_CLIENT_PEER_MAX,
  outboundStreamsPerPeerMax: GRANTS_PER_CLIENT_PEER_MAX,
  quota: { count: 10_000, windowMs: 1_000 }
}

/** Sealed blocks from the serving peer to a successor, in cells. */
export const kvProtocol: Protocol<pb.KvFrame, pb.KvReply> = {
  id: '/openseam/kv/1',
  spec: 'docs/spec/kv.md',
  client: codec(pb.KvFrame),
  server: codec(pb.KvReply),
  clientFrameBytesMax: KV_FRAME_BYTES_MAX,
  serverFrameBytesMax: 4 * 1024,
  idleMs: 0,
  inboundStreamsPerPeerMax: GRANTS_PER_CLIENT_PEER_MAX,
  outboundStreamsPerPeerMax: GRANTS_PER_CLIENT_PEER_MAX,
  quota: { count: 50_000, windowMs: 1_000 }
}

/** Provider to client, a few a second. */
export const beatProtocol: Protocol<pb.BeatRequest, pb.Beat> = {
  id: '/openseam/beat/1',
  spec: 'docs/spec/beat.md',
  client: codec(pb.BeatRequest),
  server: codec(pb.Beat),
  clientFrameBytesMax: 64,
  serverFrameBytesMax: 64,
  idleMs: 0,
  inboundStreamsPerPeerMax: 4,
  outboundStreamsPerPeerMax: 8,
  quota: { count: 200, windowMs: 1_000 }
}

/** Manifest and tokenizer files, one file a request. */
export const modelProtocol: Protocol<pb.ModelRequest, pb.ModelChunk> = {
  id: '/openseam/model/1',
  spec: 'docs/spec/model.md',
  client: codec(pb.ModelRequest),
  server: codec(pb.ModelChunk),
  clientFrameBytesMax: 1024,
  serverFrameBytesMax: MODEL_CHUNK_BYTES + CHUNK_OVERHEAD_BYTES,
  idleMs: 3 * REQUEST_MS,
  inboundStreamsPerPeerMax: 4,
  outboundStreamsPerPeerMax: 8,
  quota: { count: 50_000, windowMs: 1_000 }
}

/** One ordered stream between a client and a provider. */
export const voucherProtocol: Protocol<pb.VoucherClientFrame, pb.VoucherServerFrame> = {
  id: '/openseam/voucher/1',
  spec: 'docs/spec/voucher.md',
  client: codec(pb.VoucherClientFrame),
  server: codec(pb.VoucherServerFrame),
  clientFrameBytesMax: VOUCHER_FRAME_BYTES_MAX,
  serverFrameBytesMax: VOUCHER_FRAME_BYTES_MAX,
  idleMs: 0,
  inboundStreamsPerPeerMax: 4,
  outboundStreamsPerPeerMax: 8,
  quota: { count: 5_000, windowMs: 1_000 }
}

/** Receipts and proofs, for anyone: a request at a time on a stream, each answered by at most a page. */
export const receiptProtocol: Protocol<pb.ReceiptRequest, pb.ReceiptReply> = {
  id: '/openseam/receipt/1',
  spec: 'docs/spec/receipt.md',
  client: codec(pb.ReceiptRequest),
  server: codec(pb.ReceiptReply),
  clientFrameBytesMax: 4 * 1024,
  serverFrameBytesMax: VOUCHER_FRAME_BYTES_MAX,
  idleMs: 3 * REQUEST_MS,
  inboundStreamsPerPeerMax: 2,
  outboundStreamsPerPeerMax: 8,
  quota: { count: 200, windowMs: 10_000 } // an auditor in a hurry reads 5 000 receipts a second
}
