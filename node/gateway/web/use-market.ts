/** What is on offer, who provides it in a devnet, and whether the gateway asks for a key. */
import { useCallback, useEffect, useState } from 'react'
import { ApiFailure, getPlayground, listModels } from './api.ts'
import type { Model, Playground } from './wire.ts'

const LOOK_MS = 1_500 // in a devnet, where machines come and go under the reader's hands
const LOOK_IDLE_MS = 15_000
const KEY = 'openseam-key'

export interface Market {
  models: Model[]
  playground: Playground
  /** Kept for this tab alone. */
  key: string
  keyWanted: boolean
  problem: string
  setKey(key: string): void
  refresh(): void
}

const nothing: Playground = { explorer: null, devnet: null }

const keptKey = (): string => {
  try {
    return sessionStorage.getItem(KEY) ?? ''
  } catch {
    return '' // storage may be forbidden
  }
}

export const useMarket = (): Market => {
  const [key, setKey] = useState(keptKey)
  const [models, setModels] = useState<Model[]>([])
  const [playground, setPlayground] = useState(nothing)
  const [keyWanted, setKeyWanted] = useState(false)
  const [problem, setProblem] = useState('')

  const look = useCallback(async () => {
    try {
      setPlayground(await getPlayground())
      setModels(await listModels(key))
      setKeyWanted(false)
      setProblem('')
    } catch (error) {
      const refused = error instanceof ApiFailure && error.status === 401
      setKeyWanted(refused)
      setProblem(refused ? '' : error instanceof ApiFailure ? error.message : 'The gateway cannot be reached.')
    }
  }, [key])

  const delayMs = playground.devnet === null ? LOOK_IDLE_MS : LOOK_MS
  useEffect(() => {
    void look()
    const timer = setInterval(() => document.visibilityState === 'visible' && void look(), delayMs)
    return () => clearInterval(timer)
  }, [look, delayMs])

  return {
    models,
    playground,
    key,
    keyWanted,
    problem,
    setKey(value) {
      setKey(value)
      try {
        sessionStorage.setItem(KEY, value)
      } catch {
        // it holds for this page then
      }
    },
    refresh: () => void look()
  }
}
