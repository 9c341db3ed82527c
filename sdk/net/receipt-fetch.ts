/** Reads receipts and proofs from a peer (docs/spec/receipt.md). Nothing it says is trusted: shapes and order are checked here, the rest by proofs. */
import { type Channel, type Clock, type PeerKey, systemClock } from '../components.ts'
import { type Wei, weiFromBytes } from '../protocol/amounts.ts'
import { exact } from '../protocol/bytes.ts'
import { receiptFromWire, type SignedVoucher, voucherFromWire } from '../protocol/convert.ts'
import { refusalError, SeamError } from '../protocol/errors.ts'
import { type Address, type Bytes32, bytesToHex, type Hex, hexToBytes, SIGNATURE_BYTES } from '../protocol/eth.ts'
import {
  RECEIPTS_PER_PAGE_MAX,
  SESSION_RECEIPTS_MAX,
  VOUCHERS_PER_PAGE_MAX,
  WORK_PROOFS_PER_REPLY_MAX
} from '../protocol/limits.ts'
import type * as wire from '../protocol/pb/messages.js'
import { endName, receiptHash, type TypedDomain, type WorkReceipt } from '../protocol/typed-data.ts'
import { WORK_TREE_DEPTH } from '../protocol/work-tree.ts'
import type { Host } from './host.ts'
import { receiptProtocol } from './protocols.ts'

/** A receipt as a peer shows it. */
export interface ShownReceipt {
  receipt: WorkReceipt
  /** What it hashes to: its name, whatever the peer says. */
  hash: Bytes32
  /** The provider's; null where it has not signed. Not checked. */
  signature: Hex | null
  /** The place that the peer says it has in the channel's work tree, and the total after it. */
  index: number
  cumAfter: Wei
}

/** A channel of one provider. */
export interface ChannelRef {
  client: Address
  modelId: Bytes32
}

/**
 * Any call throws the peer's refusal, NET_CLOSED, NET_TIMEOUT (15 s of silence), RATE_LIMITED, WIRE_MALFORMED, or WIRE_ORDER for an answer
 * that was not asked for; after any but a refusal the stream is gone. Calls may overlap: they go out one at a time.
 */
export interface ReceiptReader {
  byHash(hash: Bytes32): Promise<ShownReceipt | undefined>
  /** Every receipt of a session that this peer has, by leg and seq. Throws WIRE_TOO_LONG where they do not end. */
  ofSession(sessionId: Bytes32): Promise<ShownReceipt[]>
  /** The channel's receipts from a place on, at most `max`. */
  ofChannel(channel: ChannelRef, index: number, max: number): Promise<ShownReceipt[]>
  /** The siblings of each place under that root, leaf to root. Throws RECEIPT_UNKNOWN when the peer does not have it. */
  prove(channel: ChannelRef, workRoot: Bytes32, indexes: readonly number[]): Promise<Bytes32[][]>
  /**
   * The peer's newest vouchers, at most `max`, newest first: those above what it has settled, one a channel. Whose they are and whether they are
   * signed is not checked.
   */
  pendingVouchers(max: number): Promise<SignedVoucher[]>
  close(): Promise<void>
}

export interface ReadReceiptsOptions {
  /** Whose receipts: their names follow from it. */
  domain: TypedDomain
  multiaddrs?: string[]
  /** Ends everything: pass a deadline, since a peer may take its 15 s for every page. */
  signal?: AbortSignal
  clock?: Clock
}

type ReceiptChannel = Channel<wire.ReceiptRequest, wire.ReceiptReply>

/** Throws NET_* when the peer cannot be reached or does not speak the protocol. */
export const readReceipts = async (host: Host, peer: PeerKey, options: ReadReceiptsOptions): Promise<ReceiptReader> => {
  const { domain, multiaddrs, signal, clock = systemClock } = options
  const channel = await host.open(peer, receiptProtocol, { multiaddrs, signal })
  const abort = (): void => channel.abort(new SeamError('CANCELLED', 'no longer wanted'))
  if (signal?.aborted) abort()
  signal?.addEventListener('abort', abort, { once: true })
  void channel.closed.then(() => signal?.removeEventListener('abort', abort))
  return new PeerReceipts(channel, domain, clock)
}

