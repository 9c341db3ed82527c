import { encodePrint, PRINT_TOP } from 'openseam/protocol/fingerprint'

const top = new Float64Array(PRINT_TOP) // scratch of one thread

/** Writes the entry of a row of logits: its four largest values, found in one pass. */
export function printRow(logits: Float32Array, into: Uint8Array, offset: number): void {
  let a = -Infinity
  let b = -Infinity
  let c = -Infinity
  let d = -Infinity
  for (let id = 0; id < logits.length; id++) {
    const value = logits[id]!
    if (!(value > d)) continue
    if (value > b) {
      d = c
      c = b
      if (value > a) {
        b = a
        a = value
      } else b = value
    } else if (value > c) {
      d = c
      c = value
    } else d = value
  }
  top[0] = a
  top[1] = b
  top[2] = c
  top[3] = d
  encodePrint(top, into, offset)
}
