/** What a view reads: nothing yet, a failure, or a value that is read again at every pulse and stays shown meanwhile. */
import { useCallback, useEffect, useState } from 'react'
import { ApiFailure, getJson, getText } from './api.ts'
import { firstText } from './early.ts'
import { wordsOfFailure } from './failure.ts'
import { useLive } from './live.tsx'
import type { Page } from './wire.ts'

export type Loaded<Value> =
  | { phase: 'loading' }
  | { phase: 'failed'; status: number; message: string }
  | { phase: 'ready'; value: Value }

export const failed = (error: unknown): { phase: 'failed'; status: number; message: string } => ({
  phase: 'failed',
  status: error instanceof ApiFailure ? error.status : 0,
  message: wordsOfFailure(error)
})

interface Kept<Value> {
  path: string
  state: Loaded<Value>
}

/** `again` counts the readings; `read` is the same function each time. */
const useRead = <Value>(path: string, read: (text: string) => Value, again: number): Loaded<Value> => {
  const [kept, setKept] = useState<Kept<Value>>({ path, state: { phase: 'loading' } })
  useEffect(() => {
    let isCurrent = true
    const text = again === 0 ? firstText(path) : getText(path)
    text.then(read).then(
      (value) => isCurrent && setKept({ path, state: { phase: 'ready', value } }),
      // What was there stays there when only reading it again failed.
      (error) =>
        isCurrent && setKept((old) => (old.path === path && old.state.phase === 'ready' ? old : { path, state: failed(error) }))
    )
    return () => {
      isCurrent = false
    }
  }, [path, read, again])
  return kept.path === path ? kept.state : { phase: 'loading' }
}

/** With `everyMs`, also for what changes without a pulse. */
export const useLoad = <Value>(path: string, everyMs?: number): Loaded<Value> =>
  useRead<Value>(path, JSON.parse, useLive().pulse + useLooks(everyMs))

/** Counts up while the page is looked at. */
const useLooks = (everyMs: number | undefined): number => {
  const [looks, setLooks] = useState(0)
  useEffect(() => {
    if (everyMs === undefined) return
    const timer = setInterval(() => document.visibilityState === 'visible' && setLooks((count) => count + 1), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return looks
}

/** For what never changes: it is read once. */
export const useOnce = <Value>(path: string): Loaded<Value> => useRead<Value>(path, JSON.parse, 0)
const asItIs = (text: string): string => text

export const useText = (path: string, isLive: boolean): Loaded<string> => {
  const { pulse } = useLive()
  return useRead(path, asItIs, isLive ? pulse : 0)
}

export interface List<Row> {
  state: Loaded<Row[]>
  /** Undefined where there are no more. */
  more: (() => void) | undefined
  isReading: boolean
}

/** A list page by page. The first page follows the chain; those behind it stay as they were read. */
export const useList = <Row>(path: string, keyOf: (row: Row) => string): List<Row> => {
  const first = useLoad<Page<Row>>(path)
  const [rest, setRest] = useState<{ path: string; rows: Row[]; next: string | null } | undefined>(undefined)
  const [isReading, setReading] = useState(false)
  const behind = rest?.path === path ? rest : undefined
  const next = behind === undefined ? (first.phase === 'ready' ? first.value.next : null) : behind.next

  const more = useCallback(async () => {
    setReading(true)
    try {
      const page = await getJson<Page<Row>>(`${path}${path.includes('?') ? '&' : '?'}cursor=${next}`)
      setRest((old) => ({ path, rows: [...(old?.path === path ? old.rows : []), ...page.items], next: page.next }))
    } catch {
      // the button is still there
    } finally {
      setReading(false)
    }
  }, [path, next])

  if (first.phase !== 'ready') return { state: first, more: undefined, isReading }
  const rows = new Map([...first.value.items, ...(behind?.rows ?? [])].map((row) => [keyOf(row), row]))
  return { state: { phase: 'ready', value: [...rows.values()] }, more: next === null ? undefined : () => void more(), isReading }
}
