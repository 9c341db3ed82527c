/**
 * A typed channel over one stream: framing, bounds, back-pressure and silence, for every protocol alike.
 *
 * A remote process that is killed looks like a graceful end here: receive() just finishes. Protocols carry final frames of their
 * own, and what had arrived before the end is always delivered first. Only a reset, a timeout or a fault makes receive() throw.
 */
import type { Channel, Clock, PeerKey } from '../components.ts'
import { SeamError } from '../protocol/errors.ts'
import { encodeLength, FrameDecoder } from './frames.ts'
import type { Codec } from './protocol.ts'
import type { Wire } from './wire.ts'

/** Decoded messages that wait for their reader; past this the stream is paused and the sender's window runs out. */
export const INBOUND_BYTES_MAX = 1024 * 1024
const MESSAGE_OVERHEAD_BYTES = 256 // an object costs more than its bytes; so a flood of empty frames is bounded too
const QUEUE_SLACK = 256 // read entries dropped at once
/** After close(): how long the other side has to take what was sent and to close as well. */
export const CLOSE_MS = 5_000

export interface ChannelInit<Send, Receive> {
  wire: Wire
  clock: Clock
  outgoing: Codec<Send>
  incoming: Codec<Receive>
  outgoingBytesMax: number
  incomingBytesMax: number
  /** 0: no limit. */
  idleMs: number
  /** How long the first frame may take; 0: no limit. */
  firstMs: number
  /** Counts an arriving frame against the peer's quota. */
  admit: () => boolean
  /** The peer broke the protocol; the stream is already gone. */
  onFault: (error: SeamError) => void
}

interface Waiter<Receive> {
  resolve(result: IteratorResult<Receive>): void
  reject(error: Error): void
}

const ROOM = Promise.resolve()
const DONE = { done: true, value: undefined } as const

export class FramedChannel<Send, Receive> implements Channel<Send, Receive> {
  readonly peer: PeerKey
  readonly closed: Promise<void>
  readonly #init: ChannelInit<Send, Receive>
  readonly #gone = new AbortController()
  readonly #heard = new AbortController() // the first frame came, or nothing will
  readonly #queue: { message: Receive; bytes: number }[] = []
  #queueHead = 0
  #queuedBytes = 0
  #paused = false
  #waiter: Waiter<Receive> | null = null
  #ended = false // nothing more will arrive
  #error: SeamError | null = null
  #writable = true
  #room: PromiseWithResolvers<void> | null = null
  #activeAtMs = 0
  #watched = false

