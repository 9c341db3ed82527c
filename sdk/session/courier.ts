/**
 * Carries a client's acknowledgements to one provider over one ordered stream, and keeps trying while it owes that provider a
 * voucher: a provider that died is paid when it is back (docs/spec/voucher.md).
 */
import type { Channel, Clock, Log, PeerKey } from '../components.ts'
import { codeOf, refusalError, SeamError } from '../protocol/errors.ts'
import { type Address, bytesToHex, hexToBytes } from '../protocol/eth.ts'
import { REQUEST_MS } from '../protocol/limits.ts'
import type * as wire from '../protocol/pb/messages.js'
import type { Book, StoredReceipt } from './book.ts'

/**
 * Acknowledgements of one channel that wait for their reply. Each costs the provider two signatures and a write to disk: what comes meanwhile goes
 * under one voucher, so that a provider with hundreds of sessions of one client is not asked for hundreds of them a second.
 */
export const ACKS_IN_FLIGHT_MAX = 4
const RETRY_MS_MIN = 250
const RETRY_MS_MAX = 4_000

export type VoucherChannel = Channel<wire.VoucherClientFrame, wire.VoucherServerFrame>

export interface CourierComponents {
  open(peer: PeerKey): Promise<VoucherChannel>
  clock: Clock
  log: Log
  account: Address
  /** Others of this wallet bring vouchers too: one that comes after a newer one is nobody's fault. */
  crossing: boolean
  /** The provider rejected an acknowledgement: the legs it covers cannot go on. */
  onRefused(provider: Address, error: SeamError): void
  /** The provider stored these receipts, and signed them or not. */
  onConfirmed(provider: Address, receipts: StoredReceipt[]): void
}

export class Courier {
  readonly provider: Address
  readonly #c: CourierComponents
  readonly #books = new Map<string, Book>()
  /** Receipts sent on the open stream, per model. */
  readonly #sent = new Map<string, number>()
  /** Acknowledgements without a reply on it, per model. */
  readonly #inFlight = new Map<string, number>()
  #peer: PeerKey
  #channel: VoucherChannel | undefined
  #opening: Promise<void> | undefined
  #retryMs = RETRY_MS_MIN
  #timer: AbortController | undefined
  #closed = false

  constructor(components: CourierComponents, provider: Address, peer: PeerKey) {
    this.#c = components
    this.provider = provider
    this.#peer = peer
  }

