/** What happens on the chain while the page is open: one stream, whose pulse makes every view read again what may have changed. */
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { getJson } from './api.ts'
import type { ChainEvent, Page } from './wire.ts'

export interface Live {
  isConnected: boolean
  /** Newest first. Undefined until the first are here. */
  events: ChainEvent[] | undefined
  /** Counts up when something may have changed. */
  pulse: number
}

const SHOWN = 40
const SETTLE_MS = 400 // a block brings several events: one reading is enough
const LOOK_MS = 10_000 // receipts are collected without an event of the chain

const LiveContext = createContext<Live>({ isConnected: false, events: undefined, pulse: 0 })
export const useLive = (): Live => useContext(LiveContext)

const keyOf = ({ block, logIndex }: ChainEvent): string => `${block}-${logIndex}`

/** `news` in front, each event once. */
export const withNews = (known: readonly ChainEvent[], news: readonly ChainEvent[]): ChainEvent[] => {
  const fresh = new Set(news.map(keyOf))
  return [...news, ...known.filter((event) => !fresh.has(keyOf(event)))]
    .sort((a, b) => b.block - a.block || b.logIndex - a.logIndex)
    .slice(0, SHOWN)
}

export const LiveProvider = ({ children }: { children: ReactNode }): ReactNode => {
  const [isConnected, setConnected] = useState(false)
  const [events, setEvents] = useState<ChainEvent[] | undefined>(undefined)
  const [pulse, setPulse] = useState(0)

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const beat = (): void => {
      timer ??= setTimeout(() => {
        timer = undefined
        setPulse((count) => count + 1)
      }, SETTLE_MS)
    }
    getJson<Page<ChainEvent>>(`/api/events?limit=${SHOWN}`).then(
      ({ items }) => setEvents((known) => withNews(known ?? [], items)),
      () => setEvents((known) => known ?? [])
    )
    const stream = new EventSource('/api/events')
    stream.onopen = () => setConnected(true)
    stream.onerror = () => setConnected(false) // it tries again by itself, from where it was
    stream.addEventListener('chain', ({ data }: MessageEvent<string>) => {
      setEvents((known) => withNews(known ?? [], [JSON.parse(data) as ChainEvent]))
      beat()
    })
    stream.addEventListener('undone', ({ data }: MessageEvent<string>) => {
      const { after } = JSON.parse(data) as { after: number }
      setEvents((known) => known?.filter(({ block }) => block <= after))
      beat()
    })
    const look = setInterval(() => document.visibilityState === 'visible' && beat(), LOOK_MS)
    return () => {
      stream.close()
      clearInterval(look)
      clearTimeout(timer)
    }
  }, [])

  return <LiveContext value={{ isConnected, events, pulse }}>{children}</LiveContext>
}
