/** One filled example of every wire message (sdk/protocol/pb/openseam.proto), and of every variant of a frame. No field is at its default. */
import type * as pb from '../sdk/protocol/pb/messages.js'

/** Bytes that count up from `first`, so that swapped or shifted fields show. */
const bytes = (count: number, first: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: count }, (_, i) => (first + i) & 255)
const SAFE_MAX = Number.MAX_SAFE_INTEGER

const refusal: pb.Refusal = { code: 'UNPAID_LEG', message: 'send its closing voucher', amount: bytes(12, 1) }
const binding: pb.PeerBinding = {
  provider: bytes(20, 1),
  peer: bytes(32, 2),
  x25519: bytes(32, 3),
  signer: bytes(20, 4),
  validUntil: 1_800_000_000,
  signature: bytes(65, 5)
}
const modelOffer: pb.ModelOffer = {
  modelId: bytes(32, 10),
  manifestHash: bytes(32, 11),
  name: 'seam-chat',
  numerics: bytes(32, 12),
  contextMax: 1_024,
  promptWei: bytes(4, 13),
  completionWei: bytes(5, 14),
  slotsFree: 3,
  slotsTotal: 4,
  prefillPerSecond: 2_000,
  decodePerSecond: 900,
  blockBytes: 65_536,
  payees: [],
  bps: []
}
const offer: pb.Offer = {
  binding,
  seq: SAFE_MAX,
  issuedAtMs: 1_800_000_000_000,
  ttlMs: 120_000,
  models: [modelOffer, { ...modelOffer, name: 'другая модель' }],
  region: 'eu-west',
  multiaddrs: ['/ip4/127.0.0.1/tcp/4001', '/dns4/example.org/tcp/443/wss'],
  standbyBytesFree: 8_589_934_592,
  draining: true,
  version: 'openseam/0.1.0'
}
const signedOffer: pb.SignedOffer = { body: bytes(40, 20), signature: bytes(64, 21) }

const legOpen: pb.LegOpen = {
  sessionId: bytes(32, 30),
  leg: 3,
  client: bytes(20, 31),
  clientPeer: bytes(32, 32),
  provider: bytes(20, 33),
  providerPeer: bytes(32, 34),
  modelId: bytes(32, 35),
  promptWei: bytes(4, 36),
  completionWei: bytes(5, 37),
  from: 417,
  maxTo: 1_024,
  requestHash: bytes(32, 38),
  prevEnd: 2,
  prevHead: bytes(32, 39),
  deadline: 1_800_000_300
}
const grammar: pb.Grammar = { kind: 1, source: '{"type":"object"}' }
const logitBias: pb.LogitBias = { id: 7, bias: -1.5 }
const sampling: pb.Sampling = {
  temperature: 0.75,
  topP: 0.5,
  topK: 40,
  minP: 0.0625,
  repetitionPenalty: 1.25,
  frequencyPenalty: -0.5,
  presencePenalty: 0.25,
  logitBias: [logitBias, { id: 8, bias: 100 }],
  seed: 2n ** 64n - 1n,
  logprobs: 5,
  stopIds: [2, 70_000],
  completionFrom: 417
}
const sealed: pb.Sealed = { enc: bytes(32, 40), ciphertext: bytes(48, 41) }
const keyEntry: pb.EpochKeyEntry = { leg: 3, generation: 1, key: bytes(32, 42) }
const successor: pb.SuccessorRef = { grantId: bytes(16, 43), peer: bytes(32, 44), multiaddrs: ['/ip4/10.0.0.1/tcp/4001'] }
const open: pb.Open = {
  leg: legOpen,
  signature: bytes(65, 45),
  secret: sealed,
  ids: bytes(16, 46),
  sampling,
  successors: [successor],
  grantId: bytes(16, 47),
  kvHead: bytes(32, 48),
  exactTail: true,
  replica: bytes(16, 49),
  parkKey: bytes(16, 50)
}
const cancel: pb.Cancel = { reason: 6, to: 420 }
const mark: pb.KvMark = { blocks: 13, head: bytes(32, 51) }
const resume: pb.Resume = { tier: 'warm', kept: 384, recomputed: 33 }
const topLogprob: pb.TopLogprob = { id: 9, logprob: -0.25 }
const tokenLogprob: pb.TokenLogprob = { logprob: -0.125, top: [topLogprob] }
const tokens: pb.Tokens = { from: 417, ids: [1, 300, 70_000], logprobs: [tokenLogprob], mark, resume }
const end: pb.End = { reason: 7, to: 480, mark, detail: 'UNPAID_LEG' }
const opened: pb.Opened = { credit: 64 }
const progress: pb.Progress = { done: 128, total: 417 }
const drain: pb.Drain = { withinMs: 15_000 }

