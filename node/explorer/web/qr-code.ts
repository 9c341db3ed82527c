/** A text as the dark squares of a QR code, for one path of an SVG. Fetched when the first is asked for, with the library that makes it. */
import { encode } from 'uqr'

export interface QrCode {
  /** Modules of a side, with the quiet ones around it. */
  size: number
  path: string
}

const QUIET_MODULES = 4 // ISO/IEC 18004: without them cameras do not find its corners

export const qrCodeOf = (text: string): QrCode => {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET_MODULES })
  return { size, path: data.map((row, y) => rowPath(row, y)).join('') }
}

/** Each run of dark modules as one rectangle: hairlines between squares would show where the picture is scaled. */
const rowPath = (row: readonly boolean[], y: number): string => {
  let path = ''
  for (let x = 0; x < row.length; x++) {
    if (row[x] !== true) continue
    const from = x
    while (row[x + 1] === true) x++
    path += `M${from} ${y}h${x + 1 - from}v1h-${x + 1 - from}z`
  }
  return path
}