// Two streams of one peer may be open at a time: each keeps to half the server's quota, and no honest reader is ever refused for haste.
const REQUEST_EVERY_MS = (2 * receiptProtocol.quota.windowMs) / receiptProtocol.quota.count

class PeerReceipts implements ReceiptReader {
  readonly #channel: ReceiptChannel
  readonly #domain: TypedDomain
  readonly #clock: Clock
  readonly #replies: AsyncIterator<wire.ReceiptReply>
  #turn: Promise<unknown> = Promise.resolve()
  #paidAtMs = Number.NEGATIVE_INFINITY

  constructor(channel: ReceiptChannel, domain: TypedDomain, clock: Clock) {
    this.#channel = channel
    this.#domain = domain
    this.#clock = clock
    this.#replies = channel.receive()[Symbol.asyncIterator]()
  }

  async byHash(hash: Bytes32): Promise<ShownReceipt | undefined> {
    try {
      const { shown } = await this.#page({ hash: { hash: hexToBytes(hash, 32) } }, 1, (row) => row.hash === hash)
      return shown[0]
    } catch (error) {
      if (error instanceof SeamError && error.code === 'RECEIPT_UNKNOWN') return undefined
      throw error
    }
  }

  async ofSession(sessionId: Bytes32): Promise<ShownReceipt[]> {
    const all: ShownReceipt[] = []
    const max = RECEIPTS_PER_PAGE_MAX
    const next = { leg: 0, seq: 0 } // each receipt is past the one before, so that a peer cannot go in circles
    for (;;) {
      const request = { session: { sessionId: hexToBytes(sessionId, 32), ...next, max } }
      const { shown, more } = await this.#page(request, max, ({ receipt: { sessionId: id, leg, seq } }) => {
        const follows = id === sessionId && (leg > next.leg || (leg === next.leg && seq >= next.seq))
        next.leg = leg
        next.seq = seq + 1
        return follows
      })
      all.push(...shown)
      if (!more || shown.length === 0) return all
      if (all.length >= SESSION_RECEIPTS_MAX) {
        throw this.#broken(new SeamError('WIRE_TOO_LONG', `a session has at most ${SESSION_RECEIPTS_MAX} receipts here`))
      }
    }
  }

  async ofChannel({ client, modelId }: ChannelRef, index: number, max: number): Promise<ShownReceipt[]> {
    const all: ShownReceipt[] = []
    const name = { client: hexToBytes(client, 20), modelId: hexToBytes(modelId, 32) }
    while (all.length < max) {
      const asked = Math.min(max - all.length, RECEIPTS_PER_PAGE_MAX)
      let at = index + all.length
      const { shown, more } = await this.#page({ channel: { ...name, index: at, max: asked } }, asked, (row) => {
        const { receipt } = row
        return receipt.client === client && receipt.modelId === modelId && row.index === at++
      })
      all.push(...shown)
      if (!more || shown.length === 0) break
    }
    return all
  }

  async prove({ client, modelId }: ChannelRef, workRoot: Bytes32, indexes: readonly number[]): Promise<Bytes32[][]> {
    const paths: Bytes32[][] = []
    const name = { client: hexToBytes(client, 20), modelId: hexToBytes(modelId, 32), workRoot: hexToBytes(workRoot, 32) }
    for (let at = 0; at < indexes.length; at += WORK_PROOFS_PER_REPLY_MAX) {
      const asked = indexes.slice(at, at + WORK_PROOFS_PER_REPLY_MAX)
      const { proofs } = await this.#ask({ prove: { ...name, indexes: asked } })
      if (proofs === undefined || proofs.paths.length !== asked.length) throw this.#broken(unasked())
      paths.push(...this.#checked(() => proofs.paths.map(hashesOf)))
    }
    return paths
  }

  async pendingVouchers(max: number): Promise<SignedVoucher[]> {
    const all: SignedVoucher[] = []
    const channels = new Set<string>()
    let before = 0
    while (all.length < max) {
      const asked = Math.min(max - all.length, VOUCHERS_PER_PAGE_MAX)
      const { pending } = await this.#ask({ pending: { before, max: asked } })
      if (pending === undefined || pending.vouchers.length > asked) throw this.#broken(unasked())
      for (const { voucher, place } of pending.vouchers) {
        const shown = this.#checked(() => voucherOf(voucher))
        const { client, modelId } = shown.voucher
        const follows = place >= 1 && (before === 0 || place < before) // so that a peer cannot go in circles
        if (!follows || channels.has(client + modelId)) throw this.#broken(unasked())
        channels.add(client + modelId)
        before = place
        all.push(shown)
      }
      if (!pending.more || pending.vouchers.length === 0) break
    }
    return all
  }

  close(): Promise<void> {
    return this.#channel.close()
  }

  /** `belongs` sees the rows in order, and says whether each is what was asked for. */
  async #page(
    request: wire.ReceiptRequest,
    max: number,
    belongs: (row: ShownReceipt) => boolean
  ): Promise<{ shown: ShownReceipt[]; more: boolean }> {
    const { page } = await this.#ask(request)
    if (page === undefined || page.receipts.length > max) throw this.#broken(unasked())
    const shown = this.#checked(() => page.receipts.map((row) => shownOf(row, this.#domain)))
    if (!shown.every(belongs)) throw this.#broken(unasked())
    return { shown, more: page.more }
  }

  #ask(request: wire.ReceiptRequest): Promise<wire.ReceiptReply> {
    const reply = this.#turn.then(() => this.#exchange(request))
    this.#turn = reply.catch(() => {})
    return reply
  }

  async #exchange(request: wire.ReceiptRequest): Promise<wire.ReceiptReply> {
    await this.#pace()
    await this.#channel.send(request)
    const { value: reply, done } = await this.#replies.next()
    if (done === true) throw new SeamError('NET_CLOSED', 'the peer closed while it was asked for receipts')
    if (reply.refused !== undefined) throw refusalError(reply.refused)
    return reply
  }

  /** A burst of half the quota, then its steady rate. */
  async #pace(): Promise<void> {
    const nowMs = this.#clock.tickMs()
    this.#paidAtMs = Math.max(this.#paidAtMs, nowMs) + REQUEST_EVERY_MS
    const earlyMs = this.#paidAtMs - nowMs - receiptProtocol.quota.windowMs
    if (earlyMs > 0) await this.#clock.sleep(earlyMs)
  }

  #checked<T>(read: () => T): T {
    try {
      return read()
    } catch (error) {
      throw this.#broken(error instanceof SeamError ? error : new SeamError('WIRE_MALFORMED', 'no receipt', { cause: error }))
    }
  }

  #broken(error: SeamError): SeamError {
    this.#channel.abort(error)
    return error
  }
}