const grantRequest: pb.GrantRequest = {
  replica: bytes(16, 60),
  servingPeer: bytes(32, 61),
  modelId: bytes(32, 62),
  client: bytes(20, 63),
  bytesMax: 2_097_152,
  keepMs: 60_000
}
const grant: pb.Grant = {
  grantId: bytes(16, 64),
  replica: bytes(16, 60),
  servingPeer: bytes(32, 61),
  modelId: bytes(32, 62),
  client: bytes(20, 63),
  provider: bytes(20, 65),
  peer: bytes(32, 66),
  numerics: bytes(32, 67),
  bytesMax: 2_097_152,
  promptWei: bytes(4, 68),
  completionWei: bytes(5, 69),
  standbyWei: bytes(1, 70),
  resumeWei: bytes(2, 71),
  lockedUntilMs: 1_800_001_800_000
}
const signedGrant: pb.SignedGrant = { body: bytes(40, 72), signature: bytes(64, 73) }
const grantAck: pb.GrantAck = { blocks: 13, head: bytes(32, 74) }
const fence: pb.GrantFence = { leg: 4 }

const kvHello: pb.KvHello = { grantId: bytes(16, 80), replica: bytes(16, 81), leg: 3, fromBlock: 2 }
const kvHeader: pb.KvHeader = { header: bytes(160, 82), tag: bytes(16, 83), signature: bytes(64, 84), cells: 1 }
const cell: pb.KvCell = { body: bytes(64, 85) }

const voucher: pb.Voucher = {
  client: bytes(20, 90),
  provider: bytes(20, 91),
  modelId: bytes(32, 92),
  cumulative: bytes(12, 93),
  units: 417,
  workRoot: bytes(32, 94),
  signature: bytes(65, 95)
}
const receipt: pb.ReceiptDraft = {
  sessionId: bytes(32, 96),
  leg: 3,
  seq: 12,
  from: 417,
  to: 449,
  promptUnits: 3,
  amount: bytes(6, 97),
  outputHash: bytes(32, 98),
  kvHead: bytes(32, 99),
  fingerprint: bytes(32, 100),
  end: 1
}
const hello: pb.VoucherHello = { client: bytes(20, 90), modelIds: [bytes(32, 92), bytes(32, 101)] }
const channelState: pb.ChannelState = { modelId: bytes(32, 92), newest: voucher, tree: bytes(36, 102) }
const state: pb.VoucherState = { channels: [channelState] }
const ack: pb.Ack = { voucher, count: 13, appended: [receipt] }
const servedReceipt: pb.ServedReceipt = {
  client: bytes(20, 90),
  provider: bytes(20, 91),
  modelId: bytes(32, 92),
  receipt,
  signature: bytes(65, 104),
  index: 12,
  cumAfter: bytes(7, 105)
}
const byHash: pb.ReceiptByHash = { hash: bytes(32, 106) }
const ofSession: pb.ReceiptsOfSession = { sessionId: bytes(32, 96), leg: 3, seq: 12, max: 256 }
const ofChannel: pb.ReceiptsOfChannel = { client: bytes(20, 90), modelId: bytes(32, 92), index: 300, max: 64 }
const prove: pb.WorkProofRequest = {
  client: bytes(20, 90),
  modelId: bytes(32, 92),
  workRoot: bytes(32, 94),
  indexes: [12, 300]
}
const page: pb.ReceiptPage = { receipts: [servedReceipt], more: true }
const proofs: pb.WorkProofs = { count: 301, paths: [{ siblings: bytes(1024, 107) }] }
const pendingRequest: pb.PendingRequest = { before: SAFE_MAX, max: 256 }
const pendingVoucher: pb.PendingVoucher = { voucher, place: 300 }
const pendingPage: pb.PendingPage = { vouchers: [pendingVoucher], more: true }
const reply: pb.AckReply = { modelId: bytes(32, 92), count: 13, signatures: [bytes(65, 103)], refused: refusal }

