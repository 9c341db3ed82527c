/** Small byte helpers that the protocol modules share. */
import { SeamError } from './errors.ts'

export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number)
  return difference === 0
}

/** Checks the length of a wire field and returns it. */
export const exact = <B extends Uint8Array>(bytes: B, length: number, field: string): B => {
  if (bytes.length !== length) {
    throw new SeamError('WIRE_MALFORMED', `${field}: expected ${length} bytes, got ${bytes.length}`)
  }
  return bytes
}

/** Token ids as little-endian u32: the form on the wire, on disk and under the hashes. */
export const packIds = (ids: ArrayLike<number>): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(ids.length * 4)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < ids.length; i++) view.setUint32(4 * i, ids[i] as number, true)
  return bytes
}

export const unpackIds = (bytes: Uint8Array): number[] => {
  if (bytes.length % 4 !== 0) throw new SeamError('WIRE_MALFORMED', 'token ids: not whole 32-bit words')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i, true))
}
