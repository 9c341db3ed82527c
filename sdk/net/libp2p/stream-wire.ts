/** A libp2p stream as a wire. */
import type { Stream } from '@libp2p/interface'
import { Uint8ArrayList } from 'uint8arraylist'
import type { PeerKey } from '../../components.ts'
import type { Wire, WireEvents } from '../wire.ts'
import { tellWindowLate } from './late-window.ts'

// A window grows from yamux's 256 KiB, on which other implementations count, up to this. A paused stream must hold a full one:
// beyond its read buffer the library resets the stream.
export const STREAM_WINDOW_BYTES_MAX = 4 * 1024 * 1024
const READ_BUFFER_BYTES_MAX = 2 * STREAM_WINDOW_BYTES_MAX
const WRITE_BUFFER_BYTES_MAX = 64 * 1024 * 1024 // a sender that ignores back-pressure for this long loses the stream
const COPY_BYTES_MAX = 4096 // joining small parts is cheaper than handling two

export class StreamWire implements Wire {
  readonly peer: PeerKey
  readonly #stream: Stream
  #resuming = false
  #pauseAgain = false

  constructor(peer: PeerKey, stream: Stream) {
    this.peer = peer
    this.#stream = stream
    stream.maxReadBufferLength = READ_BUFFER_BYTES_MAX
    stream.maxWriteBufferLength = WRITE_BUFFER_BYTES_MAX
    tellWindowLate(stream)
  }

  attach({ onBytes, onDrain, onEnd, onClose }: WireEvents): void {
    const stream = this.#stream
    stream.addEventListener('message', ({ data }) => {
      if (data instanceof Uint8Array) onBytes(data)
      else for (const chunk of data) onBytes(chunk)
    })
    // The library sends its own queue in a microtask after 'drain'; look at the result, not at the event.
    stream.addEventListener('drain', () => queueMicrotask(() => stream.writableNeedsDrain || onDrain()))
    stream.addEventListener('end', () => {
      if (stream.status !== 'reset' && stream.status !== 'aborted') onEnd() // else 'close' follows, and knows why
    })
    stream.addEventListener('close', ({ error }) => {
      this.resume() // what a paused reader left behind still belongs to it
      onClose(error)
    })
    if (stream.readableEnded) onEnd()
    if (stream.status !== 'open' && stream.status !== 'closing') queueMicrotask(() => onClose())
  }

  send(head: Uint8Array, body: Uint8Array): boolean {
    if (body.length > COPY_BYTES_MAX) return this.#stream.send(new Uint8ArrayList(head, body))
    const bytes = new Uint8Array(head.length + body.length)
    bytes.set(head)
    bytes.set(body, head.length)
    return this.#stream.send(bytes)
  }

  pause(): void {
    if (this.#resuming) this.#pauseAgain = true
    else if (this.#stream.readStatus === 'readable') this.#stream.pause()
  }

  // Resuming hands over all that was buffered before it tells the muxer; a pause in the middle of that would be undone by its end.
  resume(): void {
    if (this.#stream.readStatus !== 'paused') return
    this.#resuming = true
    this.#pauseAgain = false
    try {
      this.#stream.resume()
    } catch {
      // the connection is gone, so no window update can be sent; what was buffered has been passed on
    }
    this.#resuming = false
    if (this.#pauseAgain) this.pause()
  }

  close(signal: AbortSignal): Promise<void> {
    return this.#stream.close({ signal })
  }

  abort(reason: Error): void {
    this.#stream.abort(reason)
  }
}
