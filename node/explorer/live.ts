/** Events as they are indexed, for readers that stay: ordered, resumable, and honest about what a reorganisation took back. */
import { decodeJson } from 'openseam/protocol/json'
import type { IndexStore } from './index-store.ts'
import type { Indexer } from './indexer.ts'
import { type EventRow, keys } from './rows.ts'

const AT_ONCE = 100

/** The name under which a reader resumes: `block-logIndex`. Null for what is none. */
export const placeOf = (id: string | undefined): string | null => {
  const found = /^(\d{1,14})-(\d{1,7})$/.exec(id ?? '')
  return found === null ? null : keys.event(Number(found[1]), Number(found[2]))
}

/**
 * Frames from behind `after` on; without it, what comes from now on. A frame `undone` says that every event after its block is no more,
 * and that what stands there now follows.
 */
export async function* liveFrames(
  store: IndexStore,
  indexer: Indexer,
  after: string | null,
  signal: AbortSignal
): AsyncGenerator<string, void> {
  const blockNow = (): number => indexer.cursor?.block ?? 0
  let changed = Promise.withResolvers<void>()
  let undone: number | null = null
  let place = after ?? keys.blockEnd(blockNow())
  const backTo = (block: number): void => {
    place = keys.blockEnd(block)
    undone = block
  }
  const onChange = (): void => {
    if (place > keys.blockEnd(blockNow())) backTo(blockNow())
    changed.resolve()
  }
  const stop = indexer.onChange(onChange)
  signal.addEventListener('abort', onChange, { once: true })
  try {
    // The reader's last event is gone: whatever it saw since the last final block may be.
    if (after !== null && (await store.get(after)) === undefined) backTo(Math.max(0, blockNow() - indexer.finality))
    while (!signal.aborted) {
      changed = Promise.withResolvers<void>()
      if (undone !== null) {
        const block = undone
        undone = null
        yield `event: undone\ndata: ${JSON.stringify({ after: block })}\n\n`
      }
      const from = place
      const found = await store.range({ prefix: 'ev:', after: from, limit: AT_ONCE })
      for (const [key, value] of found) {
        if (undone !== null) break // what was read may be what was taken back
        const event = decodeJson<EventRow>(value)
        place = key
        yield `id: ${event.block}-${event.logIndex}\nevent: chain\ndata: ${toJson(event)}\n\n`
      }
      if (found.length === 0 && undone === null) await changed.promise
    }
  } finally {
    stop()
    signal.removeEventListener('abort', onChange)
  }
}

/** JSON as the API speaks it: wei are decimal strings. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_key, v: unknown) => (typeof v === 'bigint' ? v.toString() : v))