  constructor(init: ChannelInit<Send, Receive>) {
    this.#init = init
    this.peer = init.wire.peer
    const { promise, resolve } = Promise.withResolvers<void>()
    this.closed = promise
    const decoder = new FrameDecoder(init.incomingBytesMax, (frame) => this.#onFrame(frame))
    init.wire.attach({
      onBytes: (chunk) => this.#guard(() => decoder.push(chunk)),
      onDrain: () => this.#onDrain(),
      onEnd: () => this.#end(null),
      onClose: (error) => {
        this.#writable = false
        this.#end(error === undefined ? null : closedError(error))
        this.#room?.reject(this.#error ?? closedError())
        this.#gone.abort()
        this.#heard.abort()
        resolve()
      }
    })
    if (init.firstMs > 0) void this.#awaitFirst().catch(() => {}) // it came
  }

  send(message: Send): Promise<void> {
    if (!this.#writable) return refused(this.#error ?? closedError())
    const body = this.#init.outgoing.encode(message)
    if (body.length > this.#init.outgoingBytesMax) {
      return refused(
        new SeamError('WIRE_TOO_LONG', `our frame has ${body.length} bytes, at most ${this.#init.outgoingBytesMax} may be sent`)
      )
    }
    try {
      if (this.#init.wire.send(encodeLength(body.length), body)) return ROOM
    } catch (cause) {
      return refused(closedError(cause))
    }
    if (this.#room === null) {
      this.#room = Promise.withResolvers<void>()
      this.#room.promise.catch(() => {})
    }
    return this.#room.promise
  }

  /** One reader at a time; leaving the loop leaves the rest for the next reader. */
  receive(): AsyncIterable<Receive> {
    const iterator: AsyncIterator<Receive> = {
      next: () => this.#next(),
      return: () => Promise.resolve(DONE)
    }
    return { [Symbol.asyncIterator]: () => iterator }
  }

  async close(): Promise<void> {
    if (!this.#writable) return
    this.#writable = false
    void this.#linger()
    try {
      await this.#init.wire.close(this.#gone.signal)
    } catch {
      this.abort(closedError()) // reset meanwhile, or the deadline of #linger passed
    }
  }

  abort(reason: Error): void {
    if (this.#error === null) this.#error = reason instanceof SeamError ? reason : closedError(reason)
    this.#writable = false
    this.#queue.length = 0
    this.#queueHead = 0
    this.#end(this.#error)
    this.#init.wire.abort(reason)
  }

  async #linger(): Promise<void> {
    await this.#init.clock.sleep(CLOSE_MS, this.#gone.signal).then(
      () => this.#init.wire.abort(closedError()),
      () => {}
    )
  }

  #next(): Promise<IteratorResult<Receive>> {
    const entry = this.#queue[this.#queueHead]
    if (entry !== undefined) {
      this.#queueHead += 1
      if (this.#queueHead >= QUEUE_SLACK || this.#queueHead === this.#queue.length) {
        this.#queue.splice(0, this.#queueHead)
        this.#queueHead = 0
      }
      this.#queuedBytes -= entry.bytes
      if (this.#paused && this.#queuedBytes < INBOUND_BYTES_MAX / 2) {
        this.#paused = false
        this.#init.wire.resume()
      }
      return Promise.resolve({ done: false, value: entry.message })
    }
    if (this.#ended) return this.#error === null ? Promise.resolve(DONE) : Promise.reject(this.#error)
    if (this.#waiter !== null) return Promise.reject(new Error('a channel has one reader at a time'))
    if (this.#init.idleMs > 0) this.#watch()
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject }
    })
  }

  #onFrame(frame: Uint8Array): void {
    if (this.#ended) return
    if (!this.#heard.signal.aborted) this.#heard.abort() // even one that changes nothing makes an exception with its stack
    if (!this.#init.admit()) throw new SeamError('RATE_LIMITED', 'too many frames, send fewer a second')
    const message = this.#decode(frame)
    const waiter = this.#waiter
    if (waiter !== null) {
      this.#waiter = null
      waiter.resolve({ done: false, value: message })
      return
    }
    const bytes = frame.length + MESSAGE_OVERHEAD_BYTES
    this.#queue.push({ message, bytes })
    this.#queuedBytes += bytes
    if (!this.#paused && this.#queuedBytes > INBOUND_BYTES_MAX) {
      this.#paused = true
      this.#init.wire.pause()
    }
  }

  #decode(frame: Uint8Array): Receive {
    try {
      return this.#init.incoming.decode(frame)
    } catch (cause) {
      throw cause instanceof SeamError
        ? cause
        : new SeamError('WIRE_MALFORMED', 'a frame that is no message of this protocol', { cause })
    }
  }

  /** Runs the parser; what it throws is the peer's fault, and ends this stream only. */
  #guard(parse: () => void): void {
    if (this.#ended) return
    try {
      parse()
    } catch (cause) {
      const error = cause instanceof SeamError ? cause : new SeamError('WIRE_MALFORMED', 'unreadable frame', { cause })
      this.#fail(error)
      this.#init.onFault(error)
    }
  }

  #fail(error: SeamError): void {
    this.#end(error)
    this.#writable = false
    this.#init.wire.abort(error)
  }

  #end(error: SeamError | null): void {
    if (this.#ended) return
    this.#ended = true
    this.#error ??= error
    const waiter = this.#waiter
    this.#waiter = null
    if (this.#error === null) waiter?.resolve(DONE)
    else waiter?.reject(this.#error)
  }

  async #awaitFirst(): Promise<void> {
    const { clock, firstMs } = this.#init
    await clock.sleep(firstMs, this.#heard.signal)
    this.#fail(new SeamError('NET_TIMEOUT', `the peer opened a stream and said nothing for ${firstMs} ms`))
  }

  #onDrain(): void {
    const room = this.#room
    this.#room = null
    room?.resolve()
  }

  /** One timer per quiet spell, not per message: it looks again when the latest silence could have lasted long enough. */
  #watch(): void {
    this.#activeAtMs = this.#init.clock.tickMs()
    if (this.#watched) return
    this.#watched = true
    void this.#watchdog().catch(() => {}) // the stream ended first
  }

  async #watchdog(): Promise<void> {
    const { clock, idleMs } = this.#init
    for (;;) {
      const quietMs = this.#waiter === null ? 0 : clock.tickMs() - this.#activeAtMs
      if (quietMs >= idleMs) break
      await clock.sleep(idleMs - quietMs, this.#gone.signal)
      if (this.#ended) return
    }
    this.#fail(new SeamError('NET_TIMEOUT', `the peer was silent for ${idleMs} ms`))
  }
}

/** A rejection that crashes nobody: a sender that does not look at the result learns of the end from receive() or closed. */
const refused = (error: SeamError): Promise<void> => {
  const promise = Promise.reject(error)
  promise.catch(() => {})
  return promise
}

const closedError = (cause?: unknown): SeamError => new SeamError('NET_CLOSED', 'the stream to the peer is closed', { cause })
