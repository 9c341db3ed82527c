/**
 * Framing: an unsigned varint length, then that many bytes. The length is checked before anything is allocated, and memory grows
 * only with bytes that did arrive. A frame that lies inside one chunk is handed on without a copy.
 */
import { SeamError } from '../protocol/errors.ts'

const PREFIX_BYTES_MAX = 4 // lengths below 2^28: more than any frame
const ALLOCATE_BYTES_FIRST = 128 * 1024

export const encodeLength = (length: number): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(length < 0x80 ? 1 : length < 0x4000 ? 2 : length < 0x200000 ? 3 : 4)
  let rest = length
  let i = 0
  for (; rest >= 0x80; rest >>>= 7) bytes[i++] = (rest & 0x7f) | 0x80
  bytes[i] = rest
  return bytes
}

export class FrameDecoder {
  readonly #bytesMax: number
  readonly #onFrame: (frame: Uint8Array) => void
  #length = 0 // of the frame being read, complete once #shift is -1
  #shift = 0
  #buffer: Uint8Array | null = null
  #filled = 0

  constructor(bytesMax: number, onFrame: (frame: Uint8Array) => void) {
    this.#bytesMax = bytesMax
    this.#onFrame = onFrame
  }

  /**
   * Calls back for each frame completed by `chunk`. Throws WIRE_TOO_LONG or WIRE_MALFORMED; the decoder is of no use after that.
   */
  push(chunk: Uint8Array): void {
    let at = 0
    while (at < chunk.length || (this.#shift === -1 && this.#length === 0)) {
      if (this.#shift !== -1) {
        at = this.#readLength(chunk, at)
        continue
      }
      const missing = this.#length - this.#filled
      if (this.#buffer === null && chunk.length - at >= missing) {
        at += missing
        this.#emit(chunk.subarray(at - missing, at))
        continue
      }
      const taken = Math.min(missing, chunk.length - at)
      this.#append(chunk.subarray(at, at + taken))
      at += taken
      if (this.#filled === this.#length) this.#emit((this.#buffer as Uint8Array).subarray(0, this.#length))
    }
  }

  #readLength(chunk: Uint8Array, start: number): number {
    let at = start
    while (at < chunk.length) {
      const byte = chunk[at++] as number
      this.#length |= (byte & 0x7f) << this.#shift
      if (byte < 0x80) {
        if (byte === 0 && this.#shift > 0) throw new SeamError('WIRE_MALFORMED', 'frame length is not in its shortest form')
        if (this.#length > this.#bytesMax) {
          throw new SeamError('WIRE_TOO_LONG', `a frame of ${this.#length} bytes, at most ${this.#bytesMax} are allowed here`)
        }
        this.#shift = -1
        return at
      }
      this.#shift += 7
      if (this.#shift >= 7 * PREFIX_BYTES_MAX)
        throw new SeamError('WIRE_TOO_LONG', `a frame length of more than ${PREFIX_BYTES_MAX} bytes`)
    }
    return at
  }

  #append(bytes: Uint8Array): void {
    const needed = this.#filled + bytes.length
    if (this.#buffer === null || this.#buffer.length < needed) {
      const grown = new Uint8Array(Math.min(this.#length, Math.max(ALLOCATE_BYTES_FIRST, 2 * needed)))
      if (this.#buffer !== null) grown.set(this.#buffer.subarray(0, this.#filled))
      this.#buffer = grown
    }
    this.#buffer.set(bytes, this.#filled)
    this.#filled = needed
  }

  #emit(frame: Uint8Array): void {
    this.#buffer = null
    this.#filled = 0
    this.#length = 0
    this.#shift = 0
    this.#onFrame(frame)
  }
}
