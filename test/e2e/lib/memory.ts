/** Another process's memory and disk, and a search for what must not be there. */
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'

export interface Piece {
  where: string
  bytes: Buffer
}

const STEP = 1024 * 1024
const PAGE = 4096
const ZEROS = Buffer.alloc(PAGE)

/** Every mapping that the process may write to: its heaps, stacks, shared buffers; without the pages that are all zeros. */
export const memoryOf = (pid: number): Piece[] => {
  const pieces: Piece[] = []
  const mem = openSync(`/proc/${pid}/mem`, 'r')
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
      const [, from, to, name] = /^([0-9a-f]+)-([0-9a-f]+) rw\S* \S+ \S+ \S+ *(.*)$/.exec(line) ?? []
      if (from === undefined || to === undefined) continue
      for (const bytes of used(mem, Number.parseInt(from, 16), Number.parseInt(to, 16)))
        pieces.push({ where: `${from} ${name}`.trim(), bytes })
    }
  } finally {
    closeSync(mem)
  }
  return pieces
}

/** Runs of pages with anything in them. What cannot be read has gone since the table was, or is not memory. */
const used = (mem: number, from: number, to: number): Buffer[] => {
  const step = Buffer.allocUnsafeSlow(STEP)
  const runs: Buffer[] = []
  let run: Buffer[] = []
  const end = (): void => {
    if (run.length > 0) runs.push(Buffer.concat(run))
    run = []
  }
  for (let at = from; at < to; at += STEP) {
    const count = readAt(mem, step.subarray(0, Math.min(STEP, to - at)), at)
    if (count === 0) end()
    for (let i = 0; i < count; i += PAGE) {
      const page = step.subarray(i, Math.min(i + PAGE, count))
      if (page.equals(ZEROS.subarray(0, page.length))) end()
      else run.push(Buffer.from(page))
    }
  }
  end()
  return runs
}

const readAt = (mem: number, into: Buffer, at: number): number => {
  try {
    return readSync(mem, into, 0, into.length, at)
  } catch (error) {
    if (['EIO', 'EFAULT', 'ENOMEM'].includes((error as NodeJS.ErrnoException).code ?? '')) return 0
    throw error
  }
}

export const filesOf = (dir: string): Piece[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((where) => ({ where, bytes: readFileSync(where) }))

/** Where any of the secrets stands, raw, as hex or as base64. */
export const findKeys = (pieces: Piece[], keys: Record<string, Uint8Array>): string[] =>
  Object.entries(keys).flatMap(([name, key]) => {
    const raw = Buffer.from(key)
    const forms = { raw, hex: Buffer.from(raw.toString('hex')), base64: Buffer.from(raw.toString('base64').replace(/=+$/, '')) }
    return Object.entries(forms).flatMap(([form, needle]) =>
      pieces.filter(({ bytes }) => bytes.includes(needle)).map(({ where }) => `${name} (${form}) in ${where}`)
    )
  })

const RUN = 24
const DISTINCT_MIN = 8 // a run of the same few values is everywhere

/**
 * Where any run of 24 values of one of these rows stands, each in 1, 2, 4 or 8 bytes: text as UTF-8 or UTF-16, token ids in any width and byte
 * order, and as an array of small integers in a JavaScript heap. Compares the low byte of each value at a fixed stride.
 * What stands in `before` as well proves nothing: a model may say what some program has in its source.
 */
export const findRuns = (pieces: Piece[], rows: Record<string, ArrayLike<number>>, before: Piece[] = []): string[] => {
  const runs = runsOf(rows)
  const known = new Set(before.flatMap(({ bytes }) => widths.flatMap((width) => [...scan(bytes, width, runs)])))
  return pieces.flatMap(({ where, bytes }) =>
    widths.flatMap((width) =>
      [...scan(bytes, width, runs)]
        .filter((run) => !known.has(run))
        .map(
          ({ name, values }) =>
            `${name} (${8 * width} bits) in ${where}: ${JSON.stringify(Buffer.from(values).toString('latin1'))}`
        )
    )
  )
}

const widths = [1, 2, 4, 8]

interface Run {
  name: string
  values: Uint8Array
}

interface Runs {
  /** Which two values may begin a run: rules out nearly everything at once. */
  pairs: Uint8Array
  byAnchor: Map<number, Run[]>
}

const anchorOf = (a: number, b: number, c: number, d: number): number => a | (b << 8) | (c << 16) | (d << 24)

const runsOf = (rows: Record<string, ArrayLike<number>>): Runs => {
  const runs: Runs = { pairs: new Uint8Array(2 ** 16), byAnchor: new Map() }
  for (const [name, row] of Object.entries(rows)) {
    const low = Uint8Array.from(row, (value) => value & 0xff)
    for (let i = 0; i + RUN <= low.length; i++) {
      const values = low.subarray(i, i + RUN)
      if (new Set(values).size < DISTINCT_MIN) continue
      const anchor = anchorOf(...(values.subarray(0, 4) as unknown as [number, number, number, number]))
      runs.pairs[(values[0] as number) | ((values[1] as number) << 8)] = 1
      runs.byAnchor.set(anchor, [...(runs.byAnchor.get(anchor) ?? []), { name, values }])
    }
  }
  return runs
}

const scan = (bytes: Buffer, width: number, { pairs, byAnchor }: Runs): Set<Run> => {
  const found = new Set<Run>()
  const end = bytes.length - RUN * width
  for (let i = 0; i <= end; i++) {
    const a = bytes[i] as number
    const b = bytes[i + width] as number
    if (pairs[a | (b << 8)] === 0) continue
    const anchor = anchorOf(a, b, bytes[i + 2 * width] as number, bytes[i + 3 * width] as number)
    for (const run of byAnchor.get(anchor) ?? []) if (!found.has(run) && matches(bytes, i, width, run.values)) found.add(run)
  }
  return found
}

const matches = (bytes: Buffer, at: number, width: number, values: Uint8Array): boolean => {
  for (let i = 0; i < values.length; i++) if (bytes[at + i * width] !== values[i]) return false
  return true
}
