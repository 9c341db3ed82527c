/** One attempt at a leg: the stream to its peer, from the opening frame to whatever ends it. */
import type { Channel, Clock, PeerKey } from '../components.ts'
import { codeOf, refusalError, SeamError } from '../protocol/errors.ts'
import type * as wire from '../protocol/pb/messages.js'

export type SessionChannel = Channel<wire.ClientFrame, wire.ProviderFrame>

/** What can happen to an open leg, as its driver sees it. */
export type LegEvent =
  | { kind: 'tokens'; tokens: wire.Tokens }
  | { kind: 'progress'; done: number; total: number }
  | { kind: 'drain' }
  | { kind: 'end'; end: wire.End }
  | { kind: 'refused'; error: SeamError }
  /** The stream ended without a final frame: the peer, or the path to it, is gone. */
  | { kind: 'closed' }
  /** The liveness watch gave up on the peer while the stream still looked open. */
  | { kind: 'silent' }

export class LegStream {
  readonly peer: PeerKey
  readonly #channel: SessionChannel
  readonly #frames: AsyncIterator<wire.ProviderFrame>
  readonly #silent = Promise.withResolvers<LegEvent>()
  #first: Promise<IteratorResult<wire.ProviderFrame>> | undefined

  constructor(channel: SessionChannel) {
    this.peer = channel.peer
    this.#channel = channel
    this.#frames = channel.receive()[Symbol.asyncIterator]()
  }

  /**
   * Sends the opening frame and waits for the peer's answer. Throws its refusal, NET_CLOSED, or NET_TIMEOUT: then the answer may still be
   * waited for with `opened`.
   */
  async open(open: wire.Open, clock: Clock, withinMs: number): Promise<wire.Opened> {
    try {
      await this.#channel.send({ open })
      return await this.opened(clock, withinMs)
    } catch (error) {
      if (codeOf(error) !== 'NET_TIMEOUT') this.#channel.abort(error as Error)
      throw error
    }
  }

  async opened(clock: Clock, withinMs: number): Promise<wire.Opened> {
    const timer = new AbortController()
    const late = clock.sleep(withinMs, timer.signal).then(
      () => null,
      () => null
    )
    try {
      this.#first ??= this.#frames.next()
      const first = await Promise.race([this.#first, late])
      if (first === null) throw new SeamError('NET_TIMEOUT', 'the peer did not answer the opening of a leg in time')
      if (first.done === true) throw new SeamError('NET_CLOSED', 'the peer closed the stream before it answered')
      if (first.value.refused !== undefined) throw refusalError(first.value.refused)
      if (first.value.opened === undefined) throw new SeamError('WIRE_ORDER', 'expected the answer to an opening frame')
      return first.value.opened
    } finally {
      timer.abort()
    }
  }

  /** The peer is considered dead although its stream is open. */
  silence(): void {
    this.#silent.resolve({ kind: 'silent' })
  }

  async next(): Promise<LegEvent> {
    return Promise.race([this.#next(), this.#silent.promise])
  }

  send(frame: wire.ClientFrame): void {
    this.#channel.send(frame).catch(() => undefined) // the read side sees the end of the stream
  }

  abort(reason: SeamError): void {
    this.#channel.abort(reason)
  }

  close(): Promise<void> {
    return this.#channel.close().catch(() => undefined)
  }

  async #next(): Promise<LegEvent> {
    try {
      const { value: frame, done } = await this.#frames.next()
      if (done === true) return { kind: 'closed' }
      if (frame.tokens !== undefined) return { kind: 'tokens', tokens: frame.tokens }
      if (frame.progress !== undefined) return { kind: 'progress', done: frame.progress.done, total: frame.progress.total }
      if (frame.drain !== undefined) return { kind: 'drain' }
      if (frame.end !== undefined) return { kind: 'end', end: frame.end }
      if (frame.refused !== undefined) return { kind: 'refused', error: refusalError(frame.refused) }
      return { kind: 'refused', error: new SeamError('WIRE_ORDER', 'unexpected frame in an open leg') }
    } catch {
      return { kind: 'closed' }
    }
  }
}
