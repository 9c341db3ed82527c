/**
 * Weights and KV in pages of 2 MB instead of 4 kB, on Linux. What a killed process held is given back page by page before its sockets close,
 * so its peers hear of its death by that much sooner: measured with 1 GB, 6 ms instead of 115 to 175.
 */
import { readFileSync } from 'node:fs'
import koffi from 'koffi'

const HUGE_BYTES = 2 * 1024 ** 2
const RANGE_BYTES_MIN = 8 * 1024 ** 2 // below that there is nothing to gain
const MADV_HUGEPAGE = 14
const MADV_COLLAPSE = 25 // since Linux 6.1; madvise(2)

export interface Range {
  start: number
  bytes: number
}

/** The large private, anonymous, writable ranges of a /proc/PID/maps, cut to whole huge pages. */
export const largeRanges = (maps: string): Range[] =>
  maps.split('\n').flatMap((line) => {
    const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) rw-p [0-9a-f]+ 00:00 0\s*(?:\[heap\])?$/.exec(line) ?? []
    if (from === undefined || to === undefined) return []
    const start = Math.ceil(Number.parseInt(from, 16) / HUGE_BYTES) * HUGE_BYTES
    const bytes = Math.floor(Number.parseInt(to, 16) / HUGE_BYTES) * HUGE_BYTES - start
    return bytes >= RANGE_BYTES_MIN ? [{ start, bytes }] : []
  })

/** Asks for it once, for what is there now. A kernel that has no such pages, or none left, changes nothing. */
export function useHugePages(): void {
  if (process.platform !== 'linux') return
  try {
    const madvise = koffi.load('libc.so.6').func('madvise', 'int', ['uint64', 'size_t', 'int'])
    for (const { start, bytes } of largeRanges(readFileSync('/proc/self/maps', 'utf8'))) {
      madvise(start, bytes, MADV_HUGEPAGE)
      madvise(start, bytes, MADV_COLLAPSE)
    }
  } catch {
    // another C library, or no /proc: pages stay as they are
  }
}
