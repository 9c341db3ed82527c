/** The reader's labels, in this browser alone: in its storage where it allows that, and the same in every tab. Nothing here asks a server. */
import { useSyncExternalStore } from 'react'
import { type Label, type Labels, readLabels, readName, withLabels, writeLabels } from './labels.ts'

const KEY = 'openseam-labels'

const stored = (): Labels => {
  try {
    const kept = localStorage.getItem(KEY)
    return kept === null ? new Map() : readLabels(kept)
  } catch {
    return new Map() // of another version, or storage is forbidden
  }
}

let labels = stored()
let isKept = true
const listeners = new Set<() => void>()

const tell = (): void => {
  for (const listener of listeners) listener()
}

const keep = (next: Labels): void => {
  labels = next
  try {
    localStorage.setItem(KEY, writeLabels(next))
    isKept = true
  } catch {
    isKept = false // they hold until the page is left then
  }
  tell()
}

const onStorage = ({ key }: StorageEvent): void => {
  if (key !== null && key !== KEY) return
  labels = stored()
  tell()
}

const subscribe = (listener: () => void): (() => void) => {
  if (listeners.size === 0) addEventListener('storage', onStorage)
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) removeEventListener('storage', onStorage)
  }
}

export const useLabels = (): Labels => useSyncExternalStore(subscribe, () => labels)
export const useIsKept = (): boolean => useSyncExternalStore(subscribe, () => isKept)

/** Throws BAD_REQUEST. */
export const setLabel = ({ kind, id, name }: Label): void => {
  keep(withLabels(labels, new Map([[id, { kind, id, name: readName(name) }]])))
}

export const removeLabel = (id: string): void => keep(new Map([...labels].filter(([known]) => known !== id)))

/** How many came. Throws BAD_REQUEST: then nothing changed. */
export const importLabels = (text: string): number => {
  const news = readLabels(text)
  keep(withLabels(labels, news))
  return news.size
}
