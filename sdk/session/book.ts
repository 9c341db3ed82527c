/** What both kinds of channel book share: who uses them, where they are kept, and what a client puts its name under. */
import type { PeerKey, SharedWrite } from '../components.ts'
import type { Wei } from '../protocol/amounts.ts'
import { ChannelState } from '../protocol/channel.ts'
import { type SignedVoucher, voucherFromWire } from '../protocol/convert.ts'
import { SeamError } from '../protocol/errors.ts'
import { type Address, type Bytes32, bytesToHex, hexToBytes } from '../protocol/eth.ts'
import type * as wire from '../protocol/pb/messages.js'
import { digest, recoverTyped, type TypedDomain, type Voucher, type WorkReceipt } from '../protocol/typed-data.ts'
import { WorkTree } from '../protocol/work-tree.ts'
import type { SessionSigner } from './wallet.ts'
import type { WriteQueue } from './write-queue.ts'

export interface StoredReceipt {
  receipt: WorkReceipt
  hash: Bytes32
  cumAfter: Wei
  /** The provider's, once it has signed. */
  signature?: string
}

export interface Snapshot {
  tree: string
  cumulative: Wei
  units: number
}

export const snapshotOf = ({ tree, cumulative, units }: ChannelState): Snapshot => ({
  tree: bytesToHex(tree.toBytes()),
  cumulative,
  units
})

export const stateFrom = (parties: Parties, { tree, cumulative, units }: Snapshot): ChannelState =>
  new ChannelState(parties, WorkTree.fromBytes(hexToBytes(tree)), cumulative, units)

export type Parties = Pick<Voucher, 'client' | 'provider' | 'modelId'>

/** Receipts that were appended: what makes them durable, to be stored with whatever they belong to. */
export interface Appended {
  writes: SharedWrite[]
  hashes: Bytes32[]
  /** Called once they are stored, and only then does `ack` cover them. */
  stored(): Promise<void> | void
}

/** One channel as whoever serves, pays and delivers sees it: of a client alone (below), or of several that share a store (`shared-book.ts`). */
export interface Book {
  readonly state: ChannelState
  /** The peer that served last. */
  peer: PeerKey
  /** False: this store has nothing of the channel, and the provider has not said what it has. An earlier store may have been lost. */
  readonly known: boolean
  /** Receipts that the provider has not confirmed. */
  readonly undelivered: number
  /** When a voucher of this channel was last signed (monotonic ms). */
  signedAtMs: number
  /** While the provider is asked what it holds of a channel this store knows nothing of: nothing may be appended until it settles. */
  asking: Promise<void> | undefined
  append(receipts: WorkReceipt[]): Appended
  /** What the provider has not been sent yet, or null: at most one message of receipts, under a voucher of their own if more follow. */
  ack(from: number): wire.Ack | null
  /** The provider stored receipts up to `count` and signed the last of them. Returns those that are confirmed now. */
  confirm(count: number, signatures: Uint8Array[]): Promise<StoredReceipt[]>
  /** What the provider has stored. Returns the count to send from. */
  reconcile(theirs: wire.ChannelState): Promise<number>
  /** Reads again what others may have appended. */
  refresh(): Promise<void>
}

export interface BookInit {
  domain: TypedDomain
  signer: SessionSigner
  queue: WriteQueue
  provider: Address
  modelId: Bytes32
  peer: PeerKey
}

export const BOOK_PREFIX = 'ch:'
export const bookKey = (provider: Address, modelId: Bytes32): string => `${BOOK_PREFIX}${provider}:${modelId}`
export const receiptPrefix = ({ provider, modelId }: Parties): string => `rc:${provider}:${modelId}:`
export const receiptKey = (parties: Parties, index: number): string =>
  `${receiptPrefix(parties)}${String(index).padStart(10, '0')}`

export const signVoucher = ({ domain, signer }: Pick<BookInit, 'domain' | 'signer'>, state: ChannelState): SignedVoucher => {
  const voucher = state.voucher()
  return { voucher, signature: signer.sign(digest(domain, 'Voucher', voucher)) }
}

/** The provider's newest voucher, where it is ours over exactly this tree. */
export const ourVoucher = (
  { domain, signer }: Pick<BookInit, 'domain' | 'signer'>,
  parties: Parties,
  { newest }: wire.ChannelState,
  tree: WorkTree
): SignedVoucher => {
  if (newest === undefined) throw new SeamError('VOUCHER_MISSING', 'the provider claims receipts without a voucher')
  const { voucher, signature } = voucherFromWire(newest)
  const ours = voucher.client === parties.client && voucher.provider === parties.provider && voucher.modelId === parties.modelId
  if (!ours || voucher.workRoot !== tree.root() || recoverTyped(domain, 'Voucher', voucher, signature) !== signer.signer) {
    throw new SeamError('VOUCHER_SIGNATURE', 'the voucher the provider returned is not ours')
  }
  return { voucher, signature }
}
