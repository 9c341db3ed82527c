/** What happens on the chain while the page is open: one stream, whose pulse makes every view read again what may have changed. */
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { firstText, forgetEarly } from './early.ts'
import { FIRST, paths } from './paths.ts'
import type { ChainEvent, Page } from './wire.ts'

export interface Live {
  isConnected: boolean
  /** Newest first. Undefined until the first are here. */
  events: ChainEvent[] | undefined
  /** Counts up when something may have changed. */
  pulse: number
}

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
    .slice(0, FIRST.events)
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
        forgetEarly()
        setPulse((count) => count + 1)
      }, SETTLE_MS)
    }
    const onChain = ({ data }: MessageEvent<string>): void => {
      setEvents((known) => withNews(known ?? [], [JSON.parse(data) as ChainEvent]))
      beat()
    }
    const onUndone = ({ data }: MessageEvent<string>): void => {
      const { after } = JSON.parse(data) as { after: number }
      setEvents((known) => known?.filter(({ block }) => block <= after))
      beat()
    }
    let stream: EventSource | undefined
    let isLeft = false
    /** What happens between asking for the newest and listening is told as well: the stream begins behind them. */
    const follow = (known: ChainEvent[]): void => {
      if (isLeft) return
      setEvents(known)
      const [newest] = known
      stream = new EventSource(newest === undefined ? '/api/events' : `/api/events?after=${keyOf(newest)}`)
      stream.onopen = () => setConnected(true)
      stream.onerror = () => setConnected(false) // it tries again by itself, from where it was
      stream.addEventListener('chain', onChain)
      stream.addEventListener('undone', onUndone)
    }
    firstText(paths.events).then(
      (text) => follow((JSON.parse(text) as Page<ChainEvent>).items),
      () => follow([])
    )
    const look = setInterval(() => document.visibilityState === 'visible' && beat(), LOOK_MS)
    return () => {
      isLeft = true
      stream?.close()
      clearInterval(look)
      clearTimeout(timer)
    }
  }, [])

  return <LiveContext value={{ isConnected, events, pulse }}>{children}</LiveContext>
}