  add(book: Book, peer: PeerKey): void {
    this.#books.set(book.state.modelId, book)
    book.peer = peer
    if (this.#channel === undefined) this.#peer = peer
  }

  /**
   * Opens the stream ahead of the first acknowledgement, so that this one costs no round trip. Settles once the provider has said what
   * it holds of every channel; one that joined after the hello needs another hello.
   */
  async ready(): Promise<void> {
    const open = this.#channel
    if (open !== undefined && [...this.#books.values()].every((book) => book.known)) return
    await this.#connect()
    if (open !== this.#channel) await open?.close()
  }

  /** Sends whatever is stored and not sent. Never throws: what cannot be delivered now is delivered later. */
  flush(): void {
    const channel = this.#channel
    if (channel === undefined) return this.#retry()
    for (const [modelId, book] of this.#books) {
      const inFlight = this.#inFlight.get(modelId) ?? 0
      const ack = inFlight < ACKS_IN_FLIGHT_MAX ? book.ack(this.#sent.get(modelId) ?? 0) : null
      if (ack === null) continue
      this.#sent.set(modelId, ack.count)
      this.#inFlight.set(modelId, inFlight + 1)
      channel.send({ ack }).catch(() => undefined) // the receive loop sees the end of the stream
    }
  }

  get owes(): boolean {
    return [...this.#books.values()].some((book) => book.undelivered > 0)
  }

  get peer(): PeerKey {
    return this.#peer
  }

  /** True once the provider has confirmed everything, false when that takes longer than `withinMs()`, asked again as things change. */
  async delivered(withinMs: () => number): Promise<boolean> {
    const startMs = this.#c.clock.tickMs()
    while (this.owes && this.#c.clock.tickMs() - startMs < withinMs()) {
      this.wake()
      await this.#c.clock.sleep(RETRY_MS_MIN / 5)
    }
    return !this.owes
  }

  /** The peer is back: try now rather than at the next retry. */
  wake(): void {
    this.#retryMs = RETRY_MS_MIN
    this.#timer?.abort()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#timer?.abort()
    await this.#channel?.close()
  }

  #connect(): Promise<void> {
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined
    })
    return this.#opening
  }

  async #open(): Promise<void> {
    const channel = await this.#c.open(this.#peer)
    await this.#hello(channel)
    const frames = channel.receive()[Symbol.asyncIterator]()
    const timeout = setTimeout(() => channel.abort(new SeamError('NET_TIMEOUT', 'no answer to a voucher hello')), REQUEST_MS)
    const { value: first, done } = await frames.next().finally(() => clearTimeout(timeout))
    if (done === true || first.state === undefined) {
      channel.abort(new SeamError('WIRE_ORDER', 'expected the state of our channels'))
      throw first?.refused === undefined
        ? new SeamError('NET_CLOSED', 'the provider closed the voucher stream')
        : refusalError(first.refused)
    }
    await this.#reconcile(first.state)
    this.#channel = channel
    this.#inFlight.clear()
    this.#retryMs = RETRY_MS_MIN
    void this.#receive(channel, frames)
    this.flush()
  }

  #hello(channel: VoucherChannel): Promise<void> {
    const modelIds = [...this.#books.keys()].map((id) => hexToBytes(id, 32))
    return channel.send({ hello: { client: hexToBytes(this.#c.account, 20), modelIds } })
  }

  async #reconcile({ channels }: wire.VoucherState): Promise<void> {
    for (const theirs of channels) {
      const modelId = bytesToHex(theirs.modelId)
      const book = this.#books.get(modelId)
      if (book !== undefined) this.#sent.set(modelId, await book.reconcile(theirs))
    }
  }

  async #receive(channel: VoucherChannel, frames: AsyncIterator<wire.VoucherServerFrame>): Promise<void> {
    try {
      for (;;) {
        const { value: frame, done } = await frames.next()
        if (done === true) break
        const reply = frame.reply
        if (frame.state !== undefined) {
          await this.#reconcile(frame.state)
          this.flush()
        }
        if (reply === undefined) continue
        const modelId = bytesToHex(reply.modelId)
        if (channel === this.#channel) this.#inFlight.set(modelId, Math.max(0, (this.#inFlight.get(modelId) ?? 0) - 1))
        if (reply.refused === undefined) {
          const confirmed = await this.#books.get(modelId)?.confirm(reply.count, reply.signatures)
          this.#c.onConfirmed(this.provider, confirmed ?? [])
          this.flush() // what did not fit one message, or came meanwhile
          continue
        }
        const error = refusalError(reply.refused)
        if (this.#c.crossing && error.code === 'VOUCHER_REGRESSED') {
          await this.#hello(channel)
          continue
        }
        this.#c.onRefused(this.provider, error)
        // Another hello tells where the provider stands; what it will never take is not offered again on this stream.
        if (error.consequence.retry || error.code === 'INTERNAL') throw error
      }
    } catch (error) {
      this.#c.log.debug({ code: codeOf(error) }, 'voucher stream failed')
      channel.abort(error as Error)
    }
    if (this.#channel === channel) this.#channel = undefined
    if (this.owes) this.#retry()
  }

  #retry(): void {
    if (this.#timer !== undefined || this.#closed) return
    const timer = new AbortController()
    this.#timer = timer
    const delayMs = this.#retryMs
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MS_MAX)
    void this.#c.clock
      .sleep(delayMs, timer.signal)
      .catch(() => undefined)
      .then(async () => {
        this.#timer = undefined
        if (this.#closed || this.#channel !== undefined || !this.owes) return
        await this.#connect().catch((error: unknown) => {
          this.#c.log.debug({ provider: this.provider, code: codeOf(error) }, 'a voucher waits for its provider')
          this.#retry()
        })
      })
  }
}
