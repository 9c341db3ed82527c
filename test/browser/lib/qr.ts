/** What a QR code says, read from its picture by the standard alone (ISO/IEC 18004): version 3, which holds an address in one block. */
const VERSION = 3
const SIZE = 17 + 4 * VERSION
const ALIGNMENT = 22 // the middle of its only alignment pattern, both ways

const masks: ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0
]

/** Finders with their format bits, timing and alignment: what is no data. */
const isPattern = (x: number, y: number): boolean =>
  (x < 9 && y < 9) ||
  (x >= SIZE - 8 && y < 9) ||
  (x < 9 && y >= SIZE - 8) ||
  x === 6 ||
  y === 6 ||
  (Math.abs(x - ALIGNMENT) <= 2 && Math.abs(y - ALIGNMENT) <= 2)

/** Two columns at a time from the right, up and down in turn, the one of the timing pattern left out. */
function* places(): Generator<[x: number, y: number]> {
  let isUp = true
  for (let right = SIZE - 1; right > 0; right -= 2) {
    if (right === 6) right--
    for (let i = 0; i < SIZE; i++) for (const x of [right, right - 1]) yield [x, isUp ? SIZE - 1 - i : i]
    isUp = !isUp
  }
}

const numberOf = (bits: readonly boolean[]): number => bits.reduce((sum, bit) => sum * 2 + Number(bit), 0)

/** `isDark` tells of modules without the quiet ones around. Error correction is not looked at: nothing stands between the picture and here. */
export const readQr = (isDark: (x: number, y: number) => boolean): string => {
  const format = [0, 1, 2, 3, 4].map((x) => isDark(x, 8)) // the first five of fifteen bits, which are enough
  const mask = masks[(numberOf(format) ^ 0b10101) & 0b111] as (x: number, y: number) => boolean
  const bits: boolean[] = []
  for (const [x, y] of places()) if (!isPattern(x, y)) bits.push(isDark(x, y) !== mask(x, y))
  if (numberOf(bits.slice(0, 4)) !== 0b0100) throw new Error('no bytes are in it')
  const length = numberOf(bits.slice(4, 12))
  return String.fromCharCode(...Array.from({ length }, (_, i) => numberOf(bits.slice(12 + 8 * i, 20 + 8 * i))))
}

/** The same of a path of rectangles, `MX YhNv1h-Nz` each, around which `quiet` modules are left out. */
export const readQrPath = (path: string, quiet = 4): string => {
  const dark = new Set<string>()
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let i = 0; i < Number(width); i++) dark.add(`${Number(x) + i - quiet},${Number(y) - quiet}`)
  }
  return readQr((x, y) => dark.has(`${x},${y}`))
}
