/** Typed data to and from its wire form. Lengths are checked here once; inside, hex strings and integers are trusted. */
import { weiFromBytes, weiToBytes } from './amounts.ts'
import { exact } from './bytes.ts'
import { type Bytes32, bytesToHex, hexToBytes } from './eth.ts'
import type * as wire from './pb/messages.js'
import type { LegOpen, PeerBinding, Voucher, WorkReceipt } from './typed-structs.ts'

const b32 = (bytes: Uint8Array, field: string): Bytes32 => bytesToHex(exact(bytes, 32, field))
const b20 = (bytes: Uint8Array, field: string): Bytes32 => bytesToHex(exact(bytes, 20, field))

export const legToWire = (leg: LegOpen): wire.LegOpen => ({
  ...leg,
  sessionId: hexToBytes(leg.sessionId, 32),
  client: hexToBytes(leg.client, 20),
  clientPeer: hexToBytes(leg.clientPeer, 32),
  provider: hexToBytes(leg.provider, 20),
  providerPeer: hexToBytes(leg.providerPeer, 32),
  modelId: hexToBytes(leg.modelId, 32),
  promptWei: weiToBytes(leg.promptWei),
  completionWei: weiToBytes(leg.completionWei),
  requestHash: hexToBytes(leg.requestHash, 32),
  prevHead: hexToBytes(leg.prevHead, 32)
})

export const legFromWire = (leg: wire.LegOpen): LegOpen => ({
  sessionId: b32(leg.sessionId, 'leg.sessionId'),
  leg: leg.leg,
  client: b20(leg.client, 'leg.client'),
  clientPeer: b32(leg.clientPeer, 'leg.clientPeer'),
  provider: b20(leg.provider, 'leg.provider'),
  providerPeer: b32(leg.providerPeer, 'leg.providerPeer'),
  modelId: b32(leg.modelId, 'leg.modelId'),
  promptWei: weiFromBytes(leg.promptWei, 'leg.promptWei'),
  completionWei: weiFromBytes(leg.completionWei, 'leg.completionWei'),
  from: leg.from,
  maxTo: leg.maxTo,
  requestHash: b32(leg.requestHash, 'leg.requestHash'),
  prevEnd: leg.prevEnd,
  prevHead: b32(leg.prevHead, 'leg.prevHead'),
  deadline: leg.deadline
})

export interface SignedVoucher {
  voucher: Voucher
  signature: Uint8Array
}

export const voucherToWire = ({ voucher, signature }: SignedVoucher): wire.Voucher => ({
  client: hexToBytes(voucher.client, 20),
  provider: hexToBytes(voucher.provider, 20),
  modelId: hexToBytes(voucher.modelId, 32),
  cumulative: weiToBytes(voucher.cumulative),
  units: voucher.units,
  workRoot: hexToBytes(voucher.workRoot, 32),
  signature: Uint8Array.from(signature)
})

export const voucherFromWire = (voucher: wire.Voucher): SignedVoucher => ({
  voucher: {
    client: b20(voucher.client, 'voucher.client'),
    provider: b20(voucher.provider, 'voucher.provider'),
    modelId: b32(voucher.modelId, 'voucher.modelId'),
    cumulative: weiFromBytes(voucher.cumulative, 'voucher.cumulative'),
    units: voucher.units,
    workRoot: b32(voucher.workRoot, 'voucher.workRoot')
  },
  signature: exact(voucher.signature, 65, 'voucher.signature')
})

/** The channel a receipt belongs to stands beside it once, not in every draft. */
export type ReceiptParties = Pick<WorkReceipt, 'client' | 'provider' | 'modelId'>

export const receiptToWire = (receipt: WorkReceipt): wire.ReceiptDraft => ({
  sessionId: hexToBytes(receipt.sessionId, 32),
  leg: receipt.leg,
  seq: receipt.seq,
  from: receipt.from,
  to: receipt.to,
  promptUnits: receipt.promptUnits,
  amount: weiToBytes(receipt.amount),
  outputHash: hexToBytes(receipt.outputHash, 32),
  kvHead: hexToBytes(receipt.kvHead, 32),
  fingerprint: hexToBytes(receipt.fingerprint, 32),
  end: receipt.end
})

export const receiptFromWire = (draft: wire.ReceiptDraft, parties: ReceiptParties): WorkReceipt => ({
  client: parties.client, // by name: whoever has a whole voucher at hand may pass it
  provider: parties.provider,
  modelId: parties.modelId,
  sessionId: b32(draft.sessionId, 'receipt.sessionId'),
  leg: draft.leg,
  seq: draft.seq,
  from: draft.from,
  to: draft.to,
  promptUnits: draft.promptUnits,
  amount: weiFromBytes(draft.amount, 'receipt.amount'),
  outputHash: b32(draft.outputHash, 'receipt.outputHash'),
  kvHead: b32(draft.kvHead, 'receipt.kvHead'),
  fingerprint: b32(draft.fingerprint, 'receipt.fingerprint'),
  end: draft.end
})

export const bindingToWire = (binding: PeerBinding, signature: Uint8Array): wire.PeerBinding => ({
  provider: hexToBytes(binding.provider, 20),
  peer: hexToBytes(binding.peer, 32),
  x25519: hexToBytes(binding.x25519, 32),
  signer: hexToBytes(binding.signer, 20),
  validUntil: binding.validUntil,
  signature: Uint8Array.from(signature)
})

export const bindingFromWire = (binding: wire.PeerBinding): { binding: PeerBinding; signature: Uint8Array } => ({
  binding: {
    provider: b20(binding.provider, 'binding.provider'),
    peer: b32(binding.peer, 'binding.peer'),
    x25519: b32(binding.x25519, 'binding.x25519'),
    signer: b20(binding.signer, 'binding.signer'),
    validUntil: binding.validUntil
  },
  signature: exact(binding.signature, 65, 'binding.signature')
})