const unasked = (): SeamError => new SeamError('WIRE_ORDER', 'a peer answers with something that was not asked for')

const shownOf = (row: wire.ServedReceipt, domain: TypedDomain): ShownReceipt => {
  if (row.receipt === undefined) throw new SeamError('WIRE_MALFORMED', 'a receipt without a receipt')
  const parties = {
    client: bytesToHex(exact(row.client, 20, 'client')),
    provider: bytesToHex(exact(row.provider, 20, 'provider')),
    modelId: bytesToHex(exact(row.modelId, 32, 'modelId'))
  }
  endName(row.receipt.end) // throws for a reason that there is not
  const receipt = receiptFromWire(row.receipt, parties)
  return {
    receipt,
    hash: receiptHash(domain, receipt),
    signature: row.signature.length === 0 ? null : bytesToHex(exact(row.signature, SIGNATURE_BYTES, 'signature')),
    index: row.index,
    cumAfter: weiFromBytes(row.cumAfter, 'cumAfter')
  }
}

const voucherOf = (voucher: wire.Voucher | undefined): SignedVoucher => {
  if (voucher === undefined) throw new SeamError('WIRE_MALFORMED', 'a place without a voucher')
  return voucherFromWire(voucher)
}

const hashesOf = ({ siblings }: wire.WorkPath): Bytes32[] => {
  const bytes = exact(siblings, 32 * WORK_TREE_DEPTH, 'siblings')
  return Array.from({ length: WORK_TREE_DEPTH }, (_, i) => bytesToHex(bytes.slice(32 * i, 32 * i + 32)))
}
