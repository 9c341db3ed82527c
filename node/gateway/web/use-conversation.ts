/** The running conversation: asks, follows the answer and its bill, stops it. */
import { useReducer, useRef } from 'react'
import { ApiFailure, ask, getSession } from './api.ts'
import { type Exchange, isRunning, messagesOf, type Problem, type Step, sessionToContinue, step } from './conversation.ts'

const LOOK_MS = 400 // the bill while an answer runs
const CLOSING_LOOKS = 25 // a stopped answer's last leg is closed within seconds, or its provider is gone

export interface Conversation {
  exchanges: readonly Exchange[]
  running: boolean
  ask(question: string, model: string, key: string): Promise<void>
  stop(): void
  clear(): void
}

const pause = (delayMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, delayMs))

const problemOf = (error: unknown): Problem => {
  if (error instanceof ApiFailure) return error
  return { code: 'NET_CLOSED', message: 'The gateway cannot be reached.', excluded: [] }
}

/** Looks at the session now and then until it has ended, `looks` times at most after `isOver`. */
const watch = async (session: string, key: string, dispatch: (step: Step) => void, isOver: () => boolean): Promise<void> => {
  for (let looks = 0; looks < CLOSING_LOOKS; ) {
    await pause(LOOK_MS)
    if (isOver()) looks++
    // The answer itself says what is wrong; a look that fails is followed by another.
    const view = await getSession(session, key).catch(() => undefined)
    if (view !== undefined) dispatch({ kind: 'view', view })
    if (isOver() && view?.running !== true) return
  }
}

export const useConversation = (): Conversation => {
  const [exchanges, dispatch] = useReducer(step, [])
  const running = useRef<AbortController>(undefined)

  const follow = async (
    question: string,
    model: string,
    key: string,
    session: string | undefined,
    stop: AbortController
  ): Promise<void> => {
    const messages = [...messagesOf(exchanges), { role: 'user' as const, content: question }]
    let over = false
    try {
      for await (const part of ask({ model, messages, session }, key, stop.signal)) {
        dispatch(part)
        if (part.kind === 'opened') void watch(part.session, key, dispatch, () => over)
      }
    } catch (error) {
      if (stop.signal.aborted) return dispatch({ kind: 'stopped' })
      // The gateway has another text than this page, or none: the whole conversation begins a session of its own.
      const forgotten = error instanceof ApiFailure && ['SESSION_DIVERGED', 'SESSION_UNKNOWN'].includes(error.code)
      if (forgotten && session !== undefined) return await follow(question, model, key, undefined, stop)
      dispatch({ kind: 'failed', problem: problemOf(error) })
    } finally {
      over = true
    }
  }

  return {
    exchanges,
    running: exchanges.some(isRunning),
    async ask(question, model, key) {
      if (running.current !== undefined) return
      const stop = new AbortController()
      running.current = stop
      dispatch({ kind: 'ask', question })
      await follow(question, model, key, sessionToContinue(exchanges), stop)
      running.current = undefined
    },
    stop: () => running.current?.abort(),
    clear() {
      running.current?.abort()
      dispatch({ kind: 'clear' })
    }
  }
}
