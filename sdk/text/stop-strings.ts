import type { StopMatcher } from './types.ts'

/**
 * Finds stop strings in a stream, wherever the pieces are cut. The first one to be complete wins, the longer one where two
 * end together, so the outcome depends on the text alone.
 */
export function stopStrings(stops: readonly string[]): StopMatcher {
  const wanted = stops.filter((stop) => stop.length > 0)
  let held = ''
  let done = false
  return {
    push(text) {
      if (done) return { text: '', stop: null }
      const buffer = held + text
      const match = firstComplete(buffer, wanted)
      if (match) {
        held = ''
        done = true
        return { text: buffer.slice(0, match.at), stop: match.stop }
      }
      const keep = longestBeginning(buffer, wanted)
      held = buffer.slice(buffer.length - keep)
      return { text: buffer.slice(0, buffer.length - keep), stop: null }
    },
    flush() {
      const text = held
      held = ''
      return text
    }
  }
}

function firstComplete(buffer: string, stops: readonly string[]): { at: number; stop: string } | undefined {
  let best: { at: number; stop: string } | undefined
  for (const stop of stops) {
    const at = buffer.indexOf(stop)
    if (at < 0) continue
    const later = best ? at + stop.length - (best.at + best.stop.length) : -1
    if (!best || later < 0 || (later === 0 && at < best.at)) best = { at, stop }
  }
  return best
}

/** Length of the longest end of the buffer with which some stop string begins. */
function longestBeginning(buffer: string, stops: readonly string[]): number {
  let longest = 0
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, buffer.length); length > longest; length--) {
      if (buffer.endsWith(stop.slice(0, length))) longest = length
    }
  }
  return longest
}