export const examples = {
  Refusal: [refusal],
  PeerBinding: [binding],
  ModelOffer: [modelOffer, { ...modelOffer, payees: [bytes(20, 15), bytes(20, 16)], bps: [250, 1] }],
  Offer: [offer],
  SignedOffer: [signedOffer],
  OfferRequest: [{ modelId: bytes(32, 10), max: 64 }] satisfies pb.OfferRequest[],
  OfferResponse: [{ offers: [signedOffer, signedOffer] }] satisfies pb.OfferResponse[],
  LegOpen: [legOpen],
  LogitBias: [logitBias],
  Grammar: [grammar],
  Sampling: [sampling, { ...sampling, grammar }] satisfies pb.Sampling[],
  Sealed: [sealed],
  EpochKeyEntry: [keyEntry],
  LegSecret: [{ write: keyEntry, read: [keyEntry], auditSalt: bytes(32, 52) }] satisfies pb.LegSecret[],
  SuccessorRef: [successor],
  Open: [open],
  Cancel: [cancel],
  Successors: [{ successors: [successor] }] satisfies pb.Successors[],
  EpochKeyUpdate: [{ secret: sealed }] satisfies pb.EpochKeyUpdate[],
  ClientFrame: [
    { open },
    { cancel },
    { successors: { successors: [successor] } },
    { epochKey: { secret: sealed } }
  ] satisfies pb.ClientFrame[],
  Opened: [opened],
  Resume: [resume],
  KvMark: [mark],
  TopLogprob: [topLogprob],
  TokenLogprob: [tokenLogprob],
  Tokens: [tokens, { ...tokens, prints: bytes(27, 111) }] satisfies pb.Tokens[],
  Progress: [progress],
  Drain: [drain],
  End: [end],
  ProviderFrame: [{ opened }, { refused: refusal }, { progress }, { tokens }, { drain }, { end }] satisfies pb.ProviderFrame[],
  GrantRequest: [grantRequest],
  Grant: [grant],
  SignedGrant: [signedGrant],
  GrantAck: [grantAck],
  GrantFence: [fence],
  GrantRelease: [{}] satisfies pb.GrantRelease[],
  GrantClientFrame: [{ request: grantRequest }, { fence }, { release: {} }] satisfies pb.GrantClientFrame[],
  GrantServerFrame: [{ grant: signedGrant }, { refused: refusal }, { ack: grantAck }] satisfies pb.GrantServerFrame[],
  KvHello: [kvHello],
  KvHeader: [kvHeader],
  KvCell: [cell],
  KvFrame: [{ hello: kvHello }, { header: kvHeader }, { cell }] satisfies pb.KvFrame[],
  KvReply: [{ ack: grantAck }, { refused: refusal }] satisfies pb.KvReply[],
  BeatRequest: [{ everyMs: 250 }] satisfies pb.BeatRequest[],
  Beat: [{ seq: 12, sessions: 3, draining: true }] satisfies pb.Beat[],
  ModelRequest: [{ modelId: bytes(32, 10), file: 'tokenizer.json' }] satisfies pb.ModelRequest[],
  ModelChunk: [
    { data: bytes(40, 110), size: 65_576, last: true },
    { refused: refusal, size: 1, last: true }
  ] satisfies pb.ModelChunk[],
  Voucher: [voucher],
  ReceiptDraft: [receipt],
  VoucherHello: [hello],
  ChannelState: [channelState],
  VoucherState: [state],
  Ack: [ack],
  AckReply: [reply],
  VoucherClientFrame: [{ hello }, { ack }] satisfies pb.VoucherClientFrame[],
  VoucherServerFrame: [{ state }, { reply }, { refused: refusal }] satisfies pb.VoucherServerFrame[],
  ReceiptByHash: [byHash],
  ReceiptsOfSession: [ofSession],
  ReceiptsOfChannel: [ofChannel],
  WorkProofRequest: [prove],
  PendingRequest: [pendingRequest],
  ReceiptRequest: [
    { hash: byHash },
    { session: ofSession },
    { channel: ofChannel },
    { prove },
    { pending: pendingRequest }
  ] satisfies pb.ReceiptRequest[],
  ServedReceipt: [servedReceipt],
  ReceiptPage: [page],
  WorkPath: [{ siblings: bytes(1024, 107) }] satisfies pb.WorkPath[],
  WorkProofs: [proofs],
  PendingVoucher: [pendingVoucher],
  PendingPage: [pendingPage],
  ReceiptReply: [{ page }, { proofs }, { refused: refusal }, { pending: pendingPage }] satisfies pb.ReceiptReply[]
}
